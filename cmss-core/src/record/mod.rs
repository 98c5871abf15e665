//! Records: what the newsroom keeps about the world around its texts.
//!
//! A record has a working copy and a public one. `put` changes the first, `publish` makes it the
//! second, `hide` takes the second off the site, `archive` puts the record aside: nothing is ever
//! deleted. Each kind of record is one file; the mechanism and the verbs are what they share.
//! Persons, reporters, bylines and consents have no working copy and no page: they have verbs of
//! their own. What is done with consents and occasions reaches further than records, and stands in
//! rooms above.

mod asset;
mod byline;
mod commands;
mod consent;
mod event;
mod list;
mod mechanism;
mod occasion;
mod organisation;
mod person;
mod project;
mod reference;
mod reporter;
mod revision;
mod term;
mod verbs;
mod views;

pub(crate) use byline::{
    Byline, SHOWN, free_slug as free_byline_slug, has_name as byline_has_name,
    is_shown as byline_is_shown,
};
pub(crate) use consent::Consent;
pub(crate) use mechanism::{Kept, Kind};
pub(crate) use occasion::Occasion;
pub(crate) use person::{Person, with_account};
pub(crate) use reporter::Reporter;
pub(crate) use term::found_terms;

pub use asset::{Alt, Asset, Depiction, PhotoCredit};
pub use byline::{
    BylineForm, BylineName, BylineView, ChangeByline, CreateByline, LookUpByline, PastWorks,
};
pub use commands::{ArchiveRecord, HideRecord, PublishRecord, PutRecord, PutTarget};
pub use consent::{ConsentView, Covers};
pub use event::{Event, EventKind, EventPage, ProgrammeState};
pub use list::{Archived, PublicCopy, RecordCard, RecordList};
pub use occasion::{
    Audience, Certainty, OccasionItem, OccasionPlan, OccasionStatus, OccasionView, PublicOccasion,
    PublicSegment, Segment,
};
pub use organisation::Organisation;
pub use person::{NewPerson, PersonView, PutPerson};
pub use project::{
    ContactPoint, CostLine, CostSoFar, Currency, EffectGoal, Project, ProjectContact, ProjectGoal,
    ProjectPage, SourceDates,
};
pub use reference::RecordContent;
pub use reporter::{AdmitReporter, Medium, ReporterView, RestReporter};
pub use revision::{RecordRevisionCard, RecordRevisionView};
pub use term::Term;
pub use views::RecordView;

/// What only those see who look at every stored form.
pub(crate) mod stored {
    #[cfg(test)]
    pub(crate) use super::list::Summary;
    pub(crate) use super::project::Progress;
    pub(crate) use super::revision::RecordRevision;
    #[cfg(test)]
    pub(crate) use super::revision::Saved;
}
