use cmss_core::store::{CommitId, DocRef, Order, Range, Scan, Store, Want};
use cmss_testkit::notes::{BY_SIZE, SLUGS, change, commit, documents, lines, load, note, put};

use super::*;
use crate::KeyedStore;
use crate::layout::Kind;
use crate::support::{Disk, Map, MapEngine};
use crate::{envelope, judge};

fn open(disk: &Disk) -> Result<KeyedStore<MapEngine>, StoreError> {
    KeyedStore::open(disk.engine(), "the map")
}

fn replace(disk: &Disk, key: &[u8], value: Vec<u8>) {
    disk.underneath(|map| map.insert(key.to_vec(), value));
}

fn filled() -> Disk {
    let disk = Disk::default();
    let store = open(&disk).unwrap();
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
    disk
}

/// Opens the store and asks it for everything it holds.
fn read_everything(disk: &Disk) -> Result<(), StoreError> {
    let store = open(disk)?;
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
fn damage_to_any_one_value_is_noticed_and_named_by_its_kind() {
    let disk = filled();
    read_everything(&disk).unwrap();
    let values = disk.underneath(|map| map.clone());
    let kinds = |kind: Kind| {
        values
            .keys()
            .filter(|key| Kind::of(key) == Some(kind))
            .count()
    };
    assert_eq!((kinds(Kind::Piece), kinds(Kind::Entry)), (2, 6));

    for (key, value) in values {
        let mut damaged = value.clone();
        damaged[value.len() - 1] ^= 0x10;
        replace(&disk, &key, damaged);
        let kind = Kind::of(&key).unwrap().name();
        match read_everything(&disk) {
            Err(StoreError::Corrupt { what, .. }) => assert!(what.starts_with(kind), "{what}"),
            other => panic!("{kind} was damaged, and reading gave {other:?}"),
        }
        replace(&disk, &key, value);
    }
    read_everything(&disk).unwrap();
}

#[test]
fn a_log_that_lost_its_last_record_is_noticed() {
    let disk = filled();
    disk.underneath(|map| map.remove(&layout::record(Seq(2))).unwrap());
    let error = open(&disk).unwrap_err();
    assert_eq!(error.to_string(), "corrupt: a log record is missing");
}

#[test]
fn a_tip_older_than_the_log_is_noticed() {
    let disk = filled();
    let key = layout::tip();
    let older = envelope::seal(&key, Seq::ZERO, 0, &Tip::ZERO.chain.0);
    replace(&disk, &key, older);
    let error = open(&disk).unwrap_err();
    assert_eq!(
        error.to_string(),
        "corrupt: the tip of the log is not the last record"
    );
}

#[test]
fn a_newer_format_is_refused_by_name() {
    let disk = filled();
    let key = layout::format();
    let newer = envelope::seal(&key, Seq::ZERO, 0, &write_format(MapEngine::MAGIC, 7));
    replace(&disk, &key, newer);
    let error = open(&disk).unwrap_err();
    assert!(matches!(error, StoreError::Unavailable { .. }));
    let text = error.to_string();
    for part in ["the map", "format 7", "format 1"] {
        assert!(text.contains(part), "{text}");
    }
}

#[test]
fn a_store_of_another_kind_and_data_of_somebody_else_are_refused_and_left_as_they_were() {
    let disk = filled();
    let key = layout::format();
    let other = envelope::seal(&key, Seq::ZERO, 0, &write_format(b"cmss-bag", 1));
    replace(&disk, &key, other);
    let before = disk.underneath(|map| map.clone());
    assert!(matches!(open(&disk), Err(StoreError::Corrupt { .. })));
    assert_eq!(disk.underneath(|map| map.clone()), before);

    let disk = Disk::default();
    replace(&disk, b"theirs", b"value".to_vec());
    let error = open(&disk).unwrap_err();
    assert!(matches!(error, StoreError::Unavailable { .. }), "{error}");
    assert!(error.to_string().contains("something else than a store"));
    assert_eq!(disk.underneath(|map| map.len()), 1);
}

#[test]
fn a_loading_mark_that_came_to_stand_in_a_full_store_empties_nothing() {
    let disk = filled();
    let key = layout::loading();
    replace(&disk, &key, envelope::seal(&key, Seq::ZERO, 0, &[]));
    let before = disk.underneath(|map| map.clone());
    let error = open(&disk).unwrap_err();
    assert_eq!(
        error.to_string(),
        "corrupt: the loading mark stands where there are commits"
    );
    assert_eq!(disk.underneath(|map| map.clone()), before);
}

#[test]
fn a_load_that_was_not_sealed_is_cleared_when_the_store_opens() {
    let full = open(&filled()).unwrap();

    // What a crash leaves behind in the middle of a load: the mark, and some of the lines.
    let disk = Disk::default();
    drop(open(&disk).unwrap());
    let mut staged = Staged::new();
    staged.put(layout::loading(), Seq::ZERO, &[]);
    for stored in documents(&full) {
        let body = (stored.salt, stored.body.clone());
        let (at, card) = (&stored.at, stored.card);
        judge::stage_document(&mut staged, stored.version, at, body, card, stored.entries);
    }
    let engine = disk.engine();
    engine.apply(staged.into_batch()).unwrap();
    engine.settle().unwrap();

    let store = open(&disk).unwrap();
    assert_eq!(documents(&store), vec![]);
    drop(store);
    disk.cut();
    assert_eq!(
        disk.underneath(|map: &mut Map| map.len()),
        2,
        "only the format and the tip remain"
    );
    let store = open(&disk).unwrap();
    assert_eq!(load(&store, lines(&full)).unwrap(), Seq(2));
    assert_eq!(lines(&store), lines(&full));
}
