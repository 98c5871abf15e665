//! How far it has come, for a person at a terminal.

use std::io::{self, IsTerminal as _, Write as _};

/// How many steps are taken between two looks.
const OFTEN: u64 = 256;

/// A line on standard error that is written over; nothing where that is no terminal.
#[derive(Debug)]
pub(crate) struct Progress {
    shown: bool,
    what: &'static str,
    steps: u64,
}

impl Progress {
    /// Begins to show `what`, with the steps taken.
    pub(crate) fn of(what: &'static str) -> Self {
        Self {
            shown: io::stderr().is_terminal(),
            what,
            steps: 0,
        }
    }

    /// So many steps in all.
    pub(crate) fn reach(&mut self, steps: u64) {
        self.add(steps.saturating_sub(self.steps));
    }

    /// So many steps more.
    pub(crate) fn add(&mut self, steps: u64) {
        let before = self.steps / OFTEN;
        self.steps = self.steps.saturating_add(steps);
        if self.shown && self.steps / OFTEN > before {
            // Progress that cannot be shown takes nothing away from the work.
            let _ = write!(io::stderr(), "\r{} {}", self.steps, self.what);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown && self.steps >= OFTEN {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}
