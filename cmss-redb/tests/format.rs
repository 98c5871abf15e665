//! The stores of every released format are opened by every later release.
//!
//! `tests/fixtures/format-1` holds the file of a store, which is partly zeros, as `db.redb.sparse`
//! in the form of [`pack`]. `tests/fixtures/journal-1` holds that of one that was not closed, with the
//! journal, which has all that was committed.
//!
//! A released format's fixture is never written again. Before the first release, and for a new
//! format in a directory of its own, this writes it:
//!
//! ```sh
//! CMSS_WRITE_FIXTURE=1 cargo test -p cmss-redb --test format what_is_written_today
//! CMSS_WRITE_FIXTURE=1 cargo test -p cmss-redb --test format what_is_left_today
//! ```
#![allow(clippy::unwrap_used, reason = "all of this file is part of tests")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use cmss_core::store::{Seq, Store};
use cmss_redb::RedbStore;
use cmss_testkit::children::{Child, Task, serve};
use cmss_testkit::durable::format::{assert_read, pack, unpack, write};
use tempfile::{TempDir, tempdir};

fn fixture(name: &str) -> PathBuf {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    fixtures.join(name)
}

/// A store's directory of its packed file and of its journal, if it has one.
fn unpacked(file: &[u8], journal: Option<&[u8]>) -> TempDir {
    let home = tempdir().unwrap();
    fs::write(home.path().join("db.redb"), unpack(file)).unwrap();
    if let Some(journal) = journal {
        fs::write(home.path().join("journal"), journal).unwrap();
    }
    home
}

/// Asserts that a store of these files is read and written.
fn assert_packed(file: &[u8], journal: Option<&[u8]>) {
    let home = unpacked(file, journal);
    assert_read(|| Arc::new(RedbStore::open(home.path()).unwrap()));
}

#[test]
fn a_store_of_format_1_is_read_and_written() {
    let file = fs::read(fixture("format-1/db.redb.sparse")).unwrap();
    assert_packed(&file, None);
}

#[test]
fn what_is_written_today_reads_as_the_fixture_does() {
    let home = tempdir().unwrap();
    let store = RedbStore::open(home.path()).unwrap();
    write(&store);
    drop(store);
    let packed = pack(&fs::read(home.path().join("db.redb")).unwrap());
    if std::env::var_os("CMSS_WRITE_FIXTURE").is_some() {
        fs::create_dir_all(fixture("format-1")).unwrap();
        fs::write(fixture("format-1/db.redb.sparse"), &packed).unwrap();
    }
    assert_packed(&packed, None);
}

#[test]
fn a_store_of_format_1_that_was_not_closed_is_read_and_written() {
    let file = fs::read(fixture("journal-1/db.redb.sparse")).unwrap();
    let journal = fs::read(fixture("journal-1/journal")).unwrap();
    assert_packed(&file, Some(&journal));
    // The journal alone has what there is.
    let bare = unpacked(&file, None);
    let store = RedbStore::open(bare.path()).unwrap();
    let changes = pollster::block_on(store.changes(Seq::ZERO, 1)).unwrap();
    assert_eq!(changes.as_of, Seq::ZERO);
}

#[test]
fn what_is_left_today_reads_as_the_fixture_does() {
    serve("write and die", |home, _| {
        let store = RedbStore::open(home).unwrap();
        write(&store);
        std::process::abort();
    });
    let test = "what_is_left_today_reads_as_the_fixture_does";
    let home = tempdir().unwrap();
    let task = Task::new("write and die", home.path(), "");
    let left = Child::start(test, &task).wait(Duration::from_secs(60));
    assert!(left.is_aborted(), "{left:?}");
    let packed = pack(&fs::read(home.path().join("db.redb")).unwrap());
    let journal = fs::read(home.path().join("journal")).unwrap();
    if std::env::var_os("CMSS_WRITE_FIXTURE").is_some() {
        fs::create_dir_all(fixture("journal-1")).unwrap();
        fs::write(fixture("journal-1/db.redb.sparse"), &packed).unwrap();
        fs::write(fixture("journal-1/journal"), &journal).unwrap();
    }
    assert_packed(&packed, Some(&journal));
}
