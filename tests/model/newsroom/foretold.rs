//! What is said to become of a command, and what speaks against it.

use std::collections::BTreeSet;

use super::Edition;
use crate::cast::Roles;

/// What is said to happen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Foretold {
    /// It is done, and something was written.
    Done,
    /// It is as wanted already.
    Nothing,
    /// Fields are at fault.
    Invalid,
    /// Something named is not there.
    NotFound,
    /// The revision named is not the head.
    Conflict,
    /// Exactly these guards fail.
    Refused(BTreeSet<String>),
}

/// Why a command comes to nothing, or nothing against it.
pub(crate) type Judged<T = ()> = Result<T, Foretold>;

/// The guards that fail.
#[derive(Debug)]
pub(crate) struct Against {
    guards: BTreeSet<String>,
    concerned: bool,
}

impl Against {
    /// For somebody who has a part in it, or does not: whoever may not and has none reads no more
    /// than that.
    pub(crate) fn for_part(concerned: bool) -> Self {
        Self {
            guards: BTreeSet::new(),
            concerned,
        }
    }

    /// For somebody and a text.
    pub(crate) fn of_text(by: Roles, text: &Edition) -> Self {
        let second = text.house && (by.mentor || by.admin);
        Self::for_part(by.editor || second || by.one_of(&text.authors))
    }

    pub(crate) fn unless(&mut self, holds: bool, guard: &'static str) {
        if !holds {
            self.guards.insert(guard.to_owned());
        }
    }

    pub(crate) fn has(&self, guard: &'static str) -> bool {
        self.guards.contains(guard)
    }

    pub(crate) fn judged(self) -> Judged {
        let Self {
            mut guards,
            concerned,
        } = self;
        if guards.is_empty() {
            return Ok(());
        }
        let alone = ["not_permitted", "may_not_read"];
        if !concerned && alone.iter().any(|guard| guards.contains(*guard)) {
            guards.retain(|guard| alone.contains(&guard.as_str()));
        }
        Err(Foretold::Refused(guards))
    }
}
