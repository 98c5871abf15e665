//! What is done with assignments.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::machine::AssignmentEvent as Event;
use super::scene::Scene;
use super::{Assignment, MACHINE, Offer};
use crate::claim;
use crate::desk::{Changes, Context, Outcome, Verb, happened};
use crate::ids::AssignmentId;
use crate::kernel::{
    Actor, Allowance, Capacity, Denied, Error, Fact, Guard, Guards, Need, Reader, Standing,
};
use crate::values::{Faults, limits, redacted, text};

/// Offers an assignment: for one's own unit, as a reporter's own idea, or as an editor.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Propose {
    /// What is offered.
    pub offer: Offer,
}

/// Changes what is offered, before it is open.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviseAssignment {
    /// The assignment.
    pub assignment: AssignmentId,
    /// What is offered now.
    pub offer: Offer,
}

redacted! {
    Propose {}
    ReviseAssignment { assignment }
}

impl Scene {
    /// What may be done with it, whatever the arguments.
    pub(crate) fn allowances(&self, actor: &Actor) -> Vec<Allowance> {
        let verbs: [(_, _, &[Need]); 7] = [
            (ReviseAssignment::NAME, Event::Revise, &[Need::SoundText]),
            (ReturnAssignment::NAME, Event::Return, &[Need::Reason]),
            (OpenAssignment::NAME, Event::Open, &[]),
            (CloseAssignment::NAME, Event::Close, &[]),
            (ReopenAssignment::NAME, Event::Reopen, &[]),
            (CompleteAssignment::NAME, Event::Complete, &[]),
            (CancelAssignment::NAME, Event::Cancel, &[Need::Reason]),
        ];
        let allowance = |(command, event, needs)| {
            Allowance::judged(command, needs, |guards| {
                self.judge(event, actor, guards);
            })
        };
        verbs.map(allowance).into()
    }
}

/// The guard on a unit that an actor offers for: a contact offers for its own units only.
fn own_unit(offer: &Offer, actor: &Actor, guards: &mut Guards) {
    let standing = Standing::of(actor).unit(actor, offer.unit);
    if let (Some(unit), None) = (
        offer.unit,
        standing.first(&[Capacity::OwnUnit, Capacity::Editor]),
    ) {
        guards.push(Guard::OtherUnit { unit });
    }
}

impl Verb for Propose {
    const NAME: &'static str = "propose";
    type Facts = ();
    type Done = AssignmentId;

    fn check(&self, faults: &mut Faults, _: Tz) -> Option<Self> {
        let offer = faults.within("offer", |faults| self.offer.check(faults))?;
        Some(Self { offer })
    }

    async fn gather(&self, reader: &mut Reader<'_>, _: &Actor) -> Result<(), Error> {
        reader.need_there(&self.offer.refers_to()).await
    }

    fn decide(&self, (): (), cx: &mut Context<'_>) -> Result<Outcome<AssignmentId>, Denied> {
        let mut guards = Guards::new();
        let standing = Standing::of(cx.actor).unit(cx.actor, self.offer.unit);
        let to = MACHINE.judge(None, Event::Propose, &standing, &mut guards);
        own_unit(&self.offer, cx.actor, &mut guards);
        let (state, by) = guards.pass_move(to, Self::NAME)?;
        let proposer = cx.person()?;
        let assignment = Assignment {
            id: cx.mint.id(),
            state,
            offer: self.offer.clone(),
            proposer,
            reason: None,
            proposed_at: cx.now,
        };
        let mut changes = Changes::by(Some(by));
        changes.put(&assignment);
        changes.fact(Fact::AssignmentProposed {
            assignment: assignment.id,
        });
        Ok(Outcome::Commit(changes))
    }

    fn done(facts: &[Fact]) -> Option<AssignmentId> {
        facts.iter().find_map(|fact| match fact {
            Fact::AssignmentProposed { assignment } => Some(*assignment),
            _ => None,
        })
    }
}

impl Verb for ReviseAssignment {
    const NAME: &'static str = "revise_assignment";
    type Facts = Scene;
    type Done = ();

    fn check(&self, faults: &mut Faults, _: Tz) -> Option<Self> {
        let offer = faults.within("offer", |faults| self.offer.check(faults))?;
        Some(Self {
            assignment: self.assignment,
            offer,
        })
    }

    async fn gather(&self, reader: &mut Reader<'_>, _: &Actor) -> Result<Scene, Error> {
        reader.need_there(&self.offer.refers_to()).await?;
        Scene::read(reader, self.assignment).await
    }

    fn decide(&self, scene: Scene, cx: &mut Context<'_>) -> Result<Outcome<()>, Denied> {
        let mut guards = Guards::new();
        let to = scene.judge(Event::Revise, cx.actor, &mut guards);
        own_unit(&self.offer, cx.actor, &mut guards);
        let (_, by) = guards.pass_move(to, Self::NAME)?;
        let mut assignment = scene.assignment;
        if assignment.offer == self.offer {
            return Ok(Outcome::Nothing(()));
        }
        assignment.offer = self.offer.clone();
        let mut changes = Changes::by(Some(by));
        changes.put(&assignment);
        changes.fact(Fact::AssignmentRevised {
            assignment: assignment.id,
        });
        Ok(Outcome::Commit(changes))
    }

    fn done(facts: &[Fact]) -> Option<()> {
        happened(facts, |fact| matches!(fact, Fact::AssignmentRevised { .. }))
    }
}

/// A reason that has to be given.
fn reason(faults: &mut Faults, reason: &str) -> Option<String> {
    faults.field("reason", text::prose(reason, limits::NOTE))
}

/// Carries out a move that changes nothing but the state and what the editor says.
fn move_to(
    scene: Scene,
    event: Event,
    command: &'static str,
    reason: Option<&str>,
    cx: &mut Context<'_>,
) -> Result<Outcome<()>, Denied> {
    let mut guards = Guards::new();
    let to = scene.judge(event, cx.actor, &mut guards);
    let (state, by) = guards.pass_move(to, command)?;
    let Scene {
        mut assignment,
        held,
    } = scene;
    let id = assignment.id;
    let mut changes = Changes::by(Some(by));
    assignment.state = state;
    assignment.reason = reason.map(str::to_owned);
    changes.put(&assignment);
    changes.fact(match event {
        Event::Propose => Fact::AssignmentProposed { assignment: id },
        Event::Revise => Fact::AssignmentRevised { assignment: id },
        Event::Return => Fact::AssignmentReturned { assignment: id },
        Event::Open => Fact::AssignmentOpened { assignment: id },
        Event::Close => Fact::AssignmentClosed { assignment: id },
        Event::Reopen => Fact::AssignmentReopened { assignment: id },
        Event::Complete => Fact::AssignmentCompleted { assignment: id },
        Event::Cancel => Fact::AssignmentCancelled { assignment: id },
    });
    if event == Event::Cancel {
        for claim in held {
            claim.follow(claim::ClaimEvent::Cancel, &mut changes);
        }
    }
    Ok(Outcome::Commit(changes))
}

/// A command that moves an assignment: its name, its event, its fact, and a reason or none.
macro_rules! moves {
    ($($(#[$doc:meta])* $name:ident = $spelled:literal, $event:ident, $fact:ident
        $(, $reason:ident)?;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// The assignment.
            pub assignment: AssignmentId,
            $(
                /// Why, in plain words for whoever proposed it: up to 10,000 characters.
                pub $reason: String,
            )?
        }

        redacted! { $name { assignment } }

        impl Verb for $name {
            const NAME: &'static str = $spelled;
            type Facts = Scene;
            type Done = ();

            fn check(&self, _faults: &mut Faults, _: Tz) -> Option<Self> {
                Some(Self {
                    assignment: self.assignment,
                    $($reason: reason(_faults, &self.$reason)?,)?
                })
            }

            async fn gather(&self, reader: &mut Reader<'_>, _: &Actor) -> Result<Scene, Error> {
                Scene::read(reader, self.assignment).await
            }

            fn decide(&self, scene: Scene, cx: &mut Context<'_>) -> Result<Outcome<()>, Denied> {
                let reason: Option<&str> = None $(.or(Some(self.$reason.as_str())))?;
                move_to(scene, Event::$event, Self::NAME, reason, cx)
            }

            fn done(facts: &[Fact]) -> Option<()> {
                happened(facts, |fact| matches!(fact, Fact::$fact { .. }))
            }
        }
    )*};
}

moves! {
    /// Asks the proposer to change the offer.
    ReturnAssignment = "return_assignment", Return, AssignmentReturned, reason;
    /// Opens an assignment to reporters.
    OpenAssignment = "open_assignment", Open, AssignmentOpened;
    /// Takes no more claims.
    CloseAssignment = "close_assignment", Close, AssignmentClosed;
    /// Takes claims again.
    ReopenAssignment = "reopen_assignment", Reopen, AssignmentReopened;
    /// Ends a closed assignment whose claims are all fulfilled.
    CompleteAssignment = "complete_assignment", Complete, AssignmentCompleted;
    /// Calls an assignment off; its claims are cancelled, and texts begun for it live on.
    CancelAssignment = "cancel_assignment", Cancel, AssignmentCancelled, reason;
}
