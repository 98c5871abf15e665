//! An engine that notes what a store asks of it: the very bytes and keys that the raw engines are
//! then given.

use std::collections::BTreeMap;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cmss_core::store::StoreError;
use cmss_keyed::{Batch, Engine, error};
use sled::Db;

/// What a store has asked for, in order.
#[derive(Default)]
pub(crate) struct Notes {
    /// The batches that were applied.
    pub(crate) batches: Vec<Batch>,
    /// The keys of the values that were handed out.
    pub(crate) reads: Vec<Vec<u8>>,
}

/// What lies under the recorder.
enum Under {
    Maps(Mutex<BTreeMap<Vec<u8>, Vec<u8>>>),
    Sled(Db),
}

/// The engine.
pub(crate) struct Recorder {
    under: Under,
    notes: Arc<Mutex<Notes>>,
}

/// The notes of a recorder that a store owns by now.
#[derive(Clone)]
pub(crate) struct Noted(Arc<Mutex<Notes>>);

impl Noted {
    /// What was noted since this was last asked.
    pub(crate) fn take(&self) -> Notes {
        mem::take(&mut *lock(&self.0))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Recorder {
    /// A recorder over nothing yet, in memory.
    pub(crate) fn in_memory() -> (Self, Noted) {
        Self::over(Under::Maps(Mutex::default()))
    }

    /// A recorder over what a store has written with sled.
    pub(crate) fn over_sled(db: Db) -> (Self, Noted) {
        Self::over(Under::Sled(db))
    }

    fn over(under: Under) -> (Self, Noted) {
        let notes = Arc::new(Mutex::default());
        let noted = Noted(notes.clone());
        (Self { under, notes }, noted)
    }

    fn note(&self, key: &[u8]) {
        lock(&self.notes).reads.push(key.to_vec());
    }
}

fn failed(source: sled::Error) -> StoreError {
    error::corrupt(source.to_string())
}

impl Engine for Recorder {
    const MAGIC: &'static [u8] = b"cmss-sled";

    type Bytes = Vec<u8>;

    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let value = match &self.under {
            Under::Maps(map) => lock(map).get(key).cloned(),
            Under::Sled(db) => db.get(key).map_err(failed)?.map(|value| value.to_vec()),
        };
        if value.is_some() {
            self.note(key);
        }
        Ok(value)
    }

    fn range<'a>(
        &'a self,
        from: &[u8],
        until: &[u8],
    ) -> impl DoubleEndedIterator<Item = Result<(Vec<u8>, Vec<u8>), StoreError>> + use<'a> {
        type Items<'a> =
            Box<dyn DoubleEndedIterator<Item = Result<(Vec<u8>, Vec<u8>), StoreError>> + 'a>;
        let items: Items<'a> = match &self.under {
            Under::Maps(map) => {
                let map = lock(map);
                let found = map.range(from.to_vec()..until.to_vec());
                let found: Vec<_> = found
                    .map(|(key, value)| Ok((key.clone(), value.clone())))
                    .collect();
                Box::new(found.into_iter())
            }
            Under::Sled(db) => Box::new(db.range(from..until).map(|item| {
                let (key, value) = item.map_err(failed)?;
                Ok((key.to_vec(), value.to_vec()))
            })),
        };
        items.inspect(|item| {
            if let Ok((key, _)) = item {
                self.note(key);
            }
        })
    }

    fn apply(&self, batch: Batch) -> Result<(), StoreError> {
        let Under::Maps(map) = &self.under else {
            return Err(error::unavailable("a recorder over sled is for reading"));
        };
        let mut map = lock(map);
        for (key, value) in &batch {
            match value {
                Some(value) => map.insert(key.clone(), value.clone()),
                None => map.remove(key),
            };
        }
        lock(&self.notes).batches.push(batch);
        Ok(())
    }

    fn settle(&self) -> Result<(), StoreError> {
        Ok(())
    }

    fn is_untouched(&self) -> Result<bool, StoreError> {
        Ok(match &self.under {
            Under::Maps(map) => lock(map).is_empty(),
            Under::Sled(_) => false,
        })
    }

    fn let_go(self) {}
}
