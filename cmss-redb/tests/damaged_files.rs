//! Damaged files of a store on redb.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "all of this file is part of tests"
)]

use std::fs;

use cmss_core::store::StoreError;
use cmss_redb::RedbStore;
use cmss_testkit::durable::damage::{Backend, Left, Tally, damaged_files_are_noticed, is_child};
use tempfile::tempdir;

const REDB: Backend<RedbStore> = Backend {
    open: |path| RedbStore::open(path),
    verify: |store| Ok(format!("{:?}", store.verify(|_| ())?)),
};

fn damage(test: &str, backend: &Backend<RedbStore>, left: Left) -> Result<Tally, String> {
    let home = tempdir().unwrap();
    damaged_files_are_noticed(test, home.path(), backend, left)
}

#[test]
fn damaged_files_of_a_closed_store_are_noticed() {
    let test = "damaged_files_of_a_closed_store_are_noticed";
    let tally = damage(test, &REDB, Left::Closed).unwrap();
    assert!(is_child() || tally.refused > 5, "{tally:?}");
}

#[test]
fn damaged_files_of_a_store_whose_process_was_killed_are_noticed() {
    let test = "damaged_files_of_a_store_whose_process_was_killed_are_noticed";
    let tally = damage(test, &REDB, Left::Killed).unwrap();
    assert!(is_child() || tally.refused > 5, "{tally:?}");
}

/// A backend that has no witness, which these tests must catch.
const FORGETFUL: Backend<RedbStore> = Backend {
    open: |path| {
        let witness = path.join("witness");
        if witness.exists() {
            fs::remove_file(witness).map_err(|_| StoreError::Closed)?;
        }
        RedbStore::open(path)
    },
    verify: REDB.verify,
};

#[test]
fn changed_data_that_is_taken_for_good_is_caught() {
    let test = "changed_data_that_is_taken_for_good_is_caught";
    let caught = damage(test, &FORGETFUL, Left::Killed);
    assert!(is_child() || caught.is_err(), "{caught:?}");
}
