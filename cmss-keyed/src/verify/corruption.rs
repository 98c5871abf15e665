//! What can be wrong with a store, and where.

use std::error::Error;
use std::fmt;

use cmss_core::store::{CommitId, DocRef, Index, Seq, StoreError};

use crate::layout::Spot;

/// Why a store was not found whole.
#[derive(Debug)]
#[non_exhaustive]
pub enum Unverified {
    /// Something in it is not as it was written. Nothing was changed.
    Corrupt(Corruption),
    /// It could not be looked at: closed, poisoned, or the engine does not read.
    Unread(StoreError),
    /// It was to be rewritten, and something that is none of its files would be lost or stands in the
    /// way. Nothing was changed.
    InTheWay {
        /// What, and what to do about it.
        what: String,
    },
}

/// The first thing found wrong, without any content.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Corruption {
    /// Where.
    pub location: Location,
    /// What is wrong there.
    pub kind: CorruptionKind,
}

/// Where in a store something is.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Location {
    /// The value that says what kind of store it is.
    Format,
    /// The value that says which commit is the last.
    Tip,
    /// The mark of a load that is under way.
    LoadingMark,
    /// A document as a whole.
    Document(DocRef),
    /// A document but for a long text.
    Head(DocRef),
    /// The long text of a document.
    Body(DocRef),
    /// An entry of a document; its key is content, and not told.
    Entry {
        /// The index.
        index: Index,
        /// The document.
        at: DocRef,
    },
    /// A log record.
    Record(Seq),
    /// The receipt of a commit.
    Receipt(CommitId),
    /// A further piece of a large value.
    Piece {
        /// The value.
        of: Box<Self>,
        /// Which piece.
        number: u16,
    },
    /// A key that no store writes.
    Elsewhere,
    /// What the engine keeps beside keys and values.
    Engine,
}

/// What is wrong at a location.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum CorruptionKind {
    /// It is not what was written there: says how.
    Damaged(String),
    /// There is nothing, and something tells of it.
    Missing,
    /// There is something, and nothing tells of it.
    Stray,
    /// It is of another commit than what belongs to it.
    OfAnotherCommit,
    /// It says something else than what belongs to it.
    Differs,
    /// It is not in order with its neighbours.
    OutOfOrder,
    /// The chain of the log breaks here.
    BreaksChain,
    /// Another document holds the same unique key.
    NotUnique,
    /// The log last tells of it at another commit.
    NotAsLogged(Seq),
}

impl Location {
    /// What a key stands for.
    pub(crate) fn of(key: &[u8]) -> Self {
        match Spot::of(key) {
            Some(Spot::Format) => Self::Format,
            Some(Spot::Tip) => Self::Tip,
            Some(Spot::Loading) => Self::LoadingMark,
            Some(Spot::Head(at)) => Self::Head(at),
            Some(Spot::Body(_, at)) => Self::Body(at),
            Some(Spot::Entry(index, _, at)) => Self::Entry { index, at },
            Some(Spot::Record(seq)) => Self::Record(seq),
            Some(Spot::Receipt(id)) => Self::Receipt(id),
            // No piece has pieces, so that this ends.
            Some(Spot::Piece(of, number)) => match Self::of_value(&of) {
                Some(of) => Self::Piece {
                    of: Box::new(of),
                    number,
                },
                None => Self::Elsewhere,
            },
            None => Self::Elsewhere,
        }
    }

    fn of_value(key: &[u8]) -> Option<Self> {
        match Spot::of(key)? {
            Spot::Piece(..) => None,
            _ => Some(Self::of(key)),
        }
    }

    /// The corruption that this is.
    pub(super) const fn is(self, kind: CorruptionKind) -> Unverified {
        Unverified::Corrupt(Corruption {
            location: self,
            kind,
        })
    }

    /// What reading this says of it: what is damaged, with all that is behind it.
    pub(super) fn read(self, error: StoreError) -> Unverified {
        let StoreError::Corrupt { mut what, source } = error else {
            return Unverified::Unread(error);
        };
        let mut source = source.as_deref().map(|source| source as &dyn Error);
        while let Some(error) = source {
            let why = error.to_string();
            // Some say themselves what is behind them.
            if !what.ends_with(&why) {
                what = format!("{what}: {why}");
            }
            source = error.source();
        }
        self.is(CorruptionKind::Damaged(what))
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Format => f.write_str("the format"),
            Self::Tip => f.write_str("the tip of the log"),
            Self::LoadingMark => f.write_str("the mark of a load"),
            Self::Document(at) => write!(f, "document {at}"),
            Self::Head(at) => write!(f, "the head of document {at}"),
            Self::Body(at) => write!(f, "the body of document {at}"),
            Self::Entry { index, at } => write!(f, "an entry of document {at} in index {index}"),
            Self::Record(seq) => write!(f, "log record {seq}"),
            Self::Receipt(id) => write!(f, "the receipt of commit {id}"),
            Self::Piece { of, number } => write!(f, "further piece {number} of {of}"),
            Self::Elsewhere => f.write_str("a key that no store writes"),
            Self::Engine => f.write_str("the engine"),
        }
    }
}

impl fmt::Display for CorruptionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Damaged(how) => write!(f, "is not what was written: {how}"),
            Self::Missing => f.write_str("is missing"),
            Self::Stray => f.write_str("belongs to nothing"),
            Self::OfAnotherCommit => f.write_str("is of another commit than what belongs to it"),
            Self::Differs => f.write_str("says something else than what belongs to it"),
            Self::OutOfOrder => f.write_str("is out of order"),
            Self::BreaksChain => f.write_str("breaks the chain"),
            Self::NotUnique => f.write_str("stands at a unique key that another document holds"),
            Self::NotAsLogged(seq) => write!(f, "is not as commit {seq} left it"),
        }
    }
}

impl fmt::Display for Corruption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.location, self.kind)
    }
}

impl Error for Corruption {}

impl fmt::Display for Unverified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Corrupt(corruption) => write!(f, "the store is not whole: {corruption}"),
            Self::Unread(error) => write!(f, "the store cannot be looked at: {error}"),
            Self::InTheWay { what } => f.write_str(what),
        }
    }
}

impl Error for Unverified {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Corrupt(corruption) => Some(corruption),
            Self::Unread(error) => Some(error),
            Self::InTheWay { .. } => None,
        }
    }
}

/// What reads find damaged is a corruption; where, only who asked knows.
impl From<StoreError> for Unverified {
    fn from(error: StoreError) -> Self {
        Location::Engine.read(error)
    }
}

impl From<Unverified> for StoreError {
    fn from(unverified: Unverified) -> Self {
        match unverified {
            Unverified::Corrupt(corruption) => Self::Corrupt {
                what: corruption.to_string(),
                source: None,
            },
            Unverified::Unread(error) => error,
            Unverified::InTheWay { what } => Self::Unavailable { what, source: None },
        }
    }
}
