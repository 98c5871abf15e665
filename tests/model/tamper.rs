//! A store with one fault, to show that the harness finds it.

use std::sync::Arc;

use async_trait::async_trait;
use cmss::store::{
    Changes, Changeset, CommitId, DocRef, Got, Limits, Lines, Page, Receipt, Scan, Seq, Store,
    StoreError, Walked, Write,
};

/// What is wrong with it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Fault {
    /// A page that is there is not written over.
    LosesPages,
    /// A page that is taken away stays.
    KeepsPages,
    /// A part that is taken away stays.
    KeepsParts,
    /// A part that is there is not written over.
    KeepsOldParts,
    /// A page is in no list.
    LosesEntries,
    /// The name of a page is in no index; nothing that is public is found by it yet, so only a
    /// rebuild tells.
    LosesNames,
    /// An occasion that is listed is not written over.
    LosesOccasions,
    /// How far a project had come is not written over.
    LosesProgress,
    /// The feed is not written.
    LosesFeed,
    /// A claim that is there is not written over.
    LosesClaims,
    /// A key that comes again is as good as new.
    ForgetsKeys,
    /// What a decision rests on is not looked at again.
    ForgetsExpectations,
}

impl Fault {
    /// All that one actor after another comes upon.
    pub(crate) const OF_SEQUENCES: [Self; 11] = [
        Self::LosesPages,
        Self::KeepsPages,
        Self::KeepsParts,
        Self::KeepsOldParts,
        Self::LosesEntries,
        Self::LosesNames,
        Self::LosesOccasions,
        Self::LosesProgress,
        Self::LosesFeed,
        Self::LosesClaims,
        Self::ForgetsKeys,
    ];

    /// Whether a write gets lost.
    fn loses(self, write: &Write, there: bool) -> bool {
        let removes = matches!(write, Write::Remove { .. });
        match (self, write.at().collection.as_str()) {
            (Self::LosesPages, "public.page")
            | (Self::KeepsOldParts, "public.part")
            | (Self::LosesOccasions, "public.occasion")
            | (Self::LosesProgress, "project.progress")
            | (Self::LosesClaims, "claim") => there && !removes,
            (Self::KeepsPages, "public.page") | (Self::KeepsParts, "public.part") => removes,
            (Self::LosesFeed, "public.feed") => true,
            _ => false,
        }
    }
}

/// The store.
#[derive(Debug)]
pub(crate) struct Tampered {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) fault: Fault,
}

impl Tampered {
    async fn tampered(&self, mut changeset: Changeset) -> Result<Changeset, StoreError> {
        if self.fault == Fault::ForgetsExpectations {
            changeset.expect.clear();
        }
        let mut writes = Vec::new();
        for mut write in changeset.writes {
            let got = self.store.get(std::slice::from_ref(write.at())).await?;
            if self.fault.loses(&write, got.docs[0].is_some()) {
                continue;
            }
            if let Write::Put {
                at, body, entries, ..
            } = &mut write
            {
                match (self.fault, at.collection.as_str()) {
                    (Fault::LosesEntries, "public.page") => {
                        entries.retain(|entry| entry.is_unique());
                    }
                    (Fault::LosesNames, "public.part") if body.contains("\"type\":\"page\"") => {
                        entries.clear();
                    }
                    _ => {}
                }
            }
            writes.push(write);
        }
        changeset.writes = writes;
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

    async fn commit(&self, changeset: Changeset) -> Result<Receipt, StoreError> {
        self.store.commit(self.tampered(changeset).await?).await
    }

    async fn receipt(&self, id: CommitId) -> Result<Option<Receipt>, StoreError> {
        if self.fault == Fault::ForgetsKeys {
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
