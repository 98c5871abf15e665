//! Public documents: pages, parts, occasions and feed entries, as they are stored.
//!
//! A body is an unserved head and the very text that is served: `head` has how.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Part;
use super::head::{Answer, join};
use crate::ids::Id;
use crate::kernel::{KeyParts, Secret, coded};
use crate::store::{Collection, DocRef, Entry, Index, Key, Stored};
use crate::values::{BlockId, Slug, offset_time};

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

/// The place of a part: its index in the `parts` of whatever it is served with.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Place {
    /// The index.
    pub part: usize,
}

/// The parts of a page or card, in the order of their first mention.
#[derive(Debug, Default)]
pub(crate) struct Parts(Vec<Uuid>);

impl Parts {
    /// Their ids.
    pub(super) fn ids(&self) -> &[Uuid] {
        &self.0
    }

    /// None yet.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// The place of a part; a second mention has the place of the first.
    pub(crate) fn place(&mut self, id: Uuid) -> Place {
        let part = self
            .0
            .iter()
            .position(|part| *part == id)
            .unwrap_or_else(|| {
                self.0.push(id);
                self.0.len() - 1
            });
        Place { part }
    }

    /// The place of a part, while there are fewer than `limit`.
    pub(crate) fn place_within(&mut self, id: Uuid, limit: usize) -> Option<Place> {
        (self.0.contains(&id) || self.0.len() < limit).then(|| self.place(id))
    }
}

/// A public document as it is stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Face {
    pub(crate) at: DocRef,
    pub(crate) body: String,
    pub(crate) card: Option<String>,
    pub(crate) entries: Vec<Entry>,
}

/// The JSON text of a public value. Public values are structs of strings, numbers and lists, for
/// which serialisation has no way to fail.
pub(super) fn spelled(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned())
}

/// What a page's face is made of.
#[derive(Debug)]
pub(crate) struct PageFace<'a> {
    /// The page's public id.
    pub(crate) id: Uuid,
    /// What it is about.
    pub(crate) kind: PageKind,
    /// Its address.
    pub(crate) slug: &'a Slug,
    /// Old addresses that lead to it.
    pub(crate) old: &'a [Slug],
    /// By which lists are ordered.
    pub(crate) time: DateTime<Utc>,
    /// The parts by which it is listed: topics, bylines, projects, events.
    pub(crate) listed: Vec<Uuid>,
}

impl PageFace<'_> {
    /// A page that is here.
    pub(crate) fn here<P: Serialize>(
        self,
        page: &P,
        parts: &Parts,
        mut card: impl FnMut(usize, &mut Parts) -> String,
    ) -> Face {
        let mut entries = self.addresses();
        entries.push(listed(
            EVERYTHING,
            address_key(self.kind, self.slug.as_str()),
        ));
        entries.push(listed(BY_TIME, KeyParts::new().time(self.time).key()));
        let kind = KeyParts::new().text(crate::kernel::Coded::code(self.kind));
        entries.push(listed(BY_KIND, kind.time(self.time).key()));
        for part in &self.listed {
            entries.push(listed(
                BY_PART,
                KeyParts::new().id(*part).time(self.time).key(),
            ));
        }
        // The lead gives way until the card fits.
        let mut room = 400;
        let card = loop {
            let mut parts = Parts::new();
            let text = card(room, &mut parts);
            let card = join(&parts, Answer::Here, None, &text);
            if card.len() <= 2_000 || room == 0 {
                break card;
            }
            room /= 2;
        };
        let body = join(parts, Answer::Here, Some(self.slug), &spelled(page));
        Face {
            at: page_at(self.id),
            body,
            card: Some(card),
            entries,
        }
    }

    /// An address that answers something else than a page.
    pub(crate) fn away<N: Serialize>(self, answer: Answer, notice: &N) -> Face {
        let body = join(&Parts::new(), answer, Some(self.slug), &spelled(notice));
        Face {
            at: page_at(self.id),
            body,
            card: None,
            entries: self.addresses(),
        }
    }

    fn addresses(&self) -> Vec<Entry> {
        std::iter::once(self.slug)
            .chain(self.old)
            .map(|slug| unique(BY_ADDRESS, address_key(self.kind, slug.as_str())))
            .collect()
    }
}

/// The text of a card.
pub(crate) fn card_text(card: &impl Serialize) -> String {
    spelled(card)
}

impl Face {
    /// Whether it is stored just so.
    pub(crate) fn is_stored_as(&self, stored: &Stored) -> bool {
        let mut entries = self.entries.clone();
        entries.sort();
        entries.dedup();
        *self.body == *stored.body
            && self.card.as_deref() == stored.card.as_deref()
            && entries == stored.entries
    }

    /// A part. With an address of its own, it is found by what it is and its slug.
    pub(crate) fn part(id: Uuid, part: &Part) -> Self {
        let entries = part
            .name()
            .map(|(what, slug)| unique(BY_NAME, name_key(what, slug)));
        Self {
            at: part_at(id),
            body: join(&Parts::new(), Answer::Here, None, &spelled(part)),
            card: None,
            entries: entries.into_iter().collect(),
        }
    }

    /// An occasion: listed by when it is over where that is known, by its event's slug otherwise.
    pub(crate) fn occasion(
        id: Uuid,
        occasion: &impl Serialize,
        parts: &Parts,
        over: Option<(DateTime<Utc>, DateTime<Utc>)>,
        slug: &Slug,
    ) -> Self {
        let entry = match over {
            Some((over, starts)) => listed(UPCOMING, KeyParts::new().time(over).time(starts).key()),
            None => listed(UNDATED, KeyParts::new().text(slug.as_str()).key()),
        };
        Self {
            at: DocRef {
                collection: OCCASIONS,
                id,
            },
            body: join(parts, Answer::Here, None, &spelled(occasion)),
            card: None,
            entries: vec![entry],
        }
    }

    /// A feed entry.
    pub(super) fn feed(number: u64, item: &impl Serialize) -> Self {
        Self {
            at: DocRef {
                collection: FEED,
                id: Uuid::from_u128(u128::from(number)),
            },
            body: join(&Parts::new(), Answer::Here, None, &spelled(item)),
            card: None,
            entries: vec![listed(BY_NUMBER, KeyParts::new().number(number).key())],
        }
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
    KeyParts::new()
        .text(crate::kernel::Coded::code(kind))
        .text(slug)
        .key()
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
