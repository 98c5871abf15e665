//! A store of which one call fails.

use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use async_trait::async_trait;
use cmss_core::store::{
    Changes, Changeset, CommitId, DocRef, Got, Limits, Lines, Page, Receipt, Scan, Seq, Store,
    StoreError, Walked,
};

use super::Dump;

/// How a call fails.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// It is not carried out, and answers [`StoreError::Unavailable`].
    Before,
    /// A commit is carried out, and answers [`StoreError::Unknown`]. Any other call is as
    /// [`Before`](Self::Before).
    After,
    /// It is not carried out, and answers [`StoreError::Backend`]; every call after it answers
    /// [`StoreError::Poisoned`].
    Poisoning,
    /// A commit is carried out, and answers [`StoreError::Unknown`]; every call after it answers
    /// [`StoreError::Poisoned`]. Any other call is as [`Poisoning`](Self::Poisoning).
    PoisoningAfter,
    /// It is carried out, and never answers: whoever waits for it has to go away.
    Silence,
    /// It is carried out, and whoever waits for it has to wait a while before and after that.
    Slowness,
}

/// Answers when it is asked a second time.
async fn a_while() {
    let mut asked = false;
    poll_fn(|context| {
        context.waker().wake_by_ref();
        if std::mem::replace(&mut asked, true) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}

impl Fault {
    /// Each of them.
    pub const ALL: [Self; 6] = [
        Self::Before,
        Self::After,
        Self::Poisoning,
        Self::PoisoningAfter,
        Self::Silence,
        Self::Slowness,
    ];

    /// Whether the handle is of no use after it.
    #[must_use]
    pub const fn poisons(self) -> bool {
        matches!(self, Self::Poisoning | Self::PoisoningAfter)
    }
}

/// A call of a store.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Call {
    /// [`Store::commit`], with this id.
    Commit(CommitId),
    /// [`Store::get`], [`Store::scan`], [`Store::walk`], [`Store::receipt`], [`Store::changes`] or
    /// [`Store::grown`].
    Read,
    /// [`Store::load`].
    Load,
}

/// How far it has come.
#[derive(Debug, Default)]
struct Progress {
    calls: usize,
    /// The call that has failed.
    failed: Option<Call>,
    reopened: bool,
}

/// A store of which one call fails, in a way that is chosen.
///
/// Calls are counted from 1, reads and commits and loads alike. [`Store::close`] neither counts nor
/// fails.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// use cmss_core::store::{Store, StoreError};
/// use cmss_memory::MemoryStore;
/// use cmss_testkit::faults::{Fault, Faulty};
///
/// # pollster::block_on(async {
/// let faulty = Faulty::new(Arc::new(MemoryStore::new()), Fault::Before, 2);
/// assert!(faulty.get(&[]).await.is_ok());
/// assert!(matches!(faulty.get(&[]).await, Err(StoreError::Unavailable { .. })));
/// assert!(faulty.get(&[]).await.is_ok());
/// # });
/// ```
#[derive(Debug)]
pub struct Faulty {
    store: Arc<dyn Store>,
    fault: Fault,
    number: usize,
    progress: Mutex<Progress>,
    /// What the store held after each commit, where that is wanted.
    states: Option<Mutex<Vec<Dump>>>,
}

/// What becomes of a call.
enum Turn {
    PassedOn,
    Poisoned,
    Fails,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a call answers that is not carried out.
fn refusal(fault: Fault) -> StoreError {
    let what = "a fault was asked for".to_owned();
    if fault.poisons() {
        StoreError::Backend { what, source: None }
    } else {
        StoreError::Unavailable { what, source: None }
    }
}

impl Faulty {
    /// Lets the call with this number fail.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, fault: Fault, number: usize) -> Self {
        Self {
            store,
            fault,
            number,
            progress: Mutex::default(),
            states: None,
        }
    }

    /// Lets no call fail, and keeps what the store holds after each commit.
    pub(super) fn recording(store: Arc<dyn Store>) -> Self {
        Self {
            states: Some(Mutex::default()),
            ..Self::new(store, Fault::Before, 0)
        }
    }

    /// What the store held after each commit.
    pub(super) fn states(&self) -> Vec<Dump> {
        let states = self.states.iter();
        states
            .flat_map(|states| std::mem::take(&mut *lock(states)))
            .collect()
    }

    async fn note_state(&self) -> Result<(), StoreError> {
        if let Some(states) = &self.states {
            let state = Dump::of(&*self.store).await?;
            lock(states).push(state);
        }
        Ok(())
    }

    /// The call that has failed; `None` while it has not come to that.
    #[must_use]
    pub fn failed(&self) -> Option<Call> {
        self.progress().failed
    }

    /// Whether somebody waits for a call that never answers.
    pub(super) fn is_silent(&self) -> bool {
        self.fault == Fault::Silence && self.failed().is_some()
    }

    /// As opening the store anew would: what was poisoned is so no more.
    pub fn reopen(&self) {
        self.progress().reopened = true;
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        lock(&self.progress)
    }

    fn turn(&self, call: Call) -> Turn {
        let mut progress = self.progress();
        progress.calls += 1;
        if progress.calls == self.number {
            progress.failed = Some(call);
            return Turn::Fails;
        }
        let poisoned = self.fault.poisons() && progress.failed.is_some() && !progress.reopened;
        if poisoned {
            Turn::Poisoned
        } else {
            Turn::PassedOn
        }
    }

    /// Passes a call on that changes nothing, or all or nothing, when its turn is not to fail.
    async fn pass<T>(
        &self,
        call: Call,
        on: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        match (self.turn(call), self.fault) {
            (Turn::PassedOn, _) => on.await,
            (Turn::Poisoned, _) => Err(StoreError::Poisoned),
            (Turn::Fails, Fault::Silence) => std::future::pending().await,
            (Turn::Fails, Fault::Slowness) => {
                a_while().await;
                let answer = on.await;
                a_while().await;
                answer
            }
            (Turn::Fails, fault) => Err(refusal(fault)),
        }
    }
}

#[async_trait]
impl Store for Faulty {
    async fn get(&self, refs: &[DocRef]) -> Result<Got, StoreError> {
        self.pass(Call::Read, self.store.get(refs)).await
    }

    async fn scan(&self, scan: &Scan) -> Result<Page, StoreError> {
        self.pass(Call::Read, self.store.scan(scan)).await
    }

    async fn walk(&self, after: Option<&DocRef>, limit: usize) -> Result<Walked, StoreError> {
        self.pass(Call::Read, self.store.walk(after, limit)).await
    }

    async fn commit(&self, changeset: Changeset) -> Result<Receipt, StoreError> {
        let id = changeset.id;
        let on = self.store.commit(changeset);
        let lost = match (self.turn(Call::Commit(id)), self.fault) {
            (Turn::PassedOn, _) => {
                let answer = on.await?;
                self.note_state().await?;
                return Ok(answer);
            }
            (Turn::Poisoned, _) => return Err(StoreError::Poisoned),
            (Turn::Fails, fault @ (Fault::Before | Fault::Poisoning)) => {
                return Err(refusal(fault));
            }
            (Turn::Fails, Fault::Slowness) => {
                a_while().await;
                let answer = on.await;
                a_while().await;
                return answer;
            }
            (Turn::Fails, Fault::After | Fault::PoisoningAfter | Fault::Silence) => on.await,
        };
        if self.fault == Fault::Silence {
            std::future::pending::<()>().await;
        }
        // What was refused is no outcome that can get lost.
        lost?;
        Err(StoreError::Unknown { id, source: None })
    }

    async fn receipt(&self, id: CommitId) -> Result<Option<Receipt>, StoreError> {
        self.pass(Call::Read, self.store.receipt(id)).await
    }

    async fn changes(&self, after: Seq, limit: usize) -> Result<Changes, StoreError> {
        self.pass(Call::Read, self.store.changes(after, limit))
            .await
    }

    async fn grown(&self, past: Seq) -> Result<Seq, StoreError> {
        self.pass(Call::Read, self.store.grown(past)).await
    }

    async fn load(&self, lines: Lines) -> Result<Seq, StoreError> {
        self.pass(Call::Load, self.store.load(lines)).await
    }

    fn limits(&self) -> Limits {
        self.store.limits()
    }

    async fn close(&self) -> Result<(), StoreError> {
        // A closed store says so, poisoned or not.
        self.reopen();
        self.store.close().await
    }
}
