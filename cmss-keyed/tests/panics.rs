//! What is left when the engine panics, whatever it was asked.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "all of this file is part of tests"
)]

mod support;

use std::panic::catch_unwind;

use cmss_core::store::{CommitId, Order, Range, Scan, Seq, Store, StoreError, Want, Write};
use cmss_keyed::{Batch, Corruption, Engine, KeyedStore, Location, Unverified, error};
use cmss_testkit::notes::{SLUGS, body, change, commit, documents, lines, load, note, put};
use support::{Call, Disk, MapEngine};
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
    let store = open(&disk).unwrap();
    commit(&store, change(1, vec![], vec![put(1, "one")])).unwrap();
    commit(
        &store,
        change(2, vec![], vec![put(2, &"two".repeat(30_000))]),
    )
    .unwrap();
    (disk, store)
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
    ("commit", |store| {
        let writes = vec![put(1, "changed"), Write::Remove { at: note(2) }];
        commit(store, change(3, vec![], writes)).map(drop)
    }),
    ("load", |store| load(store, vec![]).map(drop)),
    ("close", |store| pollster::block_on(store.close())),
];

fn is_poisoned(store: &MapStore) -> bool {
    let answer = pollster::block_on(store.get(&[]));
    matches!(answer, Err(StoreError::Poisoned))
}

#[test]
fn a_panic_of_the_engine_reaches_nobody_and_poisons_the_handle() {
    let mut contained = 0;
    for call in CALLS {
        for (name, ask) in ASKS {
            let (disk, store) = filled();
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
                assert!(is_poisoned(&store), "{name} {call:?}: {answer:?}");
            }
            contained += u32::from(panicked);
            drop(store);
            disk.panics_at(None);
            disk.cut();
            let store = open(&disk).unwrap();
            store.verify(|_| ()).unwrap();
            if name != "commit" {
                assert_eq!(lines(&store), before);
            }
        }
    }
    assert!(contained > 15, "{contained}");
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

#[test]
fn what_the_journal_alone_has_outlives_a_poisoned_store() {
    for call in [Call::Get, Call::Apply, Call::Settle] {
        let (disk, home) = (Disk::default(), tempdir().unwrap());
        let store = KeyedStore::open_in(disk.engine(), home.path()).unwrap();
        commit(&store, change(1, vec![], vec![put(1, "one")])).unwrap();
        disk.panics_at(Some(call));
        // Asks the engine, or carries into it when it is closed.
        let _ = pollster::block_on(store.get(&[note(2)]));
        drop(store);
        disk.panics_at(None);
        disk.cut();
        let store = KeyedStore::open_in(disk.engine(), home.path()).unwrap();
        assert_eq!(body(&store, 1).as_deref(), Some("one"), "{call:?}");
    }
}
