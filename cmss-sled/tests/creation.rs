//! Creations that were cut short are begun again.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "all of this file is part of tests"
)]

use std::fs;
use std::path::Path;

use cmss_core::store::{Seq, StoreError};
use cmss_sled::SledStore;
use cmss_testkit::notes::{change, commit, put};
use tempfile::tempdir;

/// What sled writes about itself when it creates a store.
fn settings() -> Vec<u8> {
    let home = tempdir().unwrap();
    drop(SledStore::open(home.path()).unwrap());
    fs::read(home.path().join("conf")).unwrap()
}

/// Opens a directory that holds these settings, and an empty data file or none.
fn open(home: &Path, settings: &[u8], with_data: bool) -> Result<SledStore, StoreError> {
    fs::write(home.join("conf"), settings).unwrap();
    if with_data {
        fs::write(home.join("db"), "").unwrap();
    }
    SledStore::open(home)
}

#[test]
fn settings_that_a_loss_of_power_has_torn_are_written_again() {
    let whole = settings();
    for length in [0, 1, 8, 9, 30, 58, 59, 60, 62, whole.len()] {
        for (zeros, with_data) in [(0, false), (0, true), (whole.len() - length, true)] {
            let mut torn = whole[..length].to_vec();
            torn.resize(length + zeros, 0);
            let home = tempdir().unwrap();
            let store = open(home.path(), &torn, with_data).unwrap();
            let done = commit(&store, change(1, vec![], vec![put(1, "x")])).unwrap();
            assert_eq!(done.seq, Seq(1));
            drop(store);
            // Of its checksum sled makes nothing.
            let now = fs::read(home.path().join("conf")).unwrap();
            assert!(now.starts_with(&whole[..whole.len() - 4]));
        }
    }
}

#[test]
fn settings_of_somebody_else_are_left_as_they_are() {
    let other = b"segment_size: 524288\nuse_compression: false\nversion: 0.34\nabcd";
    let home = tempdir().unwrap();
    match open(home.path(), other, true) {
        // Not what sled says: to change them back.
        Err(StoreError::Unavailable { what, source: None }) => {
            assert!(what.contains("conf has other settings"), "{what}");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(fs::read(home.path().join("conf")).unwrap(), other);
}
