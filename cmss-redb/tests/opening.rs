//! Which directories are opened, and which are refused untouched.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "all of this file is part of tests"
)]

mod support;

use std::fs;

use cmss_core::store::StoreError;
use cmss_redb::RedbStore;
use cmss_testkit::durable::directories::{unavailable, what_is_only_named_alike_is_not_lost};
use cmss_testkit::notes::{body, change, commit, documents, put};
use redb::{Database, ReadableTableMetadata, TableDefinition};
use support::Redb;
use tempfile::{TempDir, tempdir};

/// A closed store of one note.
fn filled() -> TempDir {
    let home = tempdir().unwrap();
    let store = RedbStore::open(home.path()).unwrap();
    commit(&store, change(1, vec![], vec![put(1, "x")])).unwrap();
    home
}

#[test]
fn a_redb_database_of_somebody_else_is_refused() {
    let theirs = TableDefinition::<&str, &str>::new("theirs");
    let ours = TableDefinition::<&str, &str>::new("cmss");
    for table in [theirs, ours] {
        let home = tempdir().unwrap();
        let file = home.path().join("db.redb");
        let db = Database::create(&file).unwrap();
        let transaction = db.begin_write().unwrap();
        transaction
            .open_table(table)
            .unwrap()
            .insert("a", "b")
            .unwrap();
        transaction.commit().unwrap();
        drop(db);
        for _ in 0..2 {
            let what = unavailable(home.path(), &Redb);
            assert!(what.contains("something else than a store"), "{what}");
        }
        let transaction = Database::open(&file).unwrap().begin_write().unwrap();
        assert_eq!(transaction.list_tables().unwrap().count(), 1);
        assert_eq!(transaction.open_table(table).unwrap().len().unwrap(), 1);
    }
}

#[test]
fn a_data_file_that_is_something_else_is_refused_and_left_as_it_was() {
    let home = tempdir().unwrap();
    let file = home.path().join("db.redb");
    for text in ["dear all".to_owned(), "x".repeat(2_000_000)] {
        fs::write(&file, &text).unwrap();
        let what = unavailable(home.path(), &Redb);
        assert!(what.contains("something else than a store"), "{what}");
        assert_eq!(fs::read_to_string(&file).unwrap(), text);
    }
}

#[test]
fn a_creation_that_did_not_finish_is_begun_again() {
    // redb writes a file's first bytes last.
    let unborn = |mut bytes: Vec<u8>| {
        bytes[..9].fill(0);
        bytes[4096..].fill(0);
        bytes
    };
    let whole = fs::read(filled().path().join("db.redb")).unwrap();
    for left in [vec![], vec![0; 1_000_000], unborn(whole)] {
        let home = tempdir().unwrap();
        fs::write(home.path().join("db.redb"), left).unwrap();
        let store = RedbStore::open(home.path()).unwrap();
        assert_eq!(documents(&store), vec![]);
        commit(&store, change(1, vec![], vec![put(1, "x")])).unwrap();
        drop(store);
        let store = RedbStore::open(home.path()).unwrap();
        assert_eq!(body(&store, 1).as_deref(), Some("x"));
    }

    // A database, and not a store yet.
    let home = tempdir().unwrap();
    drop(Database::create(home.path().join("db.redb")).unwrap());
    let store = RedbStore::open(home.path()).unwrap();
    commit(&store, change(1, vec![], vec![put(1, "x")])).unwrap();
}

#[test]
fn compaction_refuses_what_is_only_named_like_a_file_of_the_store() {
    let names = ["db.redb.bak", "db", "sorting", "witness.old", "witnesses/"];
    what_is_only_named_alike_is_not_lost(&Redb, &names);
}

#[test]
fn data_that_is_gone_and_was_witnessed_is_refused_before_anything_is_written() {
    let home = filled();
    let file = home.path().join("db.redb");
    for left in [0, 5_000] {
        fs::write(&file, vec![0; left]).unwrap();
        match RedbStore::open(home.path()) {
            Err(StoreError::Corrupt { what, .. }) => {
                assert!(what.contains("seen commit 1"), "{what}");
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(fs::read(&file).unwrap(), vec![0; left]);
    }
}

#[test]
fn other_files_may_stand_beside_a_store() {
    let home = filled();
    fs::write(home.path().join("seen"), "1").unwrap();
    let store = RedbStore::open(home.path()).unwrap();
    assert_eq!(body(&store, 1).as_deref(), Some("x"));

    // Alone they are no store.
    drop(store);
    fs::remove_file(home.path().join("db.redb")).unwrap();
    let what = unavailable(home.path(), &Redb);
    assert!(what.contains("something else than a store"), "{what}");
}

#[test]
fn a_newer_format_of_redb_is_refused_by_name() {
    let home = filled();
    let file = home.path().join("db.redb");
    let mut bytes = fs::read(&file).unwrap();
    // The version stands first in each of the two commit slots.
    for slot in [64, 192] {
        assert_eq!(bytes[slot], 3);
        bytes[slot] = 4;
    }
    fs::write(&file, bytes).unwrap();
    let what = unavailable(home.path(), &Redb);
    assert!(what.contains("newer format of redb"), "{what}");
    assert!(what.contains("found 4"), "{what}");
}
