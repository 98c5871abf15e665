//! How a reporter takes an assignment on.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::{AssignmentState, Scene};
use crate::claim::{self, Claim, ClaimEvent, ClaimState};
use crate::desk::{Changes, Context, Outcome, Verb};
use crate::ids::{AssignmentId, ClaimId};
use crate::kernel::{
    Actor, Allowance, Capacity, Denied, Error, Fact, Guard, Guards, Reader, Standing,
};
use crate::record::Reporter;
use crate::values::Faults;

/// Takes an assignment on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimAssignment {
    /// The assignment.
    pub assignment: AssignmentId,
}

/// An assignment, who holds its places, and the reporter who asks.
#[derive(Debug)]
pub(crate) struct Claiming {
    offered: Scene,
    reporter: Option<Reporter>,
}

impl Claiming {
    pub(crate) async fn read(
        reader: &mut Reader<'_>,
        id: AssignmentId,
        actor: &Actor,
    ) -> Result<Self, Error> {
        let offered = Scene::read(reader, id).await?;
        let reporter = match actor.person() {
            None => None,
            Some(person) => reader.find(person).await?,
        };
        Ok(Self { offered, reporter })
    }

    /// The guards on claiming, none of which depends on an argument.
    fn judge(
        &self,
        actor: &Actor,
        now: DateTime<Utc>,
        guards: &mut Guards,
    ) -> Option<(ClaimState, Capacity)> {
        let to = claim::MACHINE.judge(None, ClaimEvent::Claim, &Standing::of(actor), guards);
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

    /// Whether the actor may claim it.
    pub(crate) fn allowance(&self, actor: &Actor, now: DateTime<Utc>) -> Allowance {
        Allowance::judged(ClaimAssignment::NAME, &[], |guards| {
            self.judge(actor, now, guards);
        })
    }
}

impl Verb for ClaimAssignment {
    const NAME: &'static str = "claim_assignment";
    type Facts = Claiming;
    type Done = ClaimId;

    fn check(&self, _: &mut Faults, _: Tz) -> Option<Self> {
        Some(self.clone())
    }

    async fn gather(&self, reader: &mut Reader<'_>, actor: &Actor) -> Result<Claiming, Error> {
        Claiming::read(reader, self.assignment, actor).await
    }

    fn decide(&self, scene: Claiming, cx: &mut Context<'_>) -> Result<Outcome<ClaimId>, Denied> {
        let mut guards = Guards::new();
        let to = scene.judge(cx.actor, cx.now, &mut guards);
        let (state, by) = guards.pass_move(to, Self::NAME)?;
        let reporter = cx.person()?;
        let assignment = self.assignment;
        let claim = Claim {
            id: cx.mint.id(),
            assignment,
            reporter,
            state,
            article: None,
            claimed_at: cx.now,
        };
        let mut changes = Changes::by(Some(by));
        changes.put(&claim);
        changes.fact(Fact::AssignmentClaimed {
            assignment,
            claim: claim.id,
        });
        Ok(Outcome::Commit(changes))
    }

    fn done(facts: &[Fact]) -> Option<ClaimId> {
        facts.iter().find_map(|fact| match fact {
            Fact::AssignmentClaimed { claim, .. } => Some(*claim),
            _ => None,
        })
    }
}
