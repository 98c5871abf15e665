//! The stores of every released format are opened by every later release.
//!
//! `tests/fixtures/format-1` holds the file of a store, which is partly zeros, as `db.redb.sparse`
//! in the form of [`pack`].
//!
//! A released format's fixture is never written again. Before the first release, and for a new
//! format in a directory of its own, this writes it:
//!
//! ```sh
//! CMSS_WRITE_FIXTURE=1 cargo test -p cmss-redb --test format
//! ```
#![allow(clippy::unwrap_used, reason = "all of this file is part of tests")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cmss_redb::RedbStore;
use cmss_testkit::durable::format::{assert_read, pack, unpack, write};
use tempfile::tempdir;

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/format-1/db.redb.sparse")
}

/// Asserts that a store of this file is read and written.
fn assert_packed(file: &[u8]) {
    let home = tempdir().unwrap();
    fs::write(home.path().join("db.redb"), unpack(file)).unwrap();
    assert_read(|| Arc::new(RedbStore::open(home.path()).unwrap()));
}

#[test]
fn a_store_of_format_1_is_read_and_written() {
    assert_packed(&fs::read(fixture()).unwrap());
}

#[test]
fn what_is_written_today_reads_as_the_fixture_does() {
    let home = tempdir().unwrap();
    let store = RedbStore::open(home.path()).unwrap();
    write(&store);
    drop(store);
    let packed = pack(&fs::read(home.path().join("db.redb")).unwrap());
    if std::env::var_os("CMSS_WRITE_FIXTURE").is_some() {
        fs::create_dir_all(fixture().parent().unwrap()).unwrap();
        fs::write(fixture(), &packed).unwrap();
    }
    assert_packed(&packed);
}
