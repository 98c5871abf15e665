//! Where public documents stand: their collections, their indexes, and the keys they are found by.

use uuid::Uuid;

use crate::kernel::KeyParts;
use crate::store::{Collection, DocRef, Entry, Index, Key};
use crate::values::{Coded, Slug, coded};

/// Pages by public id.
pub(crate) const PAGES: Collection = Collection::new("public.page");
/// Parts by public id.
pub(crate) const PARTS: Collection = Collection::new("public.part");
/// Occasions by public id.
pub(crate) const OCCASIONS: Collection = Collection::new("public.occasion");
/// The feed.
pub(crate) const FEED: Collection = Collection::new("public.feed");

/// Addresses of pages, current and old: kind, slug.
pub(crate) const BY_ADDRESS: Index = Index::new("public.address");
/// Every page that is there: kind, slug.
pub(crate) const EVERYTHING: Index = Index::new("public.everything");
/// Pages by time.
pub(crate) const BY_TIME: Index = Index::new("public.time");
/// Pages by kind and time.
pub(crate) const BY_KIND: Index = Index::new("public.kind");
/// Pages by what they show or belong to: its part, time.
pub(crate) const BY_PART: Index = Index::new("public.part");
/// Parts that have an address of their own: what, slug.
pub(crate) const BY_NAME: Index = Index::new("public.name");
/// Dated occasions: over at, starts at.
pub(crate) const UPCOMING: Index = Index::new("public.upcoming");
/// Occasions that no date can be given for: event's slug.
pub(crate) const UNDATED: Index = Index::new("public.undated");
/// Feed entries by number.
pub(crate) const BY_NUMBER: Index = Index::new("public.number");

coded! {
    /// What a public page is about.
    pub enum PageKind {
        /// A text.
        Article = "article", "Artikel", "Article";
        /// An event with its occasions.
        Event = "event", "Händelse", "Event";
        /// A project.
        Project = "project", "Projekt", "Project";
    }
}

/// Where a page stands.
pub(crate) const fn page_at(id: Uuid) -> DocRef {
    DocRef {
        collection: PAGES,
        id,
    }
}

/// Where a part stands.
pub(crate) const fn part_at(id: Uuid) -> DocRef {
    DocRef {
        collection: PARTS,
        id,
    }
}

/// The key of an address.
pub(crate) fn address_key(kind: PageKind, slug: &str) -> Key {
    KeyParts::new().text(Coded::code(kind)).text(slug).key()
}

/// The key of a part's name: what it is, and its address.
pub(super) fn name_key(what: &str, slug: &Slug) -> Key {
    KeyParts::new().text(what).text(slug.as_str()).key()
}

/// An entry that any number of documents may have.
pub(crate) const fn listed(index: Index, key: Key) -> Entry {
    Entry::Listed { index, key }
}

/// An entry that one document has.
pub(crate) const fn unique(index: Index, key: Key) -> Entry {
    Entry::Unique { index, key }
}
