//! A store with one fault, to show that the harness finds it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use cmss::store::{
    Changes, Changeset, CommitId, DocRef, Expect, Got, Limits, Lines, Page, Receipt, Scan, Seq,
    Store, StoreError, Walked, Write,
};

/// What is wrong with it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Fault {
    /// Pages are not written once there is one.
    LosesPages,
    /// Parts that are taken away stay.
    KeepsParts,
    /// Parts are not written over.
    KeepsOldParts,
    /// A page has no entries but its address.
    LosesEntries,
    /// A key that comes again is carried out again.
    ForgetsKeys,
    /// What was decided on is not looked at again.
    ForgetsExpectations,
    /// The feed is written under one number.
    LosesFeed,
}

/// The store.
#[derive(Debug)]
pub(crate) struct Tampered {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) fault: Fault,
    /// Whether the fault is on.
    pub(crate) on: Arc<AtomicBool>,
}

impl Tampered {
    fn has(&self, fault: Fault) -> bool {
        self.fault == fault && self.on.load(Ordering::SeqCst)
    }

    async fn tampered(&self, mut changeset: Changeset) -> Result<Changeset, StoreError> {
        if self.has(Fault::ForgetsExpectations) {
            changeset.expect.clear();
        }
        let mut writes = Vec::new();
        for write in changeset.writes {
            let at = write.at().clone();
            let is_in = |name| at.collection.as_str() == name;
            let removes = matches!(write, Write::Remove { .. });
            let there = self.store.get(std::slice::from_ref(&at)).await?.docs[0].is_some();
            let lost = (self.has(Fault::LosesPages) && is_in("public.page") && !removes && there)
                || (self.has(Fault::KeepsParts) && is_in("public.part") && removes)
                || (self.has(Fault::KeepsOldParts) && is_in("public.part") && !removes && there)
                || (self.has(Fault::LosesFeed) && is_in("public.feed"));
            if !lost {
                writes.push(write);
            }
        }
        if self.has(Fault::LosesEntries) {
            for write in &mut writes {
                if let Write::Put { at, entries, .. } = write
                    && at.collection.as_str() == "public.page"
                {
                    entries.retain(|entry| entry.is_unique());
                }
            }
        }
        changeset.writes = writes;
        let gone = |expect: &Expect| {
            matches!(expect, Expect::At(at, _) | Expect::Absent(at)
                if at.collection.as_str().starts_with("public."))
        };
        changeset.expect.retain(|expect| !gone(expect));
        Ok(changeset)
    }
}

#[async_trait]
impl Store for Tampered {
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
        if self.has(Fault::ForgetsKeys) {
            changeset.id = CommitId(changeset.id.0);
        }
        self.store.commit(self.tampered(changeset).await?).await
    }

    async fn receipt(&self, id: CommitId) -> Result<Option<Receipt>, StoreError> {
        if self.has(Fault::ForgetsKeys) {
            return Ok(None);
        }
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
