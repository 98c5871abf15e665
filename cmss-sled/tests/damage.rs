//! Damaged files of a store on sled.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "all of this file is part of tests"
)]

use std::ffi::OsStr;
use std::fs;
use std::time::Duration;

use cmss_core::store::{Store, StoreError};
use cmss_sled::SledStore;
use cmss_testkit::durable::children::{self, say};
use cmss_testkit::durable::damage::{Backend, Left, Tally, damaged_files_are_noticed, is_child};
use cmss_testkit::notes::{body, change, commit, put};
use tempfile::{TempDir, tempdir};

const SLED: Backend<SledStore> = Backend {
    open: |path| SledStore::open(path),
    verify: |store| Ok(format!("{:?}", store.verify(|_| ())?)),
};

fn damage(test: &str, backend: &Backend<SledStore>, left: Left) -> Result<Tally, String> {
    let home = tempdir().unwrap();
    damaged_files_are_noticed(test, home.path(), backend, left)
}

#[test]
fn damaged_files_of_a_closed_store_are_noticed() {
    let test = "damaged_files_of_a_closed_store_are_noticed";
    let tally = damage(test, &SLED, Left::Closed).unwrap();
    assert!(is_child() || tally.refused > 5, "{tally:?}");
}

#[test]
fn damaged_files_of_a_store_whose_process_was_killed_are_noticed() {
    let test = "damaged_files_of_a_store_whose_process_was_killed_are_noticed";
    let tally = damage(test, &SLED, Left::Killed).unwrap();
    assert!(is_child() || tally.refused > 5, "{tally:?}");
}

/// A backend that has no witness, which these tests must catch.
const FORGETFUL: Backend<SledStore> = Backend {
    open: |path| {
        let witness = path.join("witness");
        if witness.exists() {
            fs::remove_file(witness).map_err(|_| StoreError::Closed)?;
        }
        SledStore::open(path)
    },
    verify: SLED.verify,
};

#[test]
fn changed_data_that_is_taken_for_good_is_caught() {
    let test = "changed_data_that_is_taken_for_good_is_caught";
    let caught = damage(test, &FORGETFUL, Left::Killed);
    assert!(is_child() || caught.is_err(), "{caught:?}");
}

/// A closed store whose snapshot lost so many bytes at its end, and says under a checksum that this
/// is all: sled panics over some of them.
fn with_a_cut_snapshot(lost: usize) -> TempDir {
    let home = tempdir().unwrap();
    let store = SledStore::open(home.path()).unwrap();
    commit(&store, change(1, vec![], vec![put(1, "x")])).unwrap();
    pollster::block_on(store.close()).unwrap();
    // sled makes it when it opens.
    let store = SledStore::open(home.path()).unwrap();
    pollster::block_on(store.close()).unwrap();
    let mut files = home.path().read_dir().unwrap().map(Result::unwrap);
    let snapshot = files.find(|file| file.file_name().to_string_lossy().starts_with("snap."));
    let snapshot = snapshot.unwrap().path();
    let whole = fs::read(&snapshot).unwrap();
    let (content, ending) = whole.split_at(whole.len() - 12);
    let mut cut = content[..content.len() - lost].to_vec();
    let checksum = crc32fast::hash(&cut);
    cut.extend(&ending[..8]);
    cut.extend(checksum.to_le_bytes());
    fs::write(snapshot, cut).unwrap();
    home
}

#[test]
fn a_panic_of_sled_while_it_opens_is_told_as_damage_and_lets_go_of_the_lock() {
    const CHILD: &str = "CMSS_CUT_SNAPSHOTS";
    if std::env::var_os(CHILD).is_some() {
        for lost in 0..20 {
            let home = with_a_cut_snapshot(lost);
            for _ in 0..2 {
                match SledStore::open(home.path()) {
                    Ok(store) => assert_eq!(body(&store, 1).as_deref(), Some("x")),
                    Err(error) => {
                        assert!(matches!(error, StoreError::Corrupt { .. }), "{error}");
                        say(&error.to_string());
                    }
                }
            }
        }
        say("done");
        return;
    }
    let test = "a_panic_of_sled_while_it_opens_is_told_as_damage_and_lets_go_of_the_lock";
    let ran = children::run(test, &[(CHILD, OsStr::new("1"))], Duration::from_secs(120));
    assert_eq!(ran.said.last().map(String::as_str), Some("done"), "{ran:?}");
    let panicked = ran
        .said
        .iter()
        .filter(|said| said.contains("the engine panicked"));
    assert!(panicked.count() > 1, "{ran:?}");
}
