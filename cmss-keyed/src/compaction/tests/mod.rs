//! Compaction of stores on a file.

#[cfg(unix)]
mod access;
mod copies;
mod files;
mod refusals;
mod stops;

use std::fs;

use cmss_core::store::Seq;
use cmss_testkit::notes::{change, commit, put};
use tempfile::tempdir;

use self::files::{FILES, Home, open, read_map, write_map};
use super::{Compacting, compact};

#[test]
fn a_compacted_store_holds_what_it_held_and_goes_on() {
    let home = Home::filled();
    let held = home.held();
    let compacted = home.compact().unwrap();
    assert_eq!(compacted.verified.as_of, Seq(20));
    assert_eq!(compacted.verified.examined.documents, 20 + 3);
    assert!(compacted.before > 0 && compacted.after > 0);
    home.assert_left_alone(&held);
    let store = open(&home.news()).unwrap();
    let next = commit(&store, change(50, vec![], vec![put(50, "x")])).unwrap();
    assert_eq!(next.seq, Seq(21));
    let again = commit(&store, change(20, vec![], vec![put(1, "replayed")])).unwrap();
    assert_eq!(again.seq, Seq(20));
}

#[test]
fn the_new_store_has_a_witness_of_its_own() {
    let home = Home::filled();
    let before = fs::read(home.news().join("data")).unwrap();
    let older = {
        let mut map = read_map(&before);
        map.clear();
        write_map(&map)
    };
    home.compact().unwrap();
    fs::write(home.news().join("data"), older).unwrap();
    let error = open(&home.news()).unwrap_err();
    assert!(error.to_string().contains("has seen commit 20"), "{error}");
}

#[test]
fn an_empty_store_is_compacted_too() {
    let home = Home {
        parent: tempdir().unwrap(),
    };
    drop(open(&home.news()).unwrap());
    let compacted = home.compact().unwrap();
    assert_eq!(compacted.verified.as_of, Seq::ZERO);
    assert_eq!(home.held().len(), 1);
}

#[test]
fn progress_is_told_from_the_first_look_to_the_place() {
    let home = Home::filled();
    let mut told = Vec::new();
    compact(&home.news(), &FILES, |step| told.push(step)).unwrap();
    let kinds: Vec<u8> = told
        .iter()
        .map(|step| match step {
            Compacting::Verifying(_) => 0,
            Compacting::Writing { .. } => 1,
            Compacting::Comparing { .. } => 2,
            Compacting::Written => 3,
            Compacting::Aside => 4,
            Compacting::InPlace => 5,
        })
        .collect();
    assert!(kinds.is_sorted(), "{kinds:?}");
    for kind in 0..=5 {
        assert!(kinds.contains(&kind), "{kinds:?}");
    }
    let written = told
        .iter()
        .rfind(|step| matches!(step, Compacting::Writing { .. }));
    let map = read_map(&fs::read(home.news().join("data")).unwrap());
    // All but the format and the tip, which the new store has of itself.
    let values = map.len() as u64 - 2;
    assert_eq!(written, Some(&Compacting::Writing { values }));
    let compared = told
        .iter()
        .rfind(|step| matches!(step, Compacting::Comparing { .. }));
    let values = map.len() as u64;
    assert_eq!(compared, Some(&Compacting::Comparing { values }));
}
