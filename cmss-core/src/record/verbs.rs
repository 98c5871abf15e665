//! The verbs of every record.

use super::Kind;
use super::commands::{Publish, PutRecord, PutTarget, TakeOff};
use super::reference::of_kind;
use crate::desk::Desk;
use crate::ids::RecordRef;
use crate::kernel::Error;

impl Desk {
    /// Makes the working copy of a record public.
    ///
    /// # Errors
    /// [`Error::Refused`] unless it is an editor's, the record is not archived, and it has what
    /// its kind needs to be public.
    pub async fn publish_record(&self, record: impl Into<RecordRef>) -> Result<(), Error> {
        of_kind!(record.into(), |id, C| self.run(Publish::<C>(id)).await)
    }

    /// Takes a record off the site. Its address stays its own.
    ///
    /// # Errors
    /// [`Error::Refused`] unless it is an editor's and the record is public.
    pub async fn hide_record(&self, record: impl Into<RecordRef>) -> Result<(), Error> {
        of_kind!(record.into(), |id, C| self
            .run(TakeOff::<C, false>(id))
            .await)
    }

    /// Puts a record aside, and takes it off the site. Nothing is deleted, and a `put` keeps it
    /// again.
    ///
    /// # Errors
    /// [`Error::Refused`] unless it is an editor's and the record is not archived yet.
    pub async fn archive_record(&self, record: impl Into<RecordRef>) -> Result<(), Error> {
        of_kind!(record.into(), |id, C| self
            .run(TakeOff::<C, true>(id))
            .await)
    }

    /// Creates a record, or changes its working copy.
    pub(crate) async fn put<C: Kind>(
        &self,
        target: impl Into<PutTarget<C::Id>>,
        content: &C,
    ) -> Result<C::Id, Error> {
        self.run(PutRecord::new(target.into(), content.clone()))
            .await
    }
}
