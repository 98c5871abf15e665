//! What an assignment is.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::AssignmentState;
use crate::ids::{AssignmentId, EventId, Id, OrganisationId, PersonId, ProjectId};
use crate::kernel::{Document, KeyParts};
use crate::record::{Event, Kept, Organisation, Project};
use crate::site::listed;
use crate::store::{Collection, DocRef, Entry, Index};
use crate::values::{Coded, FaultCode, Faults, Flaw, coded, limits, text};

coded! {
    /// What kind of task it is.
    pub enum AssignmentKind {
        /// An interview.
        Interview = "interview", "Intervju", "Interview";
        /// A meeting.
        Meeting = "meeting", "Möte", "Meeting";
        /// A conference.
        Conference = "conference", "Konferens", "Conference";
        /// A lecture.
        Lecture = "lecture", "Föreläsning", "Lecture";
        /// Another happening.
        Occasion = "occasion", "Annan händelse", "Other happening";
        /// A working group to report from.
        WorkingGroup = "working_group", "Arbetsgrupp", "Working group";
        /// A development project to report from.
        DevelopmentProject = "development_project", "Utvecklingsprojekt", "Development project";
    }
}

/// What is offered.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    /// The unit that offers it; none for a reporter's or the newsroom's own idea.
    #[serde(default)]
    pub unit: Option<OrganisationId>,
    /// What kind of task it is.
    pub kind: AssignmentKind,
    /// Its title: up to 200 characters.
    pub title: String,
    /// What it is about, in plain words: up to 10,000 characters.
    pub description: String,
    /// Where it takes place: up to 200 characters.
    #[serde(default)]
    pub place: Option<String>,
    /// What those who come should know about getting in and taking part: up to 10,000 characters.
    #[serde(default)]
    pub access: Option<String>,
    /// How many reporters it has places for: 1 to 50.
    pub places: u32,
    /// When claiming ends.
    #[serde(default)]
    pub claim_by: Option<DateTime<Utc>>,
    /// When the text is wanted.
    #[serde(default)]
    pub deliver_by: Option<DateTime<Utc>>,
    /// How much time the unit expects it to take, in minutes: 1 to 60,000.
    #[serde(default)]
    pub expected_minutes: Option<u32>,
    /// The event it reports on.
    #[serde(default)]
    pub event: Option<EventId>,
    /// The project it reports on.
    #[serde(default)]
    pub project: Option<ProjectId>,
}

crate::values::redacted! { Offer { unit, kind, places } }

impl Offer {
    /// An offer of which only title, kind and description are known: nobody's in particular, with
    /// a place for one reporter.
    ///
    /// # Examples
    ///
    /// ```
    /// use cmss_core::{AssignmentKind, Offer};
    ///
    /// let description = "Kom och skriv om hur det var.";
    /// let offer = Offer {
    ///     places: 2,
    ///     expected_minutes: Some(240),
    ///     ..Offer::titled("Skildra bokcirkeln", AssignmentKind::Meeting, description)
    /// };
    /// assert_eq!(offer.unit, None);
    /// ```
    #[must_use]
    pub fn titled(
        title: impl Into<String>,
        kind: AssignmentKind,
        description: impl Into<String>,
    ) -> Self {
        Self {
            unit: None,
            kind,
            title: title.into(),
            description: description.into(),
            place: None,
            access: None,
            places: 1,
            claim_by: None,
            deliver_by: None,
            expected_minutes: None,
            event: None,
            project: None,
        }
    }

    /// The most minutes an assignment may be expected to take.
    const MOST_MINUTES: u32 = 60_000;

    /// Every field checked and normalised.
    pub(crate) fn check(&self, faults: &mut Faults) -> Option<Self> {
        let title = faults.field("title", text::line(&self.title, limits::TITLE));
        let description = faults.field("description", text::prose(&self.description, limits::NOTE));
        let place = text::optional_line(self.place.as_deref(), limits::TITLE);
        let place = faults.field("place", place);
        let access = text::optional_prose(self.access.as_deref(), limits::NOTE);
        let access = faults.field("access", access);
        let places = faults.field("places", between(self.places, limits::PLACES));
        let minutes = self
            .expected_minutes
            .map(|m| between(m, Self::MOST_MINUTES))
            .transpose();
        let expected_minutes = faults.field("expected_minutes", minutes);
        if let (Some(claim_by), Some(deliver_by)) = (self.claim_by, self.deliver_by) {
            faults.ensure(
                "deliver_by",
                claim_by <= deliver_by,
                FaultCode::Inconsistent,
            );
        }
        Some(Self {
            unit: self.unit,
            kind: self.kind,
            title: title?,
            description: description?,
            place: place?,
            access: access?,
            places: places?,
            claim_by: self.claim_by,
            deliver_by: self.deliver_by,
            expected_minutes: expected_minutes?,
            event: self.event,
            project: self.project,
        })
    }

    /// What it refers to, which must be there.
    pub(crate) fn refers_to(&self) -> Vec<DocRef> {
        let unit = self.unit.map(Kept::<Organisation>::at);
        let event = self.event.map(Kept::<Event>::at);
        let project = self.project.map(Kept::<Project>::at);
        [unit, event, project].into_iter().flatten().collect()
    }
}

/// 1 to so many.
fn between(given: u32, most: u32) -> Result<u32, Flaw> {
    match given {
        0 => Err(Flaw::limit(FaultCode::TooSmall, 1, 0)),
        n if n > most => Err(Flaw::limit(
            FaultCode::TooLarge,
            u64::from(most),
            u64::from(n),
        )),
        n => Ok(n),
    }
}

/// Assignments by state, newest last.
pub(crate) const BY_STATE: Index = Index::new("assignment.state");
/// Assignments by the unit that offers them.
pub(crate) const BY_UNIT: Index = Index::new("assignment.unit");

/// An assignment as it is kept.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Assignment {
    pub(crate) id: AssignmentId,
    pub(crate) state: AssignmentState,
    pub(crate) offer: Offer,
    pub(crate) proposer: PersonId,
    /// What the editor last said when it was returned or called off.
    pub(crate) reason: Option<String>,
    pub(crate) proposed_at: DateTime<Utc>,
}

impl Document for Assignment {
    const COLLECTION: Collection = Collection::new("assignment");
    type Id = AssignmentId;

    fn id(&self) -> AssignmentId {
        self.id
    }

    fn entries(&self) -> Vec<Entry> {
        let state = KeyParts::new()
            .text(self.state.code())
            .time(self.proposed_at);
        let unit = self.offer.unit.map(|unit| {
            listed(
                BY_UNIT,
                KeyParts::new().id(unit.uuid()).time(self.proposed_at).key(),
            )
        });
        std::iter::once(listed(BY_STATE, state.key()))
            .chain(unit)
            .collect()
    }
}
