//! What a backend shows of itself to be tested.

use std::fmt;
use std::io::Write as _;
use std::sync::Arc;

use async_trait::async_trait;
use cmss_core::store::Store;

/// One isolated store, empty at first.
///
/// What it needs (a directory, a server) lives as long as the fixture does. A method that cannot do
/// its part panics: a rule can say nothing about a store that does not open.
#[async_trait]
pub trait Fixture: Send {
    /// A handle on the store; each call answers a handle on the same one.
    async fn open(&mut self) -> Arc<dyn Store>;

    /// Closes the store and opens it again on the same data. Handles from before stay closed.
    ///
    /// # Errors
    /// [`Declined`] by a backend that cannot keep anything; the store stays as it is.
    async fn reopen(&mut self) -> Result<Arc<dyn Store>, Declined>;

    /// A fixture of the same kind with a store of its own.
    fn another(&self) -> Box<dyn Fixture>;

    /// How many random sequences [`model`](crate::model) plays, and twice how many cases
    /// [`export`](crate::export) does: the knob for a store that is slow to open or to commit.
    fn cases(&self) -> u32 {
        64
    }
}

/// Why a backend cannot be held to a rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Declined(pub &'static str);

impl fmt::Display for Declined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Declined {
    /// Prints the reason past the capture of the test runner: nothing is declined in silence.
    pub(crate) fn print(self, rule: &str) {
        // A closed standard error takes nothing away from the rule.
        let _ = writeln!(std::io::stderr(), "declined: {rule}: {self}");
    }
}
