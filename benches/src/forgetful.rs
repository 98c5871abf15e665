//! sled as the engine of a store that keeps no answers: what a page costs when it was not read
//! lately.

use cmss_core::store::StoreError;
use cmss_keyed::{Batch, Engine, error};
use sled::{Db, IVec};

/// The engine, for reading.
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
