//! The desk: what is done there by whom, and what is heard of it.
#![cfg(feature = "memory")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "helpers of tests are not in test functions, and no test is a library"
)]

mod accounts;
mod audit;
mod byline;
mod conflicts;
mod consents;
mod gates;
mod handles;
mod lists;
mod meanwhile;
mod occasions;
mod progress;
#[path = "../rich/mod.rs"]
mod rich;
#[path = "../support/mod.rs"]
mod support;
mod time;
