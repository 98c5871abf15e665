//! The in-memory store of cmss.
//!
//! A [`MemoryStore`] keeps one newsroom in ordered maps behind a lock. It is for tests, for
//! examples, and for whatever may vanish with the process: nothing is written to disk, and *durable*
//! (clause U1 of the [contract](cmss_core::store)) means no more than *applied*. In every other way
//! it is held to the same rules as a store with files, and is no kinder: the same limits, the same
//! conflicts, bodies kept as text.
//!
//! It is not a cache in front of another store, and not a place for real people's data.
//!
//! # Blocking
//!
//! No runtime is needed. Each call takes the lock, works in memory and answers at its first poll;
//! only [`grown`](cmss_core::store::Store::grown) waits, without a thread of its own. A
//! [`load`](cmss_core::store::Store::load) reads its lines on the calling thread, outside the lock.
//!
//! # Examples
//!
//! ```
//! use cmss_core::store::{
//!     Changeset, Collection, CommitId, Digest, DocRef, Expect, Salt, Seq, Store, StoreExt, Write,
//! };
//! use cmss_memory::MemoryStore;
//! use uuid::Uuid;
//!
//! # fn main() -> Result<(), cmss_core::store::StoreError> {
//! # pollster::block_on(async {
//! let store = MemoryStore::new();
//! let at = DocRef {
//!     collection: Collection::new("note"),
//!     id: Uuid::from_u128(7),
//! };
//! let receipt = store
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
//! assert_eq!(receipt.seq, Seq(1));
//!
//! let doc = store.get_one(&at).await?;
//! assert_eq!(doc.map(|doc| doc.body).as_deref(), Some(r#"{"text":"hello"}"#));
//! # Ok(())
//! # })
//! # }
//! ```

mod commit;
mod load;
mod state;
mod store;
mod waiters;

pub use store::MemoryStore;
