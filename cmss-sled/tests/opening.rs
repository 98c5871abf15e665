//! Which directories are opened, and which are refused untouched.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "all of this file is part of tests"
)]

mod support;

use std::fs;
use std::path::Path;

use cmss_core::store::{Store, StoreError};
use cmss_sled::SledStore;
use support::{change, commit, put};
use tempfile::tempdir;

/// Why a directory cannot be opened.
fn unavailable(path: &Path) -> String {
    match SledStore::open(path) {
        Err(StoreError::Unavailable { what, .. }) => what,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

fn names(path: &Path) -> Vec<String> {
    let entries = path.read_dir().unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_second_opening_is_refused_and_names_the_lock() {
    let home = tempdir().unwrap();
    let store = SledStore::open(home.path()).unwrap();
    commit(&store, change(1, vec![], vec![put(1, "x")])).unwrap();
    let what = unavailable(home.path());
    assert!(
        what.contains("the lock on") && what.contains("db"),
        "{what}"
    );
    commit(&store, change(2, vec![], vec![put(2, "x")])).unwrap();
    drop(store);
    SledStore::open(home.path()).unwrap();
}

#[test]
fn a_missing_directory_is_created_with_its_parents() {
    let home = tempdir().unwrap();
    let path = home.path().join("a/b/newsroom");
    SledStore::open(&path).unwrap();
    assert!(path.join("db").is_file());
}

#[test]
fn a_directory_of_other_things_is_refused_and_left_as_it_was() {
    let home = tempdir().unwrap();
    fs::write(home.path().join("letter.txt"), "dear all").unwrap();
    let what = unavailable(home.path());
    assert!(what.contains("something else than a store"), "{what}");
    assert_eq!(names(home.path()), ["letter.txt"]);
}

#[test]
fn a_file_is_refused() {
    let home = tempdir().unwrap();
    let path = home.path().join("letter.txt");
    fs::write(&path, "dear all").unwrap();
    assert!(unavailable(&path).contains("is not a directory"));
    assert!(unavailable(&path.join("store")).contains("cannot be"));
    assert_eq!(fs::read_to_string(&path).unwrap(), "dear all");
}

#[test]
fn a_sled_database_of_somebody_else_is_refused() {
    for segment_size in [512 * 1024, 8 * 1024 * 1024] {
        let home = tempdir().unwrap();
        let config = sled::Config::new()
            .path(home.path())
            .segment_size(segment_size);
        let db = config.open().unwrap();
        db.insert("theirs", "value").unwrap();
        db.flush().unwrap();
        drop(db);
        unavailable(home.path());
        let db = config.open().unwrap();
        assert_eq!(db.len(), 1);
    }
}

#[test]
fn a_creation_that_did_not_finish_is_begun_again() {
    let home = tempdir().unwrap();
    fs::create_dir(home.path().join("blobs")).unwrap();
    SledStore::open(home.path()).unwrap();

    let home = tempdir().unwrap();
    let config = sled::Config::new()
        .path(home.path())
        .segment_size(8 * 1024 * 1024);
    drop(config.open().unwrap());
    let store = SledStore::open(home.path()).unwrap();
    commit(&store, change(1, vec![], vec![put(1, "x")])).unwrap();
}

#[test]
fn a_snapshot_that_was_not_finished_is_taken_away() {
    let home = tempdir().unwrap();
    let store = SledStore::open(home.path()).unwrap();
    commit(&store, change(1, vec![], vec![put(1, "x")])).unwrap();
    drop(store);
    // sled would read it, because its name sorts last, and find it corrupt.
    fs::write(home.path().join("snap.FFFFFFFFFFFFFFFF.generating"), "half").unwrap();
    let store = SledStore::open(home.path()).unwrap();
    assert_eq!(support::body(&store, 1).as_deref(), Some("x"));
}

#[test]
fn a_closed_store_answers_closed() {
    let home = tempdir().unwrap();
    let store = SledStore::open(home.path()).unwrap();
    pollster::block_on(store.close()).unwrap();
    pollster::block_on(store.close()).unwrap();
    let refused = commit(&store, change(1, vec![], vec![put(1, "x")]));
    assert!(matches!(refused, Err(StoreError::Closed)));
    let refused = pollster::block_on(store.get(&[]));
    assert!(matches!(refused, Err(StoreError::Closed)));
    SledStore::open(home.path()).unwrap();
}
