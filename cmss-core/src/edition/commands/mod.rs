//! What is done with editions.

mod begin;
mod publish;
mod review;
mod write;

pub(crate) use begin::Reopening;
pub use begin::{NewArticle, OpenEdition, StartArticle};
pub use publish::Publish;
pub use review::{
    AcceptEdit, Approve, Decline, DismissApproval, PullBack, ReopenEdition, RequestChanges,
    SetAside, Submit, Withdraw,
};
pub use write::Save;
