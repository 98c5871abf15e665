//! The store contract of cmss as tests that any backend can run.
//!
//! The [contract](cmss_core::store) numbers what a store promises. This crate turns each clause
//! into *rules*: async functions named after what they claim, which open a [`Fixture`] and try to
//! catch it out. A backend that passes them and declines none may carry a newsroom; where one does not
//! pass, the documentation of the rule names the clause that it breaks. A rule that is declined has shown
//! nothing.
//!
//! It is not a benchmark. Of losses of power a rule says something where the fixture can
//! [cut it](Fixture::cut); [`power`] looks further.
//!
//! # Testing a backend
//!
//! Implement [`Fixture`], and call [`store_rules!`] once in a test file. Every rule becomes a test
//! of its own, in a module named after its family.
//!
//! ```
//! use std::sync::Arc;
//!
//! use cmss_core::store::Store;
//! use cmss_memory::MemoryStore;
//! use cmss_testkit::{Declined, Fixture, async_trait};
//!
//! #[derive(Default)]
//! struct MemoryFixture {
//!     store: MemoryStore,
//! }
//!
//! #[async_trait]
//! impl Fixture for MemoryFixture {
//!     async fn open(&mut self) -> Arc<dyn Store> {
//!         Arc::new(self.store.clone())
//!     }
//!
//!     async fn reopen(&mut self) -> Result<Arc<dyn Store>, Declined> {
//!         Err(Declined("memory does not outlive its store"))
//!     }
//!
//!     fn another(&self) -> Box<dyn Fixture> {
//!         Box::new(Self::default())
//!     }
//! }
//!
//! cmss_testkit::store_rules!(MemoryFixture::default);
//! # fn main() {}
//! ```
//!
//! A store that outlives its process needs three things more: [`durable_rules!`]; [`crash::Crash`], which
//! kills it; and [`Fixture::cut`], which loses what was not synced. Without the last, a store that never
//! syncs passes, and declines. Where one fails, begin with the rules of [`contract`]: those of [`model`]
//! and [`histories`] find the same, and say less of where.
//!
//! # Families
//!
//! - [`contract`]: clause by clause, one file for each part of the contract;
//! - [`limits`]: each bound at exactly the limit and one above it;
//! - [`races`]: threads and a barrier, never a clock;
//! - [`histories`]: what many threads were answered, explained by an order of their calls;
//! - [`export`]: exports taken while others commit;
//! - [`model`]: random sequences against a plain specification, reopening included;
//! - [`durable`]: reopening, groups, losses of power and large loads, by [`durable_rules!`], for
//!   what keeps what it is given.
//!
//! Each rule says which clauses it is about.
//!
//! # Knobs
//!
//! A backend that cannot do something [declines](Declined) it, and the reason is printed. One that
//! is slow plays fewer random cases: [`Fixture::cases`] and [`Fixture::sequences`], or the
//! environment variable `PROPTEST_CASES`, which overrules both; and it races less often:
//! [`Fixture::rounds`]. `CMSS_KILLS` is the number of processes
//! that are killed by each harness of [`crash`], and `CMSS_CASES` that of damaged stores and journals
//! ([`durable`]) and of cut powers ([`power::cases`]); what is no number is refused. How many
//! there really were is [printed](ran). Whatever is random prints the seed it follows from, when it
//! fails and when it does not (`cargo test -- --show-output`); `CMSS_SEED` sets it:
//!
//! ```text
//! CMSS_SEED=faf456e8-55d7-4955-93da-0395bf738a23 cargo test any_sequence
//! ```
//!
//! # Wrappers
//!
//! [`Interposed`] lets something happen between the last read of a command and its commit;
//! [`Counting`] counts what a command asks of its store; [`faults`] lets each call of a scenario
//! fail in turn.
//!
//! # Programs that embed the library
//!
//! [`Newsroom`] is a newsroom in memory with a cast, for tests that are about something else.
//!
//! # A backend's own tests
//!
//! What only files or servers can show is tested beside them; [`notes`] has small documents for it.
//! A backend that keeps what it is given is killed by [`crash`]; [`power`] cuts its power. Where its
//! stores are directories that cmss-keyed keeps, journal and all, [`crash_rules!`] kills it while it loads
//! and compacts as well, and damages its files; [`format_rules!`] holds it to the formats of earlier
//! releases.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "all of this crate is part of tests, where a panic is how a rule says no"
)]

mod bell;
mod busy;
mod caught;
pub mod children;
pub mod contract;
mod counting;
pub mod crash;
pub mod durable;
pub mod export;
pub mod faults;
mod fixture;
pub mod histories;
mod interposed;
pub mod limits;
mod lines;
mod looked;
pub mod model;
pub mod newsroom;
pub mod notes;
pub mod power;
pub mod races;
mod registry;
mod samples;
mod seed;

pub use async_trait::async_trait;
pub use caught::{caught, caught_saying_one_of};
pub use counting::{Counting, Counts};
pub use fixture::{Declined, Fixture};
pub use interposed::Interposed;
pub use lines::{feed, lines};
pub use looked::{asked, ran};
pub use newsroom::Newsroom;
pub use registry::{RULES, Rule};

#[doc(hidden)]
pub mod private {
    //! What the macros of this crate refer to.

    pub use cmss_core::store::StoreError;
    pub use pollster::block_on;

    pub use crate::contract::{
        commits, documents, expectations, life, load, loading, log, ranges, reads, uniqueness,
    };
    pub use crate::{export, histories, limits, model, races};
}
