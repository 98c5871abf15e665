//! What the decisions on an edition rest on.

use std::collections::BTreeSet;

use super::machine::EditionEvent as Event;
use super::{Edition, EditionState, MACHINE};
use crate::article::{Article, Gates, Revision, Variant};
use crate::claim::{self, Claim, ClaimEvent};
use crate::desk::{Changes, Context};
use crate::ids::{EditionId, PersonId, RevisionId};
use crate::kernel::{
    Actor, Capacity, Denied, EditConflict, Error, Guard, Guards, HouseTexts, Policy, Reader, Role,
    Standing,
};
use crate::publication::{self, PublicationEvent};
use crate::values::{ArticleText, Coded};

/// An edition with what stands around it.
#[derive(Debug)]
pub(crate) struct Scene {
    pub(crate) article: Article,
    pub(crate) variant: Variant,
    pub(crate) edition: Edition,
    pub(crate) head: Revision,
    /// The revision a command names, where it is not the head.
    named: Option<Revision>,
    /// The claims that a first edition delivers on.
    pub(crate) claims: Vec<Claim>,
}

impl Scene {
    /// Reads an edition; `named` is the revision that the command names as the head it saw.
    pub(crate) async fn read(
        reader: &mut Reader<'_>,
        id: EditionId,
        named: Option<RevisionId>,
    ) -> Result<Self, Error> {
        let edition: Edition = reader.need(id).await?;
        let article: Article = reader.need(edition.article).await?;
        let variant: Variant = reader.need(edition.variant).await?;
        let head: Revision = reader.need(edition.head).await?;
        let named = match named.filter(|named| *named != head.id) {
            None => None,
            Some(named) => Some(reader.need::<Revision>(named).await?),
        };
        let mut claims = Vec::new();
        if let (Some(assignment), None) = (article.assignment, edition.base) {
            for author in &edition.authors {
                let claim = claim::of_reporter(reader, assignment, *author).await?;
                claims.extend(claim.filter(|claim| claim.article == Some(article.id)));
            }
        }
        Ok(Self {
            article,
            variant,
            edition,
            head,
            named,
            claims,
        })
    }

    /// Reads an edition, and what the gates look at, for the head.
    pub(crate) async fn with_gates(
        reader: &mut Reader<'_>,
        id: EditionId,
        named: RevisionId,
    ) -> Result<(Self, Gates), Error> {
        let scene = Self::read(reader, id, Some(named)).await?;
        let gates = Gates::read(reader, &scene.article, &scene.head.text).await?;
        Ok((scene, gates))
    }

    /// How the actor stands to it.
    pub(crate) fn standing(&self, actor: &Actor) -> Standing {
        let edition = &self.edition;
        let editor = actor.is(Role::Editor);
        let second = edition.house && (editor || actor.is(Role::Mentor) || actor.is(Role::Admin));
        Standing::of(actor)
            .author_of(actor, &edition.authors)
            .when(
                editor && actor.is_person(edition.opened_by),
                Capacity::Opener,
            )
            .when(second, Capacity::SecondPerson)
    }

    /// The guards on state and standing, and where the event leads.
    pub(crate) fn judge(
        &self,
        event: Event,
        actor: &Actor,
        policy: &Policy,
        guards: &mut Guards,
    ) -> Option<(EditionState, Capacity)> {
        let to = MACHINE.judge(
            Some(self.edition.state),
            event,
            &self.standing(actor),
            guards,
        );
        match event {
            Event::SetAside => {
                guards.ensure(self.head_is_editors(), Guard::HeadIsAuthors);
            }
            Event::Reopen => {
                if let Some(edition) = self.variant.open {
                    guards.push(Guard::EditionOpen { edition });
                }
                let live = self.variant.latest.as_ref().map(|latest| latest.revision);
                guards.ensure(live == self.edition.base, Guard::BaseNotLive);
            }
            Event::Publish => {
                self.judge_acceptance(guards);
                let declared = self.edition.declarations.as_ref();
                let declared = declared.is_some_and(|declared| declared.no_client_information);
                guards.ensure(declared, Guard::NotDeclared);
                let publication = self.variant.publication;
                let live = publication::MACHINE.follow(Some(publication), PublicationEvent::GoLive);
                guards.ensure(
                    live.is_some(),
                    Guard::WrongState {
                        machine: publication::MACHINE.name.into(),
                        state: publication.code().into(),
                        event: PublicationEvent::GoLive.code().into(),
                    },
                );
            }
            Event::Approve => {
                self.judge_acceptance(guards);
                let second = self.second_person(actor) || self.may_stand_alone(policy);
                guards.ensure(second, Guard::SecondPersonNeeded);
            }
            _ => {}
        }
        to
    }

    /// The guards on the text of the head; what is live keeps its bylines.
    pub(crate) fn judge_gates(&self, gates: &Gates, guards: &mut Guards) {
        let latest = self.variant.latest.as_ref();
        let keeps = latest.map_or(&[][..], |latest| &latest.bylines);
        gates.judge(&self.head.text, &self.edition.authors, keeps, guards);
    }

    /// Whether the newest revision is not an author's.
    fn head_is_editors(&self) -> bool {
        self.edition.head != self.edition.authors_head
    }

    /// The event of a save: whose it is depends on the state, since an author is an author first,
    /// except where the text is handed in.
    pub(crate) fn save_event(&self, actor: &Actor) -> Event {
        let standing = self.standing(actor);
        let author = standing.is(Capacity::Author);
        match self.edition.state {
            // One event for all states, as which it is tells of the state.
            _ if !standing.is_concerned() => Event::Save,
            EditionState::Submitted => Event::Edit,
            EditionState::Approved if author => Event::AuthorEdit,
            EditionState::Approved => Event::EditorEdit,
            EditionState::Draft
            | EditionState::ChangesRequested
            | EditionState::Published
            | EditionState::Superseded
            | EditionState::Withdrawn
            | EditionState::Declined => Event::Save,
        }
    }

    /// Who has written or accepted exactly the head.
    pub(crate) fn stand_behind(&self) -> BTreeSet<PersonId> {
        let mut persons = self.edition.accepted.clone();
        persons.insert(self.head.writer);
        persons
    }

    /// The guard that every author stands behind the exact text.
    pub(crate) fn judge_acceptance(&self, guards: &mut Guards) {
        let behind = self.stand_behind();
        let authors = self.edition.authors.iter();
        let by: Vec<_> = authors
            .filter(|author| !behind.contains(author))
            .copied()
            .collect();
        guards.ensure(by.is_empty(), Guard::NotAccepted { by });
    }

    /// Whether somebody other than the approver has written or accepted exactly the head.
    pub(crate) fn second_person(&self, approver: &Actor) -> bool {
        self.stand_behind()
            .iter()
            .any(|person| !approver.is_person(*person))
    }

    /// Whether policy lets one editor stand behind the text.
    fn may_stand_alone(&self, policy: &Policy) -> bool {
        self.edition.house && policy.house_texts == HouseTexts::Alone
    }

    /// The move that was judged. Refuses when guards fail; answers a conflict instead when the
    /// revision that the command names is not the head, since it is the head that the other guards
    /// have judged. Who is not permitted learns nothing of either text, nor does who comes in the
    /// wrong state: an editor who approves what its author has taken back is not handed the draft.
    pub(crate) fn pass(
        &self,
        to: Option<(EditionState, Capacity)>,
        guards: Guards,
        command: &'static str,
        actor: &Actor,
        mine: Option<&ArticleText>,
    ) -> Result<(EditionState, Capacity), Denied> {
        let Some(named) = self.named.as_ref().filter(|_| guards.is_theirs()) else {
            return guards.pass_move(to, command);
        };
        Err(Denied::Conflict(Box::new(EditConflict {
            edition: self.edition.id,
            named: named.id,
            head: self.head.id,
            base: self
                .may_have_read(named, actor)
                .then(|| Box::new(named.text.clone())),
            theirs: Box::new(self.head.text.clone()),
            mine: mine.cloned().map(Box::new),
        })))
    }

    /// Whether an actor who may read the head may have read this revision too: knowing its id is
    /// not enough. Those who write read all of the edition; others what was handed in last, and
    /// what was written since by anybody but its authors.
    fn may_have_read(&self, revision: &Revision, actor: &Actor) -> bool {
        let edition = &self.edition;
        if Some(revision.id) == edition.base {
            return true;
        }
        let writes = self
            .standing(actor)
            .first(&[Capacity::Author, Capacity::Opener])
            .is_some();
        let handed_in = edition
            .submitted
            .is_some_and(|(named, _)| named == revision.id);
        let edited = !edition.authors.contains(&revision.writer);
        revision.edition == edition.id && (writes || handed_in || edited)
    }

    /// Moves the claims along.
    pub(crate) fn move_claims(&mut self, event: ClaimEvent, changes: &mut Changes) {
        for claim in std::mem::take(&mut self.claims) {
            claim.follow(event, changes);
        }
    }

    /// Adds a revision after the head, and makes it the head.
    pub(crate) fn add_revision(
        &mut self,
        text: ArticleText,
        writer: PersonId,
        by_author: bool,
        cx: &mut Context<'_>,
        changes: &mut Changes,
    ) {
        let edition = &mut self.edition;
        edition.revisions = edition.revisions.saturating_add(1);
        let revision = Revision {
            id: cx.mint.id(),
            edition: edition.id,
            number: edition.revisions,
            parent: Some(edition.head),
            digest: text.digest(),
            writer,
            at: cx.now,
            text,
        };
        edition.head = revision.id;
        edition.title.clone_from(&revision.text.headline);
        if by_author {
            edition.authors_head = revision.id;
        }
        edition.accepted.clear();
        edition.approval = None;
        changes.put(&revision);
        self.head = revision;
    }
}
