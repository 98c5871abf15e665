//! Editions: rounds of work on a text, from its first line to its publication.

mod card;
mod commands;
mod machine;
mod model;
mod scene;
mod verbs;
mod views;

#[cfg(test)]
pub(crate) use card::Outline;
pub(crate) use commands::Reopening;
pub(crate) use machine::MACHINE;
pub(crate) use model::Edition;
pub(crate) use scene::Scene;

pub use card::EditionCard;
pub use commands::{
    AcceptEdit, Approve, Decline, DismissApproval, NewArticle, OpenEdition, Publish, PullBack,
    ReopenEdition, RequestChanges, Save, SetAside, StartArticle, Submit, Withdraw,
};
pub use machine::EditionState;
pub use model::{Declarations, EditionKind, OpenedEdition, StartedArticle, Ties};
pub use views::{ApprovalView, EditionView, RevisionView, TextView};
