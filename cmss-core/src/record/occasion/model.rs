//! What an occasion is.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::ids::{EventId, Id, OccasionId};
use crate::kernel::{Document, Error, KeyParts, Reader};
use crate::site::listed;
use crate::store::{Collection, Entry, Index, Range};
use crate::values::{FaultCode, Faults, Flaw, When, check_time, coded, hhmm, limits, text};

coded! {
    /// What became of an occasion. How certain it is stands beside this: see [`Certainty`].
    pub enum OccasionStatus {
        /// It is to take place.
        Planned = "planned", "Planerad", "Planned";
        /// It was called off.
        Cancelled = "cancelled", "Inställd", "Cancelled";
        /// It is over, and it did take place.
        TookPlace = "took_place", "Har ägt rum", "Took place";
    }
}

coded! {
    /// How certain it is that an occasion takes place, or would have: it is kept apart from the
    /// status, so that a tentative occasion may be called off as it is.
    pub enum Certainty {
        /// It is settled.
        Confirmed = "confirmed", "Bekräftad", "Confirmed";
        /// It may still change.
        Tentative = "tentative", "Preliminär", "Tentative";
    }
}

coded! {
    /// Whom a part of an occasion is for.
    pub enum Audience {
        /// Whoever comes.
        Everyone = "everyone", "Alla", "Everyone";
        /// Residents.
        Residents = "residents", "Invånare", "Residents";
        /// Those who work there.
        Staff = "staff", "Medarbetare", "Staff";
    }
}

/// A part of an occasion that has its own time.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Segment {
    /// When it begins, in whole minutes.
    #[serde(with = "hhmm")]
    pub start: NaiveTime,
    /// When it ends, in whole minutes.
    #[serde(with = "hhmm")]
    pub end: NaiveTime,
    /// What it is: up to 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Whom it is for.
    pub audience: Audience,
}

/// What is planned: nothing of it is private once the event is published with it.
///
/// Spelled as JSON, up to 3,000 bytes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OccasionPlan {
    /// When it is, as exactly as is known.
    pub when: When,
    /// What it is about: up to 200 characters. An occasion may have no title of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theme: Option<String>,
    /// Where it is: up to 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The groups that meet, where they are others than the event's: up to 10 names of up to 200
    /// characters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    /// Its parts, up to 20: they lie inside it, and those for the same audience do not overlap.
    /// Only an occasion that has an exact beginning and end has any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub segments: Vec<Segment>,
    /// Whether residents are welcome.
    #[serde(default)]
    pub open_to_residents: bool,
    /// What those who come should know: up to 1,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl OccasionPlan {
    /// A plan of which only the time is known.
    #[must_use]
    pub const fn at(when: When) -> Self {
        Self {
            when,
            theme: None,
            place: None,
            groups: Vec::new(),
            segments: Vec::new(),
            open_to_residents: false,
            note: None,
        }
    }

    /// Every field checked and normalised; segments stand in the order of their times.
    pub(crate) fn check(&self, faults: &mut Faults, zone: Tz) -> Option<Self> {
        let when = faults.within("when", |faults| self.when.check(faults, zone));
        let theme = text::optional_line(self.theme.as_deref(), limits::TITLE);
        let theme = faults.field("theme", theme);
        let place = text::optional_line(self.place.as_deref(), limits::TITLE);
        let place = faults.field("place", place);
        let groups = group_names(faults, &self.groups, limits::OCCASION_GROUPS);
        let segments = self.check_segments(faults, zone);
        let note = text::optional_prose(self.note.as_deref(), limits::LEAD);
        let note = faults.field("note", note);
        let plan = Self {
            when: when?,
            theme: theme?,
            place: place?,
            groups: groups?,
            segments: segments?,
            open_to_residents: self.open_to_residents,
            note: note?,
        };
        let bytes = serde_json::to_string(&plan).map_or(usize::MAX, |spelled| spelled.len());
        if bytes > limits::OCCASION_BYTES {
            let (limit, given) = (limits::OCCASION_BYTES as u64, bytes as u64);
            faults.push("", Flaw::limit(FaultCode::TooLong, limit, given));
        }
        Some(plan)
    }

    fn check_segments(&self, faults: &mut Faults, zone: Tz) -> Option<Vec<Segment>> {
        faults.at_most("segments", self.segments.len(), limits::SEGMENTS);
        if self.segments.len() > limits::SEGMENTS {
            return None;
        }
        let frame = match self.when {
            When::Exact {
                date,
                start,
                end: Some(end),
            } => Some((date, start, end)),
            _ => None,
        };
        let framed = frame.is_some() || self.segments.is_empty();
        faults.ensure("segments", framed, FaultCode::Inconsistent);
        let segments = faults.each("segments", &self.segments, |faults, segment| {
            segment.check(faults, frame, zone)
        });
        for (index, segment) in self.segments.iter().enumerate() {
            let mut earlier = self.segments.iter().take(index);
            let overlaps = earlier.any(|other| segment.overlaps(other));
            let name = format!("segments[{index}]");
            faults.ensure(&name, !overlaps, FaultCode::Inconsistent);
        }
        let mut segments = segments?;
        segments.sort_by_key(|segment| (segment.start, segment.end));
        Some(segments)
    }
}

impl Segment {
    /// Every field checked and normalised. The frame is the day, beginning and end of the
    /// occasion.
    fn check(
        &self,
        faults: &mut Faults,
        frame: Option<(NaiveDate, NaiveTime, NaiveTime)>,
        zone: Tz,
    ) -> Option<Self> {
        if let Some((date, ..)) = frame {
            check_time(faults, "start", date, self.start, zone);
            check_time(faults, "end", date, self.end, zone);
        }
        // A faulty frame is a fault of its own.
        let inside = |time| {
            frame.is_none_or(|(_, from, until)| until <= from || (from <= time && time <= until))
        };
        let ends_inside = inside(self.end) && self.start < self.end;
        faults.ensure("start", inside(self.start), FaultCode::Inconsistent);
        faults.ensure("end", ends_inside, FaultCode::Inconsistent);
        let label = text::optional_line(self.label.as_deref(), limits::TITLE);
        let label = faults.field("label", label);
        Some(Self {
            start: self.start,
            end: self.end,
            label: label?,
            audience: self.audience,
        })
    }

    /// Whether both are for the same audience at the same time.
    fn overlaps(&self, other: &Self) -> bool {
        let both = self.start.max(other.start) < self.end.min(other.end);
        both && self.audience == other.audience
    }
}

/// Names of groups: up to so many, none twice.
pub(crate) fn group_names(
    faults: &mut Faults,
    given: &[String],
    most: usize,
) -> Option<Vec<String>> {
    faults.at_most("groups", given.len(), most);
    let names = faults.each("groups", given, |faults, name| {
        faults.field("", text::line(name, limits::TITLE))
    })?;
    faults.unique("groups", &names);
    Some(names)
}

/// Occasions by their event, in the order in which they were planned.
const BY_EVENT: Index = Index::new("occasion.event");

/// An occasion as it is kept.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Occasion {
    pub(crate) id: OccasionId,
    pub(crate) event: EventId,
    pub(crate) status: OccasionStatus,
    pub(crate) certainty: Certainty,
    /// Why it was called off, as the public reads it.
    pub(crate) reason: Option<String>,
    /// What the newsroom works on.
    pub(crate) working: OccasionPlan,
    /// What the public sees while the event is public; none before the event was published with
    /// it.
    pub(crate) public: Option<OccasionPlan>,
    pub(crate) planned_at: DateTime<Utc>,
    pub(crate) edited_at: DateTime<Utc>,
}

impl Occasion {
    /// The occasions of an event.
    pub(crate) fn of(event: EventId) -> Range {
        Range::prefix(BY_EVENT, KeyParts::new().id(event.uuid()).key())
    }

    /// Every occasion of an event.
    pub(crate) async fn all(reader: &mut Reader<'_>, event: EventId) -> Result<Vec<Self>, Error> {
        // One more than there can be: so that the range read is seen to end.
        let limit = limits::OCCASIONS as usize + 1;
        reader.members(Self::of(event), limit).await
    }

    /// Makes the working copy what the public sees. One that was called off before anybody saw it
    /// stays unseen. Answers whether anything changed.
    pub(crate) fn publish(&mut self) -> bool {
        let unseen = self.public.is_none() && self.status == OccasionStatus::Cancelled;
        let changes = !unseen && self.public.as_ref() != Some(&self.working);
        if changes {
            self.public = Some(self.working.clone());
        }
        changes
    }
}

impl Document for Occasion {
    const COLLECTION: Collection = Collection::new("occasion");
    type Id = OccasionId;

    fn id(&self) -> OccasionId {
        self.id
    }

    fn entries(&self) -> Vec<Entry> {
        let key = KeyParts::new().id(self.event.uuid()).time(self.planned_at);
        vec![listed(BY_EVENT, key.key())]
    }
}
