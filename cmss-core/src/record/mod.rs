//! Records: what the newsroom keeps about the world around its texts.
//!
//! A record has a working copy and a public one. `put` changes the first, `publish` makes it the
//! second, `hide` takes the second off the site, `archive` puts the record aside: nothing is ever
//! deleted. Each kind of record is one file; the mechanism and the verbs are what they share.
//! Persons, reporters, bylines and consents have no working copy and no page: they have verbs of
//! their own.

mod asset;
mod byline;
mod consent;
mod event;
mod mechanism;
mod organisation;
mod person;
mod project;
mod reporter;
mod term;
mod verbs;

use serde::{Deserialize, Serialize};

use crate::ids::{AssetId, EventId, Id, OrganisationId, ProjectId, TermId};

pub(crate) use byline::{
    Byline, SHOWN, free_slug as free_byline_slug, is_shown as byline_is_shown,
    with_name as byline_with_name,
};
pub(crate) use consent::Consent;
pub(crate) use mechanism::{Kept, Kind};
pub(crate) use reporter::Reporter;
pub(crate) use term::found_terms;

/// What only those see who look at every stored form.
#[cfg(test)]
pub(crate) mod stored {
    pub(crate) use super::mechanism::RecordRevision;
    pub(crate) use super::person::Person;
    pub(crate) use super::project::Progress;
}

pub use asset::{Alt, Asset, Depiction, PhotoCredit};
pub use byline::{BylineForm, BylineName, BylineView, ChangeByline, CreateByline, PastWorks};
pub use consent::{ConsentView, Covers, GiveConsent, WithdrawConsent};
pub use event::{Event, EventKind, EventPage, ProgrammeState};
pub use mechanism::RecordView;
pub use organisation::{Organisation, OrganisationKind};
pub use person::{NewPerson, PersonView, PutPerson};
pub use project::{
    ContactPoint, CostLine, CostSoFar, Currency, EffectGoal, Project, ProjectContact, ProjectGoal,
    ProjectPage, SourceDates,
};
pub use reporter::{AdmitReporter, Medium, ReporterView, RestReporter};
pub use term::{Term, Vocabulary};
pub use verbs::{ArchiveRecord, HideRecord, PublishRecord, PutRecord};
/// A record of any kind.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordRef {
    /// An organisation or unit.
    Organisation(OrganisationId),
    /// A term of a vocabulary.
    Term(TermId),
    /// An image.
    Asset(AssetId),
    /// A project.
    Project(ProjectId),
    /// An event.
    Event(EventId),
}

macro_rules! refs {
    ($($kind:ident($id:ident)),*) => {
        $(impl From<$id> for RecordRef {
            fn from(id: $id) -> Self {
                Self::$kind(id)
            }
        })*

        impl RecordRef {
            /// The bits of its id.
            pub(crate) fn uuid(self) -> uuid::Uuid {
                match self { $(Self::$kind(id) => id.uuid(),)* }
            }
        }
    };
}
refs!(
    Organisation(OrganisationId),
    Term(TermId),
    Asset(AssetId),
    Project(ProjectId),
    Event(EventId)
);
