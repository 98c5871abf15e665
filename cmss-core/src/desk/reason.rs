//! Why an editor did something, and who asked for it.

use crate::ids::OrganisationId;

/// Why an editor did something, in plain words: up to 10,000 characters.
///
/// # Examples
///
/// ```
/// # use cmss_core::{OrganisationId, Reason};
/// # fn example(unit: OrganisationId) -> [Reason; 2] {
/// [Reason::from("Fel namn i ingressen."), Reason::from("Enheten ringde.").on_request_of(unit)]
/// # }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Reason {
    pub(crate) text: String,
    pub(crate) on_request_of: Option<OrganisationId>,
}

impl Reason {
    /// Names the unit that asked for it: pressure from outside the newsroom leaves a trace in the
    /// audit log.
    #[must_use]
    pub const fn on_request_of(mut self, unit: OrganisationId) -> Self {
        self.on_request_of = Some(unit);
        self
    }
}

impl From<&str> for Reason {
    fn from(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            on_request_of: None,
        }
    }
}

crate::values::redacted! { Reason { on_request_of } }
