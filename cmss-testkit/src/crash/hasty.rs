//! A planted fault.

use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

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
    next: Mutex<Next>,
}

/// What is foretold, and who makes it true; gone once the store is being closed.
#[derive(Debug)]
struct Next {
    seq: Seq,
    behind: Option<(Sender<Changeset>, JoinHandle<()>)>,
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
        let thread = thread::spawn(move || {
            for changeset in changesets {
                block_on(behind.commit(changeset)).expect("nothing is refused");
            }
        });
        Self {
            store,
            next: Mutex::new(Next {
                seq: got.as_of.next(),
                behind: Some((sender, thread)),
            }),
        }
    }

    fn next(&self) -> MutexGuard<'_, Next> {
        self.next.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Store for Hasty {
    async fn commit(&self, changeset: Changeset) -> Result<Receipt, StoreError> {
        let mut next = self.next();
        let receipt = Receipt {
            seq: next.seq,
            id: changeset.id,
            digest: changeset.digest,
        };
        let (sender, _) = next.behind.as_ref().ok_or(StoreError::Closed)?;
        sender.send(changeset).map_err(|_| StoreError::Closed)?;
        next.seq = next.seq.next();
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

    /// When all that was answered has happened.
    async fn close(&self) -> Result<(), StoreError> {
        let behind = self.next().behind.take();
        if let Some((sender, thread)) = behind {
            drop(sender);
            thread.join().map_err(|_| StoreError::Poisoned)?;
        }
        self.store.close().await
    }
}
