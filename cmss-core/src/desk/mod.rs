//! The desk: the newsroom's private door, always with an actor.
//!
//! What a command is, and how one is carried out, stands here; the commands and the verbs stand in
//! the rooms of their things.

mod changes;
mod door;
mod reason;
mod verb;

pub(crate) use changes::Changes;
pub(crate) use door::{Inner, page_size, spelled, whole_micros};
pub(crate) use verb::{Context, Outcome, Sameness, Verb, happened};

pub use door::Desk;
pub use reason::Reason;
