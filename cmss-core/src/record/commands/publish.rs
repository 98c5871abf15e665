//! Making the working copy of a record public.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::scene::Scene;
use crate::address::Address;
use crate::desk::{Changes, Context, Outcome, Verb, happened};
use crate::ids::RecordRef;
use crate::kernel::{
    Actor, Capacity, Denied, Document, Error, Fact, Guard, Guards, Reader, Standing,
};
use crate::record::{Kept, Kind};
use crate::site::{FeedItem, Press};
use crate::values::Faults;

/// Makes the working copy of a record public.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublishRecord {
    /// The record.
    pub record: RecordRef,
}

/// Publishing one kind of record.
#[derive(Debug, Serialize)]
#[serde(bound = "")]
pub(in crate::record) struct Publish<C: Kind>(pub(in crate::record) C::Id);

impl<C: Kind> Verb for Publish<C> {
    const NAME: &'static str = "publish_record";
    type Facts = (Scene<C>, Option<Address>);
    type Done = ();

    fn check(&self, _: &mut Faults, _: Tz) -> Option<Self> {
        Some(Self(self.0))
    }

    async fn gather(&self, reader: &mut Reader<'_>, _: &Actor) -> Result<Self::Facts, Error> {
        let scene = Scene::<C>::read(reader, self.0).await?;
        let kept = &scene.kept;
        let address = match kept.working.page() {
            None => None,
            Some((kind, wanted)) => {
                let wanted = wanted.or(kept.addresses.current.as_ref());
                let own = Kept::<C>::at(kept.id);
                Some(Address::find(reader, kind, wanted, kept.working.title(), &own).await?)
            }
        };
        Ok((scene, address))
    }

    fn decide(
        &self,
        (scene, address): Self::Facts,
        cx: &mut Context<'_>,
    ) -> Result<Outcome<()>, Denied> {
        let Scene {
            mut kept,
            mut around,
        } = scene;
        let mut guards = Guards::new();
        let by = guards.permit(&Standing::of(cx.actor), &[Capacity::Editor]);
        guards.ensure(!kept.archived, Guard::Archived);
        C::may_publish(&kept, &around, &mut guards);
        let slug = address.and_then(|address| address.judge(&mut guards));
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
        happened(facts, |fact| matches!(fact, Fact::RecordPublished { .. }))
    }
}

/// Tells the feed that a record was published.
fn announce<C: Kind>(kept: &Kept<C>, appeared: bool, press: &Press<'_>, changes: &mut Changes) {
    let Some((page, kind, slug)) = super::scene::page_of(kept, press) else {
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

#[cfg(test)]
mod tests;
