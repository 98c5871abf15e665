use std::panic::{AssertUnwindSafe, catch_unwind};

use cmss_core::store::{CommitId, DocRef, Order, Range, Scan, Store, Want};
use sled::{Db, IVec};
use tempfile::{TempDir, tempdir};

use super::*;
use crate::SledStore;
use crate::layout::Kind;
use crate::support::{BY_SIZE, SLUGS, change, commit, documents, lines, load, note, put};
use crate::{envelope, judge};

/// What lies under a store, opened without it.
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
            store.receipt(CommitId(uuid::Uuid::from_u128(id))).await?;
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
    let kinds = |kind: Kind| {
        values
            .iter()
            .filter(|(key, _)| Kind::of(key) == Some(kind))
            .count()
    };
    assert_eq!((kinds(Kind::Piece), kinds(Kind::Entry)), (2, 6));

    for (key, value) in values {
        let mut damaged = value.clone();
        damaged[value.len() - 1] ^= 0x10;
        replace(&home, &key, damaged);
        wait_until_free(&home);
        let outcome = catch_unwind(AssertUnwindSafe(|| read_everything(&home))).unwrap();
        let kind = Kind::of(&key).unwrap().name();
        match outcome {
            Err(StoreError::Corrupt { what, .. }) => assert!(what.starts_with(kind), "{what}"),
            other => panic!("{kind} was damaged, and reading gave {other:?}"),
        }
        replace(&home, &key, value);
    }
    read_everything(&home).unwrap();
}

#[test]
fn a_log_that_lost_its_last_record_is_noticed() {
    let home = filled();
    underneath(&home, |db| db.remove(layout::record(Seq(2))).unwrap());
    let error = SledStore::open(home.path()).unwrap_err();
    assert_eq!(error.to_string(), "corrupt: a log record is missing");
}

#[test]
fn a_tip_older_than_the_log_is_noticed() {
    let home = filled();
    let key = layout::tip();
    let older = envelope::seal(&key, Seq::ZERO, 0, &Tip::ZERO.chain.0);
    replace(&home, &key, older.into());
    let error = SledStore::open(home.path()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "corrupt: the tip of the log is not the last record"
    );
}

#[test]
fn a_newer_format_is_refused_by_name() {
    let home = filled();
    let key = layout::format();
    let newer = envelope::seal(&key, Seq::ZERO, 0, &write_format(7));
    replace(&home, &key, newer.into());
    let error = SledStore::open(home.path()).unwrap_err();
    assert!(matches!(error, StoreError::Unavailable { .. }));
    let text = error.to_string();
    assert!(
        text.contains("format 7") && text.contains("format 1"),
        "{text}"
    );
}

#[test]
fn a_load_that_was_not_sealed_is_cleared_when_the_store_opens() {
    let full = filled();
    let full = SledStore::open(full.path()).unwrap();

    // What a crash leaves behind in the middle of a load: the mark, and some of the lines.
    let home = tempdir().unwrap();
    drop(SledStore::open(home.path()).unwrap());
    let mut staged = Staged::new();
    staged.put(layout::loading(), Seq::ZERO, &[]);
    for stored in documents(&full) {
        let body = (stored.salt, stored.body.as_ref());
        let (at, card) = (&stored.at, stored.card);
        judge::stage_document(&mut staged, stored.version, at, body, card, stored.entries);
    }
    underneath(&home, |db| {
        db.apply_batch(staged.into_batch()).unwrap();
        db.flush().unwrap();
    });

    let store = SledStore::open(home.path()).unwrap();
    assert_eq!(documents(&store), vec![]);
    drop(store);
    assert_eq!(
        underneath(&home, |db| db.len()),
        2,
        "only the format and the tip remain"
    );
    let store = SledStore::open(home.path()).unwrap();
    assert_eq!(load(&store, lines(&full)).unwrap(), Seq(2));
    assert_eq!(lines(&store), lines(&full));
}
