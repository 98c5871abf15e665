//! Editions as the desk sees them.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::card::{EditionCard, Outline};
use super::model::{Approval, BY_AUTHOR, BY_STATE};
use super::{Declarations, Edition, EditionState};
use crate::article::{REVISIONS, Revision};
use crate::desk::Desk;
use crate::ids::{EditionId, Id, PersonId, RevisionId};
use crate::kernel::{Actor, Error, KeyParts, Reader, Role, decode_cover, may_read};
use crate::store::{Hit, Key, Position, Range, Want};
use crate::values::{ArticleText, Coded, limits};

/// An edition as its authors and editors see it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct EditionView {
    /// Title and state.
    pub card: EditionCard,
    /// The text and what was said about it; an editor sees what was handed in, not drafts.
    pub text: Option<TextView>,
}

/// A text under work.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct TextView {
    /// The revision shown.
    pub revision: RevisionId,
    /// The text.
    pub text: ArticleText,
    /// Who wrote this revision.
    pub writer: PersonId,
    /// Who has accepted exactly the newest revision.
    pub accepted: Vec<PersonId>,
    /// What the author declared.
    pub declarations: Option<Declarations>,
    /// The approval, while there is one.
    pub approval: Option<ApprovalView>,
    /// What the editor last said to the author.
    pub said: Option<String>,
}

crate::values::redacted! { TextView { revision, writer, accepted, approval } }

/// An approval.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ApprovalView {
    /// The revision that was approved.
    pub revision: RevisionId,
    /// By whom.
    pub by: PersonId,
    /// When.
    pub at: DateTime<Utc>,
    /// Whether policy let one editor stand behind it alone.
    pub alone: bool,
}

/// A saved state of a text, in its author's list.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct RevisionView {
    /// The revision.
    pub id: RevisionId,
    /// Its number; the first is 1.
    pub number: u32,
    /// The one it was changed from.
    pub parent: Option<RevisionId>,
    /// Who wrote it.
    pub writer: PersonId,
    /// When.
    pub at: DateTime<Utc>,
    /// The text.
    pub text: ArticleText,
}

crate::values::redacted! { RevisionView { id, number, parent, writer } }

/// Whether the actor is one of the authors.
fn is_author(edition: &Edition, actor: &Actor) -> bool {
    actor
        .person()
        .is_some_and(|person| edition.authors.contains(&person))
}

impl Edition {
    /// The revision that an actor may read; `None` where that is none. Its authors and the editor
    /// who opened it read the newest; an editor reads what was handed in, and so does the second
    /// person of a house text while there is something to agree to.
    fn readable(&self, actor: &Actor) -> Option<RevisionId> {
        let opener = actor.is(Role::Editor) && actor.is_person(self.opened_by);
        if is_author(self, actor) || opener {
            return Some(self.head);
        }
        if !actor.is(Role::Editor) {
            let second = self.house && (actor.is(Role::Mentor) || actor.is(Role::Admin));
            let asked = matches!(self.state, EditionState::Submitted | EditionState::Approved);
            return (second && asked).then_some(self.head);
        }
        match self.state {
            EditionState::Submitted
            | EditionState::Approved
            | EditionState::Published
            | EditionState::Superseded => Some(self.head),
            EditionState::ChangesRequested | EditionState::Declined => {
                self.submitted.map(|(revision, _)| revision)
            }
            EditionState::Draft | EditionState::Withdrawn => None,
        }
    }
}

impl TextView {
    fn of(edition: &Edition, revision: Revision) -> Self {
        let Revision {
            id,
            edition: _,
            number: _,
            parent: _,
            digest: _,
            writer,
            at: _,
            text,
        } = revision;
        let approval = edition.approval.clone().map(|approval| {
            let Approval {
                revision,
                digest: _,
                by,
                at,
                alone,
            } = approval;
            ApprovalView {
                revision,
                by,
                at,
                alone,
            }
        });
        Self {
            revision: id,
            text,
            writer,
            accepted: edition.accepted.iter().copied().collect(),
            declarations: edition.declarations.clone(),
            approval,
            said: edition.said.clone(),
        }
    }
}

impl Desk {
    /// An edition: for its authors whole; for editors title and state, and the text once it is
    /// handed in.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] for everybody else.
    pub async fn edition(&self, id: EditionId) -> Result<EditionView, Error> {
        self.ensure_newsroom("read_edition")?;
        let mut reader = Reader::new(self.store());
        let edition: Edition = reader.need(id).await?;
        let readable = edition.readable(&self.actor);
        let may = readable.is_some() || self.actor.is(Role::Editor);
        may_read(may, "read_edition")?;
        let text = match readable {
            None => None,
            Some(revision) => Some(TextView::of(&edition, reader.need(revision).await?)),
        };
        Ok(EditionView {
            card: Outline::of(&edition).card(id),
            text,
        })
    }

    /// The editions in a state, longest unchanged first: up to 100, after one. For editors.
    ///
    /// # Errors
    /// [`Error::Refused`] for everybody else.
    pub async fn editions(
        &self,
        state: EditionState,
        after: Option<&EditionCard>,
    ) -> Result<Vec<EditionCard>, Error> {
        may_read(self.actor.is(Role::Editor), "read_editions")?;
        let prefix = || KeyParts::new().text(state.code());
        let after = after.map(|card| (prefix().time(card.changed_at).key(), card.id));
        self.cards(Range::prefix(BY_STATE, prefix().key()), after)
            .await
    }

    /// The editions whose author the actor is, oldest first: up to 100, after one.
    ///
    /// # Errors
    /// [`Error::Refused`] for the clock and visitors.
    pub async fn own_editions(
        &self,
        after: Option<&EditionCard>,
    ) -> Result<Vec<EditionCard>, Error> {
        self.ensure_newsroom("read_own_editions")?;
        let Some(person) = self.actor.person() else {
            return Ok(Vec::new());
        };
        let prefix = || KeyParts::new().id(person.uuid());
        let after = after.map(|card| (prefix().time(card.opened_at).key(), card.id));
        self.cards(Range::prefix(BY_AUTHOR, prefix().key()), after)
            .await
    }

    async fn cards(
        &self,
        range: Range,
        after: Option<(Key, EditionId)>,
    ) -> Result<Vec<EditionCard>, Error> {
        let hits = self.page::<Edition>(range, after, Want::Card).await?;
        let card = |hit: &Hit| {
            let id = EditionId::from_uuid(hit.at.id);
            Ok(decode_cover::<Outline>(hit)?.card(id))
        };
        hits.iter().map(card).collect()
    }

    /// The saved states of a text, oldest first: up to 100, after a number. For its authors.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] for everybody else.
    pub async fn revisions(
        &self,
        edition: EditionId,
        after: u32,
    ) -> Result<Vec<RevisionView>, Error> {
        self.ensure_newsroom("read_revisions")?;
        let mut reader = Reader::new(self.store());
        let edition: Edition = reader.need(edition).await?;
        may_read(is_author(&edition, &self.actor), "read_revisions")?;
        let prefix = || KeyParts::new().id(edition.id.uuid());
        let mut range = Range::prefix(REVISIONS, prefix().key());
        let first = u64::from(after).saturating_add(1);
        range.from = Some(Position::key(prefix().number(first).key()));
        let revisions = reader.members::<Revision>(range, limits::PAGE).await?;
        let view = |revision: Revision| {
            let Revision {
                id,
                edition: _,
                number,
                parent,
                digest: _,
                writer,
                at,
                text,
            } = revision;
            RevisionView {
                id,
                number,
                parent,
                writer,
                at,
                text,
            }
        };
        Ok(revisions.into_iter().map(view).collect())
    }
}
