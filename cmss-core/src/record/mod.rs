//! Records: what the newsroom keeps about the world around its texts.
//!
//! A record has a working copy and a public one. `put` changes the first, `publish` makes it the
//! second, `hide` takes the second off the site, `archive` puts the record aside: nothing is ever
//! deleted. Each kind of record is one file; this one holds what they share.

mod mechanism;
mod organisation;
mod person;
mod placeholder;
mod term;
mod verbs;

use serde::{Deserialize, Serialize};

use crate::ids::{AssetId, EventId, Id, OrganisationId, ProjectId, TermId};

pub(crate) use mechanism::{Kept, Kind};
pub(crate) use term::found_terms;

pub use mechanism::RecordView;
pub use organisation::{Organisation, OrganisationKind};
pub use person::{NewPerson, PersonView, PutPerson};
pub use placeholder::*;
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
