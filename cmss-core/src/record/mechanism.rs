//! What all records share: a working copy, a public one, an address, revisions.

use std::fmt::Debug;
use std::future::Future;

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::RecordRef;
use crate::address::Addresses;
use crate::ids::{Id, PersonId, RecordRevisionId};
use crate::kernel::{By, Changes, Document, Error, Guards, KeyParts, Reader};
use crate::site::{Face, PageKind, Press, listed};
use crate::store::{Collection, DocRef, Entry, Index};
use crate::values::{Faults, Slug};

/// Records by kind: the worklist.
pub(crate) const RECORDS: Index = Index::new("record");
/// Revisions by record and number.
const REVISIONS: Index = Index::new("record.revision");

/// A kind of record: what is its own. The rest is shared.
pub(crate) trait Kind:
    Clone + PartialEq + Debug + Serialize + DeserializeOwned + Send + Sync + 'static
{
    /// The kind of its id.
    type Id: Id + Into<RecordRef>;

    /// What publishing and rendering rest on beside the record itself.
    type Around: Send;

    /// Where records of this kind stand.
    const COLLECTION: Collection;

    /// How the command that puts one is spelled.
    const PUT: &'static str;

    /// Who may put one. Publishing is the editor's alone.
    const PUT_BY: &'static [By] = &[By::Editor, By::Admin];

    /// Every field checked and normalised.
    fn check(&self, faults: &mut Faults) -> Option<Self>;

    /// What it refers to, which must be there.
    fn refers_to(&self) -> Vec<DocRef>;

    /// Its page on the site, if it has one: the kind, the title, the address wanted.
    fn page(&self) -> Option<(PageKind, &str, Option<&Slug>)>;

    /// Entries beside those every record has.
    fn entries(_kept: &Kept<Self>) -> Vec<Entry> {
        Vec::new()
    }

    /// Reads what putting rests on, and notes the guards that fail.
    fn may_put(
        _reader: &mut Reader<'_>,
        _id: Option<Self::Id>,
        _content: &Self,
        _guards: &mut Guards,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Reads what publishing and rendering rest on.
    fn around(
        kept: &Kept<Self>,
        reader: &mut Reader<'_>,
    ) -> impl Future<Output = Result<Self::Around, Error>> + Send;

    /// The guards on publishing the working copy.
    fn may_publish(kept: &Kept<Self>, around: &Self::Around, guards: &mut Guards);

    /// Makes what belongs to it public along with it.
    fn publish_around(_kept: &mut Kept<Self>, _around: &mut Self::Around, _changes: &mut Changes) {}

    /// What the public sees of it: nothing, unless there is a public copy.
    fn faces(kept: &Kept<Self>, around: &Self::Around, press: &Press<'_>) -> Vec<Face>;
}

/// A record as it is kept.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, bound(deserialize = "C: Kind"))]
pub(crate) struct Kept<C: Kind> {
    pub(crate) id: C::Id,
    /// What the newsroom works on.
    pub(crate) working: C,
    /// What the public sees.
    pub(crate) public: Option<C>,
    /// The number of the working copy's revision; the first is 1.
    pub(crate) revision: u32,
    pub(crate) addresses: Addresses,
    pub(crate) archived: bool,
    pub(crate) edited_at: DateTime<Utc>,
    pub(crate) first_published_at: Option<DateTime<Utc>>,
    /// When a publication last changed what the public sees.
    pub(crate) updated_at: Option<DateTime<Utc>>,
}

impl<C: Kind> Kept<C> {
    /// A new record.
    pub(crate) fn new(id: C::Id, working: C, at: DateTime<Utc>) -> Self {
        Self {
            id,
            working,
            public: None,
            revision: 1,
            addresses: Addresses::default(),
            archived: false,
            edited_at: at,
            first_published_at: None,
            updated_at: None,
        }
    }

    /// The working copy as a revision.
    pub(crate) fn as_revision(
        &self,
        id: RecordRevisionId,
        by: Option<PersonId>,
    ) -> RecordRevision<C> {
        RecordRevision {
            id,
            record: self.id,
            number: self.revision,
            by,
            at: self.edited_at,
            content: self.working.clone(),
        }
    }
}

impl<C: Kind> Document for Kept<C> {
    const COLLECTION: Collection = C::COLLECTION;
    type Id = C::Id;

    fn id(&self) -> C::Id {
        self.id
    }

    fn entries(&self) -> Vec<Entry> {
        let mut entries = C::entries(self);
        let state = if self.archived { "archived" } else { "kept" };
        entries.push(listed(
            RECORDS,
            KeyParts::new().text(C::Id::KIND).text(state).key(),
        ));
        if let Some((kind, ..)) = self.working.page() {
            entries.extend(self.addresses.entries(kind));
        }
        entries
    }
}

/// What a record once was: who saved it, when, what.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, bound(deserialize = "C: Kind"))]
pub(crate) struct RecordRevision<C: Kind> {
    pub(crate) id: RecordRevisionId,
    pub(crate) record: C::Id,
    pub(crate) number: u32,
    pub(crate) by: Option<PersonId>,
    pub(crate) at: DateTime<Utc>,
    pub(crate) content: C,
}

impl<C: Kind> Document for RecordRevision<C> {
    const COLLECTION: Collection = Collection::new("record_revision");
    type Id = RecordRevisionId;

    fn id(&self) -> RecordRevisionId {
        self.id
    }

    fn entries(&self) -> Vec<Entry> {
        let key = KeyParts::new()
            .id(self.record.uuid())
            .number(u64::from(self.number));
        vec![listed(REVISIONS, key.key())]
    }
}

/// A record as the desk sees it.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct RecordView<C, I> {
    /// Its id.
    pub id: I,
    /// What the newsroom works on.
    pub working: C,
    /// What the public sees; `None` while it is hidden.
    pub public: Option<C>,
    /// The number of the working copy's revision; the first is 1.
    pub revision: u32,
    /// Its address, from first publication on.
    pub slug: Option<Slug>,
    /// Whether it was put aside.
    pub archived: bool,
    /// When the working copy was last changed.
    pub edited_at: DateTime<Utc>,
    /// When it was first published.
    pub first_published_at: Option<DateTime<Utc>>,
    /// When a publication last changed what the public sees.
    pub updated_at: Option<DateTime<Utc>>,
}

impl<C: Kind> From<Kept<C>> for RecordView<C, C::Id> {
    fn from(kept: Kept<C>) -> Self {
        let Kept {
            id,
            working,
            public,
            revision,
            addresses,
            archived,
            edited_at,
            first_published_at,
            updated_at,
        } = kept;
        let slug = addresses.current;
        Self {
            id,
            working,
            public,
            revision,
            slug,
            archived,
            edited_at,
            first_published_at,
            updated_at,
        }
    }
}
