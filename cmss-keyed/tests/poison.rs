//! What is left when settling fails or the committer panics.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "all of this file is part of tests"
)]

mod support;

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use cmss_core::store::{Expect, Line, Seq, Store, StoreError};
use cmss_keyed::{Batch, Engine, KeyedStore, error};
use cmss_testkit::feed;
use cmss_testkit::notes::{body, change, commit, documents, lines, note, put};
use support::{Bug, Disk, MapEngine};
use tempfile::{TempDir, tempdir};

type MapStore = KeyedStore<MapEngine>;

fn open(disk: &Disk) -> MapStore {
    KeyedStore::open(disk.engine(), "the map").unwrap()
}

/// What is there after the power has gone and come back.
fn reopen(disk: &Disk, store: MapStore) -> MapStore {
    drop(store);
    disk.before_settling(None);
    disk.cut();
    open(disk)
}

/// A store of one note that from now on fails so when something is to become durable.
fn store_that(fails: fn() -> io::Result<()>) -> (Disk, MapStore) {
    let disk = Disk::default();
    let store = open(&disk);
    commit(&store, change(1, vec![], vec![put(1, "before")])).unwrap();
    disk.before_settling(Some(Arc::new(fails)));
    (disk, store)
}

/// A store that says when something is about to become durable, and waits for the outcome.
struct Held {
    store: MapStore,
    begun: Receiver<()>,
    outcome: Sender<io::Result<()>>,
}

fn held() -> Held {
    let disk = Disk::default();
    let store = open(&disk);
    let (begins, begun) = channel();
    let (outcome, ends) = channel::<io::Result<()>>();
    let (begins, ends) = (Mutex::new(begins), Mutex::new(ends));
    disk.before_settling(Some(Arc::new(move || {
        begins.lock().unwrap().send(()).unwrap();
        // Nobody is left to tell when the store is dropped.
        ends.lock().unwrap().recv().unwrap_or(Ok(()))
    })));
    Held {
        store,
        begun,
        outcome,
    }
}

fn io_error() -> io::Result<()> {
    Err(io::Error::other("injected"))
}

fn panics() -> io::Result<()> {
    panic!("injected");
}

fn assert_poisoned(store: &MapStore) {
    pollster::block_on(async {
        let is_poisoned = |error| assert!(matches!(error, StoreError::Poisoned), "{error}");
        is_poisoned(store.get(&[note(1)]).await.unwrap_err());
        is_poisoned(store.walk(None, 1).await.unwrap_err());
        is_poisoned(store.changes(Seq::ZERO, 1).await.unwrap_err());
        is_poisoned(store.grown(Seq::ZERO).await.unwrap_err());
        is_poisoned(
            store
                .commit(change(9, vec![], vec![put(9, "x")]))
                .await
                .unwrap_err(),
        );
        is_poisoned(store.load(Box::new(std::iter::empty())).await.unwrap_err());
        is_poisoned(store.close().await.unwrap_err());
        assert!(matches!(store.get(&[]).await, Err(StoreError::Closed)));
        store.close().await.unwrap();
    });
}

#[test]
fn a_failed_settling_answers_unknown_and_poisons_the_handle() {
    let (disk, store) = store_that(io_error);
    let error = commit(&store, change(2, vec![], vec![put(2, "lost?")])).unwrap_err();
    assert!(
        matches!(
            error,
            StoreError::Unknown {
                source: Some(_),
                ..
            }
        ),
        "{error}"
    );
    assert_poisoned(&store);

    let store = reopen(&disk, store);
    assert_eq!(body(&store, 1).as_deref(), Some("before"));
    // The receipt settles what became of the other one, and the same id may be sent again.
    let again = commit(&store, change(2, vec![], vec![put(2, "lost?")])).unwrap();
    assert_eq!(again.seq, Seq(2));
    assert_eq!(documents(&store).len(), 2);
}

#[test]
fn a_panic_of_the_committer_answers_unknown_and_poisons_the_handle() {
    let (disk, store) = store_that(panics);
    let error = commit(&store, change(2, vec![], vec![put(2, "lost?")])).unwrap_err();
    assert!(matches!(error, StoreError::Unknown { .. }), "{error}");
    assert_poisoned(&store);

    let store = reopen(&disk, store);
    assert_eq!(body(&store, 1).as_deref(), Some("before"));
}

#[test]
fn who_waits_for_growth_is_told_of_the_poison() {
    let (_disk, store) = store_that(io_error);
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| pollster::block_on(store.grown(Seq(1))));
        commit(&store, change(2, vec![], vec![put(2, "x")])).unwrap_err();
        assert!(matches!(waiting.join().unwrap(), Err(StoreError::Poisoned)));
    });
}

#[test]
fn a_refusal_in_a_group_whose_settling_failed_is_unknown_as_well() {
    let held = held();
    let store = &held.store;
    // While the first commit is held in its sync, the next two gather into one group.
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let mut first = store.commit(change(1, vec![], vec![put(1, "x")]));
    assert!(first.as_mut().poll(&mut context).is_pending());
    held.begun.recv().unwrap();
    let absent = || vec![Expect::Absent(note(2))];
    let mut winner = store.commit(change(2, absent(), vec![put(2, "x")]));
    let mut loser = store.commit(change(3, absent(), vec![put(2, "x")]));
    assert!(winner.as_mut().poll(&mut context).is_pending());
    assert!(loser.as_mut().poll(&mut context).is_pending());
    held.outcome.send(Ok(())).unwrap();
    pollster::block_on(first).unwrap();
    held.begun.recv().unwrap();
    assert!(
        loser.as_mut().poll(&mut context).is_pending(),
        "no refusal before the sync"
    );
    held.outcome.send(io_error()).unwrap();
    for outcome in [pollster::block_on(winner), pollster::block_on(loser)] {
        assert!(
            matches!(outcome, Err(StoreError::Unknown { .. })),
            "{outcome:?}"
        );
    }
}

#[test]
fn lines_of_a_load_that_panic_poison_the_handle_and_leave_the_store_empty() {
    let disk = Disk::default();
    let store = open(&disk);
    let lines = std::iter::from_fn(|| panic!("injected"));
    let refused = pollster::block_on(store.load(Box::new(lines)));
    assert!(matches!(refused, Err(StoreError::Poisoned)));
    assert_poisoned(&store);

    let store = reopen(&disk, store);
    assert_eq!(documents(&store), vec![]);
    commit(&store, change(1, vec![], vec![put(1, "first")])).unwrap();
}

#[test]
fn what_is_not_durable_is_never_read() {
    let held = held();
    let store = &held.store;
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| commit(store, change(1, vec![], vec![put(1, "x")])));
        // The commit is in the tree and in its sync when the reader asks, and the sync fails.
        held.begun.recv().unwrap();
        let (asking, is_asking) = channel();
        let reader = scope.spawn(move || {
            asking.send(()).unwrap();
            pollster::block_on(store.get(&[note(1)]))
        });
        is_asking.recv().unwrap();
        held.outcome.send(io_error()).unwrap();
        assert!(matches!(reader.join().unwrap(), Err(StoreError::Poisoned)));
        writer.join().unwrap().unwrap_err();
    });
}

/// Loads on disks that are full after one batch, after two, and so on; answers how many.
fn load_on_full_disks(fresh: impl Fn() -> Disk) -> usize {
    let source = open(&Disk::default());
    for number in 1..=15 {
        let writes = vec![put(number, &"x".repeat(1_000_000))];
        commit(&source, change(number, vec![], writes)).unwrap();
    }
    let all = lines(&source);
    let load = |store: &MapStore| pollster::block_on(store.load(feed(all.clone())));
    let disk = fresh();
    load(&open(&disk)).unwrap();
    let settled = disk.batches().len();
    assert!(settled > 5, "a mark, several batches, a seal: {settled}");

    for room in 1..settled {
        let disk = fresh();
        let store = open(&disk);
        let left = AtomicUsize::new(room - 1);
        disk.before_settling(Some(Arc::new(move || {
            let full = || io::ErrorKind::StorageFull.into();
            let taken = left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
                left.checked_sub(1)
            });
            taken.map(drop).map_err(|_| full())
        })));
        let answer = load(&store);
        let is_told = match &answer {
            // The seal may be durable.
            Err(StoreError::Poisoned) => room == settled - 1,
            Err(StoreError::Full { .. }) => room < settled - 1,
            _ => false,
        };
        assert!(is_told, "on a full disk it answers {answer:?}");
        assert_poisoned(&store);
        drop(store);
        disk.before_settling(None);
        disk.cut();
        let found = KeyedStore::open(disk.engine(), "the map")
            .and_then(|store| Ok((pollster::block_on(cmss_testkit::lines(&store))?, store)));
        let (found, store) =
            found.unwrap_or_else(|error| panic!("after a load that failed: {error}"));
        assert!(
            matches!(*found, [Line::End(_)]),
            "something is left of a load"
        );
        assert_eq!(load(&store).unwrap(), Seq(15));
    }
    settled - 1
}

#[test]
fn a_load_on_a_full_disk_says_so_and_leaves_nothing() {
    cmss_testkit::ran(load_on_full_disks(Disk::default), "loads");
}

#[test]
#[should_panic(expected = "on a full disk it answers Ok")]
fn a_load_that_is_answered_on_a_full_disk_is_caught() {
    load_on_full_disks(|| Disk::with(Bug::Deaf));
}

#[test]
#[should_panic(expected = "on a full disk it answers Err(Backend")]
fn a_full_disk_that_is_not_named_is_caught() {
    load_on_full_disks(|| Disk::with(Bug::Vague));
}

#[test]
#[should_panic(expected = "after a load that failed: corrupt: the tip of the log")]
fn a_load_that_is_not_marked_is_caught() {
    load_on_full_disks(|| Disk::with(Bug::Unmarked));
}

#[test]
#[should_panic(expected = "after a load that failed: corrupt: a document body is missing")]
fn a_load_that_is_not_cleared_is_caught() {
    load_on_full_disks(|| Disk::with(Bug::Late));
}

/// A store in a directory, which has answered a note that its engine cannot have.
fn store_that_cannot_carry() -> (TempDir, Disk, MapStore) {
    let (home, disk) = (tempdir().unwrap(), Disk::default());
    let store = KeyedStore::open_in(disk.engine(), home.path()).unwrap();
    let full = || io::ErrorKind::StorageFull.into();
    disk.before_settling(Some(Arc::new(move || Err(full()))));
    commit(&store, change(1, vec![], vec![put(1, "answered")])).unwrap();
    (home, disk, store)
}

#[test]
fn who_waits_for_growth_is_told_when_nothing_can_be_carried() {
    let (_home, _disk, store) = store_that_cannot_carry();
    let waited = pollster::block_on(store.grown(Seq(1)));
    assert!(matches!(waited, Err(StoreError::Poisoned)), "{waited:?}");
}
