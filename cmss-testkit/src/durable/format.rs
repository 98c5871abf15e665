//! The stores of every released format are opened by every later release: a small store, kept as a
//! fixture in a small form, is read and written to.
//!
//! In a backend's `tests/fixtures`, `format-1` holds the files of a store that was closed, and
//! `journal-1` those of one that was not: all that was committed is in its journal. The file of the
//! data, which is mostly zeros, is packed, as `NAME.sparse`: its length, then offset and
//! content of each block of 4,096 bytes that is not all zeros. Numbers are eight bytes, big-endian.
//!
//! A released format's fixture is never written again. Before the first release, and for a new
//! format in a directory of its own, the test program of [`format_rules!`](crate::format_rules)
//! writes it:
//!
//! ```sh
//! CMSS_WRITE_FIXTURE=1 cargo test -p cmss-sled --test format what_is_written_today
//! CMSS_WRITE_FIXTURE=1 cargo test -p cmss-sled --test format what_is_left_today
//! ```

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use cmss_core::store::{CommitId, Expect, Key, LogRecord, Seq, Store, StoreExt, Write};
use cmss_keyed::directory::{JOURNAL, WITNESS};
use pollster::block_on;
use tempfile::TempDir;
use uuid::Uuid;

use super::{Backend, Trial};
use crate::children::{Child, Task, serve};
use crate::notes::{BY_SIZE, SLUGS, body, change, commit, documents, listing, note, put};

/// The chain after the last commit of [`write`](fn@write): it covers every id, digest and note,
/// and every text through its digest.
const CHAIN: &str = "a05be245565f27b2305da1e8573252debf1128d8c88cd4370468c6196e183753";

/// What a file is looked through by.
const BLOCK: usize = 4096;

/// What a child may take: a hundred times what it needs.
const LONGEST: Duration = Duration::from_secs(60);

/// Makes a test of each rule about the formats of a backend, whose fixtures stand in `tests/fixtures`
/// of the calling crate.
///
/// Takes a [`Backend`](crate::durable::Backend).
#[macro_export]
macro_rules! format_rules {
    ($backend:expr) => {
        $crate::format_rules! { @ $backend;
            a_store_of_format_1_is_read_and_written
            what_is_written_today_reads_as_the_fixture_does
            a_store_of_format_1_that_was_not_closed_is_read_and_written
            what_is_left_today_reads_as_the_fixture_does
        }
    };
    (@ $backend:expr; $($rule:ident)+) => {
        $(
            #[test]
            fn $rule() {
                let path = concat!(module_path!(), "::", stringify!($rule));
                let trial = $crate::durable::Trial::at(path, &$backend);
                let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures");
                $crate::durable::format::$rule(&trial, fixtures.as_ref());
            }
        )+
    };
}

/// H9: the one that was closed.
pub fn a_store_of_format_1_is_read_and_written<B: Backend>(trial: &Trial<'_, B>, fixtures: &Path) {
    assert_read(trial, &fixtures.join("format-1"));
}

/// H9: a store that is written and closed now.
pub fn what_is_written_today_reads_as_the_fixture_does<B: Backend>(
    trial: &Trial<'_, B>,
    fixtures: &Path,
) {
    let home = trial.home();
    let store = trial.open(home.path()).expect("a new store");
    write(&store);
    drop(store);
    assert_kept(trial, home.path(), fixtures.join("format-1"));
}

/// H9: the one that was not closed: its journal alone has what there is.
pub fn a_store_of_format_1_that_was_not_closed_is_read_and_written<B: Backend>(
    trial: &Trial<'_, B>,
    fixtures: &Path,
) {
    let packed = fixtures.join("journal-1");
    assert_read(trial, &packed);
    let bare = unpacked(trial, &packed);
    for name in [JOURNAL, WITNESS] {
        // Not every fixture has a witness.
        let _ = fs::remove_file(bare.path().join(name));
    }
    let store = trial.open(bare.path()).expect("the store opens");
    let changes = block_on(store.changes(Seq::ZERO, 1)).expect("the log is read");
    assert_eq!(changes.as_of, Seq::ZERO);
}

/// H9: a store that is written now, and not closed.
pub fn what_is_left_today_reads_as_the_fixture_does<B: Backend>(
    trial: &Trial<'_, B>,
    fixtures: &Path,
) {
    serve("write and die", |home, _| {
        let store = trial.open(home).expect("a new store");
        write(&store);
        std::process::abort();
    });
    let home = trial.home();
    let task = Task::new("write and die", home.path(), "");
    let left = Child::start(trial.test, &task).wait(LONGEST);
    assert!(left.is_aborted(), "{left:?}");
    assert_kept(trial, home.path(), fixtures.join("journal-1"));
}

/// Packs a store, into the fixture where that is asked for, and asserts that it is read and written.
fn assert_kept<B: Backend>(trial: &Trial<'_, B>, home: &Path, fixture: PathBuf) {
    let scratch = trial.home();
    let packed = match std::env::var_os("CMSS_WRITE_FIXTURE") {
        Some(_) => fixture,
        None => scratch.path().to_owned(),
    };
    pack_all::<B>(home, &packed);
    assert_read(trial, &packed);
}

/// The file of the data in its small form.
fn sparse<B: Backend>() -> String {
    format!("{}.sparse", B::FILE)
}

/// Puts the files of a store into a small form.
fn pack_all<B: Backend>(home: &Path, into: &Path) {
    fs::create_dir_all(into).expect("a directory is made");
    for (name, path) in entries(home) {
        if path.is_dir() {
            assert_eq!(entries(&path), [], "only empty directories are left out");
        } else if name == B::FILE {
            let packed = pack(&fs::read(path).expect("the data are read"));
            fs::write(into.join(sparse::<B>()), packed).expect("a file is written");
        } else {
            fs::copy(path, into.join(name)).expect("a file is copied");
        }
    }
}

/// Makes a store's directory of the small form.
fn unpacked<B: Backend>(trial: &Trial<'_, B>, packed: &Path) -> TempDir {
    let home = trial.home();
    for (name, path) in entries(packed) {
        if name == sparse::<B>() {
            let data = unpack(&fs::read(path).expect("the fixture is read"));
            fs::write(home.path().join(B::FILE), data).expect("a file is written");
        } else {
            fs::copy(path, home.path().join(name)).expect("a file is copied");
        }
    }
    home
}

/// What stands in a directory.
fn entries(path: &Path) -> Vec<(String, PathBuf)> {
    let found = fs::read_dir(path).expect("the directory is read");
    let found = found.map(|entry| entry.expect("a name is read"));
    let named = |entry: fs::DirEntry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        (name, entry.path())
    };
    found.map(named).collect()
}

/// A text of two pieces.
fn long() -> String {
    "long ".repeat(14_000)
}

/// Writes three notes, one of them twice, and removes one.
fn write(store: &dyn Store) {
    let commit = |changeset| {
        commit(store, changeset).expect("a commit");
    };
    let three = vec![put(1, "one"), put(2, "two"), put(3, "three")];
    commit(change(1, vec![], three));
    let at = vec![Expect::At(note(2), Seq(1))];
    commit(change(2, at, vec![put(2, "två")]));
    commit(change(3, vec![], vec![Write::Remove { at: note(1) }]));
    commit(change(4, vec![], vec![put(4, &long())]));
}

/// Asserts that a packed store holds what [`write`](fn@write) wrote, and can be written to and opened
/// again.
fn assert_read<B: Backend>(trial: &Trial<'_, B>, packed: &Path) {
    let home = unpacked(trial, packed);
    let open = || trial.open(home.path()).expect("the store opens");
    let store = open();
    assert_documents(&store);
    assert_log(&store);
    let next = commit(&store, change(5, vec![], vec![put(3, "changed")]));
    assert_eq!(next.expect("a commit").seq, Seq(5));
    drop(store);

    let store = open();
    let doc = block_on(store.get_one(&note(3))).expect("a note is read");
    let doc = doc.expect("the note is there");
    assert_eq!((doc.version, doc.body.as_ref()), (Seq(5), "changed"));
}

fn assert_documents(store: &dyn Store) {
    assert_eq!(body(store, 1), None);
    assert_eq!(body(store, 2).as_deref(), Some("två"));
    assert_eq!(body(store, 3).as_deref(), Some("three"));
    assert_eq!(body(store, 4), Some(long()));
    let found = documents(store).into_iter().map(|stored| {
        let entries = stored.entries.len();
        (stored.at, stored.version, stored.salt.0, entries)
    });
    let expected = [(2, 2), (3, 1), (4, 4)].map(|(id, seq)| (note(id), Seq(seq), [7; 16], 2));
    assert_eq!(found.collect::<Vec<_>>(), expected);

    let entry = |number: u128, key: Vec<u8>| {
        let card = Some(format!("card {number}"));
        (Key(key), note(number), card)
    };
    let slugs = [2, 3, 4].map(|number| entry(number, number.to_string().into_bytes()));
    assert_eq!(listing(store, &SLUGS), slugs);
    let sizes = [(2, 4_u64), (3, 5), (4, 70_000)];
    let sizes = sizes.map(|(number, length)| entry(number, length.to_be_bytes().to_vec()));
    assert_eq!(listing(store, &BY_SIZE), sizes);
}

fn assert_log(store: &dyn Store) {
    let changes = block_on(store.changes(Seq::ZERO, 100)).expect("the log is read");
    assert_eq!(changes.as_of, Seq(4));
    let last = changes
        .records
        .last()
        .map(|record| record.chain.to_string());
    assert_eq!(last.as_deref(), Some(CHAIN));
    for pair in changes.records.windows(2) {
        assert!(LogRecord::follows(&pair[1], pair[0].chain));
    }
    for (number, record) in (1..).zip(&changes.records) {
        let receipt = block_on(store.receipt(CommitId(Uuid::from_u128(number))));
        let receipt = receipt.expect("a receipt is read");
        let receipt = receipt.expect("the receipt is there");
        assert_eq!((receipt.seq, receipt.digest), (record.seq, record.digest));
    }
}

/// A file that is mostly zeros, in its small form.
fn pack(file: &[u8]) -> Vec<u8> {
    let mut packed = (file.len() as u64).to_be_bytes().to_vec();
    for (number, block) in file.chunks(BLOCK).enumerate() {
        if block.iter().any(|byte| *byte != 0) {
            packed.extend((number as u64 * BLOCK as u64).to_be_bytes());
            packed.extend(block);
        }
    }
    packed
}

/// The file that was packed.
fn unpack(packed: &[u8]) -> Vec<u8> {
    let number = |bytes: &[u8]| {
        let number = bytes.first_chunk().expect("a number of eight bytes");
        u64::from_be_bytes(*number) as usize
    };
    let mut file = vec![0; number(packed)];
    for block in packed[8..].chunks(8 + BLOCK) {
        let offset = number(block);
        file[offset..][..block.len() - 8].copy_from_slice(&block[8..]);
    }
    file
}
