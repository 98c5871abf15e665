//! What is done with editions.

mod begin;
mod moves;
mod publish;
mod review;
mod write;

pub(crate) use begin::Reopening;
pub use begin::{NewArticle, OpenEdition, StartArticle};
pub use moves::{Decline, DismissApproval, PullBack, ReopenEdition, RequestChanges, Withdraw};
pub use publish::Publish;
pub use review::{AcceptEdit, Approve, SetAside, Submit};
pub use write::Save;
