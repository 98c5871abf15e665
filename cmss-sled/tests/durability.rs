//! What was answered is found again.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "all of this file is part of tests"
)]

mod support;

use cmss_core::store::{Expect, Seq, Store, Write};
use cmss_sled::SledStore;
use support::{BY_SIZE, SLUGS, body, change, commit, documents, lines, listing, note, put};
use tempfile::tempdir;

#[test]
fn a_reopened_store_answers_as_before() {
    let home = tempdir().unwrap();
    let store = SledStore::open(home.path()).unwrap();
    for number in 1..=40 {
        let writes = vec![
            put(number, &"x".repeat(number as usize * 7)),
            put(1000 + number, "y"),
        ];
        commit(&store, change(number, vec![], writes)).unwrap();
    }
    let remove = vec![Write::Remove { at: note(3) }, put(4, "changed")];
    let receipt = commit(
        &store,
        change(41, vec![Expect::At(note(4), Seq(4))], remove),
    )
    .unwrap();
    let (before, slugs, sizes) = (
        lines(&store),
        listing(&store, &SLUGS),
        listing(&store, &BY_SIZE),
    );
    drop(store);

    let store = SledStore::open(home.path()).unwrap();
    assert_eq!(lines(&store), before);
    assert_eq!(listing(&store, &SLUGS), slugs);
    assert_eq!(listing(&store, &BY_SIZE), sizes);
    assert_eq!(slugs.len(), 79);
    assert_eq!(
        pollster::block_on(store.receipt(receipt.id)).unwrap(),
        Some(receipt)
    );
    assert_eq!(body(&store, 3), None);
    assert_eq!(body(&store, 4).as_deref(), Some("changed"));
    let next = commit(&store, change(42, vec![], vec![put(3, "again")])).unwrap();
    assert_eq!(next.seq, Seq(42));
}

#[test]
fn a_store_can_be_closed_and_opened_many_times() {
    let home = tempdir().unwrap();
    for round in 1..=20 {
        let store = SledStore::open(home.path()).unwrap();
        assert_eq!(documents(&store).len(), round - 1);
        let number = round as u128;
        commit(&store, change(number, vec![], vec![put(number, "round")])).unwrap();
        if round % 2 == 0 {
            pollster::block_on(store.close()).unwrap();
        } else {
            drop(store);
        }
    }
}

#[test]
fn large_documents_come_back_and_leave_no_blobs() {
    let home = tempdir().unwrap();
    let store = SledStore::open(home.path()).unwrap();
    let large = |number: u128, length: usize| {
        let letter = char::from(b'a' + (number % 26) as u8);
        letter.to_string().repeat(length)
    };
    for round in 0..6 {
        let writes = (1..=16)
            .map(|n| put(n, &large(n + round, 100_000)))
            .collect();
        commit(&store, change(1 + round, vec![], writes)).unwrap();
    }
    commit(
        &store,
        change(20, vec![], vec![put(20, &large(20, 900_000))]),
    )
    .unwrap();
    commit(
        &store,
        change(21, vec![], vec![put(21, &large(21, 900_000))]),
    )
    .unwrap();
    commit(&store, change(22, vec![], vec![put(21, "short")])).unwrap();
    commit(
        &store,
        change(23, vec![], vec![Write::Remove { at: note(1) }]),
    )
    .unwrap();
    for round in 0..3 {
        let writes = (30..38)
            .map(|n| put(n + round, &large(n + round, 300_000)))
            .collect();
        commit(&store, change(30 + round, vec![], writes)).unwrap();
    }
    let blobs = || home.path().join("blobs").read_dir().unwrap().count();
    assert_eq!(blobs(), 0);
    drop(store);
    assert_eq!(blobs(), 0);

    let store = SledStore::open(home.path()).unwrap();
    assert_eq!(body(&store, 1), None);
    for number in 2..=16 {
        assert_eq!(body(&store, number), Some(large(number + 5, 100_000)));
    }
    assert_eq!(body(&store, 20), Some(large(20, 900_000)));
    assert_eq!(body(&store, 21).as_deref(), Some("short"));
    assert_eq!(documents(&store).len(), 27);
    assert_eq!(blobs(), 0);
}

#[test]
fn a_commit_of_a_thousand_writes_and_a_long_note_is_logged_whole() {
    let home = tempdir().unwrap();
    let store = SledStore::open(home.path()).unwrap();
    let writes = (1..=1000).map(|number| put(number, "small")).collect();
    let mut changeset = change(1, vec![], writes);
    changeset.note = "n".repeat(64_000).into();
    commit(&store, changeset.clone()).unwrap();
    drop(store);

    let store = SledStore::open(home.path()).unwrap();
    let changes = pollster::block_on(store.changes(Seq::ZERO, 10)).unwrap();
    assert_eq!(changes.records.len(), 1);
    assert_eq!(changes.records[0].note, changeset.note);
    assert_eq!(changes.records[0].touched.len(), 1000);
    assert_eq!(home.path().join("blobs").read_dir().unwrap().count(), 0);
}
