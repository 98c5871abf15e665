//! What the decisions on a claim rest on.

use chrono::{DateTime, Utc};

use super::{Claim, ClaimEvent, ClaimState, MACHINE};
use crate::assignment::{self, AssignmentState};
use crate::ids::AssignmentId;
use crate::kernel::{Actor, Capacity, Error, Guard, Guards, Reader, Standing};
use crate::record::Reporter;

/// An assignment, who holds its places, and the reporter who asks.
#[derive(Debug)]
pub(crate) struct Scene {
    offered: assignment::Scene,
    reporter: Option<Reporter>,
}

impl Scene {
    pub(crate) async fn read(
        reader: &mut Reader<'_>,
        id: AssignmentId,
        actor: &Actor,
    ) -> Result<Self, Error> {
        let offered = assignment::Scene::read(reader, id).await?;
        let reporter = match actor.person() {
            None => None,
            Some(person) => reader.find(person).await?,
        };
        Ok(Self { offered, reporter })
    }

    /// The guards on claiming, none of which depends on an argument.
    pub(super) fn judge(
        &self,
        actor: &Actor,
        now: DateTime<Utc>,
        guards: &mut Guards,
    ) -> Option<(ClaimState, Capacity)> {
        let to = MACHINE.judge(None, ClaimEvent::Claim, &Standing::of(actor), guards);
        // What has not been opened is nobody's business who may claim.
        let may_read = to.is_none() || self.offered.assignment.may_be_read_by(actor);
        guards.ensure(may_read, Guard::MayNotRead);
        let active = self
            .reporter
            .as_ref()
            .is_some_and(|reporter| reporter.active);
        guards.ensure(active, Guard::ReporterNotActive);
        let assignment = &self.offered.assignment;
        let open = assignment.state == AssignmentState::Open;
        guards.ensure(open, Guard::AssignmentNotOpen);
        if let Some(claim_by) = assignment.offer.claim_by {
            guards.ensure(now < claim_by, Guard::PastClaimBy { claim_by });
        }
        let held = &self.offered.held;
        let places = assignment.offer.places;
        let free = held.len() < places as usize;
        guards.ensure(free, Guard::Full { places });
        if let Some(own) = held.iter().find(|claim| actor.is_person(claim.reporter)) {
            guards.push(Guard::AlreadyClaimed { claim: own.id });
        }
        to
    }
}

/// The guards on giving a claim back.
pub(super) fn judge_release(
    claim: &Claim,
    actor: &Actor,
    guards: &mut Guards,
) -> Option<(ClaimState, Capacity)> {
    let standing = Standing::of(actor).when(actor.is_person(claim.reporter), Capacity::Holder);
    MACHINE.judge(Some(claim.state), ClaimEvent::Release, &standing, guards)
}
