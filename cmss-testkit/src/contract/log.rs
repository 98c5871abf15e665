//! The log and whoever follows it: L1 to L3.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread;

use cmss_core::store::{Changeset, Digest, LogRecord, Seq, StoreError};

use crate::Fixture;
use crate::bell::{Bell, FORGOTTEN};
use crate::samples::{changeset, conflict, put, remove, thing};

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
    let bare = Changeset {
        note: "".into(),
        ..changeset(4, [put(&thing(4))])
    };
    let spaced = Changeset {
        note: "[]\r\n ".into(),
        ..changeset(5, [put(&thing(4))])
    };
    let changesets = [
        changeset(1, [put(&thing(1))]),
        of_many,
        with_note,
        bare,
        spaced,
    ];
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
    let mut third = pin!(store.grown(Seq(2)));
    let mut never = pin!(store.grown(Seq(u64::MAX)));
    assert!(third.as_mut().poll(&mut context).is_pending());
    assert!(never.as_mut().poll(&mut context).is_pending());
    for number in 3..=5 {
        store.commit(changeset(number, [put(&thing(1))])).await?;
    }
    assert_eq!(third.await?, Seq(5));
    Ok(())
}

/// L3: who was woken for a commit that is not past the number, and waits on, is woken by one that is.
pub async fn who_is_woken_too_early_is_woken_again(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let bell = Arc::new(Bell::default());
    let mut waiting = pin!(store.grown(Seq(2)));
    assert!(bell.poll(waiting.as_mut()).is_pending());
    store.commit(changeset(1, [put(&thing(1))])).await?;
    assert!(bell.poll(waiting.as_mut()).is_pending());
    store.commit(changeset(2, [put(&thing(1))])).await?;
    let rung = bell.rung();
    assert!(bell.poll(waiting.as_mut()).is_pending());
    store.commit(changeset(3, [put(&thing(1))])).await?;
    bell.heard_past(rung);
    assert_eq!(waiting.await?, Seq(3));
    Ok(())
}

/// L3: one that stops waiting takes nobody else's place.
pub async fn who_stops_waiting_leaves_the_others_waiting(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let bells: [Arc<Bell>; 3] = Default::default();
    let [first, mut second, third] = [(); 3].map(|()| Box::pin(store.grown(Seq::ZERO)));
    let mut others = [first, third];
    for (wait, bell) in others.iter_mut().zip(&bells) {
        assert!(bell.poll(wait.as_mut()).is_pending());
    }
    assert!(bells[2].poll(second.as_mut()).is_pending());
    drop(second);
    store.commit(changeset(1, [put(&thing(1))])).await?;
    for bell in bells.iter().take(others.len()) {
        bell.heard_past(0);
    }
    Ok(())
}

/// L3: a commit that happens while somebody begins to wait wakes them.
pub async fn who_begins_to_wait_beside_a_commit_is_woken(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let rounds = 5 * u64::from(fixture.rounds());
    let store = fixture.open().await;
    let begun = Arc::new(AtomicU64::new(0));
    let (send, woken) = mpsc::channel();
    {
        let (store, begun) = (store.clone(), begun.clone());
        thread::spawn(move || {
            for past in 0..rounds {
                while begun.load(Ordering::SeqCst) <= past {
                    // The other one has ended.
                    if Arc::strong_count(&begun) == 1 {
                        return;
                    }
                    match past % 2 {
                        0 => std::hint::spin_loop(),
                        _ => thread::yield_now(),
                    }
                }
                if send
                    .send(pollster::block_on(store.grown(Seq(past))))
                    .is_err()
                {
                    return;
                }
            }
        });
    }
    for number in 1..=rounds {
        begun.store(number, Ordering::SeqCst);
        // The other one begins a little earlier, or later, also where both share a processor.
        (0..number % 3).for_each(|_| thread::yield_now());
        (0..number % 64 * 16).for_each(|_| std::hint::spin_loop());
        let commit = changeset(number.into(), [put(&thing(1))]);
        store.commit(commit).await?;
        let answer = woken.recv_timeout(FORGOTTEN);
        let is_woken = matches!(answer, Ok(Ok(seq)) if seq == Seq(number));
        assert!(is_woken, "beside commit {number}: {answer:?}");
    }
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
            assert!(waiting.as_mut().poll(&mut stale).is_pending());
            let waker = Waker::from(Arc::new(Unpark(thread::current())));
            let mut context = Context::from_waker(&waker);
            let mut answer = waiting.as_mut().poll(&mut context);
            // The receivers live until the test has ended.
            let _ = asleep.send(answer.is_pending());
            while answer.is_pending() {
                thread::park();
                answer = waiting.as_mut().poll(&mut context);
            }
            let _ = send.send(answer);
        });
    }
    // Without senders of their own here, the channels end with the threads, whatever they end of.
    drop((send, asleep));
    let asleep: Vec<bool> = all_asleep.iter().take(3).collect();
    assert_eq!(asleep, [true; 3], "an answer before the commit");
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
    let bells: [Arc<Bell>; 3] = Default::default();
    let mut waits = [(); 3].map(|()| Box::pin(store.grown(Seq(1))));
    for (wait, bell) in waits.iter_mut().zip(&bells) {
        assert!(bell.poll(wait.as_mut()).is_pending());
    }
    store.close().await?;
    for (wait, bell) in waits.iter_mut().zip(&bells) {
        bell.heard_past(0);
        let answer = bell.poll(wait.as_mut());
        assert!(matches!(answer, Poll::Ready(Err(StoreError::Closed))));
    }
    Ok(())
}
