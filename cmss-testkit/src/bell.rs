//! A waker that tells when it was woken.

use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

/// How long somebody may stay asleep before they are taken to have been forgotten. It measures
/// nothing: it only turns a test that would never end into one that fails.
pub(crate) const FORGOTTEN: Duration = Duration::from_secs(10);

/// Counts how often it is rung.
#[derive(Default)]
pub(crate) struct Bell {
    rung: Mutex<usize>,
    ringing: Condvar,
}

impl Bell {
    pub(crate) fn rung(&self) -> usize {
        *self.lock()
    }

    /// Polls a future, which rings this when it is to be polled again.
    pub(crate) fn poll<F: Future + ?Sized>(
        self: &Arc<Self>,
        future: Pin<&mut F>,
    ) -> Poll<F::Output> {
        let waker = Waker::from(self.clone());
        future.poll(&mut Context::from_waker(&waker))
    }

    /// Waits until it has been rung more often than that. A store may wake others a moment after it has
    /// answered.
    #[track_caller]
    pub(crate) fn heard_past(&self, rung: usize) {
        let more = |now: &mut usize| *now <= rung;
        let waited = self
            .ringing
            .wait_timeout_while(self.lock(), FORGOTTEN, more);
        let now = *waited.unwrap_or_else(PoisonError::into_inner).0;
        assert!(now > rung, "who waited was not woken");
    }

    fn lock(&self) -> MutexGuard<'_, usize> {
        self.rung.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        *self.lock() += 1;
        self.ringing.notify_all();
    }
}
