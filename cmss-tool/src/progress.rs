//! How far it has come, for a person at a terminal.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};

/// How many things are done between two looks.
const OFTEN: u64 = 256;

/// How many bytes are read between two looks.
const BYTES_OFTEN: u64 = 256 * 1024;

/// Whether an answer stands on the terminal, or begins to: nothing is to be written into its midst.
static ANSWERED: AtomicBool = AtomicBool::new(false);

/// Takes progress from the terminal for good, where an answer goes there too.
pub(crate) fn make_way() {
    if io::stdout().is_terminal() && !ANSWERED.swap(true, Ordering::Relaxed) {
        wipe();
    }
}

/// Empties the line that is written over.
fn wipe() {
    if io::stderr().is_terminal() {
        let _ = write!(io::stderr(), "\r\x1b[K");
    }
}

/// A line on standard error that is written over; nothing where that is no terminal.
#[derive(Debug)]
pub(crate) struct Progress {
    shown: bool,
    what: &'static str,
    steps: u64,
    often: u64,
    /// How many steps are one of `what`.
    unit: u64,
}

impl Progress {
    /// Begins to show how many of `what` are done.
    pub(crate) fn of(what: &'static str) -> Self {
        Self::in_units(what, 1, OFTEN)
    }

    /// Begins to show bytes: `what` begins with their unit, the kB.
    pub(crate) fn of_bytes(what: &'static str) -> Self {
        Self::in_units(what, 1_000, BYTES_OFTEN)
    }

    fn in_units(what: &'static str, unit: u64, often: u64) -> Self {
        Self {
            shown: io::stderr().is_terminal(),
            what,
            steps: 0,
            often,
            unit,
        }
    }

    /// So many steps in all.
    pub(crate) fn reach(&mut self, steps: u64) {
        self.add(steps.saturating_sub(self.steps));
    }

    /// So many steps more.
    pub(crate) fn add(&mut self, steps: u64) {
        let before = self.steps / self.often;
        self.steps = self.steps.saturating_add(steps);
        let is_due = self.steps / self.often > before;
        if is_due {
            self.show(&format!("{} {}", self.steps / self.unit, self.what));
        }
    }

    fn show(&self, line: &str) {
        if self.shown && !ANSWERED.load(Ordering::Relaxed) {
            // Progress that cannot be shown takes nothing away from the work.
            let _ = write!(io::stderr(), "\r{line}");
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.steps >= self.often && !ANSWERED.load(Ordering::Relaxed) {
            wipe();
        }
    }
}
