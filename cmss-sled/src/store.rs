//! The store: a handle on an open directory.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use async_trait::async_trait;
use cmss_core::store::{
    Changes, Changeset, CommitId, DocRef, Got, Limits, Lines, Page, Receipt, Scan, Seq, Store,
    StoreError, Walked,
};
use futures_channel::oneshot;

use crate::committer::{self, Commit, Job};
use crate::config::Builder;
use crate::engine::Barrier;
use crate::shared::Shared;
use crate::{error, opening};

/// A store in a directory of this machine.
///
/// The [crate's page](crate) says what it promises and where its work runs.
///
/// # Dropping
///
/// Dropping the handle does what [`close`](Store::close) does, on the dropping thread and without
/// an answer.
pub struct SledStore {
    path: PathBuf,
    shared: Arc<Shared>,
    /// Gone once the store is being closed.
    committer: Mutex<Option<Sender<Job>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl SledStore {
    /// Opens the store in a directory, or creates it there, with the choices of
    /// [`SledStore::builder`] as they stand.
    ///
    /// This reads and writes files on the calling thread; how long it takes grows with the store.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the directory is held by another handle or process, holds
    /// something else than a store, was written by a newer format, or cannot be reached;
    /// [`StoreError::Corrupt`] when what it holds is damaged; [`StoreError::Full`] when there is
    /// no room to create it.
    ///
    /// # Examples
    ///
    /// ```
    /// use cmss_core::store::{Store, StoreError};
    /// use cmss_sled::SledStore;
    ///
    /// # fn main() -> Result<(), StoreError> {
    /// # let home = tempfile::tempdir().map_err(|_| StoreError::Closed)?;
    /// # let path = home.path().join("newsroom-data");
    /// let store = SledStore::open(&path)?;
    ///
    /// let second = SledStore::open(&path);
    /// assert!(matches!(second, Err(StoreError::Unavailable { .. })));
    ///
    /// pollster::block_on(store.close())?;
    /// SledStore::open(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        Self::builder(path).open()
    }

    /// Choices before opening.
    #[must_use]
    pub fn builder(path: impl AsRef<Path>) -> Builder {
        Builder::new(path.as_ref())
    }

    pub(crate) fn start(
        path: &Path,
        cache_capacity: u64,
        barrier: Barrier,
    ) -> Result<Self, StoreError> {
        let (engine, tip) = opening::open(path, cache_capacity, barrier)?;
        let shared = Arc::new(Shared::new(engine, tip));
        let (sender, thread) = match committer::start(shared.clone()) {
            Ok(started) => started,
            Err(source) => {
                shared.release();
                return Err(error::unreachable("no thread can be started", source));
            }
        };
        Ok(Self {
            path: path.to_owned(),
            shared,
            committer: Mutex::new(Some(sender)),
            thread: Mutex::new(Some(thread)),
        })
    }

    /// Refuses when the store is being closed.
    fn alive(&self) -> Result<(), StoreError> {
        match *lock(&self.committer) {
            Some(_) => Ok(()),
            None => Err(StoreError::Closed),
        }
    }

    /// Sends the committer a job; answers what to wait for.
    fn send<T>(
        &self,
        job: impl FnOnce(oneshot::Sender<T>) -> Job,
    ) -> Result<oneshot::Receiver<T>, StoreError> {
        let (answer, answered) = oneshot::channel();
        let committer = lock(&self.committer);
        let sender = committer.as_ref().ok_or(StoreError::Closed)?;
        // The committer ends before its sender is dropped only by a panic in foreign wakers.
        (sender.send(job(answer))).map_err(|_| StoreError::Poisoned)?;
        Ok(answered)
    }

    /// Waits for the committer's thread, which has ended or is about to, and lets go of the
    /// directory if a panic kept the thread from it.
    fn join(&self) {
        if let Some(thread) = lock(&self.thread).take()
            // The lines of a load may hold the last handle, and are dropped by the committer.
            && thread.thread().id() != thread::current().id()
        {
            // A panic has poisoned the store, and whoever waited has been told.
            let _ = thread.join();
            self.shared.release();
        }
    }
}

/// The locks of a handle guard single moves, which no panic leaves half done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for SledStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SledStore")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl Drop for SledStore {
    fn drop(&mut self) {
        drop(lock(&self.committer).take());
        self.join();
    }
}

#[async_trait]
impl Store for SledStore {
    async fn get(&self, refs: &[DocRef]) -> Result<Got, StoreError> {
        self.shared.read(|view, as_of| {
            if !refs.is_empty() {
                self.limits().check_page(refs.len())?;
            }
            let docs = refs.iter().map(|at| view.doc(at));
            Ok(Got {
                as_of,
                docs: docs.collect::<Result<_, _>>()?,
            })
        })
    }

    async fn scan(&self, scan: &Scan) -> Result<Page, StoreError> {
        self.shared.read(|view, as_of| {
            self.limits().check_page(scan.limit)?;
            let (hits, next) = view.scan(scan)?;
            Ok(Page { as_of, hits, next })
        })
    }

    async fn walk(&self, after: Option<&DocRef>, limit: usize) -> Result<Walked, StoreError> {
        self.shared.read(|view, as_of| {
            self.limits().check_page(limit)?;
            let (docs, more) = view.walk(after, limit)?;
            Ok(Walked { as_of, docs, more })
        })
    }

    async fn commit(&self, changeset: Changeset) -> Result<Receipt, StoreError> {
        // Nothing here waits for the lock, so that changesets gather while a group is synced.
        self.alive()?;
        changeset.check(&self.limits())?;
        let id = changeset.id;
        let answered = self.send(|answer| Job::Commit(Commit { changeset, answer }))?;
        // A committer that died took the changeset with it.
        answered
            .await
            .unwrap_or(Err(StoreError::Unknown { id, source: None }))
    }

    async fn receipt(&self, id: CommitId) -> Result<Option<Receipt>, StoreError> {
        self.shared.read(|view, _| view.receipt(id))
    }

    async fn changes(&self, after: Seq, limit: usize) -> Result<Changes, StoreError> {
        self.shared.read(|view, as_of| {
            self.limits().check_page(limit)?;
            let records = view.records(after, limit, as_of)?;
            Ok(Changes { as_of, records })
        })
    }

    async fn grown(&self, past: Seq) -> Result<Seq, StoreError> {
        loop {
            match self.shared.grown(past)? {
                Ok(seq) => return Ok(seq),
                // Woken or not, only the state tells.
                Err(wait) => _ = wait.await,
            }
        }
    }

    async fn load(&self, lines: Lines) -> Result<Seq, StoreError> {
        let answered = self.send(|answer| Job::Load(lines, answer))?;
        answered.await.unwrap_or(Err(StoreError::Poisoned))
    }

    fn limits(&self) -> Limits {
        Limits::default()
    }

    async fn close(&self) -> Result<(), StoreError> {
        drop(lock(&self.committer).take());
        while let Some(wait) = self.shared.ending() {
            // Woken or not, only the state tells.
            let _ = wait.await;
        }
        self.join();
        self.shared.farewell().map_or(Ok(()), Err)
    }
}
