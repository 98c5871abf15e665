//! What all records share: a working copy, a public one, an address.

use std::fmt::Debug;
use std::future::Future;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::RecordContent;
use super::list::{RecordList, Summary, listings};
use crate::address::Addresses;
use crate::desk::Changes;
use crate::ids::{Id, RecordRef};
use crate::kernel::{Capacity, Document, Error, Guards, Reader, encode_cover};
use crate::site::{Face, PageKind, Press};
use crate::store::{Collection, DocRef, Entry};
use crate::values::{Faults, Slug};

/// A kind of record: what is its own. The rest is shared.
pub(crate) trait Kind:
    Clone
    + PartialEq
    + Debug
    + Serialize
    + DeserializeOwned
    + Into<RecordContent>
    + Send
    + Sync
    + 'static
{
    /// The kind of its id.
    type Id: Id + Into<RecordRef>;

    /// What publishing and rendering rest on beside the record itself.
    type Around: Send;

    /// Where records of this kind stand.
    const COLLECTION: Collection;

    /// How the command that puts one is spelled.
    const PUT: &'static str;

    /// Who may put one, and read what it was before. Publishing is the editor's alone.
    const PUT_BY: &'static [Capacity] = &[Capacity::Editor, Capacity::Admin];

    /// Every field checked and normalised.
    fn check(&self, faults: &mut Faults) -> Option<Self>;

    /// What it refers to, which must be there.
    fn refers_to(&self) -> Vec<DocRef>;

    /// By what people know it.
    fn title(&self) -> &str;

    /// The list of the desk in which it stands.
    fn list(&self) -> RecordList;

    /// Its page on the site, if it has one: the kind, the address wanted.
    fn page(&self) -> Option<(PageKind, Option<&Slug>)>;

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
}

impl<C: Kind> Document for Kept<C> {
    const COLLECTION: Collection = C::COLLECTION;
    type Id = C::Id;

    fn id(&self) -> C::Id {
        self.id
    }

    fn entries(&self) -> Vec<Entry> {
        let mut entries = C::entries(self);
        entries.extend(listings(self));
        if let Some((kind, _)) = self.working.page() {
            entries.extend(self.addresses.entries(kind));
        }
        entries
    }

    fn card(&self) -> Result<Option<Arc<str>>, Error> {
        encode_cover(&self.id, &Summary::of(self)).map(Some)
    }
}
