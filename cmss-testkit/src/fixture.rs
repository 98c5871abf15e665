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

    /// Cuts the power at this moment, whatever is under way, and opens what is left: all that was
    /// synced, and of the rest whatever the device kept.
    ///
    /// Calls on handles from before must come to an end, be it an error; what they answer counts for
    /// nothing any more. A backend whose device is a part of the test can do this, and is then held
    /// to [`durable::losses`](crate::durable::losses).
    ///
    /// # Errors
    /// [`Declined`], unless it is said otherwise.
    async fn cut(&mut self) -> Result<Arc<dyn Store>, Declined> {
        Err(Declined("this fixture cannot cut the power"))
    }

    /// A handle on the store, of which the next commit cannot be made durable: what would do that
    /// fails, until the store is [reopened](Self::reopen).
    ///
    /// A backend of which a sync is a part of the test can do this, and is then held to what
    /// [`durable::reopening`](mod@crate::durable::reopening) says of a poisoned handle.
    ///
    /// # Errors
    /// [`Declined`], unless it is said otherwise.
    async fn failing(&mut self) -> Result<Arc<dyn Store>, Declined> {
        Err(Declined("this fixture cannot let a sync fail"))
    }

    /// A fixture of the same kind with a store of its own.
    fn another(&self) -> Box<dyn Fixture>;

    /// How many random cases each rule of [`histories`](crate::histories) and
    /// [`losses`](crate::durable::losses) plays, and twice how many [`export`](crate::export) does: the
    /// knob for a store that is slow to open or to commit.
    fn cases(&self) -> u32 {
        64
    }

    /// How many random sequences [`model`](crate::model) plays, of which several are under way at
    /// once.
    fn sequences(&self) -> u32 {
        200
    }

    /// How many rounds each rule of [`races`](crate::races) runs, in most of which eight threads want to
    /// commit: the knob for a store that is slow to do so. No variable of the environment overrules it.
    fn rounds(&self) -> u32 {
        100
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
