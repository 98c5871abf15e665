//! The stores of every released format are opened by every later release.
//!
//! `tests/fixtures/format-1` holds the files of a store: `conf` as it is, and the data file, which
//! is mostly zeros, as `db.sparse` in the form of [`pack`]. `tests/fixtures/journal-1` holds those of one
//! that was not closed: all that was committed is in its journal.
//!
//! A released format's fixture is never written again. Before the first release, and for a new
//! format in a directory of its own, this writes it:
//!
//! ```sh
//! CMSS_WRITE_FIXTURE=1 cargo test -p cmss-sled --test format what_is_written_today
//! CMSS_WRITE_FIXTURE=1 cargo test -p cmss-sled --test format what_is_left_today
//! ```
#![allow(clippy::unwrap_used, reason = "all of this file is part of tests")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use cmss_core::store::{Seq, Store};
use cmss_sled::SledStore;
use cmss_testkit::children::{Child, Task, serve};
use cmss_testkit::durable::format::{assert_read, pack, unpack, write};
use tempfile::{TempDir, tempdir};

fn fixture(name: &str) -> PathBuf {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    fixtures.join(name)
}

/// Puts the files of a store into a small form.
fn pack_all(home: &Path, into: &Path) {
    fs::create_dir_all(into).unwrap();
    for file in home.read_dir().unwrap() {
        let file = file.unwrap();
        let name = file.file_name().into_string().unwrap();
        match name.as_str() {
            "blobs" => assert_eq!(file.path().read_dir().unwrap().count(), 0),
            "db" => {
                let data = fs::read(file.path()).unwrap();
                fs::write(into.join("db.sparse"), pack(&data)).unwrap();
            }
            _ => drop(fs::copy(file.path(), into.join(name)).unwrap()),
        }
    }
}

/// Makes a store's directory of the small form.
fn unpack_all(packed: &Path) -> TempDir {
    let home = tempdir().unwrap();
    for file in packed.read_dir().unwrap() {
        let file = file.unwrap();
        let name = file.file_name().into_string().unwrap();
        if name == "db.sparse" {
            let data = unpack(&fs::read(file.path()).unwrap());
            fs::write(home.path().join("db"), data).unwrap();
        } else {
            fs::copy(file.path(), home.path().join(name)).unwrap();
        }
    }
    home
}

#[test]
fn a_store_of_format_1_is_read_and_written() {
    let home = unpack_all(&fixture("format-1"));
    assert_read(|| Arc::new(SledStore::open(home.path()).unwrap()));
}

#[test]
fn what_is_written_today_reads_as_the_fixture_does() {
    let home = tempdir().unwrap();
    let store = SledStore::open(home.path()).unwrap();
    write(&store);
    drop(store);
    let scratch = tempdir().unwrap();
    let packed = match std::env::var_os("CMSS_WRITE_FIXTURE") {
        Some(_) => fixture("format-1"),
        None => scratch.path().to_owned(),
    };
    pack_all(home.path(), &packed);
    let home = unpack_all(&packed);
    assert_read(|| Arc::new(SledStore::open(home.path()).unwrap()));
}

/// Asserts that a store that was not closed is read and written, and that its journal alone has what
/// there is.
fn assert_left(packed: &Path) {
    let home = unpack_all(packed);
    assert_read(|| Arc::new(SledStore::open(home.path()).unwrap()));

    let bare = unpack_all(packed);
    for name in ["journal", "witness"] {
        fs::remove_file(bare.path().join(name)).unwrap();
    }
    let store = SledStore::open(bare.path()).unwrap();
    let changes = pollster::block_on(store.changes(Seq::ZERO, 1)).unwrap();
    assert_eq!(changes.as_of, Seq::ZERO);
}

#[test]
fn a_store_of_format_1_that_was_not_closed_is_read_and_written() {
    assert_left(&fixture("journal-1"));
}

#[test]
fn what_is_left_today_reads_as_the_fixture_does() {
    serve("write and die", |home, _| {
        let store = SledStore::open(home).unwrap();
        write(&store);
        std::process::abort();
    });
    let test = "what_is_left_today_reads_as_the_fixture_does";
    let home = tempdir().unwrap();
    let task = Task::new("write and die", home.path(), "");
    let left = Child::start(test, &task).wait(Duration::from_secs(60));
    assert!(left.is_aborted(), "{left:?}");
    let scratch = tempdir().unwrap();
    let packed = match std::env::var_os("CMSS_WRITE_FIXTURE") {
        Some(_) => fixture("journal-1"),
        None => scratch.path().to_owned(),
    };
    pack_all(home.path(), &packed);
    let home = unpack_all(&packed);
    assert_read(|| Arc::new(SledStore::open(home.path()).unwrap()));
}
