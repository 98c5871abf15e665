//! What public documents are rendered with.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use crate::ids::Id;
use crate::kernel::Secret;
use crate::values::{BlockId, offset_time};

/// Renders: public ids of private things, and times with the newsroom's offset.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Press<'a> {
    /// What public ids follow from.
    pub(crate) secret: &'a Secret,
    /// The newsroom's zone.
    pub(crate) zone: Tz,
}

impl Press<'_> {
    /// The id of a thing's page or occasion.
    pub(crate) fn page<I: Id>(&self, id: I) -> Uuid {
        self.secret.public(I::KIND, id.uuid(), "page")
    }

    /// The id of the part that stands for a thing.
    pub(crate) fn part<I: Id>(&self, id: I) -> Uuid {
        self.secret.public(I::KIND, id.uuid(), "part")
    }

    /// The id of the part that holds one quote of a text.
    pub(crate) fn quote<I: Id>(&self, text: I, block: &BlockId) -> Uuid {
        self.secret
            .public(I::KIND, text.uuid(), &format!("quote {block}"))
    }

    /// An instant as it is served.
    pub(crate) fn time(&self, instant: DateTime<Utc>) -> String {
        offset_time(instant, self.zone)
    }
}
