use cmss_testkit::durable::values::{Value, damage_each, fill, read_everything};
use cmss_testkit::notes::{documents, lines, load};

use super::*;
use crate::KeyedStore;
use crate::envelope;
use crate::layout::Kind;
use crate::proposal::Document;
use crate::support::{Disk, Map, MapEngine};

fn open(disk: &Disk) -> Result<KeyedStore<MapEngine>, StoreError> {
    KeyedStore::open(disk.engine(), "the map")
}

fn replace(disk: &Disk, key: &[u8], value: Vec<u8>) {
    disk.underneath(|map| map.insert(key.to_vec(), value));
}

fn filled() -> Disk {
    let disk = Disk::default();
    let store = open(&disk).unwrap();
    fill(&store);
    drop(store);
    disk
}

#[test]
fn damage_to_any_one_value_is_noticed_and_named_by_its_kind() {
    let disk = filled();
    let values: Vec<Value> = disk.underneath(|map| map.clone()).into_iter().collect();
    let kinds = |kind: Kind| {
        let keys = values.iter().map(|(key, _)| Kind::of(key));
        keys.filter(|found| *found == Some(kind)).count()
    };
    assert_eq!((kinds(Kind::Piece), kinds(Kind::Entry)), (2, 6));

    let replace = |key: &[u8], value: &[u8]| replace(&disk, key, value.to_vec());
    let said = damage_each(values, replace, || read_everything(&open(&disk)?));
    for (key, what) in said {
        let kind = Kind::of(&key).unwrap().name();
        assert!(what.starts_with(kind), "{what}");
    }
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
        let (text, card) = ((stored.salt, &stored.body), stored.card.as_deref());
        let document = Document::of(&stored.at, text, card, &stored.entries);
        document.stage(&mut staged, stored.version);
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
