//! The audit log as the desk reads it.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::article::Variant;
use crate::assignment::Assignment;
use crate::claim::Claim;
use crate::desk::{Desk, page_size};
use crate::edition::Edition;
use crate::ids::{
    AssignmentId, BylineId, ClaimId, ConsentId, EditionId, Id, PageRef, PersonId, VariantId,
};
use crate::kernel::{ActedBy, Actor, AuditRecord, Document, Error, Fact, Reader, Role};
use crate::record::{Byline, Consent};
use crate::store::Seq;

/// A page of the audit log.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct AuditPage {
    /// What the reader may read of it, oldest first.
    pub lines: Vec<AuditRecord>,
    /// The last commit that the page covers: the next page begins after it. A page that reaches no
    /// further than what it was asked to begin after is the end of the log, so far.
    pub reached: Seq,
}

impl Desk {
    /// What was done after a commit, oldest first: of up to `limit` commits, 1 to 100.
    ///
    /// Editors read the whole log. Admins read all that was done, but not who did what reporters
    /// do, or what concerns a byline or a consent: who holds a claim and who is behind a byline is
    /// not theirs to know. A contact reads what
    /// was done for their units. Everybody reads what they did, and what was done to their own:
    /// their texts, claims, ideas, bylines and consents; of a line only that.
    ///
    /// A page may hold no line and yet not be the last: `reached` tells.
    ///
    /// # Errors
    /// [`Error::Invalid`] for another limit; [`Error::Refused`] for the clock and visitors.
    pub async fn audit(&self, after: Seq, limit: usize) -> Result<AuditPage, Error> {
        self.ensure_newsroom("read_audit")?;
        let changes = self.store().changes(after, page_size(limit)?).await?;
        let mut lines = Vec::new();
        for record in &changes.records {
            lines.extend(AuditRecord::lines(record)?);
        }
        let facts = lines.iter().flat_map(|line| &line.facts);
        let own = Own::among(facts, &self.actor, &mut Reader::new(self.store())).await?;
        let lines = lines.into_iter();
        Ok(AuditPage {
            lines: lines.filter_map(|line| own.shown(line)).collect(),
            reached: changes.records.last().map_or(after, |record| record.seq),
        })
    }
}

/// What a fact is about.
enum Subject {
    /// The newsroom itself, its records and occasions: nobody's own.
    Newsroom,
    Person(PersonId),
    Byline(BylineId),
    Consent(ConsentId),
    Assignment(AssignmentId),
    Claim(ClaimId),
    Edition(EditionId),
    Variant(VariantId),
}

impl Subject {
    fn of(fact: &Fact) -> Self {
        match fact {
            Fact::NewsroomFounded { .. }
            | Fact::SiteRebuilt { .. }
            | Fact::DocumentsUpgraded { .. }
            | Fact::SchemaRaised { .. }
            | Fact::RecordPut { .. }
            | Fact::RecordPublished { .. }
            | Fact::RecordHidden { .. }
            | Fact::RecordArchived { .. }
            | Fact::OccasionPut { .. }
            | Fact::OccasionConfirmed { .. }
            | Fact::OccasionTookPlace { .. }
            | Fact::OccasionCancelled { .. }
            | Fact::RedirectDropped {
                page: PageRef::Project(_) | PageRef::Event(_),
            } => Self::Newsroom,
            Fact::PersonPut { person }
            | Fact::ReporterAdmitted { person }
            | Fact::ReporterRested { person } => Self::Person(*person),
            Fact::BylineCreated { byline }
            | Fact::BylineChanged { byline, .. }
            | Fact::BylineLookedUp { byline } => Self::Byline(*byline),
            Fact::ConsentGiven { consent } | Fact::ConsentWithdrawn { consent } => {
                Self::Consent(*consent)
            }
            Fact::AssignmentProposed { assignment }
            | Fact::AssignmentRevised { assignment }
            | Fact::AssignmentReturned { assignment }
            | Fact::AssignmentOpened { assignment }
            | Fact::AssignmentClosed { assignment }
            | Fact::AssignmentReopened { assignment }
            | Fact::AssignmentCompleted { assignment }
            | Fact::AssignmentCancelled { assignment } => Self::Assignment(*assignment),
            Fact::AssignmentClaimed { claim, .. }
            | Fact::ClaimReleased { claim }
            | Fact::ClaimDelivered { claim }
            | Fact::ClaimReturned { claim }
            | Fact::ClaimFulfilled { claim }
            | Fact::ClaimCancelled { claim } => Self::Claim(*claim),
            Fact::ArticleStarted { edition, .. }
            | Fact::EditionOpened { edition, .. }
            | Fact::TextSaved { edition, .. }
            | Fact::TextEdited { edition, .. }
            | Fact::EditSetAside { edition, .. }
            | Fact::EditionSubmitted { edition, .. }
            | Fact::EditionPulledBack { edition }
            | Fact::ChangesRequested { edition }
            | Fact::EditAccepted { edition, .. }
            | Fact::EditionApproved { edition, .. }
            | Fact::ApprovalDismissed { edition, .. }
            | Fact::EditionDeclined { edition, .. }
            | Fact::EditionWithdrawn { edition }
            | Fact::EditionReopened { edition }
            | Fact::EditionSuperseded { edition }
            | Fact::ArticlePublished { edition, .. } => Self::Edition(*edition),
            Fact::VariantUnpublished { variant, .. }
            | Fact::VariantRepublished { variant }
            | Fact::VariantPaused { variant }
            | Fact::PauseLifted { variant }
            | Fact::RedirectDropped {
                page: PageRef::Article(variant),
            } => Self::Variant(*variant),
        }
    }
}

/// Which of the things that some facts are about are the reader's own, or their unit's.
struct Own<'a> {
    actor: &'a Actor,
    bylines: BTreeSet<BylineId>,
    consents: BTreeSet<ConsentId>,
    ideas: BTreeSet<AssignmentId>,
    units: BTreeSet<AssignmentId>,
    claims: BTreeSet<ClaimId>,
    editions: BTreeSet<EditionId>,
    variants: BTreeSet<VariantId>,
}

impl<'a> Own<'a> {
    /// Reads whose the things are; nothing for those who read the whole log.
    async fn among(
        facts: impl Iterator<Item = &Fact>,
        actor: &'a Actor,
        reader: &mut Reader<'_>,
    ) -> Result<Self, Error> {
        let mut own = Self {
            actor,
            bylines: BTreeSet::new(),
            consents: BTreeSet::new(),
            ideas: BTreeSet::new(),
            units: BTreeSet::new(),
            claims: BTreeSet::new(),
            editions: BTreeSet::new(),
            variants: BTreeSet::new(),
        };
        if actor.is(Role::Editor) {
            return Ok(own);
        }
        let mut assignments = BTreeSet::new();
        for fact in facts {
            match Subject::of(fact) {
                Subject::Byline(id) => drop(own.bylines.insert(id)),
                Subject::Consent(id) => drop(own.consents.insert(id)),
                Subject::Assignment(id) => drop(assignments.insert(id)),
                Subject::Claim(id) => drop(own.claims.insert(id)),
                Subject::Edition(id) => drop(own.editions.insert(id)),
                Subject::Variant(id) => drop(own.variants.insert(id)),
                Subject::Newsroom | Subject::Person(_) => {}
            }
        }
        own.bylines = kept(reader, own.bylines, |byline: &Byline| {
            actor.is_person(byline.person)
        })
        .await?;
        own.consents = kept(reader, own.consents, |consent: &Consent| {
            actor.is_person(consent.subject)
        })
        .await?;
        own.claims = kept(reader, own.claims, |claim: &Claim| {
            actor.is_person(claim.reporter)
        })
        .await?;
        own.ideas = kept(reader, assignments.clone(), |assignment: &Assignment| {
            actor.is_person(assignment.proposer)
        })
        .await?;
        own.units = kept(reader, assignments, |assignment: &Assignment| {
            let unit = assignment.offer.unit;
            unit.is_some_and(|unit| actor.speaks_for(unit))
        })
        .await?;
        own.editions = kept(reader, own.editions, |edition: &Edition| {
            is_authors(edition, actor)
        })
        .await?;
        own.variants = own.variants_among(reader).await?;
        Ok(own)
    }

    /// A page is its authors': of the edition that is public, or was last.
    async fn variants_among(&self, reader: &mut Reader<'_>) -> Result<BTreeSet<VariantId>, Error> {
        let ids: Vec<VariantId> = self.variants.iter().copied().collect();
        let variants = reader.find_all::<Variant>(&ids).await?;
        let latest = variants.into_iter().flatten().filter_map(|variant| {
            let latest = variant.latest?;
            Some((variant.id, latest.edition))
        });
        let (ids, editions): (Vec<VariantId>, Vec<EditionId>) = latest.unzip();
        let editions = reader.find_all::<Edition>(&editions).await?;
        let own = ids.into_iter().zip(editions).filter(|(_, edition)| {
            (edition.as_ref()).is_some_and(|edition| is_authors(edition, self.actor))
        });
        Ok(own.map(|(id, _)| id).collect())
    }

    /// Whether what happened happened to something of the reader's.
    fn concerns(&self, fact: &Fact) -> bool {
        match Subject::of(fact) {
            Subject::Newsroom => false,
            Subject::Person(id) => self.actor.is_person(id),
            Subject::Byline(id) => self.bylines.contains(&id),
            Subject::Consent(id) => self.consents.contains(&id),
            Subject::Assignment(id) => self.ideas.contains(&id),
            Subject::Claim(id) => self.claims.contains(&id),
            Subject::Edition(id) => self.editions.contains(&id),
            Subject::Variant(id) => self.variants.contains(&id),
        }
    }

    /// Whether what happened was done for a unit that the reader speaks for.
    fn is_units(&self, fact: &Fact) -> bool {
        matches!(Subject::of(fact), Subject::Assignment(id) if self.units.contains(&id))
    }

    /// A line as far as the reader may read it.
    fn shown(&self, mut line: AuditRecord) -> Option<AuditRecord> {
        let theirs = match line.by {
            Some(ActedBy::Person(person)) => self.actor.is_person(person),
            _ => false,
        };
        if theirs || self.actor.is(Role::Editor) {
            return Some(line);
        }
        if self.actor.is(Role::Admin) {
            let own = |fact: &Fact| match fact {
                Fact::BylineLookedUp { .. } => false,
                fact => matches!(Subject::of(fact), Subject::Byline(_) | Subject::Consent(_)),
            };
            let for_themselves =
                matches!(line.role, None | Some(Role::Reporter)) || line.facts.iter().any(own);
            line.by = line.by.filter(|by| match by {
                ActedBy::Person(_) => !for_themselves,
                ActedBy::Clock | ActedBy::Visitor => true,
            });
            return Some(line);
        }
        let for_unit = line.role == Some(Role::UnitContact);
        line.facts
            .retain(|fact| self.concerns(fact) || (for_unit && self.is_units(fact)));
        (!line.facts.is_empty()).then_some(line)
    }
}

/// Those of some things that are whoever asks'.
async fn kept<D: Document>(
    reader: &mut Reader<'_>,
    ids: BTreeSet<D::Id>,
    is_own: impl Fn(&D) -> bool,
) -> Result<BTreeSet<D::Id>, Error>
where
    D::Id: Id,
{
    let ids: Vec<D::Id> = ids.into_iter().collect();
    let found = reader.find_all::<D>(&ids).await?.into_iter();
    let own = ids.into_iter().zip(found).filter(|(_, thing)| {
        let own = thing.as_ref().map(&is_own);
        own.unwrap_or(false)
    });
    Ok(own.map(|(id, _)| id).collect())
}

fn is_authors(edition: &Edition, actor: &Actor) -> bool {
    edition
        .authors
        .iter()
        .any(|author| actor.is_person(*author))
}
