//! The stores of every released format are opened by every later release.
//!
//! `tests/fixtures/format-1` holds the files of a store: `conf` as it is, and the data file, which
//! is mostly zeros, as `db.sparse` in the form of [`pack`].
//!
//! A released format's fixture is never written again. Before the first release, and for a new
//! format in a directory of its own, this writes it:
//!
//! ```sh
//! CMSS_WRITE_FIXTURE=1 cargo test -p cmss-sled --test format
//! ```
#![allow(clippy::unwrap_used, reason = "all of this file is part of tests")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cmss_sled::SledStore;
use cmss_testkit::durable::format::{assert_read, pack, unpack, write};
use tempfile::{TempDir, tempdir};

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/format-1")
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
    let home = unpack_all(&fixture());
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
        Some(_) => fixture(),
        None => scratch.path().to_owned(),
    };
    pack_all(home.path(), &packed);
    let home = unpack_all(&packed);
    assert_read(|| Arc::new(SledStore::open(home.path()).unwrap()));
}
