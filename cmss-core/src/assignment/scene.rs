//! What the decisions on an assignment rest on.

use super::machine::AssignmentEvent as Event;
use super::{Assignment, AssignmentState, MACHINE};
use crate::claim::{self, Claim};
use crate::ids::AssignmentId;
use crate::kernel::{Actor, Capacity, Error, Guard, Guards, Reader, Role, Standing};

impl Assignment {
    /// How an actor stands to it.
    fn standing(&self, actor: &Actor) -> Standing {
        Standing::of(actor)
            .when(actor.is_person(self.proposer), Capacity::Proposer)
            .unit(actor, self.offer.unit)
    }

    /// Whether an actor may read it: a proposal is read by editors, its unit and who made it; what
    /// has been opened, by reporters too.
    pub(crate) fn may_be_read_by(&self, actor: &Actor) -> bool {
        let concerned = self.standing(actor).is_concerned();
        let opened = self.state != AssignmentState::Proposed;
        concerned || (opened && actor.is(Role::Reporter))
    }
}

/// An assignment and who holds places of it.
#[derive(Debug)]
pub(crate) struct Scene {
    pub(crate) assignment: Assignment,
    pub(crate) held: Vec<Claim>,
}

impl Scene {
    pub(crate) async fn read(reader: &mut Reader<'_>, id: AssignmentId) -> Result<Self, Error> {
        let assignment = reader.need(id).await?;
        let held = claim::held(reader, id).await?;
        Ok(Self { assignment, held })
    }

    /// How the actor stands to it.
    fn standing(&self, actor: &Actor) -> Standing {
        self.assignment.standing(actor)
    }

    /// The guards on state and standing, and where the event leads.
    pub(super) fn judge(
        &self,
        event: Event,
        actor: &Actor,
        guards: &mut Guards,
    ) -> Option<(AssignmentState, Capacity)> {
        let from = Some(self.assignment.state);
        let to = MACHINE.judge(from, event, &self.standing(actor), guards);
        // How many hold a claim is told to those alone who may end it: a unit learns that somebody
        // does.
        if event == Event::Complete && self.standing(actor).is(Capacity::Editor) {
            let left = self
                .held
                .iter()
                .filter(|claim| claim.state.is_unfinished())
                .count();
            guards.ensure(
                left == 0,
                Guard::ClaimsLeft {
                    claims: left as u32,
                },
            );
        }
        to
    }
}
