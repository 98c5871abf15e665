//! Lists of the desk, page by page: records and their revisions, bylines, the texts for an
//! assignment.
#![cfg(feature = "memory")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "helpers of tests are not in test functions, and no test is a library"
)]

mod order;
mod others;
mod records;
mod revisions;
#[path = "../support/mod.rs"]
mod support;
