//! A store of cmss on any ordered key-value engine: the kit for authors of backends.
//!
//! An author writes an [`Engine`]: get, range, write a batch, make it durable. [`KeyedStore`] makes
//! a [`Store`](cmss_core::store::Store) of it that keeps the whole [contract](cmss_core::store):
//!
//! - One thread, the committer, takes the changesets that wait, up to 64 or 4 MB, judges them one
//!   after another, makes them durable as one, and only then answers. So a group shares what it costs
//!   to be durable.
//! - In a directory, that is one record of [a journal](directory::JOURNAL), and one sync; where several
//!   commit at once, a second thread does it, and the next group is judged meanwhile. What is in
//!   the journal is pending: every read sees it, over what the engine holds. The engine gets it, batch
//!   by batch, each settled, when nobody has committed for a tenth of a second, when the journal has
//!   16 MiB, and when the store is closed or opened. Without a directory, a group is applied and settled.
//! - A lock is held while something is applied, and until it is durable where there is no journal.
//!   Reads take it too: nobody sees what is half written or may yet be lost.
//! - Every value stands in an envelope with its commit, its length and a checksum that covers its
//!   key. Large values are cut into pieces, none above [`MAX_VALUE`] bytes.
//! - Documents and pages of indexes that were read lately are kept, checked, in as much memory as the
//!   engine gives ([`Engine::room`]), and forgotten by the commit that writes them. Commits are judged
//!   on, and [`KeyedStore::verify`] looks at, what the engine holds, and what is pending in memory: not
//!   the file of the journal, which opening has read and checked.
//! - A load is sorted, then written in batches, each settled, under a mark, and sealed by one last
//!   batch. A store that is found with the mark is cleared. What does not fit into memory meanwhile
//!   goes to [a file](directory::SORTING) in the directory of the store, if it has one.
//! - After a write that failed, and after a panic, the handle is poisoned: it answers
//!   [`StoreError::Poisoned`](cmss_core::store::StoreError::Poisoned) until the store is reopened.
//! - A panic of the engine ends here: it is told as
//!   [`StoreError::Corrupt`](cmss_core::store::StoreError::Corrupt), and poisons the handle.
//! - [`KeyedStore::verify`] looks at everything a store holds, and names the first fault.
//! - For a store in a directory, [`KeyedStore::open_in`] keeps a journal and a witness beside the
//!   engine's files, by which one that comes back older is noticed, and [`compaction`] rewrites it.
//!
//! What is left to the backend is where the engine lives: how it is found, created durably, locked
//! against a second opening, and what *durable* means there. For one in a directory there is
//! [`directory`].
//!
//! # Blocking
//!
//! No runtime is needed. Commits and loads wait for the committer without blocking; reads run on
//! the calling thread, and wait while something is applied: not for the device, where there is a
//! journal. Opening blocks, and so does the last step of closing.
//!
//! # Examples
//!
//! A backend on a map, which is durable as long as the process is. A real one is held to the
//! contract by `cmss-testkit`.
//!
//! ```
//! use std::sync::{PoisonError, RwLock};
//!
//! use cmss_core::store::{Seq, Store, StoreError};
//! use cmss_keyed::{Batch, Engine, KeyedStore, impl_store};
//!
//! #[derive(Default)]
//! struct MapEngine {
//!     map: RwLock<std::collections::BTreeMap<Vec<u8>, Vec<u8>>>,
//! }
//!
//! impl Engine for MapEngine {
//!     const MAGIC: &'static [u8] = b"example-map";
//!     type Bytes = Vec<u8>;
//!
//!     fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
//!         let map = self.map.read().unwrap_or_else(PoisonError::into_inner);
//!         Ok(map.get(key).cloned())
//!     }
//!
//!     fn range<'a>(
//!         &'a self,
//!         from: &[u8],
//!         until: &[u8],
//!     ) -> impl DoubleEndedIterator<Item = Result<(Vec<u8>, Vec<u8>), StoreError>> + use<'a> {
//!         let map = self.map.read().unwrap_or_else(PoisonError::into_inner);
//!         let found = map.range(from.to_vec()..until.to_vec());
//!         let found: Vec<_> = found.map(|(key, value)| Ok((key.clone(), value.clone()))).collect();
//!         found.into_iter()
//!     }
//!
//!     fn apply(&self, batch: Batch) -> Result<(), StoreError> {
//!         let mut map = self.map.write().unwrap_or_else(PoisonError::into_inner);
//!         for (key, value) in batch {
//!             match value {
//!                 Some(value) => map.insert(key, value),
//!                 None => map.remove(&key),
//!             };
//!         }
//!         Ok(())
//!     }
//!
//!     fn settle(&self) -> Result<(), StoreError> {
//!         Ok(())
//!     }
//!
//!     fn is_untouched(&self) -> Result<bool, StoreError> {
//!         Ok(self.map.read().unwrap_or_else(PoisonError::into_inner).is_empty())
//!     }
//!
//!     fn let_go(self) {}
//! }
//!
//! #[derive(Debug)]
//! struct MapStore {
//!     kept: KeyedStore<MapEngine>,
//! }
//!
//! impl_store!(MapStore, kept);
//!
//! # fn main() -> Result<(), StoreError> {
//! let store = MapStore { kept: KeyedStore::open(MapEngine::default(), "a map")? };
//! let changes = pollster::block_on(store.changes(Seq::ZERO, 10))?;
//! assert_eq!(changes.as_of, Seq::ZERO);
//! assert!(store.kept.verify(|_| ()).is_ok());
//! # Ok(())
//! # }
//! ```

mod answers;
mod backend;
mod codec;
mod committer;
pub mod compaction;
pub mod directory;
mod engine;
mod envelope;
pub mod error;
mod journal;
mod judge;
mod layout;
mod loading;
mod opening;
mod proposal;
mod reads;
mod records;
mod shared;
mod staged;
mod store;
mod tree;
mod verify;
mod view;
mod witness;

#[cfg(test)]
#[path = "../tests/support/mod.rs"]
mod support;

pub use engine::{Batch, Engine, Item, MAX_VALUE};
#[doc(hidden)]
pub use loading::sort_within;
pub use store::KeyedStore;
pub use verify::{Corruption, CorruptionKind, Examined, Location, Unverified, Verified};

#[doc(hidden)]
pub mod private {
    //! What the macro of this crate refers to.

    pub use async_trait::async_trait;
    pub use cmss_core::store::{
        Changes, Changeset, CommitId, DocRef, Got, Limits, Lines, Page, Receipt, Scan, Seq, Store,
        StoreError, Walked,
    };

    pub use crate::store::AtOnce;
}
