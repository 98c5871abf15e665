//! Who may do what with a thing in which state: every role, every state, every command, held
//! against tables written out by hand, both as the desk lists it and as the commands answer.
#![cfg(feature = "memory")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "helpers of tests are not in test functions, and no test is a library"
)]

mod assignment;
mod cast;
mod claim;
mod edition;
mod house;
mod occasion;
mod publication;
#[path = "../support/mod.rs"]
mod support;
mod table;
