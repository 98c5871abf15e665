//! Rendering the public site again from what the newsroom keeps.

use std::collections::HashSet;

use chrono_tz::Tz;
use serde::Serialize;

use super::forms::is_rendered;
use super::{LOOKS, STEP, commits_for, one_commit};
use crate::article::{Revision, Variant};
use crate::cms::Cms;
use crate::desk::{Changes, Context, Desk, Outcome, Sameness, Verb};
use crate::ids::Id;
use crate::kernel::{Actor, Denied, Document, Error, Fact, Reader, due_work};
use crate::newsroom::Newsroom;
use crate::record::{
    Asset, Byline, Event, Kept, Kind, Organisation, Project, Term, byline_is_shown,
};
use crate::site::{Face, FeedItem, Press};
use crate::store::{DocRef, Seq, Store, Stored};
use crate::values::Faults;

/// What a rebuild of the site has done.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Rebuilt {
    /// Public documents that differed or were missing, and were written.
    pub written: u32,
    /// Public documents that nothing accounts for, and were removed.
    pub removed: u32,
}

impl Cms {
    /// Renders every public document again, in bounded steps, and writes those that differ. Dates
    /// and addresses stay; when nothing differs, not a byte changes.
    ///
    /// Others may go on working meanwhile. `progress` is told after each step how many documents have
    /// been looked at; each is looked at twice, for what is rendered from it and for whether anything
    /// accounts for it. Memory grows by the id of each public document.
    ///
    /// # Errors
    /// [`Error::Store`], [`Error::Corrupt`], [`Error::Busy`]; what was done until then stays done, and another
    /// rebuild begins anew.
    pub async fn rebuild_site(
        &self,
        mut progress: impl FnMut(u64) + Send,
    ) -> Result<Rebuilt, Error> {
        let desk = self.desk(Actor::clock());
        let newsroom = &self.inner.newsroom;
        let mut done = Rebuilt::default();
        let mut claimed = HashSet::new();
        let mut after = None;
        let mut began = None;
        let mut looked_at = 0_u64;
        let mut tell = |documents: usize| {
            looked_at = looked_at.saturating_add(documents as u64);
            progress(looked_at);
        };
        loop {
            let walked = desk.store().walk(after.as_ref(), STEP).await?;
            began.get_or_insert(walked.as_of);
            after = walked.docs.last().map(|stored| stored.at.clone());
            let sources: Vec<DocRef> = walked.docs.into_iter().map(|stored| stored.at).collect();
            let (mut writes, mut bytes) = (0_usize, 0_usize);
            for face in faces_at_once(desk.store(), &newsroom.press(), &sources).await? {
                writes = writes.saturating_add(1);
                bytes = bytes.saturating_add(face.body.len());
                claimed.insert(face.at);
            }
            let documents = sources.len();
            let step = Rerender { newsroom, sources };
            for _ in 0..commits_for(writes, bytes) {
                let written = desk.run(step.clone()).await?;
                done.written = done.written.saturating_add(written);
                if written == 0 {
                    break;
                }
            }
            tell(documents);
            if !walked.more {
                break;
            }
        }
        let began = began.unwrap_or_default();
        done.removed = remove_orphans(&desk, &claimed, began, tell).await?;
        Ok(done)
    }
}

/// Removes the public documents that were there when the rebuild began, have not changed since,
/// and that nothing claims.
async fn remove_orphans(
    desk: &Desk,
    claimed: &HashSet<DocRef>,
    began: Seq,
    mut tell: impl FnMut(usize) + Send,
) -> Result<u32, Error> {
    let mut removed = 0_u32;
    let mut after = None;
    loop {
        let walked = desk.store().walk(after.as_ref(), STEP).await?;
        after = walked.docs.last().map(|stored| stored.at.clone());
        let documents = walked.docs.len();
        let orphans: Vec<Stored> = walked
            .docs
            .into_iter()
            .filter(|stored| {
                is_rendered(&stored.at.collection)
                    && stored.version <= began
                    && !claimed.contains(&stored.at)
            })
            .collect();
        let orphans = orphans
            .into_iter()
            .map(|stored| (stored.at, stored.version))
            .collect();
        removed = removed.saturating_add(desk.run(Sweep { orphans }).await?);
        tell(documents);
        if !walked.more {
            return Ok(removed);
        }
    }
}

/// The same, of one state of the store: what others change between two reads is read again. What
/// was rendered from two states may lack what stands in both.
async fn faces_at_once(
    store: &dyn Store,
    press: &Press<'_>,
    sources: &[DocRef],
) -> Result<Vec<Face>, Error> {
    for _ in 0..LOOKS {
        let mut reader = Reader::new(store);
        let faces = faces(&mut reader, press, sources).await;
        if reader.is_whole() {
            return faces;
        }
    }
    Err(Error::Busy)
}

/// What the public shall see of these private documents.
pub(super) async fn faces(
    reader: &mut Reader<'_>,
    press: &Press<'_>,
    sources: &[DocRef],
) -> Result<Vec<Face>, Error> {
    let mut faces = Vec::new();
    for at in sources {
        let collection = &at.collection;
        if *collection == Variant::COLLECTION {
            let variant: Variant = reader.need(Id::from_uuid(at.id)).await?;
            if let Some(latest) = &variant.latest {
                let revision: Revision = reader.need(latest.revision).await?;
                faces.extend(variant.faces(&revision.text, press));
            }
        } else if *collection == Byline::COLLECTION {
            let byline: Byline = reader.need(Id::from_uuid(at.id)).await?;
            let shown = byline_is_shown(reader, byline.id, None).await?;
            faces.extend(byline.faces(shown, press));
        } else if *collection == Organisation::COLLECTION {
            faces.extend(record_faces::<Organisation>(reader, press, at).await?);
        } else if *collection == Term::COLLECTION {
            faces.extend(record_faces::<Term>(reader, press, at).await?);
        } else if *collection == Asset::COLLECTION {
            faces.extend(record_faces::<Asset>(reader, press, at).await?);
        } else if *collection == Project::COLLECTION {
            faces.extend(record_faces::<Project>(reader, press, at).await?);
        } else if *collection == Event::COLLECTION {
            faces.extend(record_faces::<Event>(reader, press, at).await?);
        }
    }
    Ok(faces)
}

/// What the public shall see of a record.
async fn record_faces<C: Kind>(
    reader: &mut Reader<'_>,
    press: &Press<'_>,
    at: &DocRef,
) -> Result<Vec<Face>, Error> {
    let kept: Kept<C> = reader.need(Id::from_uuid(at.id)).await?;
    let around = C::around(&kept, reader).await?;
    Ok(C::faces(&kept, &around, press))
}

/// How many documents a step of a rebuild changed.
fn done(facts: &[Fact]) -> Option<u32> {
    facts.iter().find_map(|fact| match fact {
        Fact::SiteRebuilt { written, removed } => Some(written.saturating_add(*removed)),
        _ => None,
    })
}

/// Renders some private documents again.
#[derive(Clone, Debug)]
struct Rerender<'a> {
    newsroom: &'a Newsroom,
    sources: Vec<DocRef>,
}

impl Sameness for Rerender<'_> {
    fn spelling(&self) -> impl Serialize + '_ {
        &self.sources
    }
}

impl Verb for Rerender<'_> {
    const NAME: &'static str = "rebuild_site";
    type Facts = Vec<(Face, Option<Stored>)>;
    type Done = u32;

    fn check(&self, _: &mut Faults, _: Tz) -> Option<Self> {
        Some(self.clone())
    }

    async fn gather(&self, reader: &mut Reader<'_>, _: &Actor) -> Result<Self::Facts, Error> {
        let faces = faces(reader, &self.newsroom.press(), &self.sources).await?;
        let mut facts = Vec::with_capacity(faces.len());
        for face in faces {
            let stored = reader.stored(&face.at).await?;
            facts.push((face, stored));
        }
        Ok(facts)
    }

    fn decide(&self, facts: Self::Facts, cx: &mut Context<'_>) -> Result<Outcome<u32>, Denied> {
        let by = due_work(cx.actor, Self::NAME)?;
        let differing = facts.into_iter().filter(|(face, stored)| {
            stored
                .as_ref()
                .is_none_or(|stored| !face.is_stored_as(stored))
        });
        let faces = one_commit(differing.map(|(face, _)| face), |face| face.body.len());
        if faces.is_empty() {
            return Ok(Outcome::Nothing(0));
        }
        let mut changes = Changes::by(by);
        changes.fact(Fact::SiteRebuilt {
            written: faces.len() as u32,
            removed: 0,
        });
        changes.show(Vec::new(), faces);
        changes.announce(FeedItem::Revalidate);
        Ok(Outcome::Commit(changes))
    }

    fn done(facts: &[Fact]) -> Option<u32> {
        done(facts)
    }
}

/// Removes public documents that nothing claims.
#[derive(Clone, Debug)]
struct Sweep {
    orphans: Vec<(DocRef, Seq)>,
}

impl Sameness for Sweep {
    fn spelling(&self) -> impl Serialize + '_ {
        &self.orphans
    }
}

impl Verb for Sweep {
    const NAME: &'static str = "rebuild_site";
    type Facts = Vec<DocRef>;
    type Done = u32;

    fn check(&self, _: &mut Faults, _: Tz) -> Option<Self> {
        Some(self.clone())
    }

    async fn gather(&self, reader: &mut Reader<'_>, _: &Actor) -> Result<Self::Facts, Error> {
        let mut there = Vec::new();
        for (at, version) in &self.orphans {
            let stored = reader.stored(at).await?;
            if stored.is_some_and(|stored| stored.version == *version) {
                there.push(at.clone());
            }
        }
        Ok(there)
    }

    fn decide(&self, orphans: Self::Facts, cx: &mut Context<'_>) -> Result<Outcome<u32>, Denied> {
        let by = due_work(cx.actor, Self::NAME)?;
        if orphans.is_empty() {
            return Ok(Outcome::Nothing(0));
        }
        let mut changes = Changes::by(by);
        changes.fact(Fact::SiteRebuilt {
            written: 0,
            removed: orphans.len() as u32,
        });
        for orphan in orphans {
            changes.remove(orphan);
        }
        changes.announce(FeedItem::Revalidate);
        Ok(Outcome::Commit(changes))
    }

    fn done(facts: &[Fact]) -> Option<u32> {
        done(facts)
    }
}
