//! The commands of occasions.
//!
//! Plans are published with their event. What becomes of an occasion is a fact that cannot wait:
//! where the occasion is shown, that fact is published in the commit that makes it one.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::machine::{MACHINE, OccasionEvent as E};
use super::scene::Scene;
use crate::desk::{Changes, Context, Outcome, Verb, happened};
use crate::ids::{EventId, OccasionId};
use crate::kernel::{
    Actor, Allowance, Capacity, Denied, Error, Fact, Guard, Guards, Need, Reader, Standing,
};
use crate::record::{Certainty, Event, Kept, Occasion, OccasionPlan};
use crate::store::Want;
use crate::values::{Faults, limits, redacted, text};

/// Plans an occasion of an event.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanOccasion {
    /// The event.
    pub event: EventId,
    /// How certain it is; a tentative occasion is confirmed later.
    pub certainty: Certainty,
    /// What is planned.
    pub plan: OccasionPlan,
}

/// Changes the working copy of an occasion.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeOccasion {
    /// The occasion.
    pub occasion: OccasionId,
    /// What is planned instead.
    pub plan: OccasionPlan,
}

/// Settles a tentative occasion; where the public sees it, it says so at once.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfirmOccasion {
    /// The occasion.
    pub occasion: OccasionId,
}

/// Notes that an occasion took place; where the public sees it, it says so at once.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompleteOccasion {
    /// The occasion.
    pub occasion: OccasionId,
}

/// Calls an occasion off; where the public sees it, it says so at once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelOccasion {
    /// The occasion.
    pub occasion: OccasionId,
    /// Why: up to 200 characters, **shown to the public as they are written**.
    pub reason: String,
}

redacted! {
    PlanOccasion { event, certainty }
    ChangeOccasion { occasion }
    CancelOccasion { occasion }
}

/// Which commands the state of an occasion and the actor's standing allow.
pub(crate) fn allowances(occasion: &Occasion, actor: &Actor) -> Vec<Allowance> {
    let verbs: [(_, _, &[Need]); 4] = [
        (ChangeOccasion::NAME, E::Change, &[]),
        (ConfirmOccasion::NAME, E::Confirm, &[]),
        (CompleteOccasion::NAME, E::Complete, &[]),
        (CancelOccasion::NAME, E::Cancel, &[Need::Reason]),
    ];
    let allowance = |(command, event, needs)| {
        Allowance::judged(command, needs, |guards| {
            occasion.judge(event, actor, guards);
        })
    };
    verbs.map(allowance).into()
}

impl Verb for PlanOccasion {
    const NAME: &'static str = "plan_occasion";
    /// The event, and how many occasions it has.
    type Facts = (Kept<Event>, usize);
    type Done = OccasionId;

    fn check(&self, faults: &mut Faults, zone: Tz) -> Option<Self> {
        let plan = faults.within("plan", |faults| self.plan.check(faults, zone))?;
        Some(Self {
            plan,
            ..self.clone()
        })
    }

    async fn gather(&self, reader: &mut Reader<'_>, _: &Actor) -> Result<Self::Facts, Error> {
        let event = reader.need(self.event).await?;
        let range = Occasion::of(self.event);
        let hits = reader
            .scan(range, limits::OCCASIONS as usize, Want::Nothing)
            .await?;
        Ok((event, hits.len()))
    }

    fn decide(
        &self,
        (event, occasions): Self::Facts,
        cx: &mut Context<'_>,
    ) -> Result<Outcome<OccasionId>, Denied> {
        let mut guards = Guards::new();
        let limit = limits::OCCASIONS;
        guards.ensure(!event.archived, Guard::Archived);
        guards.ensure(
            occasions < limit as usize,
            Guard::TooManyOccasions { limit },
        );
        let moved = MACHINE.judge(None, E::Plan, &Standing::of(cx.actor), &mut guards);
        let (status, by) = guards.pass_move(moved, Self::NAME)?;

        let occasion = Occasion {
            id: cx.mint.id(),
            event: event.id,
            status,
            certainty: self.certainty,
            reason: None,
            working: self.plan.clone(),
            public: None,
            planned_at: cx.now,
            edited_at: cx.now,
        };
        Ok(Outcome::Commit(put(&occasion, by)))
    }

    fn done(facts: &[Fact]) -> Option<OccasionId> {
        facts.iter().find_map(|fact| match fact {
            Fact::OccasionPut { occasion } => Some(*occasion),
            _ => None,
        })
    }
}

impl Verb for ChangeOccasion {
    const NAME: &'static str = "change_occasion";
    type Facts = Occasion;
    type Done = ();

    fn check(&self, faults: &mut Faults, zone: Tz) -> Option<Self> {
        let plan = faults.within("plan", |faults| self.plan.check(faults, zone))?;
        Some(Self {
            occasion: self.occasion,
            plan,
        })
    }

    async fn gather(&self, reader: &mut Reader<'_>, _: &Actor) -> Result<Occasion, Error> {
        reader.need(self.occasion).await
    }

    fn decide(&self, mut occasion: Occasion, cx: &mut Context<'_>) -> Result<Outcome<()>, Denied> {
        let mut guards = Guards::new();
        let moved = occasion.judge(E::Change, cx.actor, &mut guards);
        let (status, by) = guards.pass_move(moved, Self::NAME)?;
        if occasion.working == self.plan {
            return Ok(Outcome::Nothing(()));
        }
        occasion.status = status;
        occasion.working = self.plan.clone();
        occasion.edited_at = cx.now;
        Ok(Outcome::Commit(put(&occasion, by)))
    }

    fn done(facts: &[Fact]) -> Option<()> {
        happened(facts, |fact| matches!(fact, Fact::OccasionPut { .. }))
    }
}

impl Verb for ConfirmOccasion {
    const NAME: &'static str = "confirm_occasion";
    type Facts = Scene;
    type Done = ();

    fn check(&self, _: &mut Faults, _: Tz) -> Option<Self> {
        Some(self.clone())
    }

    async fn gather(&self, reader: &mut Reader<'_>, _: &Actor) -> Result<Scene, Error> {
        Scene::read(reader, self.occasion).await
    }

    fn decide(&self, scene: Scene, cx: &mut Context<'_>) -> Result<Outcome<()>, Denied> {
        let (mut occasion, by) = scene.moved(E::Confirm, Self::NAME, cx)?;
        if occasion.certainty == Certainty::Confirmed {
            return Ok(Outcome::Nothing(()));
        }
        occasion.certainty = Certainty::Confirmed;
        let fact = Fact::OccasionConfirmed {
            occasion: occasion.id,
        };
        Ok(Outcome::Commit(scene.settle(occasion, by, fact, cx)))
    }

    fn done(facts: &[Fact]) -> Option<()> {
        happened(facts, |fact| matches!(fact, Fact::OccasionConfirmed { .. }))
    }
}

impl Verb for CompleteOccasion {
    const NAME: &'static str = "complete_occasion";
    type Facts = Scene;
    type Done = ();

    fn check(&self, _: &mut Faults, _: Tz) -> Option<Self> {
        Some(self.clone())
    }

    async fn gather(&self, reader: &mut Reader<'_>, _: &Actor) -> Result<Scene, Error> {
        Scene::read(reader, self.occasion).await
    }

    fn decide(&self, scene: Scene, cx: &mut Context<'_>) -> Result<Outcome<()>, Denied> {
        let (occasion, by) = scene.moved(E::Complete, Self::NAME, cx)?;
        let fact = Fact::OccasionTookPlace {
            occasion: occasion.id,
        };
        Ok(Outcome::Commit(scene.settle(occasion, by, fact, cx)))
    }

    fn done(facts: &[Fact]) -> Option<()> {
        happened(facts, |fact| matches!(fact, Fact::OccasionTookPlace { .. }))
    }
}

impl Verb for CancelOccasion {
    const NAME: &'static str = "cancel_occasion";
    type Facts = Scene;
    type Done = ();

    fn check(&self, faults: &mut Faults, _: Tz) -> Option<Self> {
        let reason = faults.field("reason", text::line(&self.reason, limits::TITLE))?;
        Some(Self {
            occasion: self.occasion,
            reason,
        })
    }

    async fn gather(&self, reader: &mut Reader<'_>, _: &Actor) -> Result<Scene, Error> {
        Scene::read(reader, self.occasion).await
    }

    fn decide(&self, scene: Scene, cx: &mut Context<'_>) -> Result<Outcome<()>, Denied> {
        let (mut occasion, by) = scene.moved(E::Cancel, Self::NAME, cx)?;
        occasion.reason = Some(self.reason.clone());
        let fact = Fact::OccasionCancelled {
            occasion: occasion.id,
        };
        Ok(Outcome::Commit(scene.settle(occasion, by, fact, cx)))
    }

    fn done(facts: &[Fact]) -> Option<()> {
        happened(facts, |fact| matches!(fact, Fact::OccasionCancelled { .. }))
    }
}

/// Keeps an occasion whose plan is new.
fn put(occasion: &Occasion, by: Capacity) -> Changes {
    let mut changes = Changes::by(Some(by));
    changes.put(occasion);
    changes.fact(Fact::OccasionPut {
        occasion: occasion.id,
    });
    changes
}
