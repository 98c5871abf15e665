//! What was answered is found again; many share a sync; large loads.
#![allow(clippy::unwrap_used, reason = "all of this file is part of tests")]

mod support;

use std::path::Path;

use cmss_sled::SledStore;
use cmss_testkit::notes::{change, commit, lines, load, put};
use tempfile::tempdir;

cmss_testkit::durable_rules!(support::fixture);

/// How many files sled has put beside its data file, which nobody syncs.
fn blobs(home: &Path) -> usize {
    home.join("blobs").read_dir().unwrap().count()
}

#[test]
fn nothing_large_is_put_into_files_that_nobody_syncs() {
    let home = tempdir().unwrap();
    let store = SledStore::open(home.path()).unwrap();
    for round in 0..6 {
        let writes = (1..=16).map(|n| put(n, &"x".repeat(100_000 + round)));
        let id = 1 + round as u128;
        commit(&store, change(id, vec![], writes.collect())).unwrap();
    }
    let large = vec![put(20, &"y".repeat(900_000))];
    commit(&store, change(20, vec![], large)).unwrap();
    let mut many = change(21, vec![], (100..1100).map(|n| put(n, "small")).collect());
    many.note = "n".repeat(64_000).into();
    commit(&store, many).unwrap();
    assert_eq!(blobs(home.path()), 0);
    let lines = lines(&store);
    drop(store);
    assert_eq!(blobs(home.path()), 0);

    let home = tempdir().unwrap();
    let store = SledStore::open(home.path()).unwrap();
    load(&store, lines).unwrap();
    assert_eq!(blobs(home.path()), 0);
    drop(store);
    assert_eq!(blobs(home.path()), 0);
}
