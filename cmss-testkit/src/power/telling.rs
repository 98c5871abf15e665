//! An engine whose store tells of its journal.

use std::fmt;
use std::fs::File;
use std::io;

use cmss_core::store::StoreError;
use cmss_keyed::{Batch, Engine};

use super::life::Synced;

/// An engine as it is, but that its store tells of each sync of the journal, in its place.
///
/// What the engine syncs by itself, it has to tell of by itself.
pub struct Telling<E> {
    /// The engine.
    pub engine: E,
    /// What is told of the journal.
    pub synced: Synced,
}

impl<E> fmt::Debug for Telling<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Telling").finish_non_exhaustive()
    }
}

impl<E: Engine> Engine for Telling<E> {
    const MAGIC: &'static [u8] = E::MAGIC;

    type Bytes = E::Bytes;

    fn get(&self, key: &[u8]) -> Result<Option<E::Bytes>, StoreError> {
        self.engine.get(key)
    }

    fn range<'a>(
        &'a self,
        from: &[u8],
        until: &[u8],
    ) -> impl DoubleEndedIterator<Item = Result<(E::Bytes, E::Bytes), StoreError>> + use<'a, E>
    {
        self.engine.range(from, until)
    }

    fn apply(&self, batch: Batch) -> Result<(), StoreError> {
        self.engine.apply(batch)
    }

    fn settle(&self) -> Result<(), StoreError> {
        self.engine.settle()
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        (self.synced)(file);
        Ok(())
    }

    fn is_untouched(&self) -> Result<bool, StoreError> {
        self.engine.is_untouched()
    }

    fn inspect(&self) -> Result<(), StoreError> {
        self.engine.inspect()
    }

    fn room(&self) -> usize {
        self.engine.room()
    }

    fn let_go(self) {
        self.engine.let_go();
    }
}
