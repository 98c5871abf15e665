//! The races can be lost: each finds out a store that does not judge what it is asked to.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use cmss::MemoryStore;
use cmss::store::{
    Changes, Changeset, CommitId, DocRef, Entry, Got, Limits, Lines, Page, Receipt, Scan, Seq,
    Store, StoreError, Walked, Write,
};
use cmss_testkit::async_trait;

/// How long a commit waits for others to have read what it has read.
const PATIENCE: usize = 100;

/// A store that expects nothing and lets any two hold the same unique key.
#[derive(Debug, Default)]
pub struct Careless(MemoryStore);

#[async_trait]
impl Store for Careless {
    async fn get(&self, refs: &[DocRef]) -> Result<Got, StoreError> {
        self.0.get(refs).await
    }

    async fn scan(&self, scan: &Scan) -> Result<Page, StoreError> {
        self.0.scan(scan).await
    }

    async fn walk(&self, after: Option<&DocRef>, limit: usize) -> Result<Walked, StoreError> {
        self.0.walk(after, limit).await
    }

    async fn commit(&self, mut changeset: Changeset) -> Result<Receipt, StoreError> {
        changeset.expect.clear();
        for write in &mut changeset.writes {
            if let Write::Put { entries, .. } = write {
                for entry in entries {
                    if let Entry::Unique { index, key } = entry {
                        *entry = Entry::Listed {
                            index: index.clone(),
                            key: key.clone(),
                        };
                    }
                }
            }
        }
        for _ in 0..PATIENCE {
            thread::yield_now();
        }
        self.0.commit(changeset).await
    }

    async fn receipt(&self, id: CommitId) -> Result<Option<Receipt>, StoreError> {
        self.0.receipt(id).await
    }

    async fn changes(&self, after: Seq, limit: usize) -> Result<Changes, StoreError> {
        self.0.changes(after, limit).await
    }

    async fn grown(&self, past: Seq) -> Result<Seq, StoreError> {
        self.0.grown(past).await
    }

    async fn load(&self, lines: Lines) -> Result<Seq, StoreError> {
        self.0.load(lines).await
    }

    fn limits(&self) -> Limits {
        self.0.limits()
    }

    async fn close(&self) -> Result<(), StoreError> {
        self.0.close().await
    }
}

/// Asserts that a race fails.
pub fn found_out(race: impl FnOnce(Careless)) {
    let store = Careless::default();
    let answer = catch_unwind(AssertUnwindSafe(|| race(store)));
    assert!(answer.is_err(), "nothing was noticed");
}
