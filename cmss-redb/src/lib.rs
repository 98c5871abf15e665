//! The durable, embedded store of cmss, on redb.
//!
//! A [`RedbStore`] keeps one newsroom in one directory of the machine it runs on. It is a
//! [`Store`](cmss_core::store::Store), held to the [contract](cmss_core::store) like any other.
//!
//! # What it promises
//!
//! *Durable* (clause U1) means forced to the device with `fdatasync`, or what the system has in its
//! place, before anyone is answered and before any read sees it: a commit that was answered
//! survives the end of the process and the loss of power, as far as the device keeps what it says
//! it keeps.
//!
//! What is committed is durable in a file of the store, `journal`, first, and redb gets it later, many
//! commits at a time. A store that was not closed gives it to redb when it is opened.
//!
//! Whatever is read is checked: every value carries a checksum over itself, its key and its commit.
//! What does not fit is [`StoreError::Corrupt`](cmss_core::store::StoreError::Corrupt). After a
//! write or sync that failed, and after a panic of redb, the handle answers
//! [`StoreError::Poisoned`](cmss_core::store::StoreError::Poisoned) until the store is reopened.
//!
//! A store that comes back older than what was answered, or as another, is refused when it is opened:
//! a small file, `witness`, says which commits were made durable. It is itself synced once a second.
//! Whoever puts an older copy in place on purpose leaves that file away. Whether everything that the
//! store holds belongs together, [`verify`](RedbStore::verify) tells.
//!
//! # What it is not
//!
//! - Not a database server: one process at a time has a directory open, and in it one handle.
//!   Share the handle as an `Arc`. Network file systems are not supported.
//! - Not something to copy while it is open: a copy of a live file may be torn. Export it:
//!   [`Export`](cmss_core::store::Export).
//! - Not a place where removed things vanish at once: redb overwrites freed pages in its own time, and
//!   the journal its own, until the store is closed in order; [`compact`](RedbStore::compact) leaves nothing of them.
//!
//! # In the directory
//!
//! - `db.redb` is redb's.
//! - `journal` holds what was committed last, and is short when the store is closed.
//! - `witness` says which commits there were.
//! - `cmss.sorting` is there while a large load is sorted.
//!
//! They belong together: a directory that no process has open is copied and put back whole. Without its
//! `journal` a store that was not closed lacks what was committed last, and its `witness` says so.
//!
//! # Blocking
//!
//! No runtime is needed. Two threads of the store's own do all writing, one of them the journal's
//! where several commit at once:
//! [`commit`](cmss_core::store::Store::commit) and [`load`](cmss_core::store::Store::load) wait for
//! them without blocking. The lines of a load are pulled on the other, and commits wait meanwhile.
//! Reads run on the calling thread, from memory where the cache has it and from the file where it
//! has not; they do not wait for a commit to be synced, only for some milliseconds while redb is
//! given what the journal has, and so does each look at the log of
//! [`grown`](cmss_core::store::Store::grown). Opening blocks, and so does the last step of
//! [`close`](cmss_core::store::Store::close). After a crash, opening reads the whole file.
//!
//! # Examples
//!
//! ```
//! use cmss_core::store::{
//!     Changeset, Collection, CommitId, Digest, DocRef, Expect, Salt, Store, StoreExt, Write,
//! };
//! use cmss_redb::RedbStore;
//! use uuid::Uuid;
//!
//! # fn main() -> Result<(), cmss_core::store::StoreError> {
//! # let home = tempfile::tempdir().map_err(|_| cmss_core::store::StoreError::Closed)?;
//! # let path = home.path().join("newsroom-data");
//! # pollster::block_on(async {
//! let store = RedbStore::open(&path)?;
//! let at = DocRef {
//!     collection: Collection::new("note"),
//!     id: Uuid::from_u128(7),
//! };
//! store
//!     .commit(Changeset {
//!         id: CommitId(Uuid::from_u128(1)),
//!         expect: vec![Expect::Absent(at.clone())],
//!         writes: vec![Write::Put {
//!             at: at.clone(),
//!             salt: Salt([9; 16]),
//!             body: r#"{"text":"hello"}"#.into(),
//!             card: None,
//!             entries: vec![],
//!         }],
//!         note: "[]".into(),
//!         digest: Digest::of(b"say hello"),
//!     })
//!     .await?;
//! store.close().await?;
//!
//! let store = RedbStore::open(&path)?;
//! let doc = store.get_one(&at).await?;
//! assert_eq!(doc.map(|doc| doc.body).as_deref(), Some(r#"{"text":"hello"}"#));
//! # Ok(())
//! # })
//! # }
//! ```

mod config;
mod creation;
mod engine;
mod opening;
mod store;

#[cfg(test)]
mod points;
#[cfg(test)]
mod power;

pub use cmss_keyed::compaction::{Compacted, Compacting};
pub use cmss_keyed::{Corruption, CorruptionKind, Examined, Location, Unverified, Verified};
pub use config::Builder;
pub use store::RedbStore;
