//! sled and redb as engines of a store that keeps no answers: what a page costs when it was not read
//! lately.

use cmss_core::store::StoreError;
use cmss_keyed::{Batch, Engine, error};
use redb::OwnedAccessGuard;
use sled::{Db, IVec};

use crate::engines::RawRedb;

/// sled, for reading.
pub(crate) struct Forgetful(pub(crate) Db);

fn failed(source: sled::Error) -> StoreError {
    error::corrupt(source.to_string())
}

impl Engine for Forgetful {
    const MAGIC: &'static [u8] = b"cmss-sled";

    type Bytes = IVec;

    fn get(&self, key: &[u8]) -> Result<Option<IVec>, StoreError> {
        self.0.get(key).map_err(failed)
    }

    fn range<'a>(
        &'a self,
        from: &[u8],
        until: &[u8],
    ) -> impl DoubleEndedIterator<Item = Result<(IVec, IVec), StoreError>> + use<'a> {
        self.0.range(from..until).map(|item| item.map_err(failed))
    }

    fn apply(&self, _: Batch) -> Result<(), StoreError> {
        Err(error::unavailable("it is for reading"))
    }

    fn settle(&self) -> Result<(), StoreError> {
        Ok(())
    }

    fn is_untouched(&self) -> Result<bool, StoreError> {
        Ok(false)
    }

    fn let_go(self) {}
}

/// redb, for reading, as `cmss-redb` does.
pub(crate) struct ForgetfulRedb(pub(crate) RawRedb);

pub(crate) struct Held(OwnedAccessGuard<&'static [u8]>);

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        self.0.value()
    }
}

fn failed_redb(source: impl Into<redb::Error>) -> StoreError {
    error::corrupt(source.into().to_string())
}

impl Engine for ForgetfulRedb {
    const MAGIC: &'static [u8] = b"cmss-redb";

    type Bytes = Held;

    fn get(&self, key: &[u8]) -> Result<Option<Held>, StoreError> {
        let table = self.0.table().map_err(failed_redb)?;
        Ok(table.get_owned(key).map_err(failed_redb)?.map(Held))
    }

    fn range<'a>(
        &'a self,
        from: &[u8],
        until: &[u8],
    ) -> impl DoubleEndedIterator<Item = Result<(Held, Held), StoreError>> + use<'a> {
        let found = self.0.table().map_err(failed_redb);
        let found = found.and_then(|table| table.range_owned(from..until).map_err(failed_redb));
        let (found, refused) = match found {
            Ok(found) => (Some(found), None),
            Err(source) => (None, Some(Err(source))),
        };
        let found = found.into_iter().flatten().map(|item| {
            let (key, value) = item.map_err(failed_redb)?;
            Ok((Held(key), Held(value)))
        });
        refused.into_iter().chain(found)
    }

    fn apply(&self, _: Batch) -> Result<(), StoreError> {
        Err(error::unavailable("it is for reading"))
    }

    fn settle(&self) -> Result<(), StoreError> {
        Ok(())
    }

    fn is_untouched(&self) -> Result<bool, StoreError> {
        Ok(false)
    }

    fn let_go(self) {}
}
