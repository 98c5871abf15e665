//! What is done with a record of any kind by its kind.

use serde::Serialize;
use uuid::Uuid;

use super::{Asset, Event, Kept, Organisation, Project, Term};
use crate::ids::RecordRef;
use crate::kernel::Document;
use crate::store::DocRef;

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
            $crate::ids::RecordRef::Organisation($id) => {
                type $kind = $crate::record::Organisation;
                $run
            }
            $crate::ids::RecordRef::Term($id) => {
                type $kind = $crate::record::Term;
                $run
            }
            $crate::ids::RecordRef::Asset($id) => {
                type $kind = $crate::record::Asset;
                $run
            }
            $crate::ids::RecordRef::Project($id) => {
                type $kind = $crate::record::Project;
                $run
            }
            $crate::ids::RecordRef::Event($id) => {
                type $kind = $crate::record::Event;
                $run
            }
        }
    };
}
pub(super) use of_kind;

macro_rules! kinds {
    ($($kind:ident),*) => {$(
        impl From<$kind> for RecordContent {
            fn from(content: $kind) -> Self {
                Self::$kind(content)
            }
        }
    )*};
}
kinds!(Organisation, Term, Asset, Project, Event);

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
