//! A record of any kind, and what is done by its kind.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Asset, Event, Kept, Organisation, Project, Term};
use crate::ids::{AssetId, EventId, OrganisationId, ProjectId, TermId};
use crate::kernel::Document;
use crate::store::DocRef;

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

/// What a record of any kind holds.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(
    clippy::large_enum_variant,
    reason = "it is handed out one at a time, and a box would be in the way of a pattern"
)]
pub enum RecordContent {
    /// An organisation or unit.
    Organisation(Organisation),
    /// A term of a vocabulary.
    Term(Term),
    /// An image.
    Asset(Asset),
    /// A project.
    Project(Project),
    /// An event.
    Event(Event),
}

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

macro_rules! kinds {
    ($($kind:ident($id:ident)),*) => {
        $(
            impl From<$id> for RecordRef {
                fn from(id: $id) -> Self {
                    Self::$kind(id)
                }
            }

            impl From<$kind> for RecordContent {
                fn from(content: $kind) -> Self {
                    Self::$kind(content)
                }
            }
        )*
    };
}
kinds!(
    Organisation(OrganisationId),
    Term(TermId),
    Asset(AssetId),
    Project(ProjectId),
    Event(EventId)
);

impl RecordRef {
    /// The bits of its id.
    pub(crate) fn uuid(self) -> Uuid {
        self.at().id
    }

    /// Where it stands.
    pub(crate) fn at(self) -> DocRef {
        of_kind!(self, |id, C| Kept::<C>::at(id))
    }
}
