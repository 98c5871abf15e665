//! What the library answers instead of doing what it was asked.

use thiserror::Error;

use super::Refusal;
use crate::ids::{EditionId, RevisionId};
use crate::store::{CommitId, StoreError};
use crate::values::{ArticleText, Invalid, redacted};

/// Why something was not done.
///
/// After every error but a [`StoreError::Unknown`] nothing has changed, and the caller still has
/// what it sent: verbs borrow.
///
/// # Examples
///
/// With which status an HTTP layer may answer:
///
/// ```
/// use cmss_core::Error;
///
/// fn status(error: &Error) -> u16 {
///     match error {
///         Error::Invalid(_) => 422,
///         Error::Refused(_) => 403,
///         Error::NotFound { .. } => 404,
///         Error::Conflict(_) | Error::KeyReused { .. } => 409,
///         // The same command, with the same key, may succeed in a while.
///         error if error.is_retryable() => 503,
///         _ => 500,
///     }
/// }
/// assert_eq!(status(&Error::Busy), 503);
/// ```
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// Fields of the command are at fault: all of them are named.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The state of things or the actor's standing forbids it: every failing guard is
    /// named, to whom it concerns.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The revision that the command named is no longer the head.
    #[error(transparent)]
    Conflict(#[from] Box<EditConflict>),
    /// There is no such thing.
    #[error("{id} is not there")]
    NotFound {
        /// Its id or address.
        id: String,
    },
    /// The key was used before, for another command or by another actor.
    #[error("key {key} was used for another command")]
    KeyReused {
        /// The key.
        key: CommitId,
    },
    /// Others changed the same things again and again; try again with the same key.
    #[error("too many others are changing the same things: try again")]
    Busy,
    /// The store holds no newsroom yet.
    #[error("the store holds no newsroom: found one first")]
    NotFounded,
    /// A newer release has written in the store, in forms that this one may not know.
    #[error(
        "a newer release has written here (schema {schema}, this release knows {known}): use that one or a newer"
    )]
    Newer {
        /// What the store was written with.
        schema: u32,
        /// The newest that this release knows.
        known: u32,
    },
    /// The store holds a newsroom already.
    #[error("the store holds a newsroom already: open it")]
    AlreadyFounded,
    /// What is stored makes no sense to this version of the library.
    #[error("corrupt: {what}")]
    Corrupt {
        /// What, and where.
        what: String,
    },
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Error {
    /// Whether the same command, with the same key, may succeed if it is sent again.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        match self {
            Self::Busy => true,
            Self::Store(error) => error.is_retryable(),
            Self::Invalid(_)
            | Self::Refused(_)
            | Self::Conflict(_)
            | Self::NotFound { .. }
            | Self::KeyReused { .. }
            | Self::NotFounded
            | Self::Newer { .. }
            | Self::AlreadyFounded
            | Self::Corrupt { .. } => false,
        }
    }
}

/// The revision that a command named is no longer the head: what it was based on, what stands
/// there now, and what was sent.
///
/// Neither its `Display` nor its `Debug` shows a text.
#[derive(Clone, PartialEq, Eq, Error)]
#[error("{edition} has moved on: {named} is not its head, {head} is")]
pub struct EditConflict {
    /// The edition.
    pub edition: EditionId,
    /// The revision the command named.
    pub named: RevisionId,
    /// The head there is.
    pub head: RevisionId,
    /// The text that was named, where whoever named it may have read it.
    pub base: Option<Box<ArticleText>>,
    /// The text of the head.
    pub theirs: Box<ArticleText>,
    /// The text that was sent, for a command that sends one.
    pub mine: Option<Box<ArticleText>>,
}

redacted! { EditConflict { edition, named, head } }
