//! Assignments: tasks that units offer, and reporters choose from.

mod claiming;
mod commands;
mod machine;
mod model;
mod scene;
mod verbs;
mod views;

pub(crate) use claiming::Claiming;
pub(crate) use machine::MACHINE;
pub(crate) use model::Assignment;
pub(crate) use scene::Scene;

pub use claiming::ClaimAssignment;
pub use commands::{
    CancelAssignment, CloseAssignment, CompleteAssignment, OpenAssignment, Propose,
    ReopenAssignment, ReturnAssignment, ReviseAssignment,
};
pub use machine::AssignmentState;
pub use model::{AssignmentKind, Offer};
pub use views::{AssignmentView, HeldPlace, PlacesView};
