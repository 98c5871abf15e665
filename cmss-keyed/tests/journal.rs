//! What is durable in the journal before the engine has it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "all of this file is part of tests"
)]

mod support;

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use cmss_core::store::{Seq, Store, StoreError};
use cmss_keyed::{Batch, Engine, KeyedStore, error};
use cmss_testkit::notes::{body, change, commit, documents, lines, note, put};
use pollster::block_on;
use support::{Disk, Hook, MapEngine, halting};
use tempfile::tempdir;

type MapStore = KeyedStore<MapEngine>;

fn open(disk: &Disk, home: &Path) -> Result<MapStore, StoreError> {
    KeyedStore::open_in(disk.engine(), home)
}

fn write(store: &MapStore, number: u128, text: &str) -> Result<Seq, StoreError> {
    let committed = commit(store, change(number, vec![], vec![put(number, text)]));
    committed.map(|receipt| receipt.seq)
}

fn failing() -> Option<Hook> {
    Some(Arc::new(|| Err(io::Error::other("injected"))))
}

#[test]
fn an_engine_that_lost_what_it_had_not_settled_gets_it_from_the_journal() {
    let (disk, home) = (Disk::default(), tempdir().unwrap());
    let store = open(&disk, home.path()).unwrap();
    for number in 1..=20 {
        write(&store, number, "x").unwrap();
    }
    // What a loss of power leaves, once of each.
    let left = disk.left();
    let beside = tempdir().unwrap();
    for name in ["journal", "witness"] {
        std::fs::copy(home.path().join(name), beside.path().join(name)).unwrap();
    }
    for _ in 0..2 {
        let again = open(&left, beside.path()).unwrap();
        assert_eq!(lines(&again), lines(&store));
        assert!(again.verify(|_| ()).is_ok());
    }
}

#[test]
fn what_is_pending_is_read_judged_and_looked_at_like_what_the_engine_has() {
    let (disk, home) = (Disk::default(), tempdir().unwrap());
    write(&open(&disk, home.path()).unwrap(), 1, "first").unwrap();
    let store = open(&disk, home.path()).unwrap();
    for (number, text) in [(2, "other"), (3, "third")] {
        write(&store, number, text).unwrap();
    }
    let again = commit(&store, change(4, vec![], vec![put(1, "second")])).unwrap();
    assert_eq!(again.seq, Seq(4));
    assert_eq!(body(&store, 1).as_deref(), Some("second"));
    assert_eq!(documents(&store).len(), 3);
    let replayed = commit(&store, change(4, vec![], vec![put(1, "second")])).unwrap();
    assert_eq!(replayed.seq, Seq(4));
    assert_eq!(store.verify(|_| ()).unwrap().as_of, Seq(4));
}

#[test]
fn who_reads_does_not_wait_for_a_commit_to_be_durable() {
    let (disk, home) = (Disk::default(), tempdir().unwrap());
    let store = open(&disk, home.path()).unwrap();
    write(&store, 1, "before").unwrap();
    let (hook, is_reached, go) = halting();
    disk.before_syncing(Some(hook));
    std::thread::scope(|scope| {
        let writing = scope.spawn(|| write(&store, 2, "x"));
        is_reached();
        assert_eq!(documents(&store).len(), 1, "and nothing else yet");
        go(|| Ok(()));
        writing.join().unwrap().unwrap();
    });
    disk.before_syncing(None);
    assert_eq!(documents(&store).len(), 2);
}

#[test]
fn who_reads_does_not_wait_for_the_engine_to_settle_what_it_gets() {
    let (disk, home) = (Disk::default(), tempdir().unwrap());
    let store = open(&disk, home.path()).unwrap();
    let (hook, is_reached, go) = halting();
    disk.before_settling(Some(hook));
    write(&store, 1, "x").unwrap();
    // When nobody has committed for a while.
    is_reached();
    assert_eq!(documents(&store).len(), 1);
    disk.before_settling(None);
    go(|| Ok(()));
    block_on(store.close()).unwrap();
}

#[test]
fn more_than_the_journal_is_to_have_goes_to_the_engine_in_bounded_batches_and_the_tip_last() {
    let (disk, home) = (Disk::default(), tempdir().unwrap());
    let store = open(&disk, home.path()).unwrap();
    let before = disk.batches().len();
    let text = "x".repeat(900_000);
    for number in 1..=40 {
        write(&store, number, &text).unwrap();
    }
    // 36 MB: twice, whatever else.
    let batches = disk.batches().split_off(before);
    let tips = batches.iter().filter(|keys| keys.contains(&b"T".to_vec()));
    assert!(tips.clone().count() >= 2);
    assert!(tips.clone().all(|keys| keys.len() == 1));
    assert!(batches.len() > 40, "{}", batches.len());
    assert_eq!(disk.unsettled().most, 1);
    let length = std::fs::metadata(home.path().join("journal"))
        .unwrap()
        .len();
    assert!(length < 20_000_000, "{length}");
    drop(store);
    let length = std::fs::metadata(home.path().join("journal"))
        .unwrap()
        .len();
    assert_eq!(length, 8192, "nothing is left in it");
}

#[test]
fn a_failed_sync_of_the_journal_answers_unknown_and_poisons_the_handle() {
    let (disk, home) = (Disk::default(), tempdir().unwrap());
    let store = open(&disk, home.path()).unwrap();
    write(&store, 1, "before").unwrap();
    disk.before_syncing(failing());
    let unknown = write(&store, 2, "lost?").unwrap_err();
    assert!(matches!(unknown, StoreError::Unknown { .. }), "{unknown}");
    let refused = block_on(store.get(&[note(1)]));
    assert!(matches!(refused, Err(StoreError::Poisoned)));
    disk.before_syncing(None);
    drop(store);
    let store = open(&disk, home.path()).unwrap();
    assert_eq!(body(&store, 1).as_deref(), Some("before"));
    write(&store, 2, "lost?").unwrap();
    assert_eq!(documents(&store).len(), 2);
}

#[test]
fn an_engine_that_cannot_take_what_is_pending_poisons_the_handle_and_the_journal_keeps_it() {
    let (disk, home) = (Disk::default(), tempdir().unwrap());
    let store = open(&disk, home.path()).unwrap();
    disk.before_settling(failing());
    for number in 1..=3 {
        write(&store, number, "x").unwrap();
    }
    let closed = block_on(store.close());
    assert!(closed.is_err());
    drop(store);
    open(&disk, home.path()).unwrap_err();
    // What it had not settled is gone as well.
    disk.cut();
    disk.before_settling(None);
    let store = open(&disk, home.path()).unwrap();
    assert_eq!(documents(&store).len(), 3);
}

#[test]
fn a_store_without_its_journal_is_refused_by_its_witness() {
    let (disk, home) = (Disk::default(), tempdir().unwrap());
    let store = open(&disk, home.path()).unwrap();
    disk.before_settling(failing());
    write(&store, 1, "x").unwrap();
    drop(store);
    disk.before_settling(None);
    disk.cut();
    std::fs::remove_file(home.path().join("journal")).unwrap();
    let error = open(&disk, home.path()).unwrap_err().to_string();
    assert!(error.contains("its witness has seen commit 1"), "{error}");
}

#[test]
fn a_new_engine_beside_a_journal_with_commits_is_refused() {
    let (disk, home) = (Disk::default(), tempdir().unwrap());
    let store = open(&disk, home.path()).unwrap();
    disk.before_settling(failing());
    write(&store, 1, "x").unwrap();
    drop(store);
    std::fs::remove_file(home.path().join("witness")).unwrap();
    let error = open(&Disk::default(), home.path()).unwrap_err().to_string();
    assert!(error.contains("holds no commits"), "{error}");
}

#[test]
fn a_journal_that_the_witness_refuses_leaves_the_engine_as_it_was() {
    let (disk, home, other) = (Disk::default(), tempdir().unwrap(), tempdir().unwrap());
    write(&open(&disk, home.path()).unwrap(), 1, "x").unwrap();
    let otherwise = disk.left();
    for name in ["journal", "witness"] {
        std::fs::copy(home.path().join(name), other.path().join(name)).unwrap();
    }
    for (disk, home, text) in [
        (&disk, home.path(), "this"),
        (&otherwise, other.path(), "that"),
    ] {
        let store = open(disk, home).unwrap();
        disk.before_settling(failing());
        write(&store, 2, text).unwrap();
        drop(store);
        disk.cut();
    }
    disk.before_settling(None);
    let journal = home.path().join("journal");
    let own = std::fs::read(&journal).unwrap();
    std::fs::copy(other.path().join("journal"), &journal).unwrap();
    let error = open(&disk, home.path()).unwrap_err().to_string();
    assert!(
        error.contains("not the one its witness has seen"),
        "{error}"
    );
    std::fs::write(&journal, own).unwrap();
    let store = open(&disk, home.path()).unwrap();
    assert_eq!(body(&store, 2).as_deref(), Some("this"));
}

#[test]
fn an_engine_that_has_some_of_what_is_pending_is_not_opened_without_the_journal() {
    let mut refused = 0;
    for settles in 0..20 {
        let (disk, home) = (Disk::default(), tempdir().unwrap());
        let store = open(&disk, home.path()).unwrap();
        write(&store, 1, "x").unwrap();
        drop(store);
        let store = open(&disk, home.path()).unwrap();
        let left = AtomicUsize::new(settles);
        disk.before_settling(Some(Arc::new(move || {
            let settled = left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
                left.checked_sub(1)
            });
            settled.map(drop).map_err(|_| io::Error::other("injected"))
        })));
        for number in 2..=9 {
            write(&store, number, &"y".repeat(300_000)).unwrap();
        }
        drop(store);
        disk.before_settling(None);
        disk.cut();
        for name in ["journal", "witness"] {
            std::fs::remove_file(home.path().join(name)).unwrap();
        }
        match open(&disk, home.path()) {
            Ok(store) => {
                store.verify(|_| ()).unwrap();
                match documents(&store).len() {
                    1 => assert_eq!(settles, 0),
                    commits => {
                        assert_eq!(commits, 9);
                        break;
                    }
                }
            }
            Err(error) => {
                let what = error.to_string();
                assert!(
                    what.contains("has a part of what was committed after commit 1"),
                    "{what}"
                );
                refused += 1;
            }
        }
    }
    assert!(refused > 3, "{refused}");
}
