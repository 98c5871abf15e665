//! Every private field holds a word of its own, and none of them is heard outside: not in an
//! answer of the site, not in what is stored for it, not in a `Debug`, an error or the log.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests are not in test functions"
)]

mod debug;
mod errors;
#[path = "../every/mod.rs"]
mod every;
mod heard;
mod leaks;
#[path = "../outside/mod.rs"]
mod outside;
mod public;
#[path = "../rich/mod.rs"]
mod rich;
