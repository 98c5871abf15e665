//! The store: a handle on shared state.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, RwLock, RwLockReadGuard};
use std::task::{Context, Poll};

use async_trait::async_trait;
use cmss_core::store::{
    Changes, Changeset, CommitId, DocRef, Got, Limits, Lines, Page, Receipt, Scan, Seq, Store,
    StoreError, Unchained, Walked,
};

use crate::commit::Outcome;
use crate::state::State;
use crate::waiters::Waiters;

/// A store that lives and dies with the process.
///
/// # Clone
///
/// A clone is another handle on the same store: it sees the same documents, and closing one closes
/// all. [`MemoryStore::fork`] makes a store of its own.
///
/// # Examples
///
/// ```
/// use cmss_core::store::{Seq, Store};
/// use cmss_memory::MemoryStore;
///
/// let store = MemoryStore::new();
/// let got = pollster::block_on(store.get(&[]));
/// assert_eq!(got.map(|got| got.as_of).ok(), Some(Seq::ZERO));
/// ```
#[derive(Clone, Default)]
pub struct MemoryStore {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    state: RwLock<Life>,
    waiters: Waiters,
    limits: Limits,
}

/// A closed store holds nothing any more.
enum Life {
    Open(State),
    Closed,
}

impl Default for Life {
    fn default() -> Self {
        Self::Open(State::default())
    }
}

impl Life {
    fn open(&self) -> Result<&State, StoreError> {
        match self {
            Self::Open(state) => Ok(state),
            Self::Closed => Err(StoreError::Closed),
        }
    }

    fn open_mut(&mut self) -> Result<&mut State, StoreError> {
        match self {
            Self::Open(state) => Ok(state),
            Self::Closed => Err(StoreError::Closed),
        }
    }

    /// Refuses a store that holds something, be it only the log of what was removed.
    fn empty(&self) -> Result<(), StoreError> {
        if self.open()?.seq() == Seq::ZERO {
            Ok(())
        } else {
            Err(StoreError::NotEmpty)
        }
    }
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Another store that holds now what this one does: from then on neither sees what is done to
    /// the other.
    ///
    /// # Errors
    /// [`StoreError::Closed`].
    pub fn fork(&self) -> Result<Self, StoreError> {
        let state = self.read(State::clone)?;
        Ok(Self {
            shared: Arc::new(Shared {
                state: RwLock::new(Life::Open(state)),
                waiters: Waiters::default(),
                limits: self.shared.limits,
            }),
        })
    }

    fn life(&self) -> Result<RwLockReadGuard<'_, Life>, StoreError> {
        self.shared.state.read().map_err(|_| StoreError::Poisoned)
    }

    /// Reads from one state.
    fn read<T>(&self, read: impl FnOnce(&State) -> T) -> Result<T, StoreError> {
        Ok(read(self.life()?.open()?))
    }

    /// Changes the state, without waking whoever waits for that.
    fn write<T>(
        &self,
        write: impl FnOnce(&mut Life) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut life = self
            .shared
            .state
            .write()
            .map_err(|_| StoreError::Poisoned)?;
        write(&mut life)
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore").finish_non_exhaustive()
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn get(&self, refs: &[DocRef]) -> Result<Got, StoreError> {
        let life = self.life()?;
        let state = life.open()?;
        if !refs.is_empty() {
            self.shared.limits.check_page(refs.len())?;
        }
        Ok(state.get(refs))
    }

    async fn scan(&self, scan: &Scan) -> Result<Page, StoreError> {
        let life = self.life()?;
        let state = life.open()?;
        self.shared.limits.check_page(scan.limit)?;
        state.scan(scan)
    }

    async fn walk(&self, after: Option<&DocRef>, limit: usize) -> Result<Walked, StoreError> {
        let life = self.life()?;
        let state = life.open()?;
        self.shared.limits.check_page(limit)?;
        Ok(state.walk(after, limit))
    }

    async fn commit(&self, changeset: Changeset) -> Result<Receipt, StoreError> {
        self.life()?.open()?;
        changeset.check(&self.shared.limits)?;
        // Texts are hashed before the lock is taken.
        let record = Unchained::of(&changeset);
        let outcome = self.write(|life| Ok(life.open_mut()?.commit(changeset, record)?))?;
        Ok(match outcome {
            Outcome::Applied(receipt) => {
                self.shared.waiters.wake();
                receipt
            }
            Outcome::Replayed(receipt) => receipt,
        })
    }

    async fn receipt(&self, id: CommitId) -> Result<Option<Receipt>, StoreError> {
        self.read(|state| state.receipts.get(&id).copied())
    }

    async fn changes(&self, after: Seq, limit: usize) -> Result<Changes, StoreError> {
        let life = self.life()?;
        let state = life.open()?;
        self.shared.limits.check_page(limit)?;
        Ok(state.changes(after, limit))
    }

    async fn grown(&self, past: Seq) -> Result<Seq, StoreError> {
        let waiting = Waiting {
            store: self,
            past,
            place: None,
        };
        waiting.await
    }

    async fn load(&self, lines: Lines) -> Result<Seq, StoreError> {
        self.life()?.empty()?;
        // The lines may come from anywhere and take their time: no lock is held meanwhile.
        let state = State::from_lines(lines)?;
        let seq = state.seq();
        self.write(|life| {
            life.empty()?;
            *life = Life::Open(state);
            Ok(())
        })?;
        self.shared.waiters.wake();
        Ok(seq)
    }

    fn limits(&self) -> Limits {
        self.shared.limits
    }

    async fn close(&self) -> Result<(), StoreError> {
        self.write(|life| {
            *life = Life::Closed;
            Ok(())
        })?;
        self.shared.waiters.wake();
        Ok(())
    }
}

/// Waits until the log holds a record after `past`.
struct Waiting<'a> {
    store: &'a MemoryStore,
    past: Seq,
    place: Option<u64>,
}

impl Future for Waiting<'_> {
    type Output = Result<Seq, StoreError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let store = self.store;
        let mut places = store.shared.waiters.places();
        match store.read(State::seq) {
            Ok(seq) if seq <= self.past => {
                self.place = Some(places.take(self.place, context.waker()));
                Poll::Pending
            }
            answer => Poll::Ready(answer),
        }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if let Some(place) = self.place {
            // A waker may run foreign code when it is dropped: not under the lock.
            let waker = self.store.shared.waiters.places().leave(place);
            drop(waker);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::Waker;

    use super::*;

    #[test]
    fn a_dropped_wait_leaves_no_waker_behind() {
        let store = MemoryStore::new();
        let mut context = Context::from_waker(Waker::noop());
        {
            let mut waiting = pin!(store.grown(Seq::ZERO));
            assert!(waiting.as_mut().poll(&mut context).is_pending());
            assert!(waiting.as_mut().poll(&mut context).is_pending());
            assert_eq!(store.shared.waiters.places().len(), 1);
        }
        assert_eq!(store.shared.waiters.places().len(), 0);
    }
}
