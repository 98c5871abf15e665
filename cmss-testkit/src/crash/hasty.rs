//! A planted fault.

use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use async_trait::async_trait;
use cmss_core::store::{
    Changes, Changeset, CommitId, DocRef, Got, Limits, Lines, Page, Receipt, Scan, Seq, Store,
    StoreError, Walked,
};
use pollster::block_on;

/// A store that answers a commit before it has happened: what [`Crash`](super::Crash) must catch.
///
/// It foretells the number of each commit, so it must be the only one that writes, and nothing that
/// it is sent may be refused.
#[derive(Debug)]
pub struct Hasty {
    store: Arc<dyn Store>,
    next: Mutex<(Seq, Sender<Changeset>)>,
}

impl Hasty {
    /// Answers for this store, and lets it commit in its own time.
    ///
    /// # Panics
    /// When the store cannot be read.
    #[must_use]
    pub fn new(store: Arc<dyn Store>) -> Self {
        let got = block_on(store.get(&[])).expect("the store is open");
        let (sender, changesets) = mpsc::channel();
        let behind = store.clone();
        thread::spawn(move || {
            for changeset in changesets {
                block_on(behind.commit(changeset)).expect("nothing is refused");
            }
        });
        Self {
            store,
            next: Mutex::new((got.as_of.next(), sender)),
        }
    }
}

#[async_trait]
impl Store for Hasty {
    async fn commit(&self, changeset: Changeset) -> Result<Receipt, StoreError> {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let receipt = Receipt {
            seq: next.0,
            id: changeset.id,
            digest: changeset.digest,
        };
        next.1.send(changeset).map_err(|_| StoreError::Closed)?;
        next.0 = next.0.next();
        Ok(receipt)
    }

    async fn get(&self, refs: &[DocRef]) -> Result<Got, StoreError> {
        self.store.get(refs).await
    }

    async fn scan(&self, scan: &Scan) -> Result<Page, StoreError> {
        self.store.scan(scan).await
    }

    async fn walk(&self, after: Option<&DocRef>, limit: usize) -> Result<Walked, StoreError> {
        self.store.walk(after, limit).await
    }

    async fn receipt(&self, id: CommitId) -> Result<Option<Receipt>, StoreError> {
        self.store.receipt(id).await
    }

    async fn changes(&self, after: Seq, limit: usize) -> Result<Changes, StoreError> {
        self.store.changes(after, limit).await
    }

    async fn grown(&self, past: Seq) -> Result<Seq, StoreError> {
        self.store.grown(past).await
    }

    async fn load(&self, lines: Lines) -> Result<Seq, StoreError> {
        self.store.load(lines).await
    }

    fn limits(&self) -> Limits {
        self.store.limits()
    }

    async fn close(&self) -> Result<(), StoreError> {
        self.store.close().await
    }
}
