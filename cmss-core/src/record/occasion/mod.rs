//! Occasions of an event: what the event's page shows of them. They have no page of their own, and
//! their plans are published with the event.

mod model;
mod order;
mod views;

pub(crate) use model::{Occasion, group_names};

pub use model::{Audience, Certainty, OccasionPlan, OccasionStatus, Segment};
pub use views::{OccasionItem, OccasionView, PublicOccasion, PublicSegment};
