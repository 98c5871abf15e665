//! Occasions: when an event takes place, how certain that is, and what became of it.
//!
//! What an occasion is stands with its event, in [`record`](crate::record), whose page shows it.

mod commands;
mod machine;
mod scene;
mod verbs;

pub(crate) use commands::allowances;
pub(crate) use machine::MACHINE;

pub use commands::{
    CancelOccasion, ChangeOccasion, CompleteOccasion, ConfirmOccasion, PlanOccasion,
};

#[cfg(test)]
mod tests;
