//! The public feed: what changed on the site, numbered by a counter of its own.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Face, PageKind};
use crate::ids::NewsroomId;
use crate::kernel::Document;
use crate::store::{Collection, Entry};
use crate::values::Slug;

/// A change of the public site.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
#[non_exhaustive]
pub enum FeedItem {
    /// A page is here that was not.
    Appeared {
        /// The page's public id, which stays when its address changes.
        page: Uuid,
        /// What it is about.
        kind: PageKind,
        /// Its address.
        slug: Slug,
    },
    /// A page has changed.
    Changed {
        /// The page's public id.
        page: Uuid,
        /// What it is about.
        kind: PageKind,
        /// Its address.
        slug: Slug,
    },
    /// A page is no longer here.
    Left {
        /// The page's public id.
        page: Uuid,
        /// What it was about.
        kind: PageKind,
        /// Its address.
        slug: Slug,
    },
    /// Something that pages show has changed. It is not said what: a list of the pages would join
    /// what must not be joined. Ask again for whatever is kept.
    Revalidate,
}

/// The counter of the feed.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FeedHead {
    last: u64,
}

impl FeedHead {
    /// The one there is.
    pub(crate) const ID: NewsroomId = NewsroomId::ONLY;

    /// The next entry.
    pub(crate) fn next(&mut self, item: FeedItem) -> Face {
        self.last = self.last.saturating_add(1);
        Face::feed(self.last, &item)
    }
}

impl Document for FeedHead {
    const COLLECTION: Collection = Collection::new("feed");
    type Id = NewsroomId;

    fn id(&self) -> NewsroomId {
        Self::ID
    }

    fn entries(&self) -> Vec<Entry> {
        Vec::new()
    }
}
