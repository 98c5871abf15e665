//! Defects that no single thread can see.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};

use cmss_core::store::{Changeset, CommitId, Order, Page, Receipt, Scan, Seq, Store, StoreError};
use cmss_memory::MemoryStore;
use uuid::Uuid;

/// How long a mutant lets others go first.
const PATIENCE: usize = 200;

/// What a store with such a defect remembers.
#[derive(Debug, Default)]
pub(crate) struct Racing {
    /// The store as somebody has looked at it.
    copy: Mutex<Option<MemoryStore>>,
    /// Who has committed, and not looked since.
    authors: Mutex<HashSet<ThreadId>>,
    /// The store as it was before the last commit, and whose that was.
    before: Mutex<Option<(ThreadId, MemoryStore)>>,
    /// How many commits there have been.
    commits: AtomicU64,
    /// How many are about to commit something that is not there yet.
    unseen: AtomicU64,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lets others go on until something is so, or for long enough.
fn until(so: impl Fn() -> bool) {
    for _ in 0..PATIENCE {
        if so() {
            break;
        }
        thread::yield_now();
    }
}

impl Racing {
    /// A copy, which is renewed for who has committed since they looked.
    pub(crate) fn copy(&self, store: &MemoryStore) -> Result<MemoryStore, StoreError> {
        let mut copy = lock(&self.copy);
        let stale = lock(&self.authors).remove(&thread::current().id());
        match &*copy {
            Some(copy) if !stale => Ok(copy.clone()),
            _ => Ok(copy.insert(store.fork()?).clone()),
        }
    }

    /// The store without the last commit, until the one whose it was calls again.
    pub(crate) fn late(&self, store: &MemoryStore) -> MemoryStore {
        let mut before = lock(&self.before);
        before.take_if(|(author, _)| *author == thread::current().id());
        let late = before.as_ref().map(|(_, before)| before.clone());
        late.unwrap_or_else(|| store.clone())
    }

    /// Remembers that this thread is about to change the store.
    pub(crate) fn changing(&self, store: &MemoryStore) -> Result<(), StoreError> {
        lock(&self.authors).insert(thread::current().id());
        *lock(&self.before) = Some((thread::current().id(), store.fork()?));
        self.commits.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    /// Forgets everything, since the store is another.
    pub(crate) fn forget(&self) {
        *lock(&self.copy) = None;
        *lock(&self.before) = None;
    }

    /// One page in two halves, between which others commit.
    pub(crate) async fn halves(
        &self,
        store: &MemoryStore,
        scan: &Scan,
    ) -> Result<Page, StoreError> {
        let first = Scan {
            limit: scan.limit.div_ceil(2),
            ..scan.clone()
        };
        let mut page = store.scan(&first).await?;
        if page.next.is_none() || first.limit == scan.limit {
            return Ok(page);
        }
        let commits = self.commits.load(Ordering::SeqCst);
        until(|| self.commits.load(Ordering::SeqCst) > commits);
        let mut second = Scan {
            limit: scan.limit - first.limit,
            ..scan.clone()
        };
        match scan.order {
            Order::Ascending => second.range.from = page.next.take(),
            Order::Descending => second.range.until = page.next.take(),
        }
        let rest = store.scan(&second).await?;
        page.hits.extend(rest.hits);
        page.next = rest.next;
        page.as_of = rest.as_of;
        Ok(page)
    }

    /// A commit that looks first whether it has happened, and does not look again.
    pub(crate) async fn unlooked(
        &self,
        store: &MemoryStore,
        mut change: Changeset,
    ) -> Result<Receipt, StoreError> {
        let id = change.id;
        if store.receipt(id).await?.is_none() {
            self.unseen.fetch_add(1, Ordering::SeqCst);
            until(|| self.unseen.load(Ordering::SeqCst) > 1);
            let receipt = store.receipt(id).await;
            self.unseen.fetch_sub(1, Ordering::SeqCst);
            if receipt?.is_some() {
                let seq = store.changes(Seq::ZERO, 1).await?.as_of;
                change.id = CommitId(Uuid::from_u128(u128::from(seq.0) << 64 | id.0.as_u128()));
            }
        }
        let receipt = store.commit(change).await?;
        Ok(Receipt { id, ..receipt })
    }
}
