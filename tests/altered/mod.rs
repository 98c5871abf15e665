//! A store with a planted fault: it commits something else than it is asked to.

use std::sync::Arc;

use cmss::store::{
    Changes, Changeset, CommitId, DocRef, Got, Limits, Lines, Page, Receipt, Scan, Seq, Store,
    StoreError, Walked,
};
use cmss_testkit::async_trait;

/// A store, and what becomes of each changeset before it is committed.
#[derive(Debug)]
pub struct Altered {
    pub store: Arc<dyn Store>,
    pub alter: fn(&mut Changeset),
}

#[async_trait]
impl Store for Altered {
    async fn get(&self, refs: &[DocRef]) -> Result<Got, StoreError> {
        self.store.get(refs).await
    }

    async fn scan(&self, scan: &Scan) -> Result<Page, StoreError> {
        self.store.scan(scan).await
    }

    async fn walk(&self, after: Option<&DocRef>, limit: usize) -> Result<Walked, StoreError> {
        self.store.walk(after, limit).await
    }

    async fn commit(&self, mut changeset: Changeset) -> Result<Receipt, StoreError> {
        (self.alter)(&mut changeset);
        self.store.commit(changeset).await
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
