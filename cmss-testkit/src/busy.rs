//! A store on which others work between any two calls.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use cmss_core::store::{
    Changes, Changeset, CommitId, DocRef, Got, Limits, Lines, Page, Receipt, Scan, Seq, Store,
    StoreError, Walked,
};

/// Before each read, what is planned for it is committed, or refused; and a walk hands out short
/// pages, as it may, so that there are many reads.
#[derive(Debug)]
pub(crate) struct Busy {
    store: Arc<dyn Store>,
    page: usize,
    work: Mutex<Work>,
}

#[derive(Debug, Default)]
struct Work {
    plan: VecDeque<Vec<Changeset>>,
    done: Vec<Changeset>,
}

impl Busy {
    pub(crate) fn new(store: Arc<dyn Store>, page: usize) -> Self {
        Self {
            store,
            page,
            work: Mutex::default(),
        }
    }

    /// What is to be done before each of the reads to come.
    pub(crate) fn plan(&self, plan: impl IntoIterator<Item = Vec<Changeset>>) {
        self.work().plan.extend(plan);
    }

    /// Drops what is still planned; answers all that was committed so far, in order.
    pub(crate) fn done(&self) -> Vec<Changeset> {
        let mut work = self.work();
        work.plan.clear();
        work.done.clone()
    }

    fn work(&self) -> MutexGuard<'_, Work> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn go_on(&self) -> Result<(), StoreError> {
        let due = self.work().plan.pop_front();
        for changeset in due.into_iter().flatten() {
            match self.store.commit(changeset.clone()).await {
                Ok(_) => self.work().done.push(changeset),
                Err(StoreError::Conflict(_) | StoreError::Malformed { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

#[async_trait]
impl Store for Busy {
    async fn get(&self, refs: &[DocRef]) -> Result<Got, StoreError> {
        self.go_on().await?;
        self.store.get(refs).await
    }

    async fn scan(&self, scan: &Scan) -> Result<Page, StoreError> {
        self.go_on().await?;
        self.store.scan(scan).await
    }

    async fn walk(&self, after: Option<&DocRef>, limit: usize) -> Result<Walked, StoreError> {
        self.go_on().await?;
        self.store.walk(after, limit.min(self.page)).await
    }

    async fn commit(&self, changeset: Changeset) -> Result<Receipt, StoreError> {
        self.store.commit(changeset).await
    }

    async fn receipt(&self, id: CommitId) -> Result<Option<Receipt>, StoreError> {
        self.go_on().await?;
        self.store.receipt(id).await
    }

    async fn changes(&self, after: Seq, limit: usize) -> Result<Changes, StoreError> {
        self.go_on().await?;
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
