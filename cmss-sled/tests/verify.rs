//! Looking at everything in a store on sled.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "all of this file is part of tests"
)]

use std::fs;

use cmss_core::store::{Seq, Store, StoreError, Write};
use cmss_sled::{SledStore, Unverified};
use cmss_testkit::notes::{change, commit, note, put};
use tempfile::tempdir;

#[test]
fn a_store_with_a_life_behind_it_is_whole() {
    let home = tempdir().unwrap();
    let store = SledStore::open(home.path()).unwrap();
    for number in 1..=60 {
        let text = "x".repeat(usize::try_from(number).unwrap() * 3_000);
        let mut writes = vec![put(number % 7 + 1, &text), put(100 + number, "y")];
        if number > 20 {
            let at = note(100 + number - 20);
            writes.push(Write::Remove { at });
        }
        commit(&store, change(number, vec![], writes)).unwrap();
    }
    let before = store.verify(|_| ()).unwrap();
    assert_eq!(before.as_of, Seq(60));
    assert_eq!(before.examined.documents, 7 + 20);
    drop(store);
    let store = SledStore::open(home.path()).unwrap();
    assert_eq!(store.verify(|_| ()).unwrap(), before);
}

#[test]
fn a_file_that_sled_does_not_sync_is_noticed_when_opening_verifying_and_closing() {
    let home = tempdir().unwrap();
    let store = SledStore::open(home.path()).unwrap();
    commit(&store, change(1, vec![], vec![put(1, "x")])).unwrap();
    let blob = home.path().join("blobs/7");
    fs::write(&blob, "a large value").unwrap();
    let verified = store.verify(|_| ());
    let Err(Unverified::Corrupt(corruption)) = verified else {
        panic!("{verified:?}");
    };
    assert!(
        corruption.to_string().contains("blobs is not empty"),
        "{corruption}"
    );
    let noticed = |answer: Result<(), StoreError>| match answer {
        Err(StoreError::Corrupt { what, .. }) => assert!(what.contains("blobs"), "{what}"),
        other => panic!("{other:?}"),
    };
    noticed(pollster::block_on(store.close()));
    fs::write(&blob, "a large value").unwrap();
    noticed(SledStore::open(home.path()).map(drop));
    fs::remove_file(&blob).unwrap();
    SledStore::open(home.path())
        .unwrap()
        .verify(|_| ())
        .unwrap();
}

#[test]
fn a_tree_that_no_store_makes_is_noticed() {
    let home = tempdir().unwrap();
    let store = SledStore::open(home.path()).unwrap();
    commit(&store, change(1, vec![], vec![put(1, "x")])).unwrap();
    drop(store);
    let config = sled::Config::new()
        .path(home.path())
        .segment_size(8 * 1024 * 1024);
    let db = config.open().unwrap();
    db.open_tree("theirs").unwrap().insert("a", "b").unwrap();
    db.flush().unwrap();
    drop(db);
    let refused = loop {
        match SledStore::open(home.path()) {
            // The engine lets go of its lock a little after its last handle.
            Err(StoreError::Unavailable { what, .. }) if what.contains("lock") => {
                std::thread::yield_now();
            }
            other => break other,
        }
    };
    assert!(
        matches!(refused, Err(StoreError::Corrupt { .. })),
        "{refused:?}"
    );
}
