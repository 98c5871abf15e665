//! The desk's verbs on publications.

use super::commands::{LiftPause, Pause, Republish, Unpublish};
use crate::article::AddressFallback;
use crate::desk::{Desk, Reason};
use crate::ids::VariantId;
use crate::kernel::Error;

impl Desk {
    /// Takes a page down, and says what its address answers from now on.
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`Error::Refused`] unless it is an editor's, and the page live.
    pub async fn unpublish(
        &self,
        variant: VariantId,
        reason: impl Into<Reason>,
        afterwards: AddressFallback,
    ) -> Result<(), Error> {
        let Reason {
            text: reason,
            on_request_of,
        } = reason.into();
        self.run(Unpublish {
            variant,
            reason,
            afterwards,
            on_request_of,
        })
        .await
    }

    /// Puts the same page back. It is judged anew.
    ///
    /// # Errors
    /// [`Error::Refused`] unless it is an editor's, the page unpublished, and every hard guard
    /// holds now.
    pub async fn republish(&self, variant: VariantId) -> Result<(), Error> {
        self.run(Republish { variant }).await
    }

    /// Stops a page at once. Its author is asked for no reason, and needs nobody's leave.
    ///
    /// # Errors
    /// [`Error::Refused`] unless it is an author's or an editor's, and the page live or
    /// unpublished.
    pub async fn pause(&self, variant: VariantId) -> Result<(), Error> {
        self.run(Pause { variant }).await
    }

    /// Lets a paused page come back; the editor then republishes it.
    ///
    /// # Errors
    /// [`Error::Refused`] unless it is an author's, and the page paused.
    pub async fn lift_pause(&self, variant: VariantId) -> Result<(), Error> {
        self.run(LiftPause { variant }).await
    }
}
