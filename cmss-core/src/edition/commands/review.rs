//! Between author and editor: handing in, asking, accepting, approving, taking back.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::article::{Gates, Revision};
use crate::claim::ClaimEvent;
use crate::desk::{Changes, Context, Outcome, Verb, happened};
use crate::edition::machine::EditionEvent as Event;
use crate::edition::model::Approval;
use crate::edition::{Declarations, Scene, Ties};
use crate::ids::{EditionId, RevisionId};
use crate::kernel::{Actor, Denied, Error, Fact, Guard, Guards, Reader};
use crate::values::{FaultCode, Faults, limits, redacted, text};

/// Hands a text in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Submit {
    /// The edition.
    pub edition: EditionId,
    /// The revision that is handed in, which must be the head.
    pub head: RevisionId,
    /// What its author declares.
    pub declarations: Declarations,
}

/// Agrees to the exact text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AcceptEdit {
    /// The edition.
    pub edition: EditionId,
    /// The revision that is agreed to, which must be the head.
    pub head: RevisionId,
}

/// Approves the exact text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approve {
    /// The edition.
    pub edition: EditionId,
    /// The revision that is approved, which must be the head.
    pub head: RevisionId,
}

/// Takes the editor's changes back: the head is the author's last text again.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetAside {
    /// The edition.
    pub edition: EditionId,
}

redacted! { Submit { edition, head } }

impl Verb for Submit {
    const NAME: &'static str = "submit";
    type Facts = (Scene, Gates);
    type Done = ();

    fn check(&self, faults: &mut Faults, _: Tz) -> Option<Self> {
        let Declarations {
            no_client_information,
            ties,
        } = &self.declarations;
        let ties = faults.within("declarations.ties", |faults| match ties {
            Ties::Nothing(nothing) => {
                faults.ensure("nothing", *nothing, FaultCode::Inconsistent);
                Some(Ties::Nothing(*nothing))
            }
            Ties::Declared(ties) => faults
                .field("declared", text::prose(ties, limits::LEAD))
                .map(Ties::Declared),
        });
        let no_client_information = *no_client_information;
        let declarations = Declarations {
            no_client_information,
            ties: ties?,
        };
        Some(Self {
            edition: self.edition,
            head: self.head,
            declarations,
        })
    }

    async fn gather(&self, reader: &mut Reader<'_>, _: &Actor) -> Result<Self::Facts, Error> {
        Scene::with_gates(reader, self.edition, self.head).await
    }

    fn decide(
        &self,
        (mut scene, gates): Self::Facts,
        cx: &mut Context<'_>,
    ) -> Result<Outcome<()>, Denied> {
        let mut guards = Guards::new();
        let to = scene.judge(Event::Submit, cx.actor, cx.policy, &mut guards);
        guards.ensure(self.declarations.no_client_information, Guard::NotDeclared);
        scene.judge_gates(&gates, &mut guards);
        let (state, by) = scene.pass(to, guards, Self::NAME, cx.actor, None)?;
        let person = cx.person()?;
        let mut changes = Changes::by(Some(by));
        scene.edition.state = state;
        scene.edition.changed_at = cx.now;
        scene.edition.declarations = Some(self.declarations.clone());
        scene.edition.submitted = Some((self.head, person));
        scene.edition.said = None;
        scene.move_claims(ClaimEvent::Deliver, &mut changes);
        changes.put(&scene.edition);
        changes.fact(Fact::EditionSubmitted {
            edition: self.edition,
            head: self.head,
        });
        Ok(Outcome::Commit(changes))
    }

    fn done(facts: &[Fact]) -> Option<()> {
        happened(facts, |fact| matches!(fact, Fact::EditionSubmitted { .. }))
    }
}

impl Verb for AcceptEdit {
    const NAME: &'static str = "accept_edit";
    type Facts = Scene;
    type Done = ();

    fn check(&self, _: &mut Faults, _: Tz) -> Option<Self> {
        Some(self.clone())
    }

    async fn gather(&self, reader: &mut Reader<'_>, _: &Actor) -> Result<Scene, Error> {
        Scene::read(reader, self.edition, Some(self.head)).await
    }

    fn decide(&self, mut scene: Scene, cx: &mut Context<'_>) -> Result<Outcome<()>, Denied> {
        let mut guards = Guards::new();
        let to = scene.judge(Event::AcceptEdit, cx.actor, cx.policy, &mut guards);
        let (_, by) = scene.pass(to, guards, Self::NAME, cx.actor, None)?;
        if !scene.edition.accepted.insert(cx.person()?) {
            return Ok(Outcome::Nothing(()));
        }
        let mut changes = Changes::by(Some(by));
        changes.put(&scene.edition);
        changes.fact(Fact::EditAccepted {
            edition: self.edition,
            head: self.head,
        });
        Ok(Outcome::Commit(changes))
    }

    fn done(facts: &[Fact]) -> Option<()> {
        happened(facts, |fact| matches!(fact, Fact::EditAccepted { .. }))
    }
}

impl Verb for Approve {
    const NAME: &'static str = "approve";
    type Facts = (Scene, Gates);
    type Done = ();

    fn check(&self, _: &mut Faults, _: Tz) -> Option<Self> {
        Some(self.clone())
    }

    async fn gather(&self, reader: &mut Reader<'_>, _: &Actor) -> Result<Self::Facts, Error> {
        Scene::with_gates(reader, self.edition, self.head).await
    }

    fn decide(
        &self,
        (mut scene, gates): Self::Facts,
        cx: &mut Context<'_>,
    ) -> Result<Outcome<()>, Denied> {
        let mut guards = Guards::new();
        let to = scene.judge(Event::Approve, cx.actor, cx.policy, &mut guards);
        scene.judge_gates(&gates, &mut guards);
        let (state, by) = scene.pass(to, guards, Self::NAME, cx.actor, None)?;
        let mut changes = Changes::by(Some(by));
        scene.edition.state = state;
        scene.edition.changed_at = cx.now;
        scene.edition.approval = Some(Approval {
            revision: scene.head.id,
            digest: scene.head.digest,
            by: cx.person()?,
            at: cx.now,
            alone: !scene.second_person(cx.actor),
        });
        changes.put(&scene.edition);
        changes.fact(Fact::EditionApproved {
            edition: self.edition,
            head: self.head,
        });
        Ok(Outcome::Commit(changes))
    }

    fn done(facts: &[Fact]) -> Option<()> {
        happened(facts, |fact| matches!(fact, Fact::EditionApproved { .. }))
    }
}

/// An edition, and the author's last text where the head is the editor's.
#[derive(Debug)]
pub(crate) struct Edited {
    scene: Scene,
    authors: Revision,
}

impl Verb for SetAside {
    const NAME: &'static str = "set_aside";
    type Facts = Edited;
    type Done = RevisionId;

    fn check(&self, _: &mut Faults, _: Tz) -> Option<Self> {
        Some(self.clone())
    }

    async fn gather(&self, reader: &mut Reader<'_>, _: &Actor) -> Result<Edited, Error> {
        let scene = Scene::read(reader, self.edition, None).await?;
        let authors = reader.need(scene.edition.authors_head).await?;
        Ok(Edited { scene, authors })
    }

    fn decide(&self, edited: Edited, cx: &mut Context<'_>) -> Result<Outcome<RevisionId>, Denied> {
        let Edited { mut scene, authors } = edited;
        let mut guards = Guards::new();
        let to = scene.judge(Event::SetAside, cx.actor, cx.policy, &mut guards);
        let (_, by) = guards.pass_move(to, Self::NAME)?;
        let mut changes = Changes::by(Some(by));
        // The same words by the same writer, as a new revision: nothing in between is lost.
        scene.add_revision(authors.text, authors.writer, true, cx, &mut changes);
        scene.edition.changed_at = cx.now;
        changes.put(&scene.edition);
        changes.fact(Fact::EditSetAside {
            edition: self.edition,
            head: scene.head.id,
        });
        Ok(Outcome::Commit(changes))
    }

    fn done(facts: &[Fact]) -> Option<RevisionId> {
        facts.iter().find_map(|fact| match fact {
            Fact::EditSetAside { head, .. } => Some(*head),
            _ => None,
        })
    }
}
