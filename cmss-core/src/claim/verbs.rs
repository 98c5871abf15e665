//! The desk's verbs on claims.

use super::commands::ReleaseClaim;
use crate::desk::Desk;
use crate::ids::ClaimId;
use crate::kernel::Error;

impl Desk {
    /// Gives a claim back. Nobody asks why, and the unit is not told who.
    ///
    /// # Errors
    /// [`Error::Refused`] unless it is the holder's, and active.
    pub async fn release(&self, claim: ClaimId) -> Result<(), Error> {
        self.run(ReleaseClaim { claim }).await
    }
}
