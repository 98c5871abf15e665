//! Why a command was refused: every guard that fails, never only the first, told to whom it concerns.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Actor, Capacity, EditConflict, Error, Guard, Standing};

/// Why a command was refused.
#[derive(Clone, PartialEq, Eq, Debug, Error, Serialize, Deserialize)]
#[error("{command} refused: {}", list(.guards))]
pub struct Refusal {
    /// The command, as [`Command`](crate::Command) spells it.
    pub command: Cow<'static, str>,
    /// Every guard that fails; never empty. Whoever may not give the command, has no part in the
    /// thing and is no editor is told [`Guard::NotPermitted`] or [`Guard::MayNotRead`] alone: the
    /// others would tell of its state.
    pub guards: Vec<Guard>,
}

/// The guards, for people.
fn list(guards: &[Guard]) -> String {
    guards
        .iter()
        .map(Guard::describe)
        .collect::<Vec<_>>()
        .join("; ")
}

/// Refuses a read that is not the actor's.
pub(crate) fn may_read(may: bool, read: &'static str) -> Result<(), Denied> {
    let mut guards = Guards::new();
    guards.ensure(may, Guard::MayNotRead);
    guards.pass(read)
}

/// Lets the clock through to work that is due, and nobody else.
pub(crate) fn due_work(actor: &Actor, command: &'static str) -> Result<Option<Capacity>, Denied> {
    let mut guards = Guards::new();
    let by = guards.permit(&Standing::of(actor), &[Capacity::Clock]);
    guards.pass(command)?;
    Ok(by)
}

/// Collects the guards that fail, for one actor.
///
/// The other guards tell of the state of a thing, of its people and of what it names. So whoever
/// may not and is not [concerned](Standing::is_concerned) is told that much alone.
#[derive(Debug, Default)]
pub(crate) struct Guards {
    failed: Vec<Guard>,
    concerned: bool,
}

impl Guards {
    /// None failed yet.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Notes a failing guard, once.
    pub(crate) fn push(&mut self, guard: Guard) {
        if !self.failed.contains(&guard) {
            self.failed.push(guard);
        }
    }

    /// Notes a guard that fails unless the condition holds.
    pub(crate) fn ensure(&mut self, holds: bool, guard: Guard) {
        if !holds {
            self.push(guard);
        }
    }

    /// As what the actor is let through: the guard that they are one of these.
    pub(crate) fn permit(&mut self, standing: &Standing, needs: &[Capacity]) -> Option<Capacity> {
        let by = standing.first(needs);
        if by.is_none() {
            self.turn_away(standing, needs);
        }
        by
    }

    /// Notes that the actor is none of these.
    pub(crate) fn turn_away(&mut self, standing: &Standing, needs: &[Capacity]) {
        self.concerned |= standing.is_concerned();
        let needs = needs.to_vec();
        self.push(Guard::NotPermitted { needs });
    }

    /// Whether the move is the actor's to make in the state there is, whatever else fails.
    pub(crate) fn is_theirs(&self) -> bool {
        !self
            .failed
            .iter()
            .any(|guard| matches!(guard, Guard::NotPermitted { .. } | Guard::WrongState { .. }))
    }

    /// The refusal, when any failed.
    pub(crate) fn pass(self, command: &'static str) -> Result<(), Denied> {
        let guards = self.into_vec();
        if guards.is_empty() {
            return Ok(());
        }
        Err(Denied::Refused(Refusal {
            command: command.into(),
            guards,
        }))
    }

    /// The move that was judged, or the refusal: a move that leads nowhere fails a guard.
    pub(crate) fn pass_move<S>(
        self,
        to: Option<(S, Capacity)>,
        command: &'static str,
    ) -> Result<(S, Capacity), Denied> {
        self.pass(command)?;
        to.ok_or_else(|| Denied::Corrupt(format!("{command} leads nowhere")))
    }

    /// What failed, as far as the actor may know.
    pub(crate) fn into_vec(self) -> Vec<Guard> {
        let Self {
            mut failed,
            concerned,
        } = self;
        if !concerned && failed.iter().any(Guard::turns_away) {
            failed.retain(Guard::turns_away);
        }
        failed
    }
}

/// Why a decision was not for the command.
#[derive(Debug)]
pub(crate) enum Denied {
    /// Guards fail.
    Refused(Refusal),
    /// The revision it named is not the head.
    Conflict(Box<EditConflict>),
    /// What is stored contradicts itself.
    Corrupt(String),
}

impl From<Denied> for Error {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Refused(refusal) => refusal.into(),
            Denied::Conflict(conflict) => conflict.into(),
            Denied::Corrupt(what) => Self::Corrupt { what },
        }
    }
}
