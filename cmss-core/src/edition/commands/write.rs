//! Saving a text.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::article::refers_to;
use crate::claim::ClaimEvent;
use crate::desk::{Changes, Context, Outcome, Verb};
use crate::edition::Scene;
use crate::edition::machine::EditionEvent as Event;
use crate::ids::{EditionId, RevisionId};
use crate::kernel::{Actor, Denied, Error, Fact, Guard, Guards, Reader};
use crate::values::{ArticleText, Faults, limits, redacted};

/// Saves a text: its author while they write, the editor while it is handed in.
///
/// A text that is the same as the head changes nothing. A change of an approved text takes the
/// approval away: an author's makes it a draft again, an editor's hands it back for acceptance.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Save {
    /// The edition.
    pub edition: EditionId,
    /// The revision it was changed from, which must be the head.
    pub parent: RevisionId,
    /// The whole text.
    pub text: ArticleText,
}

redacted! { Save { edition, parent } }

impl Verb for Save {
    const NAME: &'static str = "save";
    type Facts = Scene;
    type Done = RevisionId;

    fn check(&self, faults: &mut Faults, _: Tz) -> Option<Self> {
        let text = faults.within("text", |faults| self.text.check(faults))?;
        Some(Self {
            edition: self.edition,
            parent: self.parent,
            text,
        })
    }

    async fn gather(&self, reader: &mut Reader<'_>, _: &Actor) -> Result<Scene, Error> {
        reader.need_there(&refers_to(&self.text)).await?;
        Scene::read(reader, self.edition, Some(self.parent)).await
    }

    fn decide(
        &self,
        mut scene: Scene,
        cx: &mut Context<'_>,
    ) -> Result<Outcome<RevisionId>, Denied> {
        let mut guards = Guards::new();
        let event = scene.save_event(cx.actor);
        let to = scene.judge(event, cx.actor, cx.policy, &mut guards);
        let limit = limits::REVISIONS as u32;
        let room = scene.edition.revisions < limit;
        guards.ensure(room, Guard::TooManyRevisions { limit });
        let language = scene.variant.language == self.text.language;
        guards.ensure(language, Guard::OtherLanguage);
        let (state, by) = scene.pass(to, guards, Self::NAME, cx.actor, Some(&self.text))?;
        let writer = cx.person()?;
        if self.text.digest() == scene.head.digest {
            return Ok(Outcome::Nothing(scene.head.id));
        }
        let mut changes = Changes::by(Some(by));
        let by_author = match event {
            // The editor who opened an edition for its authors writes on their behalf, and they
            // accept; what the newsroom's own authors write is theirs.
            Event::Save | Event::AuthorEdit => scene.edition.authors.contains(&writer),
            _ => false,
        };
        scene.add_revision(self.text.clone(), writer, by_author, cx, &mut changes);
        scene.edition.state = state;
        scene.edition.changed_at = cx.now;
        if event == Event::AuthorEdit {
            scene.move_claims(ClaimEvent::Return, &mut changes);
        }
        changes.put(&scene.edition);
        let (edition, head) = (scene.edition.id, scene.head.id);
        changes.fact(match event {
            Event::Save | Event::AuthorEdit => Fact::TextSaved { edition, head },
            _ => Fact::TextEdited { edition, head },
        });
        Ok(Outcome::Commit(changes))
    }

    fn done(facts: &[Fact]) -> Option<RevisionId> {
        facts.iter().find_map(|fact| match fact {
            Fact::TextSaved { head, .. } | Fact::TextEdited { head, .. } => Some(*head),
            _ => None,
        })
    }
}
