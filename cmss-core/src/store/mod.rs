//! The storage contract: one small trait, [`Store`], and the plain types it speaks in.
//!
//! The core gives *meaning* to what is stored: it makes bodies (JSON text) and index keys
//! (order-preserving bytes). A store gives *safety*: names, ids, versions and bytes go in, and
//! either all of a changeset is there for good or none of it is. A store never parses a body.
//!
//! # Contract
//!
//! Each clause has a number, which the rules of `cmss-testkit` cite.
//!
//! **Documents**
//!
//! - **D1** A document is named by a [`DocRef`]: collection and id. Its body comes back byte for
//!   byte, as does its card.
//! - **D2** A document's version is the [`Seq`] of the commit that last wrote it.
//! - **D3** A [`Write::Put`] replaces body, card, salt and the whole set of entries.
//! - **D4** A [`Write::Remove`] takes the document out together with its entries.
//!
//! **Commits**
//!
//! - **C1** A commit is all or nothing. A refused commit leaves no trace: no document, no entry, no
//!   log record, and `Seq` does not move.
//! - **C2** `Seq` is contiguous: the first commit is 1, each later one the previous plus one.
//! - **C3** Commits are judged one after another. Every expectation is judged on the state before
//!   the commit: [`Expect::Absent`], [`Expect::At`], and [`Expect::Members`], which holds when
//!   exactly the named documents have an entry in the range. Where several things speak against a
//!   commit, any one of them is the answer.
//! - **C4** Entries of *all* written documents are taken out before any is put in; only then is
//!   uniqueness judged. Two documents may swap a unique key in one commit.
//! - **C5** No two documents hold the same unique key of the same index.
//! - **C6** Refused before anything is judged: no writes at all, a document written twice in one
//!   changeset, the same unique key claimed twice in one changeset, a nil or all-ones id (such ids
//!   bound ranges), U+0000 in a body, card or note ([`StoreError::Malformed`]), and anything over
//!   [`Limits`] ([`StoreError::Limit`]). [`Changeset::check`] does all of it.
//! - **C7** Removing an absent document is a [`Conflict::Missing`].
//! - **C8** A [`CommitId`] commits once. The same id with the same digest answers the first
//!   receipt and changes nothing, whatever else the changeset holds; with another digest it is a
//!   [`Conflict::KeyReused`]. This is judged before every expectation.
//!
//! **Durability**
//!
//! - **U1** Nothing is visible to any read, and nobody is answered, before it is durable, in the
//!   sense the store documents. Refusals, conflicts and replays too are answered only after what
//!   they were judged on is durable.
//! - **U2** A `commit` future that is dropped after its first poll may or may not have committed;
//!   [`Store::receipt`] tells.
//! - **U3** [`StoreError::Unknown`] means the same: one or the other, and the same id settles it. A
//!   store that is no longer sure what is durable answers [`StoreError::Poisoned`] to every call but
//!   [`Store::close`]; opened again, it is sure.
//!
//! **Reads**
//!
//! - **R1** Every read is consistent within the call and says `as_of` which [`Seq`]. That is never
//!   before anything that was answered, to whomever, before the read was asked for.
//! - **R2** [`Store::get`] answers in the order asked, `None` for what is absent; the same
//!   reference asked twice is answered twice.
//! - **R3** Hits of a [`Scan`] are ordered by key, then [`DocRef`], both as bytes, in either
//!   direction; a document stands at most once at one key. Ranges are half open: `from` is inside,
//!   `until` is not, and a range that ends before it begins is empty.
//! - **R4** A scan hands out at most `limit` hits, and `next` where to resume when there is more:
//!   right after the last hit, as the new `from` of an ascending scan, or right before it, as the
//!   new `until` of a descending one. `next` is `None` when and only when the range is exhausted.
//! - **R5** A hit carries its document's version and, when wanted, its card or its document.
//! - **R6** [`Store::walk`] hands out all documents, whole, in [`DocRef`] order, by pages; the entries
//!   of each sorted, each once.
//!
//! **The log**
//!
//! - **L1** [`Store::changes`] hands out the log records after a `Seq`, contiguous, in order.
//! - **L2** A record is what [`LogRecord::next`] makes of the previous one and the changeset; it
//!   holds no body, only salted digests.
//! - **L3** [`Store::grown`] resolves when there is something after a `Seq`; at once if there
//!   already is. A closed store answers [`StoreError::Closed`] to whoever waits.
//!
//! **Moving house**
//!
//! - **M1** [`Store::load`] fills an *empty* store, or refuses with [`StoreError::NotEmpty`]. A commit
//!   that is asked for meanwhile is judged on all of the load, or on the empty store, which then
//!   refuses the load.
//! - **M2** Lines pass through [`Intake`], which checks order, counts, digests and the chain. Lines
//!   in which a unique key has two holders (C5) or a commit id stands twice (C8) are
//!   [`StoreError::Corrupt`] too, and what no commit could have put there is refused as
//!   [`Line::check`] says. A load that fails, or is not ended by its end line, leaves the
//!   store empty. Where it cannot be sure of that it is poisoned (U3), and opened again it is empty or
//!   holds all of the load.
//! - **M3** After a load every read answers as in the store the lines came from.
//!
//! A store does no more for this than read and load: [`Export`] makes a file of one that goes on
//! working, and [`import`] makes lines of the file.
//!
//! **Life**
//!
//! - **F1** After [`Store::close`] every call answers [`StoreError::Closed`]; closing twice is fine.
//!
//! # A complete backend
//!
//! A store of its own on one map. It keeps nothing longer than the process lasts, and it looks through
//! all documents where a larger one would keep its entries sorted; but it keeps every clause, and one
//! that lasts differs in two places: where a commit and a load say *durable*. One that cannot make a
//! commit durable answers it with [`StoreError::Unknown`], and whatever comes after with
//! [`StoreError::Poisoned`] (U3). What else a directory asks for, from the lock to a full disk, are the
//! clauses H1 to H9 of `cmss_testkit::durable::Backend`; on an engine with ordered keys, `cmss-keyed` does
//! most of it.
//!
#![doc = "```"]
#![doc = include_str!("../../examples/map_store.rs")]
#![doc = "```"]
//!
//! # Runtimes and blocking
//!
//! No async runtime is assumed. A store says in its own documentation where its blocking I/O runs.

mod changeset;
mod doc;
mod error;
mod export;
mod ext;
pub(crate) mod hex;
mod load;
mod log;
mod names;
mod scan;
mod shared;

use std::fmt::Debug;

use async_trait::async_trait;

pub use changeset::{Changeset, Expect, Limits, Receipt, Write};
pub use doc::{Doc, Entry, Stored};
pub use error::{Conflict, StoreError};
pub use export::{Export, Exported, Progress, import};
pub use ext::StoreExt;
pub use load::{End, Intake, Line, Lines};
pub use log::{Change, LogRecord, Touched, Unchained};
pub use names::{Collection, CommitId, Digest, DocRef, Index, Key, Salt, Seq};
pub use scan::{Changes, Got, Hit, Order, Page, Position, Range, Scan, Walked, Want};

/// A place where documents are kept: the one trait a backend implements.
///
/// The contract stands in the [module's documentation](self), clause by clause, and
/// `cmss-testkit` holds a backend to it. There are no default methods: what the trait asks for, a
/// backend does. It is used as `Arc<dyn Store>`.
#[async_trait]
pub trait Store: Debug + Send + Sync + 'static {
    /// The documents at these places, in the order asked (D1, R1, R2).
    ///
    /// # Errors
    /// [`StoreError::Limit`] for more than [`Limits::page`] references.
    async fn get(&self, refs: &[DocRef]) -> Result<Got, StoreError>;

    /// One page of one index (R3–R5).
    ///
    /// # Errors
    /// [`StoreError::Limit`] for a limit of 0 or above [`Limits::page`].
    async fn scan(&self, scan: &Scan) -> Result<Page, StoreError>;

    /// Documents after a place, whole, in [`DocRef`] order; `None` begins (R6).
    ///
    /// # Errors
    /// [`StoreError::Limit`] for a limit of 0 or above [`Limits::page`].
    async fn walk(&self, after: Option<&DocRef>, limit: usize) -> Result<Walked, StoreError>;

    /// All of the changeset, durably, or none of it (C1–C8, U1).
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when an expectation fails, and every other [`StoreError`]; after
    /// each of them but [`StoreError::Unknown`] nothing has changed.
    ///
    /// # Cancellation
    /// Dropped after the first poll, it may or may not commit (U2).
    async fn commit(&self, changeset: Changeset) -> Result<Receipt, StoreError>;

    /// What a commit with this id answered, if one has committed (C8, U2).
    ///
    /// # Errors
    /// Those of a read.
    async fn receipt(&self, id: CommitId) -> Result<Option<Receipt>, StoreError>;

    /// Log records after a `Seq`, oldest first (L1, L2).
    ///
    /// # Errors
    /// [`StoreError::Limit`] for a limit of 0 or above [`Limits::page`].
    async fn changes(&self, after: Seq, limit: usize) -> Result<Changes, StoreError>;

    /// Waits until the log holds a record after `past`, and answers its last `Seq` (L3).
    ///
    /// # Errors
    /// [`StoreError::Closed`] when the store is closed meanwhile.
    ///
    /// # Cancellation
    /// Safe: nothing is consumed by waiting.
    async fn grown(&self, past: Seq) -> Result<Seq, StoreError>;

    /// Fills an empty store (M1–M3); answers the last `Seq`.
    ///
    /// # Errors
    /// [`StoreError::NotEmpty`]; [`StoreError::Corrupt`] where a line contradicts the others;
    /// [`StoreError::Limit`] and [`StoreError::Malformed`] where no commit could have put it there;
    /// [`StoreError::Full`], and every other [`StoreError`].
    ///
    /// # Cancellation
    /// A future that is dropped after its first poll may leave the store empty or filled. Until that is
    /// decided every read finds it empty; commits come before it or after it (M1).
    async fn load(&self, lines: Lines) -> Result<Seq, StoreError>;

    /// The bounds within which this store takes what it is given.
    fn limits(&self) -> Limits;

    /// Waits for what is under way and closes the store (F1).
    ///
    /// # Errors
    /// What the engine says when it cannot finish; the store is closed all the same.
    async fn close(&self) -> Result<(), StoreError>;
}
