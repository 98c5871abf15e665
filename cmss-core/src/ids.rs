//! The typed ids of the newsroom's things, and references that name one of several kinds.
//!
//! As text an id carries its kind (`edition:0d5c…`), so that an id of the wrong kind is refused
//! where it is read. Knowing an id grants nothing.

use std::fmt::{Debug, Display};
use std::hash::Hash;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::fault::{FaultCode, Flaw};

/// What every typed id has in common.
pub(crate) trait Id:
    Copy + Eq + Ord + Hash + Debug + Display + Serialize + DeserializeOwned + Send + Sync + 'static
{
    /// The kind, as the text form spells it.
    const KIND: &'static str;

    /// The id of this kind with these bits.
    fn from_uuid(uuid: Uuid) -> Self;

    /// Its bits.
    fn uuid(self) -> Uuid;
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $kind:literal;)*) => {
        /// Every kind.
        pub(crate) const KINDS: &[&str] = &[$($kind),*];
    $(
        $(#[$doc])*
        ///
        #[doc = concat!("As text: `", $kind, ":` and a UUID.")]
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(uuid::Uuid);

        impl Id for $name {
            const KIND: &'static str = $kind;

            fn from_uuid(uuid: uuid::Uuid) -> Self {
                Self(uuid)
            }

            fn uuid(self) -> uuid::Uuid {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!($kind, ":{}"), self.0)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(self, f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = Flaw;

            fn from_str(text: &str) -> Result<Self, Flaw> {
                text.strip_prefix(concat!($kind, ":"))
                    .and_then(|uuid| uuid::Uuid::try_parse(uuid).ok())
                    .filter(|uuid| !uuid.is_nil() && *uuid != uuid::Uuid::max())
                    .map(Self)
                    .ok_or(Flaw::new(FaultCode::Malformed))
            }
        }

        impl TryFrom<String> for $name {
            type Error = Flaw;

            fn try_from(text: String) -> Result<Self, Flaw> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.to_string()
            }
        }
    )*};
}

ids! {
    /// The newsroom itself; one store holds one.
    NewsroomId = "newsroom";
    /// A person of the newsroom, or one who is quoted or depicted.
    PersonId = "person";
    /// A name under which a person's work is published.
    BylineId = "byline";
    /// A consent to be quoted or depicted.
    ConsentId = "consent";
    /// An organisation or a unit of one.
    OrganisationId = "organisation";
    /// A term of an editable vocabulary: a topic, a category, a stage.
    TermId = "term";
    /// An image with its alternative text, caption and credit.
    AssetId = "asset";
    /// A project.
    ProjectId = "project";
    /// An event, which has occasions.
    EventId = "event";
    /// One occasion of an event.
    OccasionId = "occasion";
    /// A task that a unit or a reporter offers.
    AssignmentId = "assignment";
    /// One reporter's claim on an assignment.
    ClaimId = "claim";
    /// An article, in whatever languages.
    ArticleId = "article";
    /// One language of an article: what the public sees.
    VariantId = "variant";
    /// A round of work on a variant.
    EditionId = "edition";
    /// A saved state of an edition's text; also what a caller names as the head it saw.
    RevisionId = "revision";
    /// A saved state of a record.
    RecordRevisionId = "record_revision";
}

impl NewsroomId {
    /// One store holds one newsroom, whose id is always this.
    pub(crate) const ONLY: Self = Self(Uuid::from_u128(0x636d_7373_0000_8000_8000_0000_0000_0001));
}

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

/// Another page, to which an address may lead.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageRef {
    /// A variant of an article.
    Article(VariantId),
    /// A project.
    Project(ProjectId),
    /// An event.
    Event(EventId),
}

macro_rules! names {
    ($reference:ident: $($kind:ident($id:ident)),*) => {$(
        impl From<$id> for $reference {
            fn from(id: $id) -> Self {
                Self::$kind(id)
            }
        }
    )*};
}
names! { RecordRef:
    Organisation(OrganisationId),
    Term(TermId),
    Asset(AssetId),
    Project(ProjectId),
    Event(EventId)
}
names! { PageRef:
    Article(VariantId),
    Project(ProjectId),
    Event(EventId)
}
