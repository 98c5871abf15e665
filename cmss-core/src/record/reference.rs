//! A record of any kind, and what is done by its kind.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ids::{AssetId, EventId, Id, OrganisationId, ProjectId, TermId};

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
            pub(crate) fn uuid(self) -> Uuid {
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

/// Runs an expression with the kind of a record.
macro_rules! of_kind {
    ($record:expr, |$id:ident, $kind:ident| $run:expr) => {
        match $record {
            $crate::record::RecordRef::Organisation($id) => {
                type $kind = $crate::record::Organisation;
                $run
            }
            $crate::record::RecordRef::Term($id) => {
                type $kind = $crate::record::Term;
                $run
            }
            $crate::record::RecordRef::Asset($id) => {
                type $kind = $crate::record::Asset;
                $run
            }
            $crate::record::RecordRef::Project($id) => {
                type $kind = $crate::record::Project;
                $run
            }
            $crate::record::RecordRef::Event($id) => {
                type $kind = $crate::record::Event;
                $run
            }
        }
    };
}
pub(super) use of_kind;
