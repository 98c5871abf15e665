//! A shared store is a store.

use std::sync::Arc;

use async_trait::async_trait;

use super::{
    Changes, Changeset, CommitId, DocRef, Got, Limits, Lines, Page, Receipt, Scan, Seq, Store,
    StoreError, Walked,
};

#[async_trait]
impl<S: Store + ?Sized> Store for Arc<S> {
    async fn get(&self, refs: &[DocRef]) -> Result<Got, StoreError> {
        (**self).get(refs).await
    }

    async fn scan(&self, scan: &Scan) -> Result<Page, StoreError> {
        (**self).scan(scan).await
    }

    async fn walk(&self, after: Option<&DocRef>, limit: usize) -> Result<Walked, StoreError> {
        (**self).walk(after, limit).await
    }

    async fn commit(&self, changeset: Changeset) -> Result<Receipt, StoreError> {
        (**self).commit(changeset).await
    }

    async fn receipt(&self, id: CommitId) -> Result<Option<Receipt>, StoreError> {
        (**self).receipt(id).await
    }

    async fn changes(&self, after: Seq, limit: usize) -> Result<Changes, StoreError> {
        (**self).changes(after, limit).await
    }

    async fn grown(&self, past: Seq) -> Result<Seq, StoreError> {
        (**self).grown(past).await
    }

    async fn load(&self, lines: Lines) -> Result<Seq, StoreError> {
        (**self).load(lines).await
    }

    fn limits(&self) -> Limits {
        (**self).limits()
    }

    async fn close(&self) -> Result<(), StoreError> {
        (**self).close().await
    }
}
