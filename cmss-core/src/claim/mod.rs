//! Claims: a reporter's word to take on an assignment, given freely and taken back freely.

mod commands;
mod machine;
mod model;
mod verbs;
mod views;

pub(crate) use commands::allowances;
pub(crate) use machine::{ClaimEvent, MACHINE};
pub(crate) use model::{Claim, held, of_reporter};

pub use commands::ReleaseClaim;
pub use machine::ClaimState;
pub use views::ClaimView;
