//! What reading makes of values that sled holds and no store wrote.

use std::panic::{AssertUnwindSafe, catch_unwind};

use cmss_core::store::{CommitId, DocRef, Order, Range, Scan, Seq, Store, StoreError, Want};
use cmss_testkit::notes::{BY_SIZE, SLUGS, change, commit, note, put};
use sled::{Config, Db, IVec};
use tempfile::{TempDir, tempdir};
use uuid::Uuid;

use crate::SledStore;
use crate::opening::SEGMENT;

/// The engine lets go of its lock a little after its last handle.
fn wait_until_free(home: &TempDir) {
    let Ok(file) = std::fs::File::open(home.path().join("db")) else {
        return;
    };
    while file.try_lock().is_err() {
        std::thread::yield_now();
    }
    file.unlock().unwrap();
}

/// What lies under a store, opened without it.
fn underneath<T>(home: &TempDir, act: impl FnOnce(&Db) -> T) -> T {
    wait_until_free(home);
    let config = Config::new().path(home.path()).segment_size(SEGMENT);
    let db = config.open().unwrap();
    let done = act(&db);
    drop(db);
    wait_until_free(home);
    done
}

fn replace(home: &TempDir, key: &[u8], value: IVec) {
    underneath(home, |db| {
        db.insert(key, value).unwrap();
        db.flush().unwrap();
    });
}

fn filled() -> TempDir {
    let home = tempdir().unwrap();
    let store = SledStore::open(home.path()).unwrap();
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

/// Opens the store and asks it for everything it holds.
fn read_everything(home: &TempDir) -> Result<(), StoreError> {
    let store = SledStore::open(home.path())?;
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
    let values: Vec<(IVec, IVec)> = underneath(&home, |db| db.iter().map(Result::unwrap).collect());
    // Three documents of a head and two entries, one of them with a body and two further pieces; two
    // records, two receipts, the format and the tip.
    assert_eq!(values.len(), 3 * 3 + 1 + 2 + 2 + 2 + 2);

    for (key, value) in values {
        let mut damaged = value.clone();
        damaged[value.len() - 1] ^= 0x10;
        replace(&home, &key, damaged);
        let outcome = catch_unwind(AssertUnwindSafe(|| read_everything(&home))).unwrap();
        assert!(
            matches!(outcome, Err(StoreError::Corrupt { .. })),
            "the value at {key:?} was damaged, and reading gave {outcome:?}"
        );
        replace(&home, &key, value);
    }
    read_everything(&home).unwrap();
}
