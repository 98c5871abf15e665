//! Filling an empty store from the lines of another.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "all of this file is part of tests"
)]

mod support;

use std::sync::Arc;

use cmss_core::store::{Line, Seq, Store, StoreError};
use cmss_sled::SledStore;
use support::{BY_SIZE, body, change, commit, documents, lines, listing, load, put};
use tempfile::{TempDir, tempdir};

/// The lines of a store of about five megabytes: more than one batch of a load.
fn many() -> Vec<Line> {
    let home = tempdir().unwrap();
    let store = SledStore::open(home.path()).unwrap();
    for number in 1..=20 {
        let text = "m".repeat(250_000 + usize::try_from(number).unwrap());
        commit(&store, change(number, vec![], vec![put(number, &text)])).unwrap();
    }
    lines(&store)
}

fn empty() -> (TempDir, SledStore) {
    let home = tempdir().unwrap();
    let store = SledStore::open(home.path()).unwrap();
    (home, store)
}

#[test]
fn a_load_of_many_batches_survives_reopening() {
    let lines_in = many();
    let (home, store) = empty();
    assert_eq!(load(&store, lines_in.clone()).unwrap(), Seq(20));
    drop(store);
    assert_eq!(home.path().join("blobs").read_dir().unwrap().count(), 0);
    let store = SledStore::open(home.path()).unwrap();
    assert_eq!(lines(&store), lines_in);
    assert_eq!(listing(&store, &BY_SIZE).len(), 20);
}

#[test]
fn a_load_of_many_batches_that_is_not_ended_leaves_the_store_empty() {
    let mut cut = many();
    cut.pop();
    let (home, store) = empty();
    let refused = load(&store, cut);
    assert!(matches!(refused, Err(StoreError::Corrupt { .. })));
    assert_eq!(documents(&store), vec![]);
    commit(&store, change(1, vec![], vec![put(1, "first")])).unwrap();
    drop(store);
    let store = SledStore::open(home.path()).unwrap();
    assert_eq!(body(&store, 1).as_deref(), Some("first"));
    assert_eq!(lines(&store).len(), 3);
}

#[test]
fn nothing_of_a_load_is_visible_before_its_end() {
    let (_home, store) = empty();
    let store = Arc::new(store);
    let reader = store.clone();
    let lines_in = many().into_iter().map(move |line| {
        pollster::block_on(async {
            assert_eq!(reader.walk(None, 10).await?.docs, vec![]);
            assert_eq!(reader.changes(Seq::ZERO, 10).await?.as_of, Seq::ZERO);
            Ok(line)
        })
    });
    assert_eq!(
        pollster::block_on(store.load(Box::new(lines_in))).unwrap(),
        Seq(20)
    );
    assert_eq!(documents(store.as_ref()).len(), 20);
}
