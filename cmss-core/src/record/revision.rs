//! What a record once was: each time its working copy was put.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::reference::of_kind;
use super::{Kept, Kind, RecordContent};
use crate::desk::Desk;
use crate::ids::{PersonId, RecordRef, RecordRevisionId};
use crate::kernel::{
    Cover, Document, Error, KeyParts, Reader, Standing, decode_cover, encode_cover, may_read,
};
use crate::site::listed;
use crate::store::{Collection, Entry, Index, Key, Position, Range, Want};
use crate::values::limits;

/// Revisions by record and number.
const REVISIONS: Index = Index::new("record.revision");

/// A revision as it is kept: never changed.
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
        vec![listed(REVISIONS, place(self.record.into(), self.number))]
    }

    fn card(&self) -> Result<Option<Arc<str>>, Error> {
        let saved = Saved {
            number: self.number,
            by: self.by,
            at: self.at,
        };
        encode_cover(&self.id, &saved).map(Some)
    }
}

/// Where a revision stands.
fn place(record: RecordRef, number: u32) -> Key {
    let key = KeyParts::new().id(record.uuid());
    key.number(u64::from(number)).key()
}

impl<C: Kind> Kept<C> {
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

/// What a list shows of a revision, as it is stored.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Saved {
    number: u32,
    by: Option<PersonId>,
    at: DateTime<Utc>,
}

impl Cover for Saved {}

/// A revision of a record as a list shows it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct RecordRevisionCard {
    /// Its number; the first is 1.
    pub number: u32,
    /// Who put it.
    pub by: Option<PersonId>,
    /// When.
    pub at: DateTime<Utc>,
}

impl From<Saved> for RecordRevisionCard {
    fn from(saved: Saved) -> Self {
        let Saved { number, by, at } = saved;
        Self { number, by, at }
    }
}

/// A revision of a record.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct RecordRevisionView {
    /// Which, by whom and when.
    pub card: RecordRevisionCard,
    /// What the working copy held.
    pub content: RecordContent,
}

impl<C: Kind> From<RecordRevision<C>> for RecordRevisionView {
    fn from(revision: RecordRevision<C>) -> Self {
        let RecordRevision {
            id: _,
            record: _,
            number,
            by,
            at,
            content,
        } = revision;
        Self {
            card: RecordRevisionCard { number, by, at },
            content: content.into(),
        }
    }
}

impl Desk {
    /// The revisions of a record, oldest first: up to 100, after a number. For those who may put
    /// it.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] for everybody else, whether or not there is such a
    /// record.
    pub async fn record_revisions(
        &self,
        record: impl Into<RecordRef>,
        after: u32,
    ) -> Result<Vec<RecordRevisionCard>, Error> {
        let record = record.into();
        self.ensure_puts(record, "read_record_revisions")?;
        let mut reader = Reader::new(self.store());
        reader.need_there(&[record.at()]).await?;
        let Some(first) = after.checked_add(1) else {
            return Ok(Vec::new());
        };
        let mut range = Range::prefix(REVISIONS, KeyParts::new().id(record.uuid()).key());
        range.from = Some(Position::key(place(record, first)));
        let hits = reader.scan(range, limits::PAGE, Want::Card).await?;
        hits.iter()
            .map(|hit| decode_cover::<Saved>(hit).map(RecordRevisionCard::from))
            .collect()
    }

    /// One revision of a record, by its number. For those who may put the record.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] for everybody else, whether or not there is such a
    /// record.
    ///
    /// # Examples
    ///
    /// What a project held before it was last changed:
    ///
    /// ```
    /// # use cmss_core::{Desk, Error, ProjectId, RecordContent};
    /// # async fn example(desk: Desk, id: ProjectId) -> Result<(), Error> {
    /// let now = desk.project(id).await?;
    /// let before = desk.record_revision(id, now.revision - 1).await?;
    /// if let RecordContent::Project(project) = before.content {
    ///     // To take it back, put it again.
    ///     desk.put_project(Some(id), &project).await?;
    /// }
    /// # Ok(()) }
    /// ```
    pub async fn record_revision(
        &self,
        record: impl Into<RecordRef>,
        number: u32,
    ) -> Result<RecordRevisionView, Error> {
        let record = record.into();
        self.ensure_puts(record, "read_record_revision")?;
        of_kind!(record, |id, C| self.revision_of::<C>(id, number).await)
    }

    async fn revision_of<C: Kind>(
        &self,
        id: C::Id,
        number: u32,
    ) -> Result<RecordRevisionView, Error> {
        let mut reader = Reader::new(self.store());
        reader.need_there(&[Kept::<C>::at(id)]).await?;
        let range = Range::at(REVISIONS, place(id.into(), number));
        let found = reader.members::<RecordRevision<C>>(range, 1).await?;
        let revision = found.into_iter().next().ok_or_else(|| Error::NotFound {
            id: format!("revision {number} of {id}"),
        })?;
        Ok(revision.into())
    }

    /// Refuses whoever may not put a record: what it was before is for those who write it.
    fn ensure_puts(&self, record: RecordRef, command: &'static str) -> Result<(), Error> {
        let may = of_kind!(record, |_id, C| C::PUT_BY);
        let may = Standing::of(&self.actor).first(may).is_some();
        Ok(may_read(may, command)?)
    }
}
