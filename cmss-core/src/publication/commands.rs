//! What is done with a publication.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::machine::PublicationEvent as Event;
use super::scene::{Scene, judge};
use crate::article::{AddressFallback, PublicationState, Variant};
use crate::desk::{Changes, Context, Outcome, Verb, happened};
use crate::ids::{OrganisationId, PageRef, VariantId};
use crate::kernel::{
    Actor, Allowance, Capacity, Denied, Document, Error, Fact, Guards, Need, Reader,
};
use crate::record::{Event as EventRecord, Kept, Organisation, Project};
use crate::values::{Faults, limits, redacted, text};

/// Takes a page down.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unpublish {
    /// The variant.
    pub variant: VariantId,
    /// Why, for the newsroom: up to 10,000 characters.
    pub reason: String,
    /// What its address answers from now on.
    #[serde(default)]
    pub afterwards: AddressFallback,
    /// The unit that asked for it, where one outside the newsroom did: pressure leaves a trace.
    #[serde(default)]
    pub on_request_of: Option<OrganisationId>,
}

/// Puts the same page back; it is judged anew.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Republish {
    /// The variant.
    pub variant: VariantId,
}

/// Stops a page at once. Its author is asked for no reason.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pause {
    /// The variant.
    pub variant: VariantId,
}

/// Lets a paused page come back; the editor then republishes it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LiftPause {
    /// The variant.
    pub variant: VariantId,
}

redacted! { Unpublish { variant } }

/// What may be done with the publication of a variant, whatever the arguments.
pub(crate) fn allowances(variant: &Variant, actor: &Actor) -> Vec<Allowance> {
    let verbs: [(_, _, &[Need]); 4] = [
        (Unpublish::NAME, Event::Unpublish, &[Need::Reason]),
        (Republish::NAME, Event::Republish, &[Need::Gates]),
        (Pause::NAME, Event::Pause, &[]),
        (LiftPause::NAME, Event::LiftPause, &[]),
    ];
    let allowance = |(command, event, needs)| {
        Allowance::judged(command, needs, |guards| {
            judge(variant, event, actor, guards);
        })
    };
    verbs.map(allowance).into()
}

/// Carries out a move whose guards have passed.
fn change(
    scene: Scene,
    (state, by): (PublicationState, Capacity),
    fact: Fact,
    cx: &Context<'_>,
    more: impl FnOnce(&mut Variant),
) -> Outcome<()> {
    let mut changes = Changes::by(Some(by));
    let now = cx.now;
    scene.shown.change(&cx.press(), &mut changes, |variant, _| {
        variant.publication = state;
        variant.changed_at = now;
        more(variant);
    });
    changes.fact(fact);
    Outcome::Commit(changes)
}

impl Verb for Unpublish {
    const NAME: &'static str = "unpublish";
    type Facts = Scene;
    type Done = ();

    fn check(&self, faults: &mut Faults, _: Tz) -> Option<Self> {
        let reason = faults.field("reason", text::prose(&self.reason, limits::NOTE));
        let afterwards = match &self.afterwards {
            AddressFallback::Gone(notice) => {
                let notice = text::prose(notice, limits::LEAD);
                faults
                    .field("afterwards.gone", notice)
                    .map(AddressFallback::Gone)
            }
            other => Some(other.clone()),
        };
        Some(Self {
            variant: self.variant,
            reason: reason?,
            afterwards: afterwards?,
            on_request_of: self.on_request_of,
        })
    }

    async fn gather(&self, reader: &mut Reader<'_>, _: &Actor) -> Result<Scene, Error> {
        let asked = self.on_request_of.map(Kept::<Organisation>::at);
        reader.need_there(asked.as_slice()).await?;
        if let AddressFallback::Redirect(page) = &self.afterwards {
            let at = match page {
                PageRef::Article(id) => Variant::at(*id),
                PageRef::Project(id) => Kept::<Project>::at(*id),
                PageRef::Event(id) => Kept::<EventRecord>::at(*id),
            };
            reader.need_there(&[at]).await?;
        }
        Scene::read(reader, self.variant, false).await
    }

    fn decide(&self, scene: Scene, cx: &mut Context<'_>) -> Result<Outcome<()>, Denied> {
        let mut guards = Guards::new();
        let to = scene.judge(Event::Unpublish, cx.actor, &mut guards);
        let to = guards.pass_move(to, Self::NAME)?;
        let fact = Fact::VariantUnpublished {
            variant: self.variant,
            on_request_of: self.on_request_of,
        };
        Ok(change(scene, to, fact, cx, |variant| {
            variant.afterwards = self.afterwards.clone();
            variant.reason = Some(self.reason.clone());
        }))
    }

    fn done(facts: &[Fact]) -> Option<()> {
        happened(facts, |fact| {
            matches!(fact, Fact::VariantUnpublished { .. })
        })
    }
}

impl Verb for Republish {
    const NAME: &'static str = "republish";
    type Facts = Scene;
    type Done = ();

    fn check(&self, _: &mut Faults, _: Tz) -> Option<Self> {
        Some(self.clone())
    }

    async fn gather(&self, reader: &mut Reader<'_>, _: &Actor) -> Result<Scene, Error> {
        Scene::read(reader, self.variant, true).await
    }

    fn decide(&self, scene: Scene, cx: &mut Context<'_>) -> Result<Outcome<()>, Denied> {
        let mut guards = Guards::new();
        let to = scene.judge(Event::Republish, cx.actor, &mut guards);
        let latest = scene.shown.variant.latest.as_ref();
        if let (Some(gates), Some(text), Some(latest)) = (&scene.gates, &scene.shown.text, latest) {
            gates.judge(text, &latest.authors, &latest.bylines, &mut guards);
        }
        let to = guards.pass_move(to, Self::NAME)?;
        let fact = Fact::VariantRepublished {
            variant: self.variant,
        };
        Ok(change(scene, to, fact, cx, |variant| {
            variant.afterwards = AddressFallback::NotThere;
            variant.reason = None;
        }))
    }

    fn done(facts: &[Fact]) -> Option<()> {
        happened(facts, |fact| {
            matches!(fact, Fact::VariantRepublished { .. })
        })
    }
}

/// A command that moves a publication and has no argument.
macro_rules! moves {
    ($($name:ident = $spelled:literal, $event:ident, $fact:ident;)*) => {$(
        impl Verb for $name {
            const NAME: &'static str = $spelled;
            type Facts = Scene;
            type Done = ();

            fn check(&self, _: &mut Faults, _: Tz) -> Option<Self> {
                Some(self.clone())
            }

            async fn gather(&self, reader: &mut Reader<'_>, _: &Actor) -> Result<Scene, Error> {
                Scene::read(reader, self.variant, false).await
            }

            fn decide(&self, scene: Scene, cx: &mut Context<'_>) -> Result<Outcome<()>, Denied> {
                let mut guards = Guards::new();
                let to = scene.judge(Event::$event, cx.actor, &mut guards);
                let to = guards.pass_move(to, Self::NAME)?;
                let fact = Fact::$fact { variant: self.variant };
                // A pause hides whatever the address answered, and nothing of it comes back.
                Ok(change(scene, to, fact, cx, |variant| {
                    variant.afterwards = AddressFallback::NotThere;
                }))
            }

            fn done(facts: &[Fact]) -> Option<()> {
                happened(facts, |fact| matches!(fact, Fact::$fact { .. }))
            }
        }
    )*};
}

moves! {
    Pause = "pause", Pause, VariantPaused;
    LiftPause = "lift_pause", LiftPause, PauseLifted;
}
