//! Bylines: the names under which a person's work is published. Who is behind one is sealed.

mod commands;
mod look_up;
mod model;
mod verbs;
mod views;

pub(crate) use model::{Byline, SHOWN, free_slug, has_name, is_shown};

pub use commands::{ChangeByline, CreateByline, PastWorks};
pub use look_up::LookUpByline;
pub use model::{BylineForm, BylineName};
pub use views::BylineView;
