//! The store: a handle on an open engine.

use std::fmt;
use std::path::Path;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use async_trait::async_trait;
use cmss_core::store::{
    Changes, Changeset, CommitId, DocRef, Got, Limits, Lines, Page, Receipt, Scan, Seq, Store,
    StoreError, Walked,
};
use futures_channel::oneshot;

use crate::committer::{self, Commit, Job, PENDING};
use crate::engine::Engine;
use crate::journal::{Journal, Left};
use crate::loading::{Content, Room};
use crate::proposal::Proposal;
use crate::shared::{self, Shared};
use crate::verify::{self, Examined, Unverified, Verified};
use crate::witness::Witness;
use crate::{answers, compaction, directory, error, loading, opening};

/// A [`Store`] on an engine.
///
/// The [crate's page](crate) says what it does and what is left to the engine.
///
/// # Dropping
///
/// Dropping the handle does what [`close`](Store::close) does, on the dropping thread and without
/// an answer.
pub struct KeyedStore<E: Engine> {
    shared: Arc<Shared<E>>,
    /// Gone once the store is being closed.
    committer: Mutex<Option<Sender<Job>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl<E: Engine> KeyedStore<E> {
    /// Opens the store that an engine holds, or founds one in an untouched engine.
    ///
    /// `place` is what the store is called where something is refused: the path, mostly. What the
    /// engine has created to be open must be durable by now. This reads and writes on the calling
    /// thread.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the engine holds something else than a store, or one of a
    /// newer format; [`StoreError::Corrupt`] when what it holds is damaged; and what the engine
    /// says. The engine has been let go of then.
    pub fn open(engine: E, place: &str) -> Result<Self, StoreError> {
        Self::start(engine, place, None, PENDING)
    }

    /// Opens the store that an engine holds in a directory, with two files beside it.
    ///
    /// In the [journal](crate::directory::JOURNAL), what is committed is durable before the engine has
    /// it. What was left there, by a process that did not close the store, the engine is given now.
    ///
    /// The [witness](crate::directory::WITNESS) is a small file that says which commits are durable. A
    /// store that comes back older than that, or with another history, is refused.
    ///
    /// Otherwise this is [`KeyedStore::open`]. The directory must have been
    /// [prepared](crate::directory::prepare) and be held against a second opening. Where there is no
    /// witness, one is begun with what the engine holds.
    ///
    /// # Errors
    /// Those of [`KeyedStore::open`]; [`StoreError::Corrupt`] when the witness has seen what the store
    /// does not hold, when the journal goes on from what the engine does not hold, or when one of them
    /// is damaged; [`StoreError::Unavailable`] when they cannot be read or written.
    pub fn open_in(engine: E, directory: &Path) -> Result<Self, StoreError> {
        Self::open_with(engine, directory, PENDING)
    }

    /// The same, and no more than so many bytes of commits are left to the journal alone: for tests,
    /// which have no time to fill it.
    #[doc(hidden)]
    pub fn open_with(engine: E, directory: &Path, most: usize) -> Result<Self, StoreError> {
        let place = directory.display().to_string();
        Self::start(engine, &place, Some(directory), most)
    }

    fn start(
        engine: E,
        place: &str,
        directory: Option<&Path>,
        most: usize,
    ) -> Result<Self, StoreError> {
        let opened = error::contained("while opening", || {
            directory.map(compaction::check_unmarked).transpose()?;
            directory.map(loading::tidy).transpose()?;
            let witnessed = directory.map(Witness::read).transpose()?;
            let witnessed = witnessed.unwrap_or_default();
            let left = directory.map(|directory| Left::read(directory, &engine));
            let left = left.transpose()?.unwrap_or_default();
            let tip = opening::open(&engine, place, &left, &witnessed)?;
            engine.inspect()?;
            let journal = directory.map(|directory| Journal::begin(directory, &engine, &left));
            let witness = directory.map(|directory| Witness::begin(directory, tip, &witnessed));
            Ok((tip, journal.transpose()?, witness.transpose()?))
        });
        let (tip, journal, witness) = match opened {
            Ok(opened) => opened,
            Err(error) => {
                // Why it does not open says more than how it closes.
                let _ = shared::let_go(engine);
                // It may be that something could not be synced.
                if let Some(directory) = directory {
                    directory::forget(directory);
                }
                return Err(error);
            }
        };
        let shared = Arc::new(Shared::new(engine, tip, directory.map(Path::to_owned)));
        let room = Room::in_directory(directory.map(Path::to_owned));
        let (sender, thread) = match committer::start(shared.clone(), journal, witness, room, most)
        {
            Ok(started) => started,
            Err(source) => {
                shared.release(Ok(()));
                return Err(error::unreachable("no thread can be started", source));
            }
        };
        Ok(Self {
            shared,
            committer: Mutex::new(Some(sender)),
            thread: Mutex::new(Some(thread)),
        })
    }

    /// Looks at everything the store holds, and whether it belongs together: every value, every
    /// document with its entries, the whole log with its chain and receipts, and that each document
    /// is as the log last tells of it.
    ///
    /// `progress` is told now and then how much has been looked at. Commits may go on meanwhile;
    /// what they write while this runs may or may not be looked at. Memory is bounded, whatever the
    /// store holds.
    ///
    /// This reads on the calling thread, and takes as long as reading the store does.
    ///
    /// A store that as a whole is an older one of itself is whole: that, its witness tells when it
    /// is opened.
    ///
    /// # Errors
    /// [`Unverified::Corrupt`] with the first thing that is wrong; [`Unverified::Unread`] when the
    /// store cannot be looked at, or is being loaded.
    ///
    /// # Examples
    ///
    /// The [crate's page](crate) has one.
    pub fn verify(&self, progress: impl FnMut(&Examined)) -> Result<Verified, Unverified> {
        verify::verify(&self.shared, progress)
    }

    pub(crate) const fn shared(&self) -> &Arc<Shared<E>> {
        &self.shared
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
        self.submit(job(answer))?;
        Ok(answered)
    }

    fn submit(&self, job: Job) -> Result<(), StoreError> {
        let committer = lock(&self.committer);
        let sender = committer.as_ref().ok_or(StoreError::Closed)?;
        // The committer ends before it is told to only by a panic in foreign wakers.
        sender.send(job).map_err(|_| StoreError::Poisoned)
    }

    /// Loads the store, and tells what became of it on the committer's thread; never, if that dies.
    pub(crate) fn load_with(
        &self,
        content: Content,
        loaded: impl FnOnce(Result<Seq, StoreError>) + Send + 'static,
    ) -> Result<(), StoreError> {
        self.submit(Job::Load(content, Box::new(loaded)))
    }

    /// Lets the committer end when it has done all that was sent.
    fn end(&self) {
        if let Some(committer) = lock(&self.committer).take() {
            // One that has died has ended.
            let _ = committer.send(Job::End);
        }
    }

    /// Closes the store as [`close`](Store::close) does, on this thread.
    pub(crate) fn shut(&self) -> Result<(), StoreError> {
        self.end();
        self.join();
        self.shared.farewell().map_or(Ok(()), Err)
    }

    /// Waits for the committer's thread, which has ended or is about to, and lets go of the
    /// engine if a panic kept the thread from it.
    fn join(&self) {
        if let Some(thread) = lock(&self.thread).take()
            // The lines of a load may hold the last handle, and are dropped by the committer.
            && thread.thread().id() != thread::current().id()
        {
            // A panic has poisoned the store, and whoever waited has been told.
            let _ = thread.join();
            self.shared.release(Ok(()));
        }
    }
}

/// The locks of a handle guard single moves, which no panic leaves half done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<E: Engine> fmt::Debug for KeyedStore<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyedStore").finish_non_exhaustive()
    }
}

impl<E: Engine> Drop for KeyedStore<E> {
    fn drop(&mut self) {
        self.end();
        self.join();
    }
}

/// The reads that wait for nothing, for a backend's own type: each future of it would otherwise hold
/// another.
pub trait AtOnce {
    /// What [`Store::get`] answers.
    fn get_at_once(&self, refs: &[DocRef]) -> Result<Got, StoreError>;

    /// What [`Store::scan`] answers.
    fn scan_at_once(&self, scan: &Scan) -> Result<Page, StoreError>;
}

impl<E: Engine> AtOnce for KeyedStore<E> {
    fn get_at_once(&self, refs: &[DocRef]) -> Result<Got, StoreError> {
        self.shared.read(|view, as_of| {
            if !refs.is_empty() {
                self.limits().check_page(refs.len())?;
            }
            let docs = answers::get(&view, refs)?;
            Ok(Got { as_of, docs })
        })
    }

    fn scan_at_once(&self, scan: &Scan) -> Result<Page, StoreError> {
        self.shared.read(|view, as_of| {
            self.limits().check_page(scan.limit)?;
            answers::scan(&view, as_of, scan)
        })
    }
}

#[async_trait]
impl<E: Engine> Store for KeyedStore<E> {
    async fn get(&self, refs: &[DocRef]) -> Result<Got, StoreError> {
        self.get_at_once(refs)
    }

    async fn scan(&self, scan: &Scan) -> Result<Page, StoreError> {
        self.scan_at_once(scan)
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
        let proposal = Proposal::of(changeset);
        let answered = self.send(|answer| Job::Commit(Commit { proposal, answer }))?;
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
        let (answer, answered) = oneshot::channel();
        self.load_with(Content::Lines(lines), |loaded| {
            // Who has stopped waiting needs no answer.
            let _ = answer.send(loaded);
        })?;
        answered.await.unwrap_or(Err(StoreError::Poisoned))
    }

    fn limits(&self) -> Limits {
        Limits::default()
    }

    async fn close(&self) -> Result<(), StoreError> {
        self.end();
        while let Some(wait) = self.shared.ending() {
            // Woken or not, only the state tells.
            let _ = wait.await;
        }
        self.join();
        self.shared.farewell().map_or(Ok(()), Err)
    }
}
