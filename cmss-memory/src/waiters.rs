//! Whoever waits for the log to grow.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Waker;

/// The wakers of the futures that wait, each under the number of its place.
#[derive(Debug, Default)]
pub(crate) struct Waiters {
    places: Mutex<Places>,
}

#[derive(Debug, Default)]
pub(crate) struct Places {
    next: u64,
    wakers: BTreeMap<u64, Waker>,
}

impl Waiters {
    /// Locks the places. Whoever looks at the state under this lock and then takes a place misses
    /// no [`Waiters::wake`] that follows a change of the state.
    pub(crate) fn places(&self) -> MutexGuard<'_, Places> {
        // A map of wakers is whole between any two of its calls, so poison says nothing here.
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes everyone who waits; to be called after the state has changed, without its lock.
    pub(crate) fn wake(&self) {
        let woken = std::mem::take(&mut self.places().wakers);
        for waker in woken.into_values() {
            waker.wake();
        }
    }
}

impl Places {
    /// Takes a place, or renews the waker of the one already held.
    pub(crate) fn take(&mut self, held: Option<u64>, waker: &Waker) -> u64 {
        let place = held.unwrap_or_else(|| {
            self.next = self.next.wrapping_add(1);
            self.next
        });
        self.wakers.insert(place, waker.clone());
        place
    }

    /// Gives a place up.
    pub(crate) fn leave(&mut self, place: u64) -> Option<Waker> {
        self.wakers.remove(&place)
    }

    /// How many wait.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.wakers.len()
    }
}
