//! The log and whoever follows it: L1 to L3.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::Duration;

use cmss_core::store::{Changeset, Digest, LogRecord, Seq, StoreError};

use crate::Fixture;
use crate::samples::{changeset, conflict, put, remove, thing};

/// How long a thread may stay asleep before it is taken to have been forgotten. It measures
/// nothing: it only turns a test that would never end into one that fails.
const FORGOTTEN: Duration = Duration::from_secs(10);

/// L1: every record after a number, once, in order, by pages.
pub async fn changes_hands_out_the_records_after_a_number(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    for number in 1..=5 {
        store
            .commit(changeset(number, [put(&thing(number))]))
            .await?;
    }
    for after in 0..=7 {
        for limit in 1..=6 {
            let changes = store.changes(Seq(after), limit).await?;
            let seqs = changes.records.iter().map(|record| record.seq.0);
            let last = 5.min(after + limit as u64);
            assert!(seqs.eq(after + 1..=last), "{limit} after {after}");
            assert_eq!(changes.as_of, Seq(5));
        }
    }
    let changes = store.changes(Seq(u64::MAX), 1).await?;
    assert!(changes.records.is_empty());
    Ok(())
}

/// L2: a record is a function of the changeset and the record before it, the same on every store.
pub async fn a_record_follows_from_the_changeset_and_the_one_before(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let of_many = changeset(
        2,
        [
            put(&thing(3)).body("3").salt(3).into(),
            remove(&thing(1)),
            put(&thing(2))
                .body("2")
                .salt(2)
                .card("two")
                .listed("a")
                .into(),
        ],
    );
    let with_note = Changeset {
        note: " [{\"b\":1.0,\n\"a\":\"\u{e5}\"}]".into(),
        ..changeset(3, [put(&thing(3)).body("3")])
    };
    let changesets = [changeset(1, [put(&thing(1))]), of_many, with_note];
    let mut previous = Digest::ZERO;
    let mut expected = Vec::new();
    for changeset in changesets {
        let seq = Seq(expected.len() as u64 + 1);
        let record = LogRecord::next(previous, seq, &changeset);
        previous = record.chain;
        expected.push(record);
        store.commit(changeset).await?;
    }
    assert_eq!(store.changes(Seq::ZERO, 10).await?.records, expected);
    Ok(())
}

/// L3: whoever asks for less than there is need not wait, and is told how far the log goes.
pub async fn grown_answers_at_once_when_there_is_more(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    for number in 1..=3 {
        store.commit(changeset(number, [put(&thing(1))])).await?;
    }
    for past in 0..3 {
        assert_eq!(store.grown(Seq(past)).await?, Seq(3));
    }
    Ok(())
}

/// L3: there is nothing to tell before the commit, a refused commit is none, and neither is one
/// that is not past the number asked for.
pub async fn grown_waits_until_there_is_more(fixture: &mut dyn Fixture) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let mut context = Context::from_waker(Waker::noop());
    let mut first = pin!(store.grown(Seq::ZERO));
    let mut second = pin!(store.grown(Seq(1)));
    assert!(first.as_mut().poll(&mut context).is_pending());
    assert!(second.as_mut().poll(&mut context).is_pending());
    conflict(store.commit(changeset(1, [remove(&thing(1))])).await);
    assert!(first.as_mut().poll(&mut context).is_pending());
    store.commit(changeset(1, [put(&thing(1))])).await?;
    assert_eq!(first.await?, Seq(1));
    assert!(second.as_mut().poll(&mut context).is_pending());
    store.commit(changeset(2, [put(&thing(1))])).await?;
    assert_eq!(second.await?, Seq(2));
    Ok(())
}

/// L3: a commit wakes everyone who waits, those too who were polled by another task before.
pub async fn a_commit_wakes_whoever_waits(fixture: &mut dyn Fixture) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let (send, woken) = mpsc::channel();
    let (asleep, all_asleep) = mpsc::channel();
    for _ in 0..3 {
        let (store, send, asleep) = (store.clone(), send.clone(), asleep.clone());
        thread::spawn(move || {
            let mut waiting = pin!(store.grown(Seq::ZERO));
            let mut stale = Context::from_waker(Waker::noop());
            let early = waiting.as_mut().poll(&mut stale).is_ready();
            let waker = Waker::from(Arc::new(Unpark(thread::current())));
            let mut context = Context::from_waker(&waker);
            let mut answer = waiting.as_mut().poll(&mut context);
            // The receivers live until the test has ended.
            let _ = asleep.send(early || answer.is_ready());
            while answer.is_pending() {
                thread::park();
                answer = waiting.as_mut().poll(&mut context);
            }
            let _ = send.send(answer);
        });
    }
    for early in all_asleep.iter().take(3) {
        assert!(!early, "an answer before the commit");
    }
    store.commit(changeset(1, [put(&thing(1))])).await?;
    for _ in 0..3 {
        let answer = woken.recv_timeout(FORGOTTEN);
        assert!(matches!(answer, Ok(Poll::Ready(Ok(Seq(1))))), "{answer:?}");
    }
    Ok(())
}

/// Wakes a thread that sleeps.
struct Unpark(thread::Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// L3, F1: closing the store ends every wait, and wakes whoever is in one.
pub async fn closing_ends_every_wait(fixture: &mut dyn Fixture) -> Result<(), StoreError> {
    let store = fixture.open().await;
    store.commit(changeset(1, [put(&thing(1))])).await?;
    let bell = Arc::new(Bell::default());
    let waker = Waker::from(bell.clone());
    let mut context = Context::from_waker(&waker);
    let mut waiting = pin!(store.grown(Seq(1)));
    assert!(waiting.as_mut().poll(&mut context).is_pending());
    store.close().await?;
    assert!(bell.0.load(Ordering::SeqCst) > 0, "closing woke nobody");
    let answer = waiting.as_mut().poll(&mut context);
    assert!(matches!(answer, Poll::Ready(Err(StoreError::Closed))));
    Ok(())
}

/// Counts how often it is rung.
#[derive(Default)]
struct Bell(AtomicUsize);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}
