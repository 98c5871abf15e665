//! Moves that change the state, and what the editor says.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::claim::ClaimEvent;
use crate::desk::{Changes, Context, Outcome, Verb, happened};
use crate::edition::Scene;
use crate::edition::machine::EditionEvent as Event;
use crate::ids::{EditionId, OrganisationId};
use crate::kernel::{Actor, Denied, Document, Error, Fact, Guards, Reader};
use crate::record::{Kept, Organisation};
use crate::values::{Faults, limits, redacted, text};

/// Something that has to be said.
fn said(faults: &mut Faults, field: &str, said: &str) -> Option<String> {
    faults.field(field, text::prose(said, limits::NOTE))
}

/// Carries out a move that changes the state, and what the editor says.
fn move_to(
    mut scene: Scene,
    event: Event,
    command: &'static str,
    said: Option<&str>,
    fact: Fact,
    cx: &mut Context<'_>,
) -> Result<Outcome<()>, Denied> {
    let mut guards = Guards::new();
    let to = scene.judge(event, cx.actor, cx.policy, &mut guards);
    let (state, by) = guards.pass_move(to, command)?;
    let mut changes = Changes::by(Some(by));
    scene.edition.state = state;
    scene.edition.changed_at = cx.now;
    if said.is_some() {
        scene.edition.said = said.map(str::to_owned);
    }
    if event == Event::DismissApproval {
        scene.edition.approval = None;
    }
    match event {
        Event::PullBack => scene.move_claims(ClaimEvent::Return, &mut changes),
        Event::Decline | Event::Withdraw => {
            scene.edition.approval = None;
            scene.move_claims(ClaimEvent::Return, &mut changes);
            scene.variant.open = None;
            changes.put(&scene.variant);
        }
        Event::Reopen => {
            scene.variant.open = Some(scene.edition.id);
            changes.put(&scene.variant);
        }
        _ => {}
    }
    changes.put(&scene.edition);
    changes.fact(fact);
    Ok(Outcome::Commit(changes))
}

/// A command that moves an edition: its name, its event, its fact, and what is said or nothing.
macro_rules! moves {
    ($($(#[$doc:meta])* $name:ident = $spelled:literal, $event:ident, $fact:ident
        $(, $(#[$said_doc:meta])* $said:ident $(for $asked:ident)?)?;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// The edition.
            pub edition: EditionId,
            $(
                $(#[$said_doc])*
                pub $said: String,
                $(
                    /// The unit that asked for it, where one outside the newsroom did: pressure
                    /// leaves a trace.
                    #[serde(default)]
                    pub $asked: Option<OrganisationId>,
                )?
            )?
        }

        redacted! { $name { edition } }

        impl Verb for $name {
            const NAME: &'static str = $spelled;
            type Facts = Scene;
            type Done = ();

            fn check(&self, _faults: &mut Faults, _: Tz) -> Option<Self> {
                Some(Self {
                    edition: self.edition,
                    $(
                        $said: said(_faults, stringify!($said), &self.$said)?,
                        $($asked: self.$asked,)?
                    )?
                })
            }

            async fn gather(&self, reader: &mut Reader<'_>, _: &Actor) -> Result<Scene, Error> {
                $($(
                    let asked = self.$asked.map(Kept::<Organisation>::at);
                    reader.need_there(asked.as_slice()).await?;
                )?)?
                Scene::read(reader, self.edition, None).await
            }

            fn decide(&self, scene: Scene, cx: &mut Context<'_>) -> Result<Outcome<()>, Denied> {
                let said: Option<&str> = None $(.or(Some(self.$said.as_str())))?;
                let fact = Fact::$fact { edition: self.edition, $($($asked: self.$asked)?)? };
                move_to(scene, Event::$event, Self::NAME, said, fact, cx)
            }

            fn done(facts: &[Fact]) -> Option<()> {
                happened(facts, |fact| matches!(fact, Fact::$fact { .. }))
            }
        }
    )*};
}

moves! {
    /// Takes a text back that was handed in, to go on writing.
    PullBack = "pull_back", PullBack, EditionPulledBack;
    /// Asks the author for changes.
    RequestChanges = "request_changes", RequestChanges, ChangesRequested,
        /// What to change, in plain words for the author: up to 10,000 characters.
        comment;
    /// Takes an approval back.
    DismissApproval = "dismiss_approval", DismissApproval, ApprovalDismissed,
        /// Why, in plain words for the author: up to 10,000 characters.
        reason for on_request_of;
    /// Says no to a text.
    Decline = "decline", Decline, EditionDeclined,
        /// Why, in plain words for the author: up to 10,000 characters.
        reason for on_request_of;
    /// Takes a text back. Nobody can stop its author.
    Withdraw = "withdraw", Withdraw, EditionWithdrawn;
    /// Takes up again a text that was withdrawn, by its author, or declined, by the editor.
    ReopenEdition = "reopen_edition", Reopen, EditionReopened;
}
