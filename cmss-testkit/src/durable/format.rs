//! A small store to keep as a fixture of a released file format, and files of it in a small form.

use std::sync::Arc;

use cmss_core::store::{CommitId, Expect, Key, LogRecord, Seq, Store, StoreExt, Write};
use pollster::block_on;
use uuid::Uuid;

use crate::notes::{BY_SIZE, SLUGS, body, change, commit, documents, listing, note, put};

/// The chain after the last commit of [`write`](fn@write): it covers every id, digest and note,
/// and every text through its digest.
const CHAIN: &str = "a05be245565f27b2305da1e8573252debf1128d8c88cd4370468c6196e183753";

/// What a file is looked through by.
const BLOCK: usize = 4096;

/// A text of two pieces.
fn long() -> String {
    "long ".repeat(14_000)
}

/// Writes three notes, one of them twice, and removes one.
pub fn write(store: &dyn Store) {
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

/// Asserts that a store holds what [`write`](fn@write) wrote, and can be written to and opened
/// again.
pub fn assert_read(open: impl Fn() -> Arc<dyn Store>) {
    let store = open();
    assert_documents(&*store);
    assert_log(&*store);
    let next = commit(&*store, change(5, vec![], vec![put(3, "changed")]));
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

/// A file that is mostly zeros in a small form: its length, then offset and content of each block
/// of 4,096 bytes that is not all zeros. Numbers are eight bytes, big-endian.
#[must_use]
pub fn pack(file: &[u8]) -> Vec<u8> {
    let mut packed = (file.len() as u64).to_be_bytes().to_vec();
    for (number, block) in file.chunks(BLOCK).enumerate() {
        if block.iter().any(|byte| *byte != 0) {
            packed.extend((number as u64 * BLOCK as u64).to_be_bytes());
            packed.extend(block);
        }
    }
    packed
}

/// The file that was [packed](pack).
///
/// # Panics
/// When the bytes are not what packing makes.
#[must_use]
pub fn unpack(packed: &[u8]) -> Vec<u8> {
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
