//! What is judged while a group before it is written.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "all of this file is part of tests"
)]

mod support;

use std::io;
use std::pin::Pin;
use std::task::{Context, Waker};
use std::thread::yield_now;
use std::time::{Duration, Instant};

use cmss_core::store::{Changeset, Conflict, Expect, Receipt, Seq, Store, StoreError};
use cmss_keyed::{Batch, Engine, KeyedStore, error};
use cmss_testkit::notes::{body, change, commit, documents, note, put};
use pollster::block_on;
use support::{Disk, How, MapEngine, halting};
use tempfile::{TempDir, tempdir};

/// Far longer than judging ever takes.
const PATIENCE: Duration = Duration::from_secs(60);

type Answer = Result<Receipt, StoreError>;

/// A commit that has been sent, and not been answered.
struct Waiting<'a>(Pin<Box<dyn Future<Output = Answer> + Send + 'a>>);

impl<'a> Waiting<'a> {
    fn sent(store: &'a KeyedStore<MapEngine>, changeset: Changeset) -> Self {
        let mut waiting = Self(store.commit(changeset));
        waiting.assert_unanswered();
        waiting
    }

    fn assert_unanswered(&mut self) {
        let mut context = Context::from_waker(Waker::noop());
        assert!(self.0.as_mut().poll(&mut context).is_pending());
    }

    fn answer(self) -> Answer {
        block_on(self.0)
    }
}

/// Waits until the engine was asked for the receipts of all of these: they are being judged.
fn wait_for_judging(disk: &Disk, ids: &[u128]) {
    let mut left: Vec<_> = ids.iter().map(|id| id.to_be_bytes()).collect();
    let begun = Instant::now();
    while !left.is_empty() {
        assert!(begun.elapsed() < PATIENCE, "they are not judged");
        let asked = disk.lookups();
        left.retain(|id| !asked.iter().any(|key| key.ends_with(id)));
        yield_now();
    }
}

struct Held {
    disk: Disk,
    home: TempDir,
    store: KeyedStore<MapEngine>,
}

fn held() -> Held {
    let (disk, home) = (Disk::default(), tempdir().unwrap());
    let store = KeyedStore::open_in(disk.engine(), home.path()).unwrap();
    Held { disk, home, store }
}

/// While a group of two is written, four more come: one that goes on from what the group writes, one
/// that speaks against it, one that it has, and one for itself. The writing ends so.
fn interleave(held: &Held, how: How, fails: bool) -> (Vec<Answer>, Vec<Answer>) {
    let Held { disk, store, .. } = held;
    let (hook, is_reached, go) = halting();
    disk.before_syncing(Some(hook));
    let first = Waiting::sent(store, change(1, vec![], vec![put(1, "first")]));
    is_reached();
    let group = [2, 3].map(|id| Waiting::sent(store, change(id, vec![], vec![put(id, "group")])));
    go(|| Ok(()));
    first.answer().unwrap();
    is_reached();
    disk.lookups();
    let mut meanwhile = [
        change(
            4,
            vec![Expect::At(note(2), Seq(2))],
            vec![put(2, "goes on")],
        ),
        change(5, vec![Expect::Absent(note(3))], vec![put(3, "too late")]),
        change(3, vec![], vec![put(3, "group")]),
        change(6, vec![], vec![put(6, "for itself")]),
    ]
    .map(|changeset| Waiting::sent(store, changeset));
    // The receipt of 3 is not looked for in the engine.
    wait_for_judging(disk, &[4, 5, 6]);
    meanwhile.iter_mut().for_each(Waiting::assert_unanswered);
    assert_eq!(documents(store).len(), 1, "nothing else is read yet");
    go(how);
    let group = group.map(Waiting::answer);
    if !fails {
        is_reached();
        meanwhile.iter_mut().for_each(Waiting::assert_unanswered);
        assert_eq!(documents(store).len(), 3);
        go(|| Ok(()));
    }
    let meanwhile = meanwhile.map(Waiting::answer);
    disk.before_syncing(None);
    (group.into(), meanwhile.into())
}

#[test]
fn what_comes_while_a_group_is_written_is_judged_on_it_and_answered_after_it() {
    let held = held();
    let (group, meanwhile) = interleave(&held, || Ok(()), false);
    let seqs = |answers: &[Answer]| -> Vec<Option<u64>> {
        let seq = |answer: &Answer| answer.as_ref().ok().map(|receipt| receipt.seq.0);
        answers.iter().map(seq).collect()
    };
    assert_eq!(seqs(&group), [Some(2), Some(3)]);
    assert_eq!(seqs(&meanwhile), [Some(4), None, Some(3), Some(5)]);
    let refused = &meanwhile[1];
    assert!(
        matches!(
            refused,
            Err(StoreError::Conflict(Conflict::Present {
                current: Seq(3),
                ..
            }))
        ),
        "{refused:?}"
    );
    let Held { disk, home, store } = held;
    store.verify(|_| ()).unwrap();
    drop(store);
    let store = KeyedStore::open_in(disk.engine(), home.path()).unwrap();
    assert_eq!(body(&store, 2).as_deref(), Some("goes on"));
    assert_eq!(body(&store, 3).as_deref(), Some("group"));
    store.verify(|_| ()).unwrap();
}

#[test]
fn of_what_was_judged_on_a_group_that_was_not_written_nothing_is_there() {
    let fails: [How; 2] = [|| Err(io::Error::other("injected")), || panic!("injected")];
    for how in fails {
        let held = held();
        let (group, meanwhile) = interleave(&held, how, true);
        for answer in group {
            assert!(
                matches!(answer, Err(StoreError::Unknown { .. })),
                "{answer:?}"
            );
        }
        for answer in meanwhile {
            assert!(matches!(answer, Err(StoreError::Poisoned)), "{answer:?}");
        }
        let Held { disk, home, store } = held;
        drop(store);
        let store = KeyedStore::open_in(disk.engine(), home.path()).unwrap();
        // The file of the journal has the group, and no more: the sync said it may not be durable.
        assert_eq!(documents(&store).len(), 3);
        let again = commit(&store, change(4, vec![], vec![put(4, "x")])).unwrap();
        assert_eq!(again.seq, Seq(4));
        store.verify(|_| ()).unwrap();
    }
}

#[test]
fn more_than_a_group_takes_waits_and_is_answered_in_the_order_it_came() {
    let Held { disk, home, store } = held();
    let (hook, is_reached, go) = halting();
    disk.before_syncing(Some(hook));
    let sent = |id| Waiting::sent(&store, change(id, vec![], vec![put(id, "x")]));
    let first = sent(1);
    is_reached();
    let pair = [2, 3].map(sent);
    go(|| Ok(()));
    first.answer().unwrap();
    is_reached();
    // Three groups and a part of one.
    let many: Vec<_> = (4..=200).map(sent).collect();
    disk.before_syncing(None);
    go(|| Ok(()));
    let all = pair.into_iter().chain(many).map(Waiting::answer);
    for (number, answer) in (2..).zip(all) {
        assert_eq!(answer.unwrap().seq, Seq(number));
    }
    store.verify(|_| ()).unwrap();
    drop(store);
    let store = KeyedStore::open_in(disk.engine(), home.path()).unwrap();
    assert_eq!(documents(&store).len(), 200);
}

#[test]
fn a_load_that_comes_while_a_group_is_written_finds_what_the_group_wrote() {
    let Held { disk, store, .. } = held();
    let (hook, is_reached, go) = halting();
    disk.before_syncing(Some(hook));
    let first = Waiting::sent(&store, change(1, vec![], vec![put(1, "x")]));
    is_reached();
    let pair = [2, 3].map(|id| Waiting::sent(&store, change(id, vec![], vec![put(id, "x")])));
    go(|| Ok(()));
    first.answer().unwrap();
    is_reached();
    let mut loading = store.load(Box::new(std::iter::empty()));
    let mut context = Context::from_waker(Waker::noop());
    assert!(loading.as_mut().poll(&mut context).is_pending());
    let last = Waiting::sent(&store, change(4, vec![], vec![put(4, "x")]));
    disk.before_syncing(None);
    go(|| Ok(()));
    block_on(loading).unwrap_err();
    for waiting in pair {
        waiting.answer().unwrap();
    }
    assert_eq!(last.answer().unwrap().seq, Seq(4));
}

#[test]
fn commits_of_many_threads_outlive_what_is_carried_after_each_group() {
    let (disk, home) = (Disk::default(), tempdir().unwrap());
    let store = KeyedStore::open_with(disk.engine(), home.path(), 0).unwrap();
    std::thread::scope(|scope| {
        for writer in 0..8_u128 {
            let store = &store;
            scope.spawn(move || {
                for number in 1..=20 {
                    let id = writer * 100 + number;
                    commit(store, change(id, vec![], vec![put(id, "x")])).unwrap();
                    assert_eq!(body(store, id).as_deref(), Some("x"));
                }
            });
        }
    });
    store.verify(|_| ()).unwrap();
    drop(store);
    disk.cut();
    let store = KeyedStore::open_in(disk.engine(), home.path()).unwrap();
    assert_eq!(documents(&store).len(), 160);
}

#[test]
fn a_store_that_is_closed_while_a_group_is_written_answers_all_that_was_sent() {
    let Held { disk, home, store } = held();
    let (hook, is_reached, go) = halting();
    disk.before_syncing(Some(hook));
    let first = Waiting::sent(&store, change(1, vec![], vec![put(1, "x")]));
    is_reached();
    let others = [2, 3, 4].map(|id| Waiting::sent(&store, change(id, vec![], vec![put(id, "x")])));
    go(|| Ok(()));
    first.answer().unwrap();
    is_reached();
    let last = Waiting::sent(&store, change(5, vec![], vec![put(5, "x")]));
    let mut closing = store.close();
    let mut context = Context::from_waker(Waker::noop());
    assert!(closing.as_mut().poll(&mut context).is_pending());
    disk.before_syncing(None);
    go(|| Ok(()));
    block_on(closing).unwrap();
    for waiting in others {
        waiting.answer().unwrap();
    }
    assert_eq!(last.answer().unwrap().seq, Seq(5));
    let store = KeyedStore::open_in(disk.engine(), home.path()).unwrap();
    assert_eq!(documents(&store).len(), 5);
}
