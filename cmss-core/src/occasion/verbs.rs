//! What the desk does with occasions.

use super::{CancelOccasion, ChangeOccasion, CompleteOccasion, ConfirmOccasion, PlanOccasion};
use crate::desk::Desk;
use crate::ids::{EventId, OccasionId};
use crate::kernel::{Error, Reader};
use crate::record::{Certainty, Event, Kept, Occasion, OccasionPlan, OccasionView};

impl Desk {
    /// Plans an occasion of an event. The public sees it once the event is published after that.
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`Error::NotFound`] for an event that is not there; [`Error::Refused`]
    /// unless it is an editor's, the event is not archived, and it has fewer than 200 occasions.
    pub async fn plan_occasion(
        &self,
        event: EventId,
        certainty: Certainty,
        plan: &OccasionPlan,
    ) -> Result<OccasionId, Error> {
        self.run(PlanOccasion {
            event,
            certainty,
            plan: plan.clone(),
        })
        .await
    }

    /// Changes the working copy of an occasion. The public sees the change once the event is
    /// published after that.
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`Error::NotFound`]; [`Error::Refused`] unless it is an editor's and
    /// the occasion is planned.
    pub async fn change_occasion(
        &self,
        occasion: OccasionId,
        plan: &OccasionPlan,
    ) -> Result<(), Error> {
        self.run(ChangeOccasion {
            occasion,
            plan: plan.clone(),
        })
        .await
    }

    /// Settles a tentative occasion; where the public sees it, it says so at once.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] unless it is an editor's and the occasion is
    /// planned.
    pub async fn confirm_occasion(&self, occasion: OccasionId) -> Result<(), Error> {
        self.run(ConfirmOccasion { occasion }).await
    }

    /// Notes that an occasion took place; where the public sees it, it says so at once.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] unless it is an editor's and the occasion is
    /// planned and confirmed.
    pub async fn complete_occasion(&self, occasion: OccasionId) -> Result<(), Error> {
        self.run(CompleteOccasion { occasion }).await
    }

    /// Calls an occasion off; where the public sees it, it says so at once.
    ///
    /// The reason, up to 200 characters, is **shown to the public as it is written**.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a reason that is empty or too long; [`Error::NotFound`];
    /// [`Error::Refused`] unless it is an editor's and the occasion is planned.
    pub async fn cancel_occasion(&self, occasion: OccasionId, reason: &str) -> Result<(), Error> {
        self.run(CancelOccasion {
            occasion,
            reason: reason.to_owned(),
        })
        .await
    }

    /// An occasion, for whoever has a role in the newsroom.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] for everybody else.
    pub async fn occasion(&self, id: OccasionId) -> Result<OccasionView, Error> {
        self.ensure_role("read_occasion")?;
        let occasion: Occasion = Reader::new(self.store()).need(id).await?;
        Ok(occasion.into())
    }

    /// Every occasion of an event, by the times of their working copies: at most 200. For whoever
    /// has a role in the newsroom.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an event that is not there; [`Error::Refused`] for everybody
    /// else.
    pub async fn occasions(&self, event: EventId) -> Result<Vec<OccasionView>, Error> {
        self.ensure_role("read_occasions")?;
        let mut reader = Reader::new(self.store());
        reader.need::<Kept<Event>>(event).await?;
        let occasions = Occasion::all(&mut reader, event).await?;
        let mut views: Vec<OccasionView> = occasions.into_iter().map(Into::into).collect();
        views.sort_by(OccasionView::in_order);
        Ok(views)
    }
}
