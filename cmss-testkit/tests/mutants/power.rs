//! A store on a device that takes its time: what is written is not durable before it is synced, and
//! what is not durable goes with the power.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use cmss_core::store::{Changeset, Lines, Receipt, Seq, Store, StoreError};
use cmss_memory::MemoryStore;
use cmss_testkit::{feed, lines};

use crate::defect::Defect;

/// How long the device takes.
const SYNC: usize = 300;

/// What is written, beside the store of what is durable.
#[derive(Debug, Default)]
pub(crate) struct Device {
    written: MemoryStore,
    /// What of it is not durable.
    unsynced: Mutex<Vec<Changeset>>,
}

impl Device {
    pub(crate) fn new(durable: &MemoryStore) -> Result<Self, StoreError> {
        Ok(Self {
            written: durable.fork()?,
            unsynced: Mutex::default(),
        })
    }

    /// What has been written, durable or not.
    pub(crate) fn written(&self) -> MemoryStore {
        self.written.clone()
    }

    fn unsynced(&self) -> MutexGuard<'_, Vec<Changeset>> {
        self.unsynced.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes, and answers when what it was judged on is durable, but for the defect.
    pub(crate) async fn commit(
        &self,
        durable: &MemoryStore,
        defect: Defect,
        change: Changeset,
    ) -> Result<Receipt, StoreError> {
        let (answer, new) = self.write(change);
        let hasty = match (defect, &answer) {
            (Defect::AnsweredBeforeTheSync, Ok(_)) => new,
            (Defect::RepeatedBeforeTheSync, Ok(_)) => !new,
            (Defect::RefusedBeforeTheSync, Err(StoreError::Conflict(_))) => true,
            _ => false,
        };
        if !hasty {
            self.sync(durable)?;
        }
        answer
    }

    fn write(&self, change: Changeset) -> (Result<Receipt, StoreError>, bool) {
        let mut unsynced = self.unsynced();
        let log = || pollster::block_on(self.written.changes(Seq::ZERO, 1));
        let before = log().map(|changes| changes.as_of);
        let answer = pollster::block_on(self.written.commit(change.clone()));
        let new = match (&answer, before) {
            (Ok(receipt), Ok(before)) => receipt.seq > before,
            _ => false,
        };
        if new {
            unsynced.push(change);
        }
        (answer, new)
    }

    fn sync(&self, durable: &MemoryStore) -> Result<(), StoreError> {
        for _ in 0..SYNC {
            thread::yield_now();
        }
        for change in self.unsynced().drain(..) {
            pollster::block_on(durable.commit(change))?;
        }
        Ok(())
    }

    pub(crate) async fn load(
        &self,
        durable: &MemoryStore,
        given: Lines,
    ) -> Result<Seq, StoreError> {
        let loaded = durable.load(given).await?;
        if loaded > Seq::ZERO {
            self.written.load(feed(lines(durable).await?)).await?;
        }
        Ok(loaded)
    }
}
