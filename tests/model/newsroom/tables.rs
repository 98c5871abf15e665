//! What the rows of the tables hold.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{After, Covers, OfferText, Text};
use crate::cast::Person;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum TaskState {
    Proposed,
    Open,
    Closed,
    Completed,
    Cancelled,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Task {
    pub(crate) state: TaskState,
    pub(crate) offer: OfferText,
    pub(crate) proposer: Person,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ClaimState {
    Active,
    Delivered,
    Fulfilled,
    Released,
    Cancelled,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Claim {
    pub(crate) task: usize,
    pub(crate) reporter: Person,
    pub(crate) state: ClaimState,
    /// The variant that delivers on it.
    pub(crate) variant: Option<usize>,
}

impl Claim {
    pub(crate) fn holds_a_place(&self) -> bool {
        !matches!(self.state, ClaimState::Released | ClaimState::Cancelled)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum EditionState {
    Draft,
    Submitted,
    ChangesRequested,
    Approved,
    Published,
    Superseded,
    Withdrawn,
    Declined,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Revision {
    pub(crate) edition: usize,
    pub(crate) writer: Person,
    pub(crate) text: Text,
}

/// Who approved which revision.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Approval {
    pub(crate) revision: usize,
    pub(crate) by: Person,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Edition {
    pub(crate) variant: usize,
    pub(crate) state: EditionState,
    pub(crate) authors: Vec<Person>,
    pub(crate) house: bool,
    pub(crate) opened_by: Person,
    pub(crate) base: Option<usize>,
    pub(crate) head: usize,
    /// The last revision that an author wrote.
    pub(crate) own: usize,
    pub(crate) accepted: BTreeSet<Person>,
    pub(crate) declared: bool,
    pub(crate) approval: Option<Approval>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum PageState {
    Never,
    Live,
    Unpublished,
    Paused,
}

/// What was last public of a variant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Latest {
    pub(crate) edition: usize,
    pub(crate) revision: usize,
}

/// A variant; each article has one, in the same row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Variant {
    pub(crate) task: Option<usize>,
    pub(crate) english: bool,
    pub(crate) state: PageState,
    pub(crate) open: Option<usize>,
    pub(crate) latest: Option<Latest>,
    pub(crate) slug: Option<String>,
    /// Old addresses, newest first.
    pub(crate) old: Vec<String>,
    pub(crate) first: Option<DateTime<Utc>>,
    pub(crate) updated: Option<DateTime<Utc>>,
    pub(crate) after: After,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Byline {
    pub(crate) person: Person,
    pub(crate) name: Option<usize>,
    pub(crate) slug: Option<String>,
    pub(crate) retired: bool,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Consent {
    pub(crate) subject: Person,
    pub(crate) covers: Covers,
    pub(crate) withdrawn: bool,
}

impl Consent {
    pub(crate) fn holds_for(&self, covers: Covers) -> bool {
        self.covers == covers && !self.withdrawn
    }
}
