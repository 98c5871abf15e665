//! What a project's publication rests on: its terms, and how far it had come before.

use serde::{Deserialize, Serialize};

use super::Project;
use crate::desk::Changes;
use crate::ids::{ProjectId, TermId};
use crate::kernel::{Document, Error, Guard, Guards, Reader};
use crate::record::{Kept, Term};
use crate::site::Vocabulary;
use crate::store::{Collection, Entry};
use crate::values::Percent;

/// How far a project had come when it was last published: what a stage without a number leaves it
/// at.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Progress {
    project: ProjectId,
    /// The number of the last stage that had one.
    reached: Percent,
    /// Whether the stage it was published in has none. Kept here and not asked of the stage when
    /// the page is rendered, so that a changed stage leaves the page as it is stored.
    stopped: bool,
}

impl Document for Progress {
    const COLLECTION: Collection = Collection::new("project.progress");
    type Id = ProjectId;

    fn id(&self) -> ProjectId {
        self.project
    }

    fn entries(&self) -> Vec<Entry> {
        Vec::new()
    }
}

/// What stands around a project.
#[derive(Clone, Debug)]
pub(crate) struct Around {
    /// The category of the working copy.
    pub(super) category: Option<Kept<Term>>,
    /// The stage of the working copy.
    pub(super) stage: Option<Kept<Term>>,
    /// The stage that the public sees.
    pub(super) public_stage: Option<Kept<Term>>,
    /// None until it is published in a stage that has a number.
    pub(super) progress: Option<Progress>,
}

impl Around {
    pub(super) async fn read(kept: &Kept<Project>, reader: &mut Reader<'_>) -> Result<Self, Error> {
        let public_stage = kept.public.as_ref().and_then(|public| public.stage);
        Ok(Self {
            category: term(reader, kept.working.category).await?,
            stage: term(reader, kept.working.stage).await?,
            public_stage: term(reader, public_stage).await?,
            progress: reader.find(kept.id).await?,
        })
    }

    /// Notes each of the two terms that is not given, or is of another vocabulary.
    pub(super) fn ensure_terms(&self, guards: &mut Guards) {
        for (field, term, vocabulary) in [
            ("category", &self.category, Vocabulary::Category),
            ("stage", &self.stage, Vocabulary::Stage),
        ] {
            match term {
                None => guards.push(Guard::FieldNeeded {
                    field: field.into(),
                }),
                Some(term) => {
                    guards.ensure(
                        shown(term).vocabulary == vocabulary,
                        Guard::WrongVocabulary { term: term.id },
                    );
                    let term_id = term.id;
                    let public = term.public.is_some();
                    guards.ensure(public, Guard::TermNotPublished { term: term_id });
                }
            }
        }
    }

    /// Whether a project in this stage must say what was learnt.
    pub(super) fn requires_lessons(&self) -> bool {
        let stage = self.stage.as_ref();
        stage.is_some_and(|stage| shown(stage).requires_lessons)
    }

    /// Takes the number of the stage that is published; where it has none, the one that the public
    /// saw last stays.
    pub(super) fn move_on(&mut self, project: ProjectId, changes: &mut Changes) {
        let number = |stage: Option<&Kept<Term>>| stage.and_then(|stage| shown(stage).progress);
        let own = number(self.stage.as_ref());
        let reached = own
            .or_else(|| number(self.public_stage.as_ref()))
            .or_else(|| self.progress.map(|progress| progress.reached));
        let Some(reached) = reached else {
            return;
        };
        let progress = Progress {
            project,
            reached,
            stopped: own.is_none(),
        };
        if self.progress.replace(progress) != Some(progress) {
            changes.put(&progress);
        }
    }

    /// Where a stage without a number has left the project.
    pub(super) fn stopped_at(&self) -> Option<Percent> {
        let stopped = self.progress.filter(|progress| progress.stopped);
        stopped.map(|progress| progress.reached)
    }
}

async fn term(reader: &mut Reader<'_>, id: Option<TermId>) -> Result<Option<Kept<Term>>, Error> {
    match id {
        None => Ok(None),
        Some(id) => reader.need(id).await.map(Some),
    }
}

/// A term as the public sees it, or will.
fn shown(term: &Kept<Term>) -> &Term {
    term.public.as_ref().unwrap_or(&term.working)
}
