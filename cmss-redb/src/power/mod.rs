//! What is found after the power has gone, on a device that keeps what was synced and, of what was
//! not, whatever it likes.
//!
//! The device holds the engine alone; the stores of [`files`] are cut with the journal and the witness
//! beside it, as they are in use.
//!
//! `CMSS_CASES` is the number of random stories; every other test is the same each time.

mod device;
#[cfg(unix)]
mod files;
mod story;

use std::cell::Cell;
use std::fs;
use std::io::ErrorKind;

use cmss_core::store::{Seq, Store, StoreError};
use cmss_testkit::crash::points::{Forgetful, Halving};
use cmss_testkit::notes::{commit, documents, lines, load, note};
use cmss_testkit::power::cases;
use cmss_testkit::power::story::{Step, Unknown, changeset};
use cmss_testkit::ran;
use proptest::prelude::*;
use tempfile::tempdir;

use self::device::{Device, Fate, Survive};
use self::story::{Open, Story, open, open_with};
use crate::RedbStore;

const SMALL: usize = 300;
const LARGE: usize = 20_000;
const HUGE: usize = 200_000;

/// Texts of every size, written, written over, shortened and removed.
fn fixed() -> Vec<Vec<Vec<Step>>> {
    let commits: [&[Step]; 5] = [
        &[(1, Some(SMALL)), (2, Some(SMALL)), (3, Some(LARGE))],
        &[(4, Some(HUGE)), (1, Some(SMALL))],
        &[(3, Some(LARGE)), (4, Some(SMALL))],
        &[(2, Some(HUGE)), (1, None)],
        &[(1, Some(LARGE)), (2, None)],
    ];
    commits.map(|steps| vec![steps.to_vec()]).into()
}

/// Ways in which unsynced changes survive, of which some are whole, some torn, some out of order;
/// in turn.
fn survivals() -> impl Iterator<Item = Survive> {
    let all = [
        Survive::Everything,
        Survive::Writes(vec![false, true]),
        Survive::Writes(vec![true, true, false]),
        Survive::Sectors(vec![true, false, false, true, true]),
    ];
    all.into_iter().cycle()
}

/// Cuts the power at every operation of a fixed story, and looks at what is found each time: once
/// where nothing survives that was not synced, once where something does.
fn cut_everywhere(open: Open) -> Result<Unknown, String> {
    let groups = fixed();
    let mut all = Unknown::default();
    for (operations, some) in (0..).zip(survivals()) {
        let mut went = false;
        for survive in [Survive::Nothing, some] {
            let story = Story::begin(open);
            went = story.play(&groups, operations);
            let unknown = story.check(&survive);
            let unknown = unknown
                .map_err(|wrong| format!("{wrong}, after {operations} operations, {survive:?}"))?;
            all.there += unknown.there;
            all.gone += unknown.gone;
        }
        if !went {
            break;
        }
    }
    Ok(all)
}

#[test]
fn a_cut_at_any_operation_loses_no_acknowledged_commit_and_tears_none() {
    let unknown = cut_everywhere(open).unwrap();
    assert!(unknown.there > 0, "some came through: {unknown:?}");
    assert!(unknown.gone > 0, "some did not: {unknown:?}");
}

#[test]
fn a_settle_that_syncs_nothing_is_caught() {
    let wrong = cut_everywhere(|plugged| open_with(plugged, Forgetful)).unwrap_err();
    assert!(wrong.contains("acknowledged commit"), "{wrong}");
}

#[test]
fn a_batch_that_is_written_in_two_is_caught() {
    let wrong = cut_everywhere(|plugged| open_with(plugged, Halving)).unwrap_err();
    assert!(!wrong.contains("acknowledged commit"), "{wrong}");
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let length = prop_oneof![
        4 => Just(Some(SMALL)),
        2 => Just(Some(LARGE)),
        1 => Just(Some(HUGE)),
        2 => Just(None),
    ];
    prop::collection::vec((1_u128..6, length), 1..4)
}

fn groups() -> impl Strategy<Value = Vec<Vec<Vec<Step>>>> {
    prop::collection::vec(prop::collection::vec(steps(), 1..4), 0..6)
}

fn survive() -> impl Strategy<Value = Survive> {
    let bits = || prop::collection::vec(any::<bool>(), 1..64);
    prop_oneof![
        Just(Survive::Nothing),
        Just(Survive::Everything),
        bits().prop_map(Survive::Writes),
        bits().prop_map(Survive::Sectors),
    ]
}

#[test]
fn one_cut_after_another_loses_no_acknowledged_commit_and_tears_none() {
    let config = ProptestConfig {
        cases: cases(40),
        failure_persistence: None,
        ..Default::default()
    };
    let rounds = prop::collection::vec((groups(), 0_usize..160, survive()), 1..4);
    let stories = Cell::new(0_u64);
    proptest!(config, |(rounds in rounds)| {
        let story = Story::begin(open);
        for (groups, operations, survive) in rounds {
            story.play(&groups, operations);
            if let Err(wrong) = story.check(&survive) {
                return Err(TestCaseError::fail(wrong));
            }
        }
        stories.set(stories.get() + 1);
    });
    ran(stories.get(), "stories");
}

#[test]
fn a_load_is_whole_or_absent_after_a_cut() {
    let full = open(Device::default().plug(usize::MAX, Fate::Cut)).unwrap();
    // More than one batch of a load.
    for number in 1..=22 {
        let steps = [(number, Some(HUGE)), (100 + number, Some(SMALL))];
        commit(&*full, changeset(number, &steps)).unwrap();
    }
    let lines_in = lines(&*full);
    let load_within = |operations| {
        let device = Device::default();
        drop(open(device.plug(usize::MAX, Fate::Cut)).unwrap());
        let plugged = device.plug(operations, Fate::Cut);
        let loaded = open(plugged).and_then(|store| {
            let loaded = load(&*store, lines_in.clone());
            device.unplug();
            loaded
        });
        (device, loaded)
    };
    // By halves, to the operation after which the load is answered.
    let (mut cut, mut loaded) = (0, 1024);
    assert!(load_within(loaded).1.is_ok());
    let mut outcomes = Vec::new();
    let mut survivals = survivals();
    while loaded - cut > 1 {
        let operations = usize::midpoint(cut, loaded);
        let (device, answer) = load_within(operations);
        let survive = survivals.next().unwrap();
        device.cut(&survive);

        let store = open(device.plug(usize::MAX, Fate::Cut)).unwrap();
        let found = documents(&*store);
        if !found.is_empty() {
            assert_eq!(lines(&*store), lines_in);
        } else if outcomes.len() % 4 == 0 {
            assert_eq!(load(&*store, lines_in.clone()).unwrap(), Seq(22));
        }
        match answer {
            Ok(seq) => {
                assert_eq!((seq, found.len()), (Seq(22), 44));
                loaded = operations;
            }
            Err(_) => cut = operations,
        }
        outcomes.push(found.len());
    }
    outcomes.sort_unstable();
    outcomes.dedup();
    assert_eq!(outcomes, [0, 44]);
}

#[test]
fn a_creation_that_is_cut_anywhere_is_begun_again() {
    for (operations, some) in (0..).zip(survivals()) {
        let mut created = false;
        for survive in [Survive::Nothing, some] {
            let device = Device::default();
            created = open(device.plug(operations, Fate::Cut)).is_ok();
            device.cut(&survive);
            let home = tempdir().unwrap();
            fs::write(home.path().join("db.redb"), device.image()).unwrap();
            let store = RedbStore::open(home.path());
            let store = store.unwrap_or_else(|error| panic!("{operations}, {survive:?}: {error}"));
            assert_eq!(documents(&store), vec![]);
        }
        if created {
            break;
        }
    }
}

/// A store of one note on a device that fails so, some operations into the second.
fn failing(kind: ErrorKind, operations: usize) -> (Device, Result<(), StoreError>) {
    let device = Device::default();
    let store = open(device.plug(usize::MAX, Fate::Cut)).unwrap();
    commit(&*store, changeset(1, &[(1, Some(SMALL))])).unwrap();
    drop(store);
    let store = match open(device.plug(operations, Fate::Fails(kind))) {
        Ok(store) => store,
        Err(error) => return (device, Err(error)),
    };
    let done = commit(&*store, changeset(2, &[(2, Some(LARGE))]));
    if done.is_err() {
        let refused = pollster::block_on(store.get(&[note(1)]));
        assert!(matches!(refused, Err(StoreError::Poisoned)), "{refused:?}");
    }
    (device, done.map(drop))
}

#[test]
fn a_device_that_fails_leaves_the_outcome_unknown_and_poisons_the_handle() {
    let mut unknown = 0;
    for operations in 0.. {
        let (device, done) = failing(ErrorKind::Other, operations);
        match &done {
            Ok(()) => break,
            Err(StoreError::Unknown { .. }) => unknown += 1,
            Err(error) => assert!(unknown == 0, "opening failed: {error}"),
        }
        let store = open(device.plug(usize::MAX, Fate::Cut)).unwrap();
        assert!(!documents(&*store).is_empty());
        let again = commit(&*store, changeset(2, &[(2, Some(LARGE))])).unwrap();
        assert_eq!(again.seq, Seq(2));
        assert_eq!(documents(&*store).len(), 2);
    }
    assert!(unknown > 0);
}

#[test]
fn a_full_device_is_named() {
    let (mut while_opening, mut while_writing) = (0, 0);
    for operations in 0.. {
        match failing(ErrorKind::StorageFull, operations).1 {
            Ok(()) => break,
            Err(StoreError::Full { .. }) => while_opening += 1,
            Err(StoreError::Unknown { source, .. }) => {
                let said = source.unwrap().to_string();
                assert_eq!(said, "the device is full");
                while_writing += 1;
            }
            Err(error) => panic!("{error}"),
        }
    }
    assert!(while_opening > 0 && while_writing > 0);
}
