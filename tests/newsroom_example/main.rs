//! The example tells the documents' facts, says nothing private, tells the same every time, and goes
//! on from what it had answered when it is killed.
#![cfg(all(feature = "memory", feature = "sled"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests are not in test functions"
)]

#[path = "../example/mod.rs"]
mod example;
mod kills;
mod pages;
mod private;
mod runs;
