//! A directory that comes back older than what was answered.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "all of this file is part of tests"
)]

use std::fs;
use std::path::Path;

use cmss_core::store::{Store, StoreError};
use cmss_sled::SledStore;
use cmss_testkit::notes::{change, commit, documents, put};
use tempfile::{TempDir, tempdir};

fn write(home: &Path, numbers: std::ops::RangeInclusive<u128>) {
    let store = SledStore::open(home).unwrap();
    for number in numbers {
        commit(&store, change(number, vec![], vec![put(number, "x")])).unwrap();
    }
    pollster::block_on(store.close()).unwrap();
}

/// The files of a closed store, but for some.
fn copy(home: &Path, without: &[&str]) -> TempDir {
    let to = tempdir().unwrap();
    for file in home.read_dir().unwrap() {
        let file = file.unwrap();
        let name = file.file_name().into_string().unwrap();
        if file.path().is_file() && !without.contains(&name.as_str()) {
            fs::copy(file.path(), to.path().join(name)).unwrap();
        }
    }
    to
}

fn refusal(home: &Path) -> String {
    match SledStore::open(home) {
        Err(StoreError::Corrupt { what, .. }) => what,
        other => panic!("{other:?}"),
    }
}

#[test]
fn files_of_last_week_beside_the_witness_of_today_are_refused() {
    let home = tempdir().unwrap();
    write(home.path(), 1..=3);
    let last_week = copy(home.path(), &["witness"]);
    write(home.path(), 4..=9);
    let witness = home.path().join("witness");
    fs::copy(witness, last_week.path().join("witness")).unwrap();
    for _ in 0..2 {
        let what = refusal(last_week.path());
        assert!(
            what.contains("up to 3") && what.contains("seen commit 9"),
            "{what}"
        );
    }
    fs::remove_file(last_week.path().join("witness")).unwrap();
    let store = SledStore::open(last_week.path()).unwrap();
    assert_eq!(documents(&store).len(), 3);
}

#[test]
fn a_store_that_lost_its_data_file_is_not_begun_anew() {
    let home = tempdir().unwrap();
    write(home.path(), 1..=3);
    // Its snapshot tells sled of data.
    let lost = copy(home.path(), &["db", "journal", "witness"]);
    assert!(refusal(lost.path()).contains("the data files"));

    // Nothing is written then, and an empty file is not filled.
    for left in [None, Some("db")] {
        let lost = copy(home.path(), &["db"]);
        if let Some(name) = left {
            fs::write(lost.path().join(name), "").unwrap();
        }
        let names = |home: &Path| {
            let found = home.read_dir().unwrap().map(|entry| entry.unwrap());
            let mut found: Vec<_> = found
                .map(|entry| (entry.file_name(), entry.metadata().unwrap().len()))
                .collect();
            found.sort();
            found
        };
        let before = names(lost.path());
        assert!(refusal(lost.path()).contains("seen commit 3"));
        assert_eq!(names(lost.path()), before);
    }

    let lost = copy(home.path(), &["db", "conf"]);
    for file in lost.path().read_dir().unwrap() {
        let file = file.unwrap();
        if file.file_name() != "witness" {
            fs::remove_file(file.path()).unwrap();
        }
    }
    assert!(refusal(lost.path()).contains("seen commit 3"));
}

#[test]
fn a_store_without_a_witness_opens_and_has_one_from_then_on() {
    let home = tempdir().unwrap();
    write(home.path(), 1..=3);
    let older = copy(home.path(), &["witness"]);
    write(older.path(), 4..=4);
    assert!(older.path().join("witness").is_file());
}
