//! Something that happens between the last read of a command and its commit, or between any two
//! of its calls.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use cmss_core::store::{
    Changes, Changeset, CommitId, DocRef, Got, Limits, Lines, Page, Receipt, Scan, Seq, Store,
    StoreError, Walked,
};

type Event = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A store that lets an event run, once, before the first commit is passed on, or before any one
/// call.
///
/// Whatever a command has read by then is what it decided on; the event changes the store behind
/// its back. So every interleaving of two commands that matters is played out without threads.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// use cmss_core::store::Store;
/// use cmss_memory::MemoryStore;
/// use cmss_testkit::Interposed;
///
/// let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
/// let behind = store.clone();
/// let interposed = Interposed::new(store, async move {
///     // Another command, whole, on `behind`.
///     let _ = behind.limits();
/// });
/// assert!(!interposed.has_run());
/// ```
pub struct Interposed {
    store: Arc<dyn Store>,
    event: Mutex<Option<Event>>,
    /// How many calls are still passed on first; `None` where the first commit is waited for.
    calls: Mutex<Option<usize>>,
}

impl Interposed {
    /// Lets `event` run whole before the first commit reaches `store`.
    pub fn new(store: Arc<dyn Store>, event: impl Future<Output = ()> + Send + 'static) -> Self {
        Self {
            store,
            event: Mutex::new(Some(Box::pin(event))),
            calls: Mutex::new(None),
        }
    }

    /// Lets `event` run whole before the call with this number reaches `store`: a read or a
    /// commit; the first is 1.
    ///
    /// Of a command that makes `n` calls, the numbers 1 to `n` are all the places between them;
    /// with a higher one the event does not run.
    pub fn before_call(
        number: usize,
        store: Arc<dyn Store>,
        event: impl Future<Output = ()> + Send + 'static,
    ) -> Self {
        Self {
            calls: Mutex::new(Some(number.saturating_sub(1))),
            ..Self::new(store, event)
        }
    }

    /// Whether the event has begun.
    #[must_use]
    pub fn has_run(&self) -> bool {
        self.event().is_none()
    }

    fn event(&self) -> MutexGuard<'_, Option<Event>> {
        self.event.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the event's turn has come with this call.
    fn is_due(&self, commit: bool) -> bool {
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut *calls {
            None => commit,
            Some(0) => true,
            Some(more) => {
                *more -= 1;
                false
            }
        }
    }

    /// Lets the event run, when its turn has come.
    async fn pass(&self, commit: bool) {
        if !self.is_due(commit) {
            return;
        }
        let event = self.event().take();
        if let Some(event) = event {
            event.await;
        }
    }
}

impl fmt::Debug for Interposed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interposed")
            .field("store", &self.store)
            .field("has_run", &self.has_run())
            .finish()
    }
}

#[async_trait]
impl Store for Interposed {
    async fn get(&self, refs: &[DocRef]) -> Result<Got, StoreError> {
        self.pass(false).await;
        self.store.get(refs).await
    }

    async fn scan(&self, scan: &Scan) -> Result<Page, StoreError> {
        self.pass(false).await;
        self.store.scan(scan).await
    }

    async fn walk(&self, after: Option<&DocRef>, limit: usize) -> Result<Walked, StoreError> {
        self.pass(false).await;
        self.store.walk(after, limit).await
    }

    async fn commit(&self, changeset: Changeset) -> Result<Receipt, StoreError> {
        self.pass(true).await;
        self.store.commit(changeset).await
    }

    async fn receipt(&self, id: CommitId) -> Result<Option<Receipt>, StoreError> {
        self.pass(false).await;
        self.store.receipt(id).await
    }

    async fn changes(&self, after: Seq, limit: usize) -> Result<Changes, StoreError> {
        self.pass(false).await;
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
