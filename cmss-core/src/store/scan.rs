//! What reads ask and answer.

use std::fmt;
use std::sync::Arc;

use uuid::Uuid;

use super::doc::Shown;
use super::{Doc, DocRef, Index, Key, LogRecord, Seq, Stored};

/// A place between entries: before every document at a key, or just before one of them.
///
/// Positions order as (key, document); a position without a document stands before all documents
/// at its key.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Position {
    /// The key.
    pub key: Key,
    /// The document, where the position stands among several at one key.
    pub at: Option<DocRef>,
}

impl Position {
    /// Before every document at this key.
    #[must_use]
    pub const fn key(key: Key) -> Self {
        Self { key, at: None }
    }

    /// Just before this document at this key.
    #[must_use]
    pub const fn before(key: Key, at: DocRef) -> Self {
        Self { key, at: Some(at) }
    }

    /// Just after this document at this key.
    ///
    /// Ids of all ones are refused (C6), so the next id always exists.
    #[must_use]
    pub fn after(key: Key, at: DocRef) -> Self {
        let next = Uuid::from_u128(at.id.as_u128().saturating_add(1));
        Self {
            key,
            at: Some(DocRef {
                collection: at.collection,
                id: next,
            }),
        }
    }
}

/// A half-open stretch of one index: `from` is inside, `until` is not.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Range {
    /// The index.
    pub index: Index,
    /// Where it begins; `None` is the beginning of the index.
    pub from: Option<Position>,
    /// Where it ends; `None` is the end of the index.
    pub until: Option<Position>,
}

impl Range {
    /// The whole index.
    #[must_use]
    pub const fn all(index: Index) -> Self {
        Self {
            index,
            from: None,
            until: None,
        }
    }

    /// The documents at exactly this key.
    #[must_use]
    pub fn at(index: Index, key: Key) -> Self {
        let mut after = key.clone();
        after.0.push(0);
        Self {
            index,
            from: Some(Position::key(key)),
            until: Some(Position::key(after)),
        }
    }

    /// The documents at keys that begin with these bytes.
    #[must_use]
    pub fn prefix(index: Index, prefix: Key) -> Self {
        let mut after = prefix.0.clone();
        let until = loop {
            match after.pop() {
                None => break None,
                Some(0xff) => {}
                Some(byte) => {
                    after.push(byte.saturating_add(1));
                    break Some(Position::key(Key(after)));
                }
            }
        };
        Self {
            index,
            from: Some(Position::key(prefix)),
            until,
        }
    }

    /// Whether this place lies inside.
    #[must_use]
    pub fn contains(&self, place: &Position) -> bool {
        self.from.as_ref().is_none_or(|from| from <= place)
            && self.until.as_ref().is_none_or(|until| place < until)
    }
}

/// The direction of a scan.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Order {
    /// Smallest first.
    #[default]
    Ascending,
    /// Largest first.
    Descending,
}

/// What a scan brings beside where and which version.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Want {
    /// Nothing more.
    #[default]
    Nothing,
    /// The document's card.
    Card,
    /// The document itself.
    Body,
}

/// A question to one index.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Scan {
    /// The stretch asked for.
    pub range: Range,
    /// The direction.
    pub order: Order,
    /// The most hits to hand out: 1 to [`Limits::page`](super::Limits::page).
    pub limit: usize,
    /// What to bring.
    pub want: Want,
}

/// One document at one key. Its `Debug` shows how long its texts are, and nothing of them.
#[derive(Clone, PartialEq, Eq)]
pub struct Hit {
    /// The key of the entry.
    pub key: Key,
    /// The document.
    pub at: DocRef,
    /// Its version.
    pub version: Seq,
    /// Its card, when wanted and there is one.
    pub card: Option<Arc<str>>,
    /// The document, when wanted.
    pub doc: Option<Doc>,
}

impl fmt::Debug for Hit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            key,
            at,
            version,
            card,
            doc,
        } = self;
        f.debug_struct("Hit")
            .field("key", key)
            .field("at", at)
            .field("version", version)
            .field("card", &card.as_deref().map(Shown))
            .field("doc", doc)
            .finish()
    }
}

/// The answer to a [`Scan`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Page {
    /// The state it was read from.
    pub as_of: Seq,
    /// The hits, in the order asked.
    pub hits: Vec<Hit>,
    /// Where to resume, when there is more: the next `from`, or the next `until` when descending.
    pub next: Option<Position>,
}

/// The answer to [`Store::get`](super::Store::get).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Got {
    /// The state it was read from.
    pub as_of: Seq,
    /// The documents, in the order asked; `None` where there is none.
    pub docs: Vec<Option<Doc>>,
}

/// The answer to [`Store::walk`](super::Store::walk).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Walked {
    /// The state it was read from.
    pub as_of: Seq,
    /// The documents, in [`DocRef`] order.
    pub docs: Vec<Stored>,
    /// Whether there are documents after the last of these.
    pub more: bool,
}

/// The answer to [`Store::changes`](super::Store::changes).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Changes {
    /// The last commit there is.
    pub as_of: Seq,
    /// The records, oldest first.
    pub records: Vec<LogRecord>,
}
