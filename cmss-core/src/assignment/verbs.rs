//! The desk's verbs on assignments.

use super::commands::{
    CancelAssignment, CloseAssignment, CompleteAssignment, OpenAssignment, Propose,
    ReopenAssignment, ReturnAssignment, ReviseAssignment,
};
use super::{ClaimAssignment, Offer};
use crate::desk::Desk;
use crate::ids::{AssignmentId, ClaimId};
use crate::kernel::Error;

impl Desk {
    /// Offers an assignment. Reporters do not see it before an editor opens it.
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`Error::NotFound`] for a unit, event or project that is not there;
    /// [`Error::Refused`] unless it is a contact's for their own unit, a reporter's own idea, or
    /// an editor's.
    pub async fn propose(&self, offer: &Offer) -> Result<AssignmentId, Error> {
        self.run(Propose {
            offer: offer.clone(),
        })
        .await
    }

    /// Changes what is offered, before it is open.
    ///
    /// # Errors
    /// [`Error::Refused`] unless it is the proposer's, the unit's or an editor's, and proposed.
    pub async fn revise_assignment(
        &self,
        assignment: AssignmentId,
        offer: &Offer,
    ) -> Result<(), Error> {
        self.run(ReviseAssignment {
            assignment,
            offer: offer.clone(),
        })
        .await
    }

    /// Asks the proposer to change the offer.
    ///
    /// # Errors
    /// [`Error::Refused`] unless it is an editor's, and the assignment proposed.
    pub async fn return_assignment(
        &self,
        assignment: AssignmentId,
        reason: &str,
    ) -> Result<(), Error> {
        self.run(ReturnAssignment {
            assignment,
            reason: reason.to_owned(),
        })
        .await
    }

    /// Opens an assignment to reporters.
    ///
    /// # Errors
    /// [`Error::Refused`] unless it is an editor's, and the assignment proposed.
    pub async fn open_assignment(&self, assignment: AssignmentId) -> Result<(), Error> {
        self.run(OpenAssignment { assignment }).await
    }

    /// Takes no more claims.
    ///
    /// # Errors
    /// [`Error::Refused`] unless it is an editor's, and the assignment open.
    pub async fn close_assignment(&self, assignment: AssignmentId) -> Result<(), Error> {
        self.run(CloseAssignment { assignment }).await
    }

    /// Takes claims again.
    ///
    /// # Errors
    /// [`Error::Refused`] unless it is an editor's, and the assignment closed.
    pub async fn reopen_assignment(&self, assignment: AssignmentId) -> Result<(), Error> {
        self.run(ReopenAssignment { assignment }).await
    }

    /// Ends a closed assignment.
    ///
    /// # Errors
    /// [`Error::Refused`] unless it is an editor's, the assignment closed, and no claim waits to
    /// be fulfilled.
    pub async fn complete_assignment(&self, assignment: AssignmentId) -> Result<(), Error> {
        self.run(CompleteAssignment { assignment }).await
    }

    /// Calls an assignment off. Its claims are cancelled; texts begun for it live on.
    ///
    /// # Errors
    /// [`Error::Refused`] unless it is an editor's, and the assignment not ended.
    pub async fn cancel_assignment(
        &self,
        assignment: AssignmentId,
        reason: &str,
    ) -> Result<(), Error> {
        self.run(CancelAssignment {
            assignment,
            reason: reason.to_owned(),
        })
        .await
    }

    /// Takes an assignment on.
    ///
    /// # Errors
    /// [`Error::Refused`] unless it is an active reporter's who holds none of it yet, the
    /// assignment is open, its time to claim has not passed, and a place is left.
    pub async fn claim(&self, assignment: AssignmentId) -> Result<ClaimId, Error> {
        self.run(ClaimAssignment { assignment }).await
    }
}
