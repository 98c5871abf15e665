//! What reading makes of a damaged file, and of values that no store wrote.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "all of this file is part of tests"
)]

use std::fs;

use cmss_core::store::StoreError;
use cmss_redb::RedbStore;
use cmss_testkit::durable::values::{self, damage_each, fill};
use redb::{Database, ReadableTable, TableDefinition};
use tempfile::{TempDir, tempdir};

const TABLE: TableDefinition<'static, &[u8], &[u8]> = TableDefinition::new("cmss");

fn filled() -> TempDir {
    let home = tempdir().unwrap();
    let store = RedbStore::open(home.path()).unwrap();
    fill(&store);
    drop(store);
    home
}

/// All values of a store, read without it.
fn values(home: &TempDir) -> Vec<values::Value> {
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
    values::read_everything(&RedbStore::open(home.path())?)
}

#[test]
fn damage_to_any_one_value_is_noticed() {
    let home = filled();
    let replace = |key: &[u8], value: &[u8]| replace(&home, key, value);
    let _ = damage_each(values(&home), replace, || read_everything(&home));
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
