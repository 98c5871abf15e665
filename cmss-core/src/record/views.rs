//! A record as the desk sees it.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{Kept, Kind};
use crate::desk::Desk;
use crate::kernel::{Document, Error, decode};
use crate::store::StoreExt;
use crate::values::Slug;

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

impl Desk {
    /// A record as the desk sees it: whoever is of the newsroom.
    pub(crate) async fn record<C: Kind>(&self, id: C::Id) -> Result<RecordView<C, C::Id>, Error> {
        self.ensure_newsroom("read_record")?;
        let doc = self.store().get_one(&Kept::<C>::at(id)).await?;
        let doc = doc.ok_or_else(|| Error::NotFound { id: id.to_string() })?;
        Ok(decode::<Kept<C>>(&doc)?.into())
    }
}
