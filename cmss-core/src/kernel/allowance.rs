//! What may be done: a command, what stands against it, and what its arguments must satisfy.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{Guard, Guards};

/// What a command's arguments must still satisfy, where its state allows it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Need {
    /// It names the newest revision.
    NamesHead,
    /// It names the approved revision.
    NamesApproved,
    /// It carries a reason.
    Reason,
    /// The text must be sound.
    SoundText,
    /// The declarations must be made.
    Declarations,
    /// The text must pass the gates on consent, images and credits.
    Gates,
    /// A free slug, given or made of the title.
    Slug,
}

/// Whether a command would be refused by the state of things, whatever its arguments.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Allowance {
    /// The command, as [`Command`](crate::Command) spells it.
    pub command: Cow<'static, str>,
    /// Every guard on state and standing that fails; none means it is allowed.
    pub guards: Vec<Guard>,
    /// What its arguments must satisfy beside.
    pub needs: Vec<Need>,
}

impl Allowance {
    /// What the state of things says to a command, judged as the command itself judges it.
    pub(crate) fn judged(
        command: &'static str,
        needs: &[Need],
        judge: impl FnOnce(&mut Guards),
    ) -> Self {
        let mut guards = Guards::new();
        judge(&mut guards);
        Self {
            command: command.into(),
            guards: guards.into_vec(),
            needs: needs.to_vec(),
        }
    }

    /// Whether nothing stands against it but its arguments.
    #[must_use]
    pub const fn is_allowed(&self) -> bool {
        self.guards.is_empty()
    }
}
