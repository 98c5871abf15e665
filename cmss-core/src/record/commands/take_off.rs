//! Taking a record off the site, and putting it aside.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::scene::{Scene, page_of};
use crate::desk::{Changes, Context, Outcome, Verb, happened};
use crate::ids::RecordRef;
use crate::kernel::{Actor, Capacity, Denied, Error, Fact, Guard, Guards, Reader, Standing};
use crate::record::Kind;
use crate::site::FeedItem;
use crate::values::Faults;

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

/// Hiding or archiving one kind of record.
#[derive(Debug, Serialize)]
#[serde(bound = "")]
pub(in crate::record) struct TakeOff<C: Kind, const ARCHIVE: bool>(pub(in crate::record) C::Id);

impl<C: Kind, const ARCHIVE: bool> Verb for TakeOff<C, ARCHIVE> {
    const NAME: &'static str = if ARCHIVE {
        "archive_record"
    } else {
        "hide_record"
    };
    type Facts = Scene<C>;
    type Done = ();

    fn check(&self, _: &mut Faults, _: Tz) -> Option<Self> {
        Some(Self(self.0))
    }

    async fn gather(&self, reader: &mut Reader<'_>, _: &Actor) -> Result<Scene<C>, Error> {
        Scene::read(reader, self.0).await
    }

    fn decide(&self, scene: Scene<C>, cx: &mut Context<'_>) -> Result<Outcome<()>, Denied> {
        let Scene { mut kept, around } = scene;
        let mut guards = Guards::new();
        let by = guards.permit(&Standing::of(cx.actor), &[Capacity::Editor]);
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
        happened(facts, |fact| {
            matches!(
                fact,
                Fact::RecordArchived { .. } | Fact::RecordHidden { .. }
            )
        })
    }
}
