//! What the callers and the committer share: the state behind its lock, and who waits.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};

use cmss_core::store::{Seq, StoreError};
use futures_channel::oneshot;

use crate::answers::Answers;
use crate::directory;
use crate::engine::{Batch, Engine};
use crate::error;
use crate::reads::Tip;
use crate::staged::Staged;
use crate::tree;
use crate::view::View;

/// One open store.
///
/// Only the committer writes to it. What it commits is durable before it comes into the state, under the
/// write lock: in a journal, and then it is pending; or in the engine, with the lock held until it is
/// settled. So what a reader sees under the read lock is one state, and durable. While a load is under
/// way nobody reads the tree, and the lock is not held.
///
/// What is pending is carried into the engine batch by batch. Meanwhile it stays where it is, over
/// the tree, and hides what of it has come there.
///
/// Where both locks are taken, that of the waiters is taken first.
pub(crate) struct Shared<E> {
    state: RwLock<State<E>>,
    waiters: Mutex<Waiters>,
    /// Where its files are, if it is known.
    directory: Option<PathBuf>,
}

pub(crate) struct State<E> {
    pub(crate) life: Life,
    /// There until the store is closed.
    pub(crate) engine: Option<E>,
    pub(crate) tip: Tip,
    /// What a journal has, and the engine does not have for sure.
    pending: Arc<Staged>,
    /// None where the engine gives no room to them.
    answers: Option<Answers>,
    /// What went wrong while nobody waited for an answer, or while closing, for the first who asks.
    farewell: Option<StoreError>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Life {
    Open,
    /// A load is under way; to every reader the store is empty.
    Loading,
    /// It is not known what is durable.
    Poisoned,
    Closed,
}

#[derive(Default)]
struct Waiters {
    /// The committer's thread has ended.
    ended: bool,
    waiting: Vec<oneshot::Sender<()>>,
}

impl<E: Engine> Shared<E> {
    pub(crate) fn new(engine: E, tip: Tip, directory: Option<PathBuf>) -> Self {
        let room = engine.room();
        Self {
            state: RwLock::new(State {
                life: Life::Open,
                engine: Some(engine),
                tip,
                pending: Arc::default(),
                answers: (room > 0).then(|| Answers::within(room)),
                farewell: None,
            }),
            waiters: Mutex::default(),
            directory,
        }
    }

    /// Reads from one state.
    pub(crate) fn read<T>(
        &self,
        read: impl FnOnce(View<'_, E>, Seq) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.watched(|state| {
            let view = match state.life {
                Life::Loading => View::empty(),
                Life::Open | Life::Poisoned | Life::Closed => {
                    state.view()?.answering(state.answers.as_ref())
                }
            };
            read(view, state.seen())
        })
    }

    /// Reads from one state, with its tip; refused while a load is under way, which nobody sees.
    pub(crate) fn settled<T>(
        &self,
        read: impl FnOnce(View<'_, E>, Tip) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.watched(|state| {
            if state.life == Life::Loading {
                return Err(error::unavailable("a load is under way"));
            }
            read(state.view()?, state.tip)
        })
    }

    /// Asks the engine whether it is in order.
    pub(crate) fn inspect(&self) -> Result<(), StoreError> {
        self.watched(|state| state.engine()?.inspect())
    }

    /// Asks the state something, from whose panic only the store is lost.
    fn watched<T>(
        &self,
        ask: impl FnOnce(&State<E>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let asked = self.contained(|| {
            let state = self.state()?;
            ask(&state)
        });
        asked.unwrap_or_else(|| Err(error::panicked("while reading")))
    }

    /// Does a piece of work, from whose panic only the store is lost: it is poisoned before anyone
    /// hears of it, and nobody reads again what the panic left half done.
    pub(crate) fn contained<T>(&self, work: impl FnOnce() -> T) -> Option<T> {
        let done = catch_unwind(AssertUnwindSafe(work)).ok();
        if done.is_none() {
            self.poison();
        }
        done
    }

    /// The state, to read from; refused when the store is poisoned or closed.
    pub(crate) fn state(&self) -> Result<RwLockReadGuard<'_, State<E>>, StoreError> {
        let state = self.state.read().map_err(|_| StoreError::Poisoned)?;
        state.alive()?;
        Ok(state)
    }

    /// Changes the state, then wakes who waits. A change that fails poisons the store: from then
    /// on nobody reads what may not be durable.
    pub(crate) fn change<T>(
        &self,
        change: impl FnOnce(&mut State<E>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let changed = self.alter(change);
        self.wake();
        changed
    }

    /// The same without waking anyone.
    fn alter<T>(
        &self,
        change: impl FnOnce(&mut State<E>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut state = self.state.write().map_err(|_| StoreError::Poisoned)?;
        state.alive()?;
        let changed = change(&mut state);
        if changed.is_err() {
            state.life = Life::Poisoned;
        }
        changed
    }

    /// Carries what is pending into the engine, so that a journal need not have it. Nobody else
    /// writes meanwhile; the lock is held while a batch is applied, and not while it is settled.
    pub(crate) fn carry(&self) -> Result<(), StoreError> {
        let pending = self.state()?.pending.clone();
        for batch in pending.batches() {
            self.alter(|state| state.engine()?.apply(batch))?;
            let settled = self.state()?.engine()?.settle();
            self.alter(|_| settled)?;
        }
        self.alter(|state| {
            state.pending = Arc::default();
            Ok(())
        })
    }

    /// Answers the last commit when it is after `past`, or else what to wait for.
    pub(crate) fn grown(
        &self,
        past: Seq,
    ) -> Result<Result<Seq, oneshot::Receiver<()>>, StoreError> {
        let mut waiters = self.waiters();
        let seq = self.state()?.seen();
        if seq > past {
            return Ok(Ok(seq));
        }
        Ok(Err(waiters.wait()))
    }

    /// What to wait for until the committer has ended; `None` when it has.
    pub(crate) fn ending(&self) -> Option<oneshot::Receiver<()>> {
        let mut waiters = self.waiters();
        (!waiters.ended).then(|| waiters.wait())
    }

    /// Marks that it is not known what is durable.
    pub(crate) fn poison(&self) {
        {
            let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
            if state.life != Life::Closed {
                state.life = Life::Poisoned;
            }
        }
        self.wake();
    }

    /// Marks that the committer's thread ends.
    pub(crate) fn end(&self) {
        self.waiters().ended = true;
        self.wake();
    }

    /// Marks that it is not known what is durable, for a reason that nobody has been told.
    pub(crate) fn fail(&self, error: StoreError) {
        {
            let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
            state.farewell.get_or_insert(error);
        }
        self.poison();
    }

    /// Lets go of the engine, which nothing follows but what became of the witness; every call after
    /// it finds the store closed.
    pub(crate) fn release(&self, witnessed: Result<(), StoreError>) {
        // What a panic left behind is not read from again, only closed.
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        let Some(engine) = state.engine.take() else {
            return;
        };
        let settled = match state.life {
            Life::Poisoned => Err(StoreError::Poisoned),
            Life::Open | Life::Loading | Life::Closed => error::contained("while closing", || {
                engine.settle()?;
                engine.inspect()
            }),
        };
        state.life = Life::Closed;
        self.state.clear_poison();
        let is_unsure = settled.is_err();
        let closed = settled.and(witnessed).and(let_go(engine)).err();
        if is_unsure && let Some(directory) = &self.directory {
            directory::forget(directory);
        }
        state.farewell = state.farewell.take().or(closed);
    }

    /// What went wrong while closing, told once.
    pub(crate) fn farewell(&self) -> Option<StoreError> {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        state.farewell.take()
    }

    fn wake(&self) {
        let waiting = std::mem::take(&mut self.waiters().waiting);
        for waiter in waiting {
            // Who has stopped waiting needs no answer.
            let _ = waiter.send(());
        }
    }

    fn waiters(&self) -> MutexGuard<'_, Waiters> {
        // The list is whole between any two of its calls, so poison says nothing here.
        self.waiters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<E: Engine> State<E> {
    /// What there is to read.
    pub(crate) fn view(&self) -> Result<View<'_, E>, StoreError> {
        Ok(View::over(self.engine()?, &self.pending))
    }

    /// Whether the engine lacks anything.
    pub(crate) fn is_pending(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Takes in what is durable in a journal.
    pub(crate) fn take(&mut self, committed: Staged, tip: Tip) {
        self.forget(committed.writes());
        Arc::make_mut(&mut self.pending).absorb(committed);
        self.tip = tip;
    }

    /// Writes, durably, what is in no journal.
    pub(crate) fn write(&mut self, committed: Staged, tip: Tip) -> Result<(), StoreError> {
        self.forget(committed.writes());
        tree::write(self.engine()?, committed)?;
        self.tip = tip;
        Ok(())
    }

    fn forget(&self, batch: &Batch) {
        if let Some(answers) = &self.answers {
            answers.forget(batch);
        }
    }

    /// Forgets every answer.
    pub(crate) fn forget_all(&self) {
        if let Some(answers) = &self.answers {
            answers.clear();
        }
    }

    fn alive(&self) -> Result<(), StoreError> {
        match self.life {
            Life::Open | Life::Loading => Ok(()),
            Life::Poisoned => Err(StoreError::Poisoned),
            Life::Closed => Err(StoreError::Closed),
        }
    }

    /// The last commit that readers see.
    const fn seen(&self) -> Seq {
        match self.life {
            Life::Loading => Seq::ZERO,
            Life::Open | Life::Poisoned | Life::Closed => self.tip.seq,
        }
    }

    pub(crate) fn engine(&self) -> Result<&E, StoreError> {
        self.engine.as_ref().ok_or(StoreError::Closed)
    }
}

/// Lets an engine go, whatever state it is in.
pub(crate) fn let_go<E: Engine>(engine: E) -> Result<(), StoreError> {
    error::contained("while closing", || {
        engine.let_go();
        Ok(())
    })
}

impl Waiters {
    fn wait(&mut self) -> oneshot::Receiver<()> {
        self.waiting.retain(|waiter| !waiter.is_canceled());
        let (sender, receiver) = oneshot::channel();
        self.waiting.push(sender);
        receiver
    }
}
