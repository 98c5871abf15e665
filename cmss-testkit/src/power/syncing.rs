//! An engine with a sync of the test's own for the journal.

use std::fmt;
use std::fs::File;
use std::io;

use cmss_core::store::StoreError;
use cmss_keyed::{Batch, Engine, Item};

use super::life::Synced;

/// An engine as it is, but that something of the test's own takes the place of each sync of the
/// journal.
///
/// What the engine syncs by itself is left to it.
pub struct Syncing<E> {
    engine: E,
    sync: Forced,
}

type Forced = Box<dyn Fn(&File) -> io::Result<()> + Send + Sync>;

impl<E> Syncing<E> {
    /// One that syncs so.
    #[must_use]
    pub fn by(engine: E, sync: Forced) -> Self {
        Self { engine, sync }
    }

    /// One that tells of it instead.
    #[must_use]
    pub fn told(engine: E, synced: Synced) -> Self {
        let sync = move |file: &File| {
            synced(file);
            Ok(())
        };
        Self::by(engine, Box::new(sync))
    }
}

impl<E> fmt::Debug for Syncing<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Syncing").finish_non_exhaustive()
    }
}

impl<E: Engine> Engine for Syncing<E> {
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

    fn fill(&self, items: Vec<Item>) -> Result<(), StoreError> {
        self.engine.fill(items)
    }

    fn settle(&self) -> Result<(), StoreError> {
        self.engine.settle()
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        (self.sync)(file)
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
