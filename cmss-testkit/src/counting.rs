//! How much is asked of a store.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use cmss_core::store::{
    Changes, Changeset, CommitId, DocRef, Got, Limits, Lines, Page, Receipt, Scan, Seq, Store,
    StoreError, Walked,
};

/// Calls by kind, each counted when it is made, whatever it answers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// Calls of [`Store::get`].
    pub get: usize,
    /// Calls of [`Store::scan`].
    pub scan: usize,
    /// Calls of [`Store::walk`].
    pub walk: usize,
    /// Calls of [`Store::commit`].
    pub commit: usize,
    /// Calls of [`Store::receipt`].
    pub receipt: usize,
    /// Calls of [`Store::changes`].
    pub changes: usize,
    /// Calls of [`Store::grown`].
    pub grown: usize,
    /// Calls of [`Store::load`].
    pub load: usize,
    /// Calls of [`Store::close`].
    pub close: usize,
    /// The number of writes of the last commit sent.
    pub last_writes: usize,
}

/// A store that counts what is asked of it.
#[derive(Debug)]
pub struct Counting {
    store: Arc<dyn Store>,
    counts: Mutex<Counts>,
}

impl Counting {
    /// Counts from zero what is asked of `store` through this wrapper.
    #[must_use]
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self {
            store,
            counts: Mutex::default(),
        }
    }

    /// What has been asked since the beginning, or since the last [`Counting::reset`].
    #[must_use]
    pub fn counts(&self) -> Counts {
        *self.lock()
    }

    /// Begins from zero again.
    pub fn reset(&self) {
        *self.lock() = Counts::default();
    }

    fn lock(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Store for Counting {
    async fn get(&self, refs: &[DocRef]) -> Result<Got, StoreError> {
        self.lock().get += 1;
        self.store.get(refs).await
    }

    async fn scan(&self, scan: &Scan) -> Result<Page, StoreError> {
        self.lock().scan += 1;
        self.store.scan(scan).await
    }

    async fn walk(&self, after: Option<&DocRef>, limit: usize) -> Result<Walked, StoreError> {
        self.lock().walk += 1;
        self.store.walk(after, limit).await
    }

    async fn commit(&self, changeset: Changeset) -> Result<Receipt, StoreError> {
        {
            let mut counts = self.lock();
            counts.commit += 1;
            counts.last_writes = changeset.writes.len();
        }
        self.store.commit(changeset).await
    }

    async fn receipt(&self, id: CommitId) -> Result<Option<Receipt>, StoreError> {
        self.lock().receipt += 1;
        self.store.receipt(id).await
    }

    async fn changes(&self, after: Seq, limit: usize) -> Result<Changes, StoreError> {
        self.lock().changes += 1;
        self.store.changes(after, limit).await
    }

    async fn grown(&self, past: Seq) -> Result<Seq, StoreError> {
        self.lock().grown += 1;
        self.store.grown(past).await
    }

    async fn load(&self, lines: Lines) -> Result<Seq, StoreError> {
        self.lock().load += 1;
        self.store.load(lines).await
    }

    fn limits(&self) -> Limits {
        self.store.limits()
    }

    async fn close(&self) -> Result<(), StoreError> {
        self.lock().close += 1;
        self.store.close().await
    }
}
