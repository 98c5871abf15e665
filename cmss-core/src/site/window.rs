//! The one place of the public door that reads: it names public collections and indexes only.

use std::ops;
use std::sync::Arc;

use uuid::Uuid;

use super::cursor::{Asked, Cursor, Spot};
use super::head::{Opened, open};
use super::text::{PartTexts, Text};
use super::{
    Answer, BY_ADDRESS, BY_KIND, BY_NAME, BY_NUMBER, BY_PART, BY_TIME, EVERYTHING, FEED, OCCASIONS,
    PAGES, PARTS, UNDATED, UPCOMING, part_at,
};
use crate::kernel::Error;
use crate::store::{
    Collection, DocRef, Hit, Index, Key, Order, Position, Range, Scan, Store, Want,
};
use crate::values::Slug;

/// An index of the public side.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Shelf {
    Addresses,
    Everything,
    ByTime,
    ByKind,
    ByPart,
    Names,
    Upcoming,
    Undated,
    Feed,
}

impl Shelf {
    const fn index(self) -> Index {
        match self {
            Self::Addresses => BY_ADDRESS,
            Self::Everything => EVERYTHING,
            Self::ByTime => BY_TIME,
            Self::ByKind => BY_KIND,
            Self::ByPart => BY_PART,
            Self::Names => BY_NAME,
            Self::Upcoming => UPCOMING,
            Self::Undated => UNDATED,
            Self::Feed => BY_NUMBER,
        }
    }

    /// The collection whose documents stand there.
    const fn collection(self) -> Collection {
        match self {
            Self::Addresses | Self::Everything | Self::ByTime | Self::ByKind | Self::ByPart => {
                PAGES
            }
            Self::Names => PARTS,
            Self::Upcoming | Self::Undated => OCCASIONS,
            Self::Feed => FEED,
        }
    }

    /// What it brings of each document.
    const fn want(self) -> Want {
        match self {
            Self::ByTime | Self::ByKind | Self::ByPart => Want::Card,
            Self::Names => Want::Nothing,
            Self::Addresses | Self::Everything | Self::Upcoming | Self::Undated | Self::Feed => {
                Want::Body
            }
        }
    }

    /// In which order its lists are.
    const fn order(self) -> Order {
        match self {
            Self::ByTime | Self::ByKind | Self::ByPart => Order::Descending,
            Self::Addresses
            | Self::Everything
            | Self::Names
            | Self::Upcoming
            | Self::Undated
            | Self::Feed => Order::Ascending,
        }
    }
}

/// A stretch of a shelf: what begins with the prefix, from one key until another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Stretch {
    pub(super) shelf: Shelf,
    pub(super) prefix: Key,
    pub(super) from: Option<Key>,
    pub(super) until: Option<Key>,
}

impl Stretch {
    /// All that begins with the prefix.
    pub(super) const fn all(shelf: Shelf, prefix: Key) -> Self {
        Self {
            shelf,
            prefix,
            from: None,
            until: None,
        }
    }

    /// What of it comes after a place; `None` where nothing can.
    fn range(&self, after: Option<&Spot>) -> Option<Range> {
        let whole = Range::prefix(self.shelf.index(), self.prefix.clone());
        let after = after.map(|spot| {
            let Key(prefix) = &self.prefix;
            let key = Key([prefix, &spot.rest[..]].concat());
            let at = DocRef {
                collection: self.shelf.collection(),
                id: spot.id,
            };
            match self.shelf.order() {
                Order::Ascending => Position::after(key, at),
                Order::Descending => Position::before(key, at),
            }
        });
        let (above, below) = match self.shelf.order() {
            Order::Ascending => (after, None),
            Order::Descending => (None, after),
        };
        let from = self.from.clone().map(Position::key);
        let until = self.until.clone().map(Position::key);
        let from = [whole.from, from, above].into_iter().flatten().max();
        let until = [whole.until, until, below].into_iter().flatten().min();
        let some = until.is_none() || from < until;
        some.then_some(Range {
            index: whole.index,
            from,
            until,
        })
    }
}

/// A stored document of the public side, as it was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Stored {
    pub(super) answer: Answer,
    /// The current address of a page.
    pub(super) slug: Option<Slug>,
    pub(super) text: Text,
    /// Where the ids of its parts stand among those of all that was found with it.
    pub(super) places: ops::Range<usize>,
    pub(super) spot: Spot,
}

/// Stored documents that were found together, and the ids of their parts.
#[derive(Debug, Default)]
pub(super) struct Finds {
    pub(super) stored: Vec<Stored>,
    pub(super) parts: Vec<Uuid>,
}

impl Finds {
    /// What the hits of a list with this prefix brought.
    fn of(shelf: Shelf, Key(prefix): &Key, hits: Vec<Hit>) -> Result<Self, Error> {
        let mut finds = Self {
            stored: Vec::with_capacity(hits.len()),
            // Most cards have few.
            parts: Vec::with_capacity(hits.len() * 4),
        };
        for hit in hits {
            let Hit {
                key: Key(mut rest),
                at,
                version: _,
                card,
                doc,
            } = hit;
            let Some(body) = doc.map(|doc| doc.body).or(card) else {
                return Err(Error::Corrupt {
                    what: format!("index {} has an entry without its text", shelf.index()),
                });
            };
            let before = finds.parts.len();
            let (opened, text) = opened(&at, body, &mut finds.parts)?;
            rest.drain(..prefix.len().min(rest.len()));
            finds.stored.push(Stored {
                answer: opened.answer,
                slug: opened.slug,
                text,
                places: before..finds.parts.len(),
                spot: Spot { rest, id: at.id },
            });
        }
        Ok(finds)
    }
}

/// Reads what is public.
#[derive(Clone, Debug)]
pub(super) struct Window {
    store: Arc<dyn Store>,
}

impl Window {
    pub(super) const fn new(store: Arc<dyn Store>) -> Self {
        Self { store }
    }

    /// The store itself: asked through the shared handle, which is a store too, each of its futures
    /// would stand in another.
    fn store(&self) -> &dyn Store {
        &*self.store
    }

    /// The document at exactly this key.
    pub(super) async fn at(&self, shelf: Shelf, key: Key) -> Result<Finds, Error> {
        let range = Range::at(shelf.index(), key);
        let (hits, _) = self.scan(shelf, range, 1).await?;
        Finds::of(shelf, &Key::default(), hits)
    }

    /// The id of the part with this name.
    pub(super) async fn named(&self, key: Key) -> Result<Option<Uuid>, Error> {
        let range = Range::at(Shelf::Names.index(), key);
        let (hits, _) = self.scan(Shelf::Names, range, 1).await?;
        Ok(hits.first().map(|hit| hit.at.id))
    }

    /// One page of a stretch, and where the next one begins.
    pub(super) async fn page(
        &self,
        stretch: &Stretch,
        asked: &Asked,
    ) -> Result<(Finds, Option<Cursor>), Error> {
        let Some(range) = stretch.range(asked.after.as_ref()) else {
            return Ok((Finds::default(), None));
        };
        let shelf = stretch.shelf;
        let (hits, more) = self.scan(shelf, range, asked.limit).await?;
        let finds = Finds::of(shelf, &stretch.prefix, hits)?;
        let last = finds.stored.last().filter(|_| more);
        let next = last.map(|last| Cursor::new(asked.list, &last.spot));
        Ok((finds, next))
    }

    /// The parts with these ids, each read once; read *after* what refers to them, so that a
    /// part may be newer than that, never older.
    pub(super) async fn parts(&self, ids: &[Uuid]) -> Result<PartTexts, Error> {
        let mut once: Vec<Uuid> = ids.to_vec();
        once.sort_unstable_by_key(Uuid::as_u128);
        once.dedup();
        let refs: Vec<_> = once.iter().map(|id| part_at(*id)).collect();
        let mut texts = Vec::with_capacity(refs.len());
        let mut found = Vec::with_capacity(refs.len());
        let store = self.store();
        for refs in refs.chunks(store.limits().page.max(1)) {
            let got = store.get(refs).await?;
            for (at, doc) in refs.iter().zip(got.docs) {
                found.push(doc.is_some().then_some(texts.len()));
                if let Some(doc) = doc {
                    texts.push(opened(at, doc.body, &mut Vec::new())?.1);
                }
            }
        }
        let place = |id: &Uuid| {
            let at = once.binary_search_by_key(&id.as_u128(), Uuid::as_u128);
            found.get(at.ok()?).copied().flatten()
        };
        Ok(PartTexts::new(texts, ids.iter().map(place).collect()))
    }

    /// Hits of a shelf, and whether there are more.
    async fn scan(
        &self,
        shelf: Shelf,
        range: Range,
        limit: usize,
    ) -> Result<(Vec<Hit>, bool), Error> {
        let store = self.store();
        let scan = Scan {
            range,
            order: shelf.order(),
            limit: limit.clamp(1, store.limits().page.max(1)),
            want: shelf.want(),
        };
        let page = store.scan(&scan).await?;
        let collection = shelf.collection();
        if page.hits.iter().any(|hit| hit.at.collection != collection) {
            return Err(Error::Corrupt {
                what: format!("index {} holds something not of its own", shelf.index()),
            });
        }
        Ok((page.hits, page.next.is_some()))
    }
}

/// What is read of a body or card, and its text; the ids of its parts go to the end of `ids`. The
/// error does not say which it was: the id of a part is not served.
fn opened(at: &DocRef, body: Arc<str>, ids: &mut Vec<Uuid>) -> Result<(Opened, Text), Error> {
    let (opened, json) = open(&body, ids).ok_or_else(|| Error::Corrupt {
        what: format!(
            "{} holds something else than public documents",
            at.collection
        ),
    })?;
    // It ends before the closing bracket.
    let until = body.len().saturating_sub(1);
    let from = until.saturating_sub(json.len());
    let text = Text::within(body, from..until, opened.digest);
    Ok((opened, text))
}
