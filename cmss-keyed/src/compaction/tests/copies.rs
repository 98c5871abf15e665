//! The new store is the old one, value for value, and one that is not is noticed.

use std::collections::BTreeMap;
use std::fs;

use cmss_core::store::{StoreError, Write};
use cmss_testkit::notes::{change, commit, note, put};
use proptest::prelude::*;
use tempfile::tempdir;

use super::files::{Home, Map, open, read_map};
use crate::verify::Unverified;

fn map(home: &Home) -> Map {
    read_map(&fs::read(home.news().join("data")).unwrap())
}

/// What is done to a note: another text of so many bytes, or its removal.
type Step = (u128, Option<usize>);

fn lives() -> impl Strategy<Value = Vec<Vec<Step>>> {
    let length = prop_oneof![0..30_usize, 1_000..1_100_usize, 60_000..200_000_usize];
    let step = (1..9_u128, prop::option::weighted(0.7, length));
    prop::collection::vec(prop::collection::vec(step, 1..4), 0..10)
}

/// Lives through the steps of each commit; what is not there is not removed.
fn live(life: &[Vec<Step>]) -> Home {
    let home = Home {
        parent: tempdir().unwrap(),
    };
    let store = open(&home.news()).unwrap();
    let mut there = BTreeMap::new();
    for (number, steps) in (1..).zip(life) {
        let steps: BTreeMap<u128, Option<usize>> = steps.iter().copied().collect();
        let writes = steps.iter().filter_map(|(id, step)| match step {
            Some(length) => Some(put(*id, &"t".repeat(*length))),
            None => there
                .contains_key(id)
                .then(|| Write::Remove { at: note(*id) }),
        });
        let writes: Vec<Write> = writes.collect();
        if !writes.is_empty() {
            commit(&store, change(number, vec![], writes)).unwrap();
        }
        for (id, step) in steps {
            match step {
                Some(length) => drop(there.insert(id, length)),
                None => drop(there.remove(&id)),
            }
        }
    }
    home
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(40) })]

    #[test]
    fn a_compacted_store_is_the_old_one_key_for_key(life in lives()) {
        let home = live(&life);
        let (held, before) = (home.held(), map(&home));
        let compacted = home.compact().unwrap();
        prop_assert_eq!(compacted.verified.examined.values, before.len() as u64);
        prop_assert!(map(&home) == before, "the maps differ");
        home.assert_left_alone(&held);
        let verified = open(&home.news()).unwrap().verify(|_| ()).unwrap();
        prop_assert_eq!(verified, compacted.verified);
    }
}

/// Every key of the store in turn, with an engine that does this to it.
fn assert_noticed(how: &str) {
    let home = Home::filled();
    let (held, before) = (home.held(), map(&home));
    let careless = home.parent.path().join("careless");
    let mut tried = 0;
    for key in before.keys().filter(|key| key.len() > 1) {
        let key: Vec<String> = key.iter().map(u8::to_string).collect();
        fs::write(&careless, format!("{how} {}", key.join(" "))).unwrap();
        match home.compact() {
            Err(Unverified::Unread(StoreError::Backend { what, .. })) => {
                assert!(what.ends_with("is not the same"), "{what}");
            }
            other => panic!("{other:?}: {key:?}"),
        }
        fs::remove_file(&careless).unwrap();
        assert_eq!(map(&home), before);
        tried += 1;
    }
    assert!(tried > 100, "{tried}");
    home.assert_left_alone(&held);
}

#[test]
fn a_copy_that_lacks_a_key_does_not_take_the_place() {
    assert_noticed("forgets");
}

#[test]
fn a_copy_with_a_changed_value_does_not_take_the_place() {
    assert_noticed("changes");
}

#[test]
fn a_copy_that_stops_early_does_not_take_the_place() {
    assert_noticed("stops");
}

#[test]
fn a_copy_with_one_key_more_does_not_take_the_place() {
    assert_noticed("adds");
}
