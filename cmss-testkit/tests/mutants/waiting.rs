//! Waits for growth of which somebody is not woken.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Wake, Waker};
use std::thread;

use cmss_core::store::{Seq, Store as _, StoreError};
use cmss_memory::MemoryStore;

/// Never woken.
pub(crate) async fn deaf(store: &MemoryStore, past: Seq) -> Result<Seq, StoreError> {
    let mut waiting = pin!(store.grown(past));
    poll_fn(|_| {
        waiting
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
    })
    .await
}

/// Woken as it was first polled, and never again.
pub(crate) async fn once(store: &MemoryStore, past: Seq) -> Result<Seq, StoreError> {
    let (mut waiting, mut is_first) = (pin!(store.grown(past)), true);
    poll_fn(|cx| {
        let waker = match std::mem::take(&mut is_first) {
            true => cx.waker(),
            false => Waker::noop(),
        };
        waiting.as_mut().poll(&mut Context::from_waker(waker))
    })
    .await
}

/// Woken by the commit after the one that it sees: what comes between looking and waiting it misses.
pub(crate) async fn for_the_next(store: &MemoryStore, past: Seq) -> Result<Seq, StoreError> {
    let seen = store.get(&[]).await?.as_of;
    if seen > past {
        return Ok(seen);
    }
    let mut now = seen;
    for _ in 0..10_000 {
        if now > seen {
            break;
        }
        // Others commit meanwhile.
        thread::yield_now();
        now = store.get(&[]).await?.as_of;
    }
    store.grown(now).await
}

/// Woken unless somebody has stopped waiting.
pub(crate) async fn until_one_leaves(
    store: &MemoryStore,
    past: Seq,
    left: &Arc<AtomicBool>,
) -> Result<Seq, StoreError> {
    let _place = Place(left.clone());
    let mut waiting = pin!(store.grown(past));
    poll_fn(|cx| {
        let muffled = Arc::new(Muffled {
            waker: cx.waker().clone(),
            left: left.clone(),
        });
        let waker = Waker::from(muffled);
        waiting.as_mut().poll(&mut Context::from_waker(&waker))
    })
    .await
}

struct Place(Arc<AtomicBool>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

struct Muffled {
    waker: Waker,
    left: Arc<AtomicBool>,
}

impl Wake for Muffled {
    fn wake(self: Arc<Self>) {
        if !self.left.load(Ordering::SeqCst) {
            self.waker.wake_by_ref();
        }
    }
}
