//! What a store can answer instead of doing what it was asked.

use std::error::Error as StdError;

use thiserror::Error;

use super::{CommitId, DocRef, Index, Key, Seq};

/// Why a store did not do what it was asked.
///
/// After every error but [`StoreError::Unknown`], nothing has changed; a load that is answered
/// [`StoreError::Poisoned`] has filled the store or not, which opening it again shows.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The state is not what the changeset expected.
    #[error("conflict: {0}")]
    Conflict(Conflict),
    /// `load` was asked of a store that holds something.
    #[error("the store is not empty: load fills an empty one only")]
    NotEmpty,
    /// Something is larger than this store takes.
    #[error("{what} is {given}, the limit is {limit}")]
    Limit {
        /// What was measured.
        what: &'static str,
        /// The most there may be.
        limit: usize,
        /// What was given.
        given: usize,
    },
    /// The request contradicts itself or the contract, whatever the state.
    #[error("malformed request: {what}")]
    Malformed {
        /// What is wrong with it.
        what: &'static str,
    },
    /// What is stored is not what was written.
    #[error("corrupt: {what}")]
    Corrupt {
        /// What is damaged, and where.
        what: String,
        /// What the engine said.
        #[source]
        source: Option<Box<dyn StdError + Send + Sync>>,
    },
    /// There is no room left on the device.
    #[error("the device is full")]
    Full {
        /// What the engine said.
        #[source]
        source: Option<Box<dyn StdError + Send + Sync>>,
    },
    /// The commit may or may not have happened; the receipt of its id tells.
    #[error("the outcome of commit {id} is unknown: ask for its receipt")]
    Unknown {
        /// The id to ask for.
        id: CommitId,
        /// What the engine said.
        #[source]
        source: Option<Box<dyn StdError + Send + Sync>>,
    },
    /// An earlier failure left this handle unsure of what is durable; reopen the store.
    #[error("the store was poisoned by an earlier failure: reopen it")]
    Poisoned,
    /// The store was closed.
    #[error("the store is closed")]
    Closed,
    /// The store cannot be used now: held by another process, or not reachable.
    #[error("the store is unavailable: {what}")]
    Unavailable {
        /// Why, and what to do about it.
        what: String,
        /// What the engine said.
        #[source]
        source: Option<Box<dyn StdError + Send + Sync>>,
    },
    /// Anything else the engine says.
    #[error("the storage engine failed: {what}")]
    Backend {
        /// What was being done.
        what: String,
        /// What the engine said.
        #[source]
        source: Option<Box<dyn StdError + Send + Sync>>,
    },
}

impl StoreError {
    /// Whether the same request may succeed if it is sent again, with the same id.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        matches!(
            self,
            Self::Unknown { .. } | Self::Unavailable { .. } | Self::Full { .. }
        )
    }
}

/// Which expectation failed, and what stands there instead.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum Conflict {
    /// The document was expected to be absent.
    #[error("{at} is there, at version {current}")]
    Present {
        /// The document.
        at: DocRef,
        /// Its version.
        current: Seq,
    },
    /// The document was expected at another version.
    #[error("{at} was expected at version {expected}, and is {}", version(.current))]
    Moved {
        /// The document.
        at: DocRef,
        /// The version expected.
        expected: Seq,
        /// The version it has; `None` when it is absent.
        current: Option<Seq>,
    },
    /// Other documents than the expected ones have an entry in the range.
    #[error("a range of index {index} has other members than expected")]
    Members {
        /// The index.
        index: Index,
    },
    /// A document to be removed is absent.
    #[error("{at} is not there to be removed")]
    Missing {
        /// The document.
        at: DocRef,
    },
    /// A unique key is held by another document.
    #[error("a unique key of index {index} is taken by {by}")]
    Taken {
        /// The index.
        index: Index,
        /// The key.
        key: Key,
        /// Who holds it.
        by: DocRef,
    },
    /// The commit id was used before, for something else.
    #[error("commit id {id} was used for another change, at {seq}")]
    KeyReused {
        /// The id.
        id: CommitId,
        /// The commit that used it.
        seq: Seq,
    },
}

/// A version for people.
fn version(current: &Option<Seq>) -> String {
    current.map_or_else(|| "absent".to_owned(), |seq| format!("at {seq}"))
}

impl From<Conflict> for StoreError {
    fn from(conflict: Conflict) -> Self {
        Self::Conflict(conflict)
    }
}
