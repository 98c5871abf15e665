//! Occasions: when an event takes place, how certain that is, and what became of it.

mod commands;
mod machine;
mod model;
mod order;
mod scene;
mod verbs;
mod views;

pub(crate) use commands::allowances;
pub(crate) use machine::MACHINE;
pub(crate) use model::{Occasion, group_names};

pub use commands::{
    CancelOccasion, ChangeOccasion, CompleteOccasion, ConfirmOccasion, PlanOccasion,
};
pub use machine::{Certainty, OccasionStatus};
pub use model::{Audience, OccasionPlan, Segment};
pub use views::{OccasionItem, OccasionView, PublicOccasion, PublicSegment};

#[cfg(test)]
mod tests;
