//! Kills: a process that commits is killed at random moments, and what is left is opened and
//! compared with what it had answered.
//!
//! The process is the author's own test, run once more by the test itself: [`Crash::run`] starts
//! the test binary again with the name of the test, and an environment variable that tells it to
//! work instead. So a backend needs no program of its own for it.
//!
//! ```
//! use std::path::Path;
//! use std::sync::Arc;
//!
//! use cmss_core::store::{Store, StoreError};
//! use cmss_testkit::crash::Crash;
//! # use cmss_memory::MemoryStore as MyStore;
//! # trait Open { fn open(_: &Path) -> Result<MyStore, StoreError>; }
//! # impl Open for MyStore { fn open(_: &Path) -> Result<Self, StoreError> { Ok(MyStore::new()) } }
//!
//! fn open(path: &Path) -> Result<Arc<dyn Store>, StoreError> {
//!     Ok(Arc::new(MyStore::open(path)?))
//! }
//!
//! #[test]
//! fn what_was_answered_survives_a_kill() {
//!     Crash::of("what_was_answered_survives_a_kill", &open).run();
//! }
//! # fn main() {}
//! ```
//!
//! # What is looked for
//!
//! Several writers commit documents small and large, over and over, and remove some. After each
//! kill, which comes while the store is being opened or after some commits were answered:
//!
//! - The store opens.
//! - Every commit that was answered stands in the log with the number that was answered (U1).
//! - What the log tells of, sent to a memory store in the same order, leaves the same bytes:
//!   documents, cards, entries, salts, log, and both indexes. So whatever was answered has its
//!   exact content, and whatever was not is there whole or not at all (C1).
//! - Each writer's last commit without an answer is sent again, and is settled (U2): it answers the
//!   number it has, or the next.
//!
//! The store is used again by the next process, which is killed as well, and every few kills a new
//! one is begun.
//!
//! # Knobs
//!
//! `CMSS_KILLS` is the number of kills, 30 unless told; [`Crash::kills`] sets one that stays. `CMSS_SEED`, as it was printed, makes the
//! same choices again; the moment at which a kill arrives is the system's and does not come again.
//!
//! It shows what a process that ends leaves behind, and nothing of a loss of power: for what was
//! written but not synced, the system is still there.

#![allow(
    clippy::test_attr_in_doctest,
    reason = "the test is what the example shows: it runs itself"
)]

mod child;
mod driver;
mod hasty;
mod work;

pub use driver::{Crash, Crashed};
pub use hasty::Hasty;
