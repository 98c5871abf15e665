//! What an engine is asked to bring through a loss of power: one batch, never two.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "all of this file is part of tests"
)]

mod support;

use cmss_core::store::{Changeset, CommitId, Intake, Line, LogRecord};
use cmss_keyed::{Batch, Engine, KeyedStore, error};
use cmss_testkit::notes::{change, commit, documents, lines, load, put};
use support::{Disk, MapEngine};
use uuid::Uuid;

fn open(disk: &Disk) -> KeyedStore<MapEngine> {
    KeyedStore::open(disk.engine(), "the map").unwrap()
}

/// The lines of a store that is loaded in several batches.
fn large() -> Vec<Line> {
    let disk = Disk::default();
    let store = open(&disk);
    for number in 1..=13 {
        let text = "x".repeat(900_000);
        commit(&store, change(number, vec![], vec![put(number, &text)])).unwrap();
    }
    lines(&store)
}

#[test]
fn a_load_settles_each_batch_before_the_next() {
    let disk = Disk::default();
    let store = open(&disk);
    load(&store, large()).unwrap();
    let unsettled = disk.unsettled();
    assert!(unsettled.ever >= 6, "{unsettled:?}");
    assert_eq!(unsettled.most, 1, "{unsettled:?}");
}

/// The same, but that its last commit has the id of its first: receipts stand behind most of what is
/// written.
fn twice_committed() -> Vec<Line> {
    let mut lines = large();
    let [.., Line::Record(before), Line::Record(_), Line::End(_)] = &*lines else {
        panic!("the log stands last");
    };
    let again = Changeset {
        id: CommitId(Uuid::from_u128(1)),
        ..change(13, vec![], vec![put(13, &"x".repeat(900_000))])
    };
    let record = LogRecord::next(before.chain, before.seq.next(), &again);
    lines.truncate(lines.len() - 2);
    lines.push(Line::Record(record));
    let mut intake = Intake::new();
    lines.iter().for_each(|line| intake.take(line).unwrap());
    lines.push(Line::End(intake.end()));
    lines
}

#[test]
fn a_load_that_fails_is_undone_in_batches_that_are_settled_each() {
    let disk = Disk::default();
    let store = open(&disk);
    let refused = load(&store, twice_committed()).unwrap_err();
    assert!(
        refused.to_string().ends_with("stands twice in the log"),
        "{refused}"
    );
    assert_eq!(documents(&store), vec![]);
    let unsettled = disk.unsettled();
    assert!(unsettled.ever >= 6, "{unsettled:?}");
    assert_eq!(unsettled.most, 1, "{unsettled:?}");
}
