//! The public feed: what changed on the site, numbered by a counter of its own.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::head::open;
use super::{Face, PageKind};
use crate::ids::NewsroomId;
use crate::kernel::{Document, Error};
use crate::store::{Collection, Entry, Stored};
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

impl FeedItem {
    /// An entry of the feed as this release would store it. It is rendered from nothing else.
    pub(crate) fn spelled_anew(stored: &Stored) -> Result<Face, Error> {
        let at = &stored.at;
        let corrupt = |what| Error::Corrupt {
            what: format!("{at} {what}"),
        };
        let text = open(&stored.body, &mut Vec::new()).map(|(_, text)| text);
        let item: Option<Self> = text.and_then(|text| serde_json::from_str(text).ok());
        let item = item.ok_or_else(|| corrupt("is no entry of a feed"))?;
        let number = u64::try_from(at.id.as_u128())
            .map_err(|_| corrupt("has a number that no entry of a feed has"))?;
        Ok(Face::feed(number, &item))
    }
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

    /// How many entries there are, which is the number of the last.
    pub(crate) const fn last(&self) -> u64 {
        self.last
    }

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
