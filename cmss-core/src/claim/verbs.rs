//! The desk's verbs on claims.

use super::commands::{ClaimAssignment, ReleaseClaim};
use crate::desk::Desk;
use crate::ids::{AssignmentId, ClaimId};
use crate::kernel::Error;

impl Desk {
    /// Takes an assignment on.
    ///
    /// # Errors
    /// [`Error::Refused`] unless it is an active reporter's who holds none of it yet, the
    /// assignment is open, its time to claim has not passed, and a place is left.
    pub async fn claim(&self, assignment: AssignmentId) -> Result<ClaimId, Error> {
        self.run(ClaimAssignment { assignment }).await
    }

    /// Gives a claim back. Nobody asks why, and the unit is not told who.
    ///
    /// # Errors
    /// [`Error::Refused`] unless it is the holder's, and active.
    pub async fn release(&self, claim: ClaimId) -> Result<(), Error> {
        self.run(ReleaseClaim { claim }).await
    }
}
