//! What is done with claims.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::{Claim, ClaimEvent, ClaimState, MACHINE};
use crate::desk::{Changes, Context, Outcome, Verb, happened};
use crate::ids::ClaimId;
use crate::kernel::{Actor, Allowance, Capacity, Denied, Error, Fact, Guards, Reader, Standing};
use crate::values::Faults;

/// Gives a claim back. Nobody asks why, and the unit is not told who.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReleaseClaim {
    /// The claim.
    pub claim: ClaimId,
}

/// The guards on giving a claim back.
fn judge_release(
    claim: &Claim,
    actor: &Actor,
    guards: &mut Guards,
) -> Option<(ClaimState, Capacity)> {
    let standing = Standing::of(actor).when(actor.is_person(claim.reporter), Capacity::Holder);
    MACHINE.judge(Some(claim.state), ClaimEvent::Release, &standing, guards)
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
