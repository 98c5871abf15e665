//! Publication: what the public sees of a variant. It is not the state of the work on its text.

mod commands;
mod machine;
mod redirect;
mod scene;
mod shown;
mod verbs;
mod views;

pub(crate) use commands::allowances;
pub(crate) use machine::{MACHINE, PublicationEvent};
pub(crate) use shown::Shown;

pub use commands::{LiftPause, Pause, Republish, Unpublish};
pub use redirect::DropRedirect;
pub use views::VariantView;
