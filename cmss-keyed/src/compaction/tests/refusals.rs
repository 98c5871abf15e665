//! What is not compacted, and is left as it is.

use std::fs::{self, File};

use cmss_core::store::{Seq, StoreError};
use cmss_testkit::notes::note;

use super::files::{FILES, FileEngine, Home, open, read_map, write_map};
use crate::compaction::swap::Places;
use crate::compaction::{Compacted, Compacting, compact};
use crate::store::KeyedStore;
use crate::verify::{Corruption, Location, Unverified};

/// Why a compaction was not begun or not ended, but for faults.
#[track_caller]
fn refusal(refused: Result<Compacted, Unverified>) -> StoreError {
    match refused {
        Err(Unverified::Unread(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn nobody_opens_or_compacts_a_store_that_is_being_compacted() {
    let home = Home::filled();
    let held = home.held();
    let mut tried = 0;
    compact(&home.news(), &FILES, |step| {
        let error = open(&home.news()).map(drop).unwrap_err();
        assert!(
            matches!(error, StoreError::Unavailable { .. }),
            "{step:?}: {error}"
        );
        let error = refusal(home.compact());
        assert!(
            matches!(error, StoreError::Unavailable { .. }),
            "{step:?}: {error}"
        );
        tried += 1;
    })
    .unwrap();
    assert!(tried > 15, "{tried}");
    home.assert_left_alone(&held);
}

#[test]
fn who_has_the_lock_and_finds_the_mark_lets_go() {
    let home = Home::filled();
    let places = Places::of(&home.news()).unwrap();
    // An opening that looked for the mark before there was one.
    let engine = FileEngine::open(&home.news()).unwrap();
    let mark = places.begin(&mut |_| ()).unwrap();
    let error = KeyedStore::open_in(engine, &home.news())
        .map(drop)
        .unwrap_err();
    assert!(error.to_string().contains("is being compacted"), "{error}");
    mark.clear(&mut |_| ()).unwrap();
    home.held();
}

#[test]
fn a_store_that_somebody_has_open_at_the_last_moment_stays_in_place() {
    let home = Home::filled();
    let held = home.held();
    let mut holder = None;
    let refused = compact(&home.news(), &FILES, |step| {
        if step == Compacting::Written {
            let file = File::open(home.news().join("data")).unwrap();
            file.try_lock().unwrap();
            holder = Some(file);
        }
    });
    let error = refusal(refused);
    assert!(error.to_string().contains("is held by another"), "{error}");
    drop(holder);
    home.assert_left_alone(&held);
}

#[test]
fn where_there_is_no_room_the_old_store_stays() {
    let home = Home::filled();
    let held = home.held();
    let room = home.parent.path().join("room");
    let size = fs::metadata(home.news().join("data")).unwrap().len();
    for there_is in [100, size / 4, size / 2, size - 1] {
        fs::write(&room, there_is.to_string()).unwrap();
        let error = refusal(home.compact());
        assert!(
            matches!(error, StoreError::Full { .. } | StoreError::Poisoned),
            "{there_is}: {error}"
        );
        fs::remove_file(&room).unwrap();
        home.assert_left_alone(&held);
    }
    home.compact().unwrap();
    home.assert_left_alone(&held);
}

#[test]
fn a_faulty_store_is_refused_and_left_as_it_is() {
    let home = Home::filled();
    let data = home.news().join("data");
    let mut map = read_map(&fs::read(&data).unwrap());
    let body = crate::layout::body(Seq(10), &note(110));
    map.remove(&body).unwrap();
    let faulty = write_map(&map);
    fs::write(&data, &faulty).unwrap();
    match home.compact() {
        Err(Unverified::Corrupt(Corruption { location, .. })) => {
            assert_eq!(location, Location::Body(note(110)))
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(home.names(), ["news"]);
    assert_eq!(fs::read(&data).unwrap(), faulty);
}

#[test]
fn what_is_no_store_and_what_would_be_lost_is_refused() {
    let home = Home::filled();
    let held = home.held();
    let missing = home.parent.path().join("missing");
    let error = refusal(compact(&missing, &FILES, |_| ()));
    assert!(error.to_string().contains("cannot be read"), "{error}");
    assert!(!missing.exists());

    let empty = home.parent.path().join("empty");
    fs::create_dir(&empty).unwrap();
    let error = refusal(compact(&empty, &FILES, |_| ()));
    assert!(error.to_string().contains("holds no store"), "{error}");
    fs::remove_dir(&empty).unwrap();

    let letter = home.news().join("letter.txt");
    fs::write(&letter, "dear all").unwrap();
    let refused = home.compact();
    let Err(Unverified::InTheWay { what }) = refused else {
        panic!("{refused:?}");
    };
    assert!(what.contains("letter.txt"), "{what}");
    fs::remove_file(&letter).unwrap();
    home.assert_left_alone(&held);
}
