//! What is left when the engine panics, whatever it was asked.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "all of this file is part of tests"
)]

mod support;

use std::panic::catch_unwind;

use cmss_core::store::{CommitId, Line, Order, Range, Scan, Seq, Store, StoreError, Want, Write};
use cmss_keyed::{Batch, Corruption, Engine, KeyedStore, Location, Unverified, error};
use cmss_testkit::notes::{SLUGS, body, change, commit, documents, lines, load, note, put};
use support::{Bug, Call, Disk, MapEngine};
use tempfile::tempdir;

type MapStore = KeyedStore<MapEngine>;

const CALLS: [Call; 7] = [
    Call::Get,
    Call::Range,
    Call::Apply,
    Call::Settle,
    Call::IsUntouched,
    Call::Inspect,
    Call::LetGo,
];

fn open(disk: &Disk) -> Result<MapStore, StoreError> {
    KeyedStore::open(disk.engine(), "the map")
}

fn filled() -> (Disk, MapStore) {
    let disk = Disk::default();
    let store = filled_on(&disk);
    (disk, store)
}

fn filled_on(disk: &Disk) -> MapStore {
    let store = open(disk).unwrap();
    commit(&store, change(1, vec![], vec![put(1, "one")])).unwrap();
    commit(
        &store,
        change(2, vec![], vec![put(2, &"two".repeat(30_000))]),
    )
    .unwrap();
    store
}

/// Every way to ask a store, by name.
type Ask = fn(&MapStore) -> Result<(), StoreError>;

const ASKS: [(&str, Ask); 9] = [
    ("get", |store| {
        pollster::block_on(store.get(&[note(1)])).map(drop)
    }),
    ("scan", |store| {
        let scan = Scan {
            range: Range::all(SLUGS),
            order: Order::Descending,
            limit: 10,
            want: Want::Body,
        };
        pollster::block_on(store.scan(&scan)).map(drop)
    }),
    ("walk", |store| {
        pollster::block_on(store.walk(None, 10)).map(drop)
    }),
    ("receipt", |store| {
        let id = CommitId(uuid::Uuid::from_u128(1));
        pollster::block_on(store.receipt(id)).map(drop)
    }),
    ("changes", |store| {
        pollster::block_on(store.changes(Seq::ZERO, 10)).map(drop)
    }),
    ("verify", |store| {
        store.verify(|_| ()).map(drop).map_err(StoreError::from)
    }),
    ("commit", change_all),
    ("load", |store| load(store, vec![]).map(drop)),
    ("close", |store| pollster::block_on(store.close())),
];

fn change_all(store: &MapStore) -> Result<(), StoreError> {
    let writes = vec![put(1, "changed"), Write::Remove { at: note(2) }];
    commit(store, change(3, vec![], writes)).map(drop)
}

fn is_poisoned(store: &MapStore) -> bool {
    let answer = pollster::block_on(store.get(&[]));
    matches!(answer, Err(StoreError::Poisoned))
}

/// Asks a store on this disk, whose engine then panics when it is asked that, and says whether it did.
/// Nobody hears of it otherwise than in words; what was answered is there afterwards, and nothing else.
fn panicked(disk: &Disk, call: Call, (name, ask): (&str, Ask)) -> bool {
    let store = filled_on(disk);
    let before = lines(&store);
    disk.panics_at(Some(call));
    let answer = catch_unwind(std::panic::AssertUnwindSafe(|| ask(&store)));
    let answer = answer.unwrap_or_else(|_| panic!("{name} let a panic at {call:?} out"));
    let panicked = match &answer {
        Ok(()) => false,
        Err(StoreError::NotEmpty) => false,
        Err(StoreError::Corrupt { what, .. }) => {
            assert!(
                what.contains("the engine panicked"),
                "{name} {call:?}: {what}"
            );
            true
        }
        Err(StoreError::Unknown { .. } | StoreError::Poisoned) => true,
        Err(other) => panic!("{name} {call:?}: {other}"),
    };
    if panicked && name != "close" {
        let is_poisoned = is_poisoned(&store);
        assert!(is_poisoned, "{name} {call:?}: it goes on after {answer:?}");
    }
    drop(store);
    disk.panics_at(None);
    disk.cut();
    let store = open(disk).unwrap();
    store.verify(|_| ()).unwrap();
    let found = lines(&store);
    let is_changed = found == changed();
    match (name, answer) {
        ("commit", Ok(())) => assert!(is_changed, "{call:?}: what was answered is lost"),
        ("commit", Err(StoreError::Unknown { .. })) if is_changed => {}
        _ => assert_eq!(found, before, "{name} {call:?}"),
    }
    panicked
}

/// What a store holds on which everything was changed.
fn changed() -> Vec<Line> {
    let (_disk, store) = filled();
    change_all(&store).unwrap();
    lines(&store)
}

#[test]
fn a_panic_of_the_engine_reaches_nobody_and_poisons_the_handle() {
    let asked = |call| ASKS.map(|ask| panicked(&Disk::default(), call, ask));
    let contained = CALLS.into_iter().flat_map(asked);
    let contained = contained.filter(|panicked| *panicked).count();
    assert!(contained > 15, "{contained}");
}

#[test]
#[should_panic(expected = "Settle: what was answered is lost")]
fn an_engine_that_hides_its_panic_is_caught() {
    panicked(&Disk::with(Bug::Deaf), Call::Settle, ("commit", change_all));
}

/// The store hears of no panic, only of what one would be told as.
#[test]
#[should_panic(expected = "get Get: it goes on after Err(Corrupt")]
fn a_store_that_is_not_poisoned_after_a_panic_is_caught() {
    panicked(&Disk::with(Bug::Calm), Call::Get, ASKS[0]);
}

#[test]
fn a_panic_of_the_engine_while_it_opens_is_named_and_leaves_what_was_there() {
    let mut contained = 0;
    for new in [true, false] {
        for call in CALLS {
            let disk = if new { Disk::default() } else { filled().0 };
            disk.panics_at(Some(call));
            let opened = catch_unwind(std::panic::AssertUnwindSafe(|| open(&disk).map(drop)));
            match opened.unwrap_or_else(|_| panic!("a panic at {call:?} was let out")) {
                Ok(()) => {}
                Err(StoreError::Corrupt { what, .. }) => {
                    let said = "the engine panicked while opening, as it may on damaged files";
                    assert_eq!(what, said);
                    contained += 1;
                }
                Err(other) => panic!("{call:?}: {other}"),
            }
            disk.panics_at(None);
            disk.cut();
            let store = open(&disk).unwrap();
            assert_eq!(documents(&store).len(), if new { 0 } else { 2 });
        }
    }
    assert!(contained >= 7, "{contained}");
}

#[test]
fn readers_that_share_a_store_are_told_of_the_panic_of_one() {
    let (disk, store) = filled();
    disk.panics_at(Some(Call::Get));
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| pollster::block_on(store.grown(Seq(2))));
        let error = pollster::block_on(store.get(&[note(1)])).unwrap_err();
        assert_eq!(
            error.to_string(),
            "corrupt: the engine panicked while reading, as it may on damaged files"
        );
        assert!(matches!(waiting.join().unwrap(), Err(StoreError::Poisoned)));
    });
    let closed = pollster::block_on(store.close());
    assert!(matches!(closed, Err(StoreError::Poisoned)));
    disk.panics_at(None);
    assert_eq!(body(&open(&disk).unwrap(), 1).as_deref(), Some("one"));
}

#[test]
fn a_panic_of_the_engine_while_it_is_verified_is_a_fault_of_the_engine() {
    let (disk, store) = filled();
    disk.panics_at(Some(Call::Get));
    let verified = store.verify(|_| ());
    let Err(Unverified::Corrupt(Corruption { location, .. })) = verified else {
        panic!("{verified:?}");
    };
    assert_eq!(location, Location::Engine);
}

/// Lets the engine of a store panic that has answered a commit, which nothing but its journal has, and
/// cuts the power.
fn panics_beside_a_journal(disk: &Disk, call: Call) {
    let home = tempdir().unwrap();
    let store = KeyedStore::open_in(disk.engine(), home.path()).unwrap();
    let commit = || commit(&store, change(1, vec![], vec![put(1, "one")])).unwrap();
    if call == Call::Get {
        // A commit asks for this as well.
        commit();
        disk.panics_at(Some(call));
    } else {
        disk.panics_at(Some(call));
        commit();
    }
    // Asks the engine, or carries into it when it is closed.
    let _ = pollster::block_on(store.get(&[note(2)]));
    drop(store);
    disk.panics_at(None);
    disk.cut();
    let found = KeyedStore::open_in(disk.engine(), home.path()).map(|store| body(&store, 1));
    let found = found.unwrap_or_else(|error| panic!("{call:?}: {error}"));
    assert_eq!(found.as_deref(), Some("one"), "{call:?}");
}

#[test]
fn what_the_journal_alone_has_outlives_a_poisoned_store() {
    for call in [Call::Get, Call::Apply, Call::Settle] {
        panics_beside_a_journal(&Disk::default(), call);
    }
}

#[test]
#[should_panic(expected = "its witness has seen commit 1")]
fn an_engine_that_hides_that_it_carried_nothing_is_caught() {
    panics_beside_a_journal(&Disk::with(Bug::Deaf), Call::Settle);
}
