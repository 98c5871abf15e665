//! What is done with claims.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::Claim;
use super::scene::{Scene, judge_release};
use crate::desk::{Changes, Context, Outcome, Verb, happened};
use crate::ids::{AssignmentId, ClaimId};
use crate::kernel::{Actor, Allowance, Denied, Error, Fact, Guards, Reader};
use crate::values::Faults;

/// Takes an assignment on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimAssignment {
    /// The assignment.
    pub assignment: AssignmentId,
}

/// Gives a claim back. Nobody asks why, and the unit is not told who.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReleaseClaim {
    /// The claim.
    pub claim: ClaimId,
}

impl Scene {
    /// Whether the actor may claim it.
    pub(crate) fn allowance(&self, actor: &Actor, now: DateTime<Utc>) -> Allowance {
        Allowance::judged(ClaimAssignment::NAME, &[], |guards| {
            self.judge(actor, now, guards);
        })
    }
}

impl Verb for ClaimAssignment {
    const NAME: &'static str = "claim_assignment";
    type Facts = Scene;
    type Done = ClaimId;

    fn check(&self, _: &mut Faults, _: Tz) -> Option<Self> {
        Some(self.clone())
    }

    async fn gather(&self, reader: &mut Reader<'_>, actor: &Actor) -> Result<Scene, Error> {
        Scene::read(reader, self.assignment, actor).await
    }

    fn decide(&self, scene: Scene, cx: &mut Context<'_>) -> Result<Outcome<ClaimId>, Denied> {
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

/// What may be done with a claim, whatever the arguments.
pub(crate) fn allowances(claim: &Claim, actor: &Actor) -> Vec<Allowance> {
    let release = Allowance::judged(ReleaseClaim::NAME, &[], |guards| {
        judge_release(claim, actor, guards);
    });
    vec![release]
}

impl Verb for ReleaseClaim {
    const NAME: &'static str = "release_claim";
    type Facts = Claim;
    type Done = ();

    fn check(&self, _: &mut Faults, _: Tz) -> Option<Self> {
        Some(self.clone())
    }

    async fn gather(&self, reader: &mut Reader<'_>, _: &Actor) -> Result<Claim, Error> {
        reader.need(self.claim).await
    }

    fn decide(&self, mut claim: Claim, cx: &mut Context<'_>) -> Result<Outcome<()>, Denied> {
        let mut guards = Guards::new();
        let to = judge_release(&claim, cx.actor, &mut guards);
        let (state, by) = guards.pass_move(to, Self::NAME)?;
        let mut changes = Changes::by(Some(by));
        claim.state = state;
        changes.put(&claim);
        changes.fact(Fact::ClaimReleased { claim: claim.id });
        Ok(Outcome::Commit(changes))
    }

    fn done(facts: &[Fact]) -> Option<()> {
        happened(facts, |fact| matches!(fact, Fact::ClaimReleased { .. }))
    }
}
