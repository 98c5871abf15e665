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
use std::thread;

use cmss_core::store::StoreError;
use cmss_sled::SledStore;
use cmss_testkit::durable::directories::{unavailable, what_is_only_named_alike_is_not_lost};
use cmss_testkit::notes::{body, change, commit, put};
use support::Sled;
use tempfile::tempdir;

/// sled's threads hold its lock a little longer than its last handle.
fn let_go(db: sled::Db, home: &Path) {
    drop(db);
    let data = fs::File::open(home.join("db")).unwrap();
    while data.try_lock().is_err() {
        thread::yield_now();
    }
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
        let_go(db, home.path());
        let _ = unavailable(home.path(), &Sled);
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
    let_go(config.open().unwrap(), home.path());
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
    assert_eq!(body(&store, 1).as_deref(), Some("x"));
}

/// Also those that sled itself would remove.
#[test]
fn compaction_refuses_what_is_only_named_like_a_file_of_the_store() {
    let names = [
        "blobs.keep/",
        "closed.txt",
        "conference.txt",
        "db-backup.ndjson",
        "snap.chat",
        "snap.0000000000000000.jpg",
        "snap.000000000000000",
        "snap.000000000000000g",
        "snap.chat.generating",
        "sorting",
        "witness.old",
    ];
    what_is_only_named_alike_is_not_lost(&Sled, &names);
}

#[test]
fn what_sled_would_take_for_its_own_is_refused_by_name() {
    let home = tempdir().unwrap();
    let store = SledStore::open(home.path()).unwrap();
    commit(&store, change(1, vec![], vec![put(1, "x")])).unwrap();
    drop(store);
    for name in ["snap.chat", "snap.chat.generating"] {
        let theirs = home.path().join(name);
        fs::write(&theirs, "dear all").unwrap();
        let what = unavailable(home.path(), &Sled);
        assert!(what.contains(&format!("holds {name},")), "{what}");
        assert_eq!(fs::read_to_string(&theirs).unwrap(), "dear all");
        fs::remove_file(&theirs).unwrap();
    }
    let store = SledStore::open(home.path()).unwrap();
    assert_eq!(body(&store, 1).as_deref(), Some("x"));
}

/// What says how far sled has read its log has a plain name too.
#[test]
fn a_file_of_somebody_else_named_closed_is_refused_and_stays() {
    let home = tempdir().unwrap();
    drop(SledStore::open(home.path()).unwrap());
    let theirs = home.path().join("closed");
    let mark = fs::read(&theirs).unwrap();
    for text in ["on Sundays", "2024: no", "snap."] {
        fs::write(&theirs, text).unwrap();
        let what = unavailable(home.path(), &Sled);
        assert!(what.contains("cannot be made ready"), "{what}");
        assert_eq!(fs::read_to_string(&theirs).unwrap(), text);
    }
    // Torn by a loss of power, it is a mark.
    for torn in [vec![], vec![0; mark.len()], mark[..mark.len() / 2].to_vec()] {
        fs::write(&theirs, torn).unwrap();
        drop(SledStore::open(home.path()).unwrap());
    }
}

/// Said of each of them; a process that may write to everything is not refused.
#[test]
#[cfg(unix)]
fn files_that_cannot_be_written_to_are_refused_by_name() {
    use std::os::unix::fs::PermissionsExt;
    for name in ["db", "journal", "witness"] {
        let home = tempdir().unwrap();
        let store = SledStore::open(home.path()).unwrap();
        commit(&store, change(1, vec![], vec![put(1, "x")])).unwrap();
        drop(store);
        let file = home.path().join(name);
        fs::set_permissions(&file, fs::Permissions::from_mode(0o400)).unwrap();
        match SledStore::open(home.path()) {
            Ok(_) => assert!(fs::File::options().write(true).open(&file).is_ok()),
            Err(StoreError::Unavailable { .. }) => {}
            Err(error) => panic!("{error}"),
        }
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        let store = SledStore::open(home.path()).unwrap();
        assert_eq!(body(&store, 1).as_deref(), Some("x"));
    }
}
