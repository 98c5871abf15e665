//! What an engine is asked to bring through a loss of power: one batch, never two.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "all of this file is part of tests"
)]

mod support;

use cmss_core::store::{Line, StoreError};
use cmss_keyed::{Batch, Engine, KeyedStore, error};
use cmss_testkit::notes::{change, commit, documents, lines, load, put};
use support::{Disk, MapEngine};

fn open(disk: &Disk) -> KeyedStore<MapEngine> {
    KeyedStore::open(disk.engine(), "the map").unwrap()
}

/// The lines of a store that is loaded in several batches.
fn large() -> Vec<Line> {
    let disk = Disk::default();
    let store = open(&disk);
    for number in 1..=13 {
        let text = "x".repeat(900_000);
        commit(&store, change(number, vec![], vec![put(number, &text)])).unwrap();
    }
    lines(&store)
}

#[test]
fn a_load_settles_each_batch_before_the_next() {
    let disk = Disk::default();
    let store = open(&disk);
    load(&store, large()).unwrap();
    let unsettled = disk.unsettled();
    assert!(unsettled.ever >= 6, "{unsettled:?}");
    assert_eq!(unsettled.most, 1, "{unsettled:?}");
}

#[test]
fn a_load_that_fails_is_undone_in_batches_that_are_settled_each() {
    let disk = Disk::default();
    let store = open(&disk);
    let mut unended = large();
    unended.pop();
    let refused = load(&store, unended).unwrap_err();
    assert!(matches!(refused, StoreError::Corrupt { .. }), "{refused}");
    assert_eq!(documents(&store), vec![]);
    let unsettled = disk.unsettled();
    assert!(unsettled.ever >= 6, "{unsettled:?}");
    assert_eq!(unsettled.most, 1, "{unsettled:?}");
}
