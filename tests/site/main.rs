//! The public door: how a story gets there, and what it hands out.
#![cfg(feature = "memory")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "helpers of tests are not in test functions, and no test is a library"
)]

mod first_story;
mod folder;
mod public_door;
mod public_json;
#[path = "../rich/mod.rs"]
mod rich;
#[path = "../snapshot/mod.rs"]
mod snapshot;
#[path = "../support/mod.rs"]
mod support;
