//! The four verbs of every record, and how the desk reads one.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::{Asset, Event, Kept, Kind, Organisation, Project, RecordRef, RecordView, Term};
use crate::address::Address;
use crate::desk::Desk;
use crate::ids::Id;
use crate::kernel::{
    Actor, By, Changes, Context, Denied, Document, Error, Fact, Guard, Guards, Outcome, Reader,
    Standing, Verb,
};
use crate::site::{FeedItem, PageKind, Press};
use crate::store::StoreExt;
use crate::values::{Faults, Slug};

/// Creates a record, or changes its working copy. An archived record is kept again.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PutRecord<C, I> {
    /// The record; none creates one.
    #[serde(default = "Option::default")]
    pub id: Option<I>,
    /// What it shall hold.
    pub content: C,
}

impl<C, I: std::fmt::Debug> std::fmt::Debug for PutRecord<C, I> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PutRecord")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl<C: Kind> Verb for PutRecord<C, C::Id> {
    const NAME: &'static str = C::PUT;
    type Facts = (Option<Kept<C>>, Guards);
    type Done = C::Id;

    fn spelling(&self) -> impl Serialize + '_ {
        self
    }

    fn check(&self, faults: &mut Faults, _: Tz) -> Option<Self> {
        let content = faults.within("content", |faults| self.content.check(faults))?;
        Some(Self {
            id: self.id,
            content,
        })
    }

    async fn gather(&self, reader: &mut Reader<'_>, _: &Actor) -> Result<Self::Facts, Error> {
        let kept = match self.id {
            None => None,
            Some(id) => Some(reader.need::<Kept<C>>(id).await?),
        };
        reader.need_there(&self.content.refers_to()).await?;
        let mut guards = Guards::new();
        C::may_put(reader, self.id, &self.content, &mut guards).await?;
        Ok((kept, guards))
    }

    fn decide(
        &self,
        (kept, mut guards): Self::Facts,
        cx: &mut Context<'_>,
    ) -> Result<Outcome<C::Id>, Denied> {
        let by = permit(cx.actor, C::PUT_BY, &mut guards);
        guards.pass(Self::NAME)?;
        let kept = match kept {
            None => Kept::new(cx.mint.id(), self.content.clone(), cx.now),
            Some(kept) if kept.working == self.content && !kept.archived => {
                return Ok(Outcome::Nothing(kept.id));
            }
            Some(mut kept) => {
                kept.working = self.content.clone();
                kept.revision = kept.revision.saturating_add(1);
                kept.archived = false;
                kept.edited_at = cx.now;
                kept
            }
        };
        let mut changes = Changes::by(by);
        changes.put(&kept.as_revision(cx.mint.id(), cx.actor.person()));
        changes.put(&kept);
        changes.fact(Fact::RecordPut {
            record: kept.id.into(),
            revision: kept.revision,
        });
        Ok(Outcome::Commit(changes))
    }

    fn done(facts: &[Fact]) -> Option<C::Id> {
        facts.iter().find_map(|fact| match fact {
            Fact::RecordPut { record, .. } => {
                let id = C::Id::from_uuid(record.uuid());
                (id.into() == *record).then_some(id)
            }
            _ => None,
        })
    }
}

/// Makes the working copy of a record public.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublishRecord {
    /// The record.
    pub record: RecordRef,
}

/// Takes a record off the site. Its address stays its own.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HideRecord {
    /// The record.
    pub record: RecordRef,
}

/// Puts a record aside, and takes it off the site. Nothing is deleted.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArchiveRecord {
    /// The record.
    pub record: RecordRef,
}

/// A record with what surrounds it, for the three verbs that change what is public.
#[derive(Debug)]
pub(crate) struct Scene<C: Kind> {
    kept: Kept<C>,
    around: C::Around,
    address: Option<(PageKind, Address)>,
}

/// Publishing one kind of record.
#[derive(Debug, Serialize)]
#[serde(bound = "")]
struct Publish<C: Kind>(C::Id);

impl<C: Kind> Verb for Publish<C> {
    const NAME: &'static str = "publish_record";
    type Facts = Scene<C>;
    type Done = ();

    fn spelling(&self) -> impl Serialize + '_ {
        self
    }

    fn check(&self, _: &mut Faults, _: Tz) -> Option<Self> {
        Some(Self(self.0))
    }

    async fn gather(&self, reader: &mut Reader<'_>, _: &Actor) -> Result<Scene<C>, Error> {
        let kept: Kept<C> = reader.need(self.0).await?;
        let around = C::around(&kept, reader).await?;
        let address = match kept.working.page() {
            None => None,
            Some((kind, title, wanted)) => {
                let wanted = wanted.or(kept.addresses.current.as_ref());
                let own = Kept::<C>::at(kept.id);
                Some((
                    kind,
                    Address::find(reader, kind, wanted, title, &own).await?,
                ))
            }
        };
        Ok(Scene {
            kept,
            around,
            address,
        })
    }

    fn decide(&self, scene: Scene<C>, cx: &mut Context<'_>) -> Result<Outcome<()>, Denied> {
        let Scene {
            mut kept,
            mut around,
            address,
        } = scene;
        let mut guards = Guards::new();
        let by = permit(cx.actor, &[By::Editor], &mut guards);
        guards.ensure(!kept.archived, Guard::Archived);
        C::may_publish(&kept, &around, &mut guards);
        let slug = address.and_then(|(_, address)| address.judge(&mut guards));
        kept.addresses.judge_move(slug.as_ref(), &mut guards);
        guards.pass(Self::NAME)?;

        let mut changes = Changes::by(by);
        let press = cx.press();
        let before = C::faces(&kept, &around, &press);
        let public = kept.public.replace(kept.working.clone());
        let appeared = public.is_none();
        kept.first_published_at.get_or_insert(cx.now);
        if let Some(slug) = slug {
            kept.addresses.move_to(slug);
        }
        C::publish_around(&mut kept, &mut around, &mut changes);
        // What is shown may rest on what is not: the consents of the people in an image.
        let shown = appeared || C::faces(&kept, &around, &press) != before;
        if !shown && public == kept.public {
            return Ok(Outcome::Nothing(()));
        }
        if shown {
            kept.updated_at = Some(cx.now);
            changes.show(before, C::faces(&kept, &around, &press));
            announce(&kept, appeared, &press, &mut changes);
        }
        changes.put(&kept);
        changes.fact(Fact::RecordPublished {
            record: kept.id.into(),
        });
        Ok(Outcome::Commit(changes))
    }

    fn done(facts: &[Fact]) -> Option<()> {
        facts
            .iter()
            .any(|fact| matches!(fact, Fact::RecordPublished { .. }))
            .then_some(())
    }
}

/// Hiding or archiving one kind of record.
#[derive(Debug, Serialize)]
#[serde(bound = "")]
struct TakeOff<C: Kind, const ARCHIVE: bool>(C::Id);

impl<C: Kind, const ARCHIVE: bool> Verb for TakeOff<C, ARCHIVE> {
    const NAME: &'static str = if ARCHIVE {
        "archive_record"
    } else {
        "hide_record"
    };
    type Facts = Scene<C>;
    type Done = ();

    fn spelling(&self) -> impl Serialize + '_ {
        self
    }

    fn check(&self, _: &mut Faults, _: Tz) -> Option<Self> {
        Some(Self(self.0))
    }

    async fn gather(&self, reader: &mut Reader<'_>, _: &Actor) -> Result<Scene<C>, Error> {
        let kept: Kept<C> = reader.need(self.0).await?;
        let around = C::around(&kept, reader).await?;
        Ok(Scene {
            kept,
            around,
            address: None,
        })
    }

    fn decide(&self, scene: Scene<C>, cx: &mut Context<'_>) -> Result<Outcome<()>, Denied> {
        let Scene {
            mut kept, around, ..
        } = scene;
        let mut guards = Guards::new();
        let by = permit(cx.actor, &[By::Editor], &mut guards);
        if ARCHIVE {
            guards.ensure(!kept.archived, Guard::Archived);
        } else {
            guards.ensure(kept.public.is_some(), Guard::NotPublic);
        }
        guards.pass(Self::NAME)?;

        let mut changes = Changes::by(by);
        let press = cx.press();
        let before = C::faces(&kept, &around, &press);
        let was_public = kept.public.take().is_some();
        kept.archived |= ARCHIVE;
        let after = C::faces(&kept, &around, &press);
        if changes.show(before, after) {
            match page_of(&kept, &press) {
                Some((page, kind, slug)) if was_public => {
                    changes.announce(FeedItem::Left { page, kind, slug });
                    // Other pages may name it.
                    changes.announce(FeedItem::Revalidate);
                }
                _ => changes.announce(FeedItem::Revalidate),
            }
        }
        changes.put(&kept);
        let record = kept.id.into();
        changes.fact(if ARCHIVE {
            Fact::RecordArchived { record }
        } else {
            Fact::RecordHidden { record }
        });
        Ok(Outcome::Commit(changes))
    }

    fn done(facts: &[Fact]) -> Option<()> {
        let done = |fact: &Fact| {
            matches!(
                fact,
                Fact::RecordArchived { .. } | Fact::RecordHidden { .. }
            )
        };
        facts.iter().any(done).then_some(())
    }
}

/// Tells the feed that a record was published.
fn announce<C: Kind>(kept: &Kept<C>, appeared: bool, press: &Press<'_>, changes: &mut Changes) {
    let Some((page, kind, slug)) = page_of(kept, press) else {
        changes.announce(FeedItem::Revalidate);
        return;
    };
    changes.announce(if appeared {
        FeedItem::Appeared { page, kind, slug }
    } else {
        FeedItem::Changed { page, kind, slug }
    });
    // Other pages may name it.
    changes.announce(FeedItem::Revalidate);
}

/// The page a record has.
fn page_of<C: Kind>(kept: &Kept<C>, press: &Press<'_>) -> Option<(uuid::Uuid, PageKind, Slug)> {
    let (kind, ..) = kept.working.page()?;
    Some((press.page(kept.id), kind, kept.addresses.current.clone()?))
}

/// As what the actor is let through.
fn permit(actor: &Actor, needs: &[By], guards: &mut Guards) -> Option<By> {
    guards.permit(&Standing::of(actor), needs)
}

/// Runs an expression with the kind of a record.
macro_rules! of_kind {
    ($record:expr, |$id:ident, $kind:ident| $run:expr) => {
        match $record {
            RecordRef::Organisation($id) => {
                type $kind = Organisation;
                $run
            }
            RecordRef::Term($id) => {
                type $kind = Term;
                $run
            }
            RecordRef::Asset($id) => {
                type $kind = Asset;
                $run
            }
            RecordRef::Project($id) => {
                type $kind = Project;
                $run
            }
            RecordRef::Event($id) => {
                type $kind = Event;
                $run
            }
        }
    };
}

impl Desk {
    /// Makes the working copy of a record public.
    ///
    /// # Errors
    /// [`Error::Refused`] unless it is an editor's, the record is not archived, and it has what
    /// its kind needs to be public.
    pub async fn publish_record(&self, record: impl Into<RecordRef>) -> Result<(), Error> {
        of_kind!(record.into(), |id, C| self.run(Publish::<C>(id)).await)
    }

    /// Takes a record off the site. Its address stays its own.
    ///
    /// # Errors
    /// [`Error::Refused`] unless it is an editor's and the record is public.
    pub async fn hide_record(&self, record: impl Into<RecordRef>) -> Result<(), Error> {
        of_kind!(record.into(), |id, C| self
            .run(TakeOff::<C, false>(id))
            .await)
    }

    /// Puts a record aside, and takes it off the site. Nothing is deleted, and a `put` keeps it
    /// again.
    ///
    /// # Errors
    /// [`Error::Refused`] unless it is an editor's and the record is not archived yet.
    pub async fn archive_record(&self, record: impl Into<RecordRef>) -> Result<(), Error> {
        of_kind!(record.into(), |id, C| self
            .run(TakeOff::<C, true>(id))
            .await)
    }

    /// Creates a record, or changes its working copy.
    pub(crate) async fn put<C: Kind>(
        &self,
        id: Option<C::Id>,
        content: &C,
    ) -> Result<C::Id, Error> {
        self.run(PutRecord {
            id,
            content: content.clone(),
        })
        .await
    }

    /// A record as the desk sees it: whoever is of the newsroom.
    pub(crate) async fn record<C: Kind>(&self, id: C::Id) -> Result<RecordView<C, C::Id>, Error> {
        self.ensure_newsroom("read_record")?;
        let doc = self.store().get_one(&Kept::<C>::at(id)).await?;
        let doc = doc.ok_or_else(|| Error::NotFound { id: id.to_string() })?;
        Ok(crate::kernel::decode::<Kept<C>>(&doc)?.into())
    }
}

#[cfg(test)]
mod tests;
