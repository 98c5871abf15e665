//! What reading makes of a damaged file, and of values that no store wrote.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "all of this file is part of tests"
)]

use cmss_core::store::{CommitId, DocRef, Order, Range, Scan, Seq, Store, StoreError, Want};
use cmss_redb::RedbStore;
use cmss_testkit::notes::{BY_SIZE, SLUGS, change, commit, note, put};
use redb::{Database, ReadableTable, TableDefinition};
use std::fs;
use tempfile::{TempDir, tempdir};
use uuid::Uuid;

const TABLE: TableDefinition<'static, &[u8], &[u8]> = TableDefinition::new("cmss");

fn filled() -> TempDir {
    let home = tempdir().unwrap();
    let store = RedbStore::open(home.path()).unwrap();
    commit(
        &store,
        change(1, vec![], vec![put(1, "one"), put(2, "two")]),
    )
    .unwrap();
    commit(
        &store,
        change(2, vec![], vec![put(3, &"three".repeat(30_000))]),
    )
    .unwrap();
    drop(store);
    home
}

/// All values of a store, read without it.
fn values(home: &TempDir) -> Vec<(Vec<u8>, Vec<u8>)> {
    let db = Database::open(home.path().join("db.redb")).unwrap();
    let transaction = db.begin_write().unwrap();
    let table = transaction.open_table(TABLE).unwrap();
    let values = table.iter().unwrap().map(|item| {
        let (key, value) = item.unwrap();
        (key.value().to_vec(), value.value().to_vec())
    });
    values.collect()
}

fn replace(home: &TempDir, key: &[u8], value: &[u8]) {
    let db = Database::open(home.path().join("db.redb")).unwrap();
    let transaction = db.begin_write().unwrap();
    let mut table = transaction.open_table(TABLE).unwrap();
    table.insert(key, value).unwrap();
    drop(table);
    transaction.commit().unwrap();
}

/// Opens the store and asks it for everything it holds.
fn read_everything(home: &TempDir) -> Result<(), StoreError> {
    let store = RedbStore::open(home.path())?;
    pollster::block_on(async {
        let refs: Vec<DocRef> = (1..=3).map(note).collect();
        store.get(&refs).await?;
        store.walk(None, 100).await?;
        store.changes(Seq::ZERO, 100).await?;
        for id in 1..=2 {
            store.receipt(CommitId(Uuid::from_u128(id))).await?;
        }
        for index in [BY_SIZE, SLUGS] {
            store
                .scan(&Scan {
                    range: Range::all(index),
                    order: Order::Ascending,
                    limit: 100,
                    want: Want::Card,
                })
                .await?;
        }
        Ok(())
    })
}

#[test]
fn damage_to_any_one_value_is_noticed() {
    let home = filled();
    read_everything(&home).unwrap();
    let values = values(&home);
    // Three documents of a head and two entries, one of them with a body and two further pieces; two
    // records, two receipts, the format and the tip.
    assert_eq!(values.len(), 3 * 3 + 1 + 2 + 2 + 2 + 2);

    for (key, value) in values {
        let mut damaged = value.clone();
        damaged[value.len() - 1] ^= 0x10;
        replace(&home, &key, &damaged);
        let outcome = read_everything(&home);
        assert!(
            matches!(outcome, Err(StoreError::Corrupt { .. })),
            "the value at {key:?} was damaged, and reading gave {outcome:?}"
        );
        replace(&home, &key, &value);
    }
    read_everything(&home).unwrap();
}

#[test]
fn a_text_that_was_changed_in_the_file_is_noticed() {
    let home = filled();
    let file = home.path().join("db.redb");
    let mut bytes = fs::read(&file).unwrap();
    let text = "threethree".as_bytes();
    let places = bytes.windows(text.len()).enumerate();
    let places = places.filter(|(_, window)| *window == text);
    let place = places.map(|(place, _)| place).nth(1000).unwrap();
    bytes[place] = b'T';
    fs::write(&file, bytes).unwrap();
    let outcome = read_everything(&home);
    assert!(
        matches!(outcome, Err(StoreError::Corrupt { .. })),
        "{outcome:?}"
    );
}

#[test]
fn a_header_that_lost_both_commits_is_corrupt() {
    let home = filled();
    let file = home.path().join("db.redb");
    let mut bytes = fs::read(&file).unwrap();
    for slot in [64, 192] {
        bytes[slot + 8..slot + 64].fill(0xff);
    }
    fs::write(&file, bytes).unwrap();
    let outcome = read_everything(&home);
    assert!(
        matches!(outcome, Err(StoreError::Corrupt { .. })),
        "{outcome:?}"
    );
}

#[test]
fn a_table_that_no_store_makes_is_noticed() {
    let home = filled();
    let db = Database::open(home.path().join("db.redb")).unwrap();
    let transaction = db.begin_write().unwrap();
    let table: TableDefinition<'_, &str, &str> = TableDefinition::new("theirs");
    transaction.open_table(table).unwrap();
    transaction.commit().unwrap();
    drop(db);
    let outcome = read_everything(&home);
    assert!(
        matches!(outcome, Err(StoreError::Corrupt { .. })),
        "{outcome:?}"
    );
}
