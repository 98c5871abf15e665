//! What comes in from outside is checked before anything else: every faulty field is named, with
//! its limit; nothing is written; and what was sent is still the caller's.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests are not in test functions"
)]

mod book;
#[path = "../every/mod.rs"]
mod every;
mod fields;
mod forms;
mod headlines;
mod ids;
mod limits;
mod mutations;
mod refused;
mod scene;
mod sizes;
#[path = "../support/mod.rs"]
mod support;
