//! What the desk and the public see of an occasion.

use std::cmp::Ordering;

use chrono::{DateTime, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::model::{Audience, Certainty, Occasion, OccasionPlan, OccasionStatus, Segment};
use super::order::{moment, over_and_begins};
use crate::ids::{EventId, OccasionId};
use crate::site::{Face, PartRef, Parts, Press};
use crate::values::{Locale, Slug, When, hhmm};

/// An occasion as the desk sees it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct OccasionView {
    /// Its id.
    pub id: OccasionId,
    /// The event it belongs to.
    pub event: EventId,
    /// What became of it.
    pub status: OccasionStatus,
    /// How certain it is.
    pub certainty: Certainty,
    /// Why it was called off, as the public reads it.
    pub reason: Option<String>,
    /// What the newsroom works on.
    pub working: OccasionPlan,
    /// What the public sees while the event is public; `None` before the event was published with
    /// it.
    pub public: Option<OccasionPlan>,
    /// When it was planned.
    pub planned_at: DateTime<Utc>,
    /// When it last changed.
    pub edited_at: DateTime<Utc>,
}

impl From<Occasion> for OccasionView {
    fn from(occasion: Occasion) -> Self {
        let Occasion {
            id,
            event,
            status,
            certainty,
            reason,
            working,
            public,
            planned_at,
            edited_at,
        } = occasion;
        Self {
            id,
            event,
            status,
            certainty,
            reason,
            working,
            public,
            planned_at,
            edited_at,
        }
    }
}

impl OccasionView {
    /// How two stand to each other at the desk: by time, then theme, then id.
    pub(crate) fn in_order(&self, other: &Self) -> Ordering {
        moment(&self.working.when)
            .cmp(&moment(&other.working.when))
            .then_with(|| self.working.theme.cmp(&other.working.theme))
            .then_with(|| self.id.cmp(&other.id))
    }
}

/// An occasion as the site shows it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PublicOccasion {
    /// Its public id, which never changes.
    pub id: Uuid,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theme: Option<String>,
    /// When it is, as it was stated.
    pub when: When,
    /// The same as people read it, in the language of the event where that is Swedish, else in
    /// English.
    pub when_label: String,
    /// The instant it begins: RFC 3339 with the newsroom's offset. Absent unless the time is exact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<String>,
    /// The instant it ends, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<String>,
    /// How certain it is.
    pub certainty: Certainty,
    /// What became of it.
    pub status: OccasionStatus,
    /// Why it was called off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The groups that meet, where they are others than the event's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    /// Its parts, in the order of their times.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub segments: Vec<PublicSegment>,
    /// Whether residents are welcome.
    pub open_to_residents: bool,
    /// What those who come should know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A part of an occasion as the site shows it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PublicSegment {
    /// When it begins, local to the newsroom, on the day of the occasion.
    #[serde(with = "hhmm")]
    pub start: NaiveTime,
    /// When it ends, likewise.
    #[serde(with = "hhmm")]
    pub end: NaiveTime,
    /// What it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Whom it is for.
    pub audience: Audience,
}

impl From<Segment> for PublicSegment {
    fn from(segment: Segment) -> Self {
        let Segment {
            start,
            end,
            label,
            audience,
        } = segment;
        Self {
            start,
            end,
            label,
            audience,
        }
    }
}

/// An occasion as lists show it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OccasionItem {
    /// The event it belongs to.
    pub event: PartRef,
    /// The occasion.
    pub occasion: PublicOccasion,
}

impl PublicOccasion {
    /// How two stand to each other on their event's page: by time, then theme, then public id.
    pub(crate) fn in_order(&self, other: &Self) -> Ordering {
        moment(&self.when)
            .cmp(&moment(&other.when))
            .then_with(|| self.theme.cmp(&other.theme))
            .then_with(|| self.id.cmp(&other.id))
    }

    /// The document by which lists find it, given its event's part and address.
    pub(crate) fn face(&self, event: Uuid, slug: &Slug, press: &Press<'_>) -> Face {
        let mut parts = Parts::new();
        let item = OccasionItem {
            event: parts.refer_to(event),
            occasion: self.clone(),
        };
        let over = over_and_begins(&self.when, press.zone);
        Face::occasion(self.id, &item, &parts, over, slug)
    }
}

impl Occasion {
    /// What the public sees of it while its event is public: nothing before the event was
    /// published with it.
    pub(crate) fn shown(&self, locale: Locale, press: &Press<'_>) -> Option<PublicOccasion> {
        let Self {
            id,
            event: _,
            status,
            certainty,
            reason,
            working: _,
            public,
            planned_at: _,
            edited_at: _,
        } = self;
        let OccasionPlan {
            when,
            theme,
            place,
            groups,
            segments,
            open_to_residents,
            note,
        } = public.clone()?;
        let time = |instant: DateTime<chrono_tz::Tz>| press.time(instant.to_utc());
        Some(PublicOccasion {
            id: press.page(*id),
            theme,
            when,
            when_label: when.label(locale),
            starts_at: when.starts_at(press.zone).map(time),
            ends_at: when.ends_at(press.zone).map(time),
            certainty: *certainty,
            status: *status,
            reason: reason.clone(),
            place,
            groups,
            segments: segments.into_iter().map(PublicSegment::from).collect(),
            open_to_residents,
            note,
        })
    }
}
