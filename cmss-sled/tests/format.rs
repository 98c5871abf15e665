//! The stores of every released format are opened by every later release.
//!
//! `tests/fixtures/format-1` holds the files of a store: `conf` as it is, and the data file, which
//! is mostly zeros, as `db.sparse`: its length, then offset and content of each block of 4,096
//! bytes that is not all zeros (numbers are eight bytes, big-endian).
//!
//! A released format's fixture is never written again. Before the first release, and for a new
//! format in a directory of its own, this writes it:
//!
//! ```sh
//! CMSS_WRITE_FIXTURE=1 cargo test -p cmss-sled --test format
//! ```
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "all of this file is part of tests"
)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use cmss_core::store::{CommitId, Expect, Key, LogRecord, Seq, Store, StoreExt, Write};
use cmss_sled::SledStore;
use support::{BY_SIZE, SLUGS, body, change, commit, documents, listing, note, put};
use tempfile::{TempDir, tempdir};
use uuid::Uuid;

/// The chain after the last commit: it covers every id, digest and note, and every text through
/// its digest.
const CHAIN: &str = "23d914714b7d6bac37718a9345956170645db39728c52777cf910ac7d90729e1";

const BLOCK: usize = 4096;

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/format-1")
}

/// A text of two pieces.
fn long() -> String {
    "long ".repeat(14_000)
}

/// A newsroom of three notes, one of them written twice, and one removed.
fn write(home: &Path) {
    let store = SledStore::open(home).unwrap();
    commit(
        &store,
        change(
            1,
            vec![],
            vec![put(1, "one"), put(2, "two"), put(3, "three")],
        ),
    )
    .unwrap();
    commit(
        &store,
        change(2, vec![Expect::At(note(2), Seq(1))], vec![put(2, "två")]),
    )
    .unwrap();
    commit(
        &store,
        change(3, vec![], vec![Write::Remove { at: note(1) }]),
    )
    .unwrap();
    commit(&store, change(4, vec![], vec![put(4, &long())])).unwrap();
}

fn assert_read(home: &Path) {
    let store = SledStore::open(home).unwrap();
    assert_eq!(body(&store, 1), None);
    assert_eq!(body(&store, 2).as_deref(), Some("två"));
    assert_eq!(body(&store, 3).as_deref(), Some("three"));
    assert_eq!(body(&store, 4), Some(long()));
    let found: Vec<_> = documents(&store)
        .into_iter()
        .map(|stored| {
            (
                stored.at,
                stored.version,
                stored.salt.0,
                stored.entries.len(),
            )
        })
        .collect();
    let expected = [(2, 2), (3, 1), (4, 4)].map(|(id, seq)| (note(id), Seq(seq), [7; 16], 2));
    assert_eq!(found, expected);

    let card = |number: u128| Some(format!("card {number}"));
    let slug = |number: u128| {
        (
            Key(number.to_string().into_bytes()),
            note(number),
            card(number),
        )
    };
    assert_eq!(listing(&store, &SLUGS), [2, 3, 4].map(slug));
    let size = |(number, length): (u128, u64)| {
        (
            Key(length.to_be_bytes().to_vec()),
            note(number),
            card(number),
        )
    };
    assert_eq!(
        listing(&store, &BY_SIZE),
        [(2, 4), (3, 5), (4, 70_000)].map(size)
    );

    pollster::block_on(async {
        let changes = store.changes(Seq::ZERO, 100).await.unwrap();
        assert_eq!(changes.as_of, Seq(4));
        let chains: Vec<String> = changes
            .records
            .iter()
            .map(|r| r.chain.to_string())
            .collect();
        assert_eq!(chains.last().map(String::as_str), Some(CHAIN));
        for pair in changes.records.windows(2) {
            assert!(LogRecord::follows(&pair[1], pair[0].chain));
        }
        for (seq, record) in (1..).zip(&changes.records) {
            let receipt = store
                .receipt(CommitId(Uuid::from_u128(seq)))
                .await
                .unwrap()
                .unwrap();
            assert_eq!((receipt.seq, receipt.digest), (record.seq, record.digest));
        }
    });

    let next = commit(&store, change(5, vec![], vec![put(3, "changed")])).unwrap();
    assert_eq!(next.seq, Seq(5));
    drop(store);
    let store = SledStore::open(home).unwrap();
    let doc = pollster::block_on(store.get_one(&note(3)))
        .unwrap()
        .unwrap();
    assert_eq!((doc.version, doc.body.as_ref()), (Seq(5), "changed"));
}

/// Puts the files of a store into a small form.
fn pack(home: &Path, into: &Path) {
    fs::create_dir_all(into).unwrap();
    for file in home.read_dir().unwrap() {
        let file = file.unwrap();
        let name = file.file_name().into_string().unwrap();
        match name.as_str() {
            "blobs" => assert_eq!(file.path().read_dir().unwrap().count(), 0),
            "db" => {
                let data = fs::read(file.path()).unwrap();
                let mut packed = (data.len() as u64).to_be_bytes().to_vec();
                for (number, block) in data.chunks(BLOCK).enumerate() {
                    if block.iter().any(|byte| *byte != 0) {
                        packed.extend((number as u64 * BLOCK as u64).to_be_bytes());
                        packed.extend(block);
                    }
                }
                fs::write(into.join("db.sparse"), packed).unwrap();
            }
            _ => drop(fs::copy(file.path(), into.join(name)).unwrap()),
        }
    }
}

/// Makes a store's directory of the small form.
fn unpack(packed: &Path) -> TempDir {
    let home = tempdir().unwrap();
    for file in packed.read_dir().unwrap() {
        let file = file.unwrap();
        let name = file.file_name().into_string().unwrap();
        if name != "db.sparse" {
            fs::copy(file.path(), home.path().join(name)).unwrap();
            continue;
        }
        let packed = fs::read(file.path()).unwrap();
        let number = |bytes: &[u8]| u64::from_be_bytes(bytes[..8].try_into().unwrap()) as usize;
        let mut data = vec![0; number(&packed)];
        for block in packed[8..].chunks(8 + BLOCK) {
            let offset = number(block);
            data[offset..][..block.len() - 8].copy_from_slice(&block[8..]);
        }
        fs::write(home.path().join("db"), data).unwrap();
    }
    home
}

#[test]
fn a_store_of_format_1_is_read_and_written() {
    assert_read(unpack(&fixture()).path());
}

#[test]
fn what_is_written_today_reads_as_the_fixture_does() {
    let home = tempdir().unwrap();
    write(home.path());
    let scratch = tempdir().unwrap();
    let packed = match std::env::var_os("CMSS_WRITE_FIXTURE") {
        Some(_) => fixture(),
        None => scratch.path().to_owned(),
    };
    pack(home.path(), &packed);
    assert_read(unpack(&packed).path());
}
