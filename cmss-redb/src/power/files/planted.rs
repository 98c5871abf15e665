//! Stores with a bug each, which cutting the power must bring to light.

use std::fs;
use std::path::Path;

use cmss_core::store::StoreError;
use cmss_keyed::compaction::Housing;
use cmss_keyed::directory;
use cmss_testkit::caught_saying_one_of;
use cmss_testkit::durable::losses;
use cmss_testkit::power::shadow::Content;
use cmss_testkit::power::trial::Trial;
use cmss_testkit::power::{Past, Synced, Watched, compaction, unasked};

use super::{FEW, FULL, HOUSING, LAPS, STORE, Store, Syncs, open, open_with, rules};

/// A planted fault: the names in the store's directory are never synced.
pub(super) fn never_named(path: &Path) -> Content {
    match path.ends_with("news") {
        true => Content::Never,
        false => rules(path),
    }
}

/// Another: those of the directory that it stands in are not, when it is made, or swapped.
pub(super) fn never_named_above(path: &Path) -> Content {
    match path.ends_with("desk") {
        true => Content::Never,
        false => rules(path),
    }
}

/// A planted fault: nobody hears of its syncs, as if there were none.
fn never_synced(path: &Path, _: Synced) -> Result<Store, StoreError> {
    open(path, unasked())
}

/// Another: nobody hears of those of the journal.
fn never_journaled(path: &Path, synced: Synced) -> Result<Store, StoreError> {
    let syncs = Syncs {
        data: synced,
        journal: unasked(),
    };
    open_with(path, syncs, FEW)
}

/// Another: the journal begins again, and the engine has settled nothing.
fn never_settled(path: &Path, synced: Synced) -> Result<Store, StoreError> {
    let syncs = Syncs {
        data: unasked(),
        journal: synced,
    };
    open_with(path, syncs, FEW)
}

#[test]
fn a_store_that_never_syncs_is_caught() {
    let trial = Trial {
        open: never_synced,
        ..STORE
    };
    let wrong = trial.run(40, &Past::default()).unwrap_err();
    assert!(is_loss(&wrong), "{wrong}");
}

#[test]
fn a_journal_that_is_never_synced_is_caught() {
    let trial = Trial {
        open: never_journaled,
        ..LAPS
    };
    let wrong = trial.run(40, &LAPS.past(2)).unwrap_err();
    assert!(is_loss(&wrong), "{wrong}");
}

#[test]
fn a_journal_that_begins_again_though_the_engine_has_settled_nothing_is_caught() {
    let trial = Trial {
        open: never_settled,
        ..LAPS
    };
    let wrong = trial.run(40, &LAPS.past(2)).unwrap_err();
    assert!(is_loss(&wrong), "{wrong}");
}

/// The witness tells of it, or what was found.
fn is_loss(wrong: &str) -> bool {
    let ways = [
        "acknowledged commit",
        "the store does not open",
        "the store does not close",
        "the store is not whole",
    ];
    ways.iter().any(|way| wrong.contains(way))
}

#[test]
fn a_store_that_never_syncs_its_directory_is_caught() {
    let trial = Trial {
        rules: never_named,
        ..STORE
    };
    let wrong = trial.run(40, &Past::default()).unwrap_err();
    assert!(is_loss(&wrong), "{wrong}");
}

#[test]
fn a_store_that_never_syncs_the_directory_above_is_caught() {
    let trial = Trial {
        rules: never_named_above,
        ..STORE
    };
    let wrong = trial.run(40, &Past::default()).unwrap_err();
    assert!(is_loss(&wrong), "{wrong}");
}

#[test]
fn a_load_that_is_never_synced_is_caught() {
    let trial = Trial {
        open: never_synced,
        ..FULL
    };
    let wrong = trial.load(40, &FULL.past(6)).unwrap_err();
    let found = is_loss(&wrong) || wrong.contains("a load that was answered is gone");
    assert!(found, "{wrong}");
}

/// A planted fault: what a load was sorted in stays.
fn never_tidied(path: &Path) -> Result<Store, StoreError> {
    let [left, aside] = [directory::SORTING, "aside"].map(|name| path.join(name));
    let is_left = fs::rename(&left, &aside).is_ok();
    let store = open(path, unasked())?;
    if is_left {
        fs::rename(aside, left).unwrap();
    }
    Ok(store)
}

#[test]
fn a_store_that_leaves_what_a_load_was_sorted_in_is_caught() {
    let trial = Trial {
        reopen: never_tidied,
        ..FULL
    };
    let wrong = trial.load(40, &FULL.past(6)).unwrap_err();
    assert!(wrong.contains("what was sorted is left"), "{wrong}");
}

#[test]
fn a_compaction_into_a_store_that_never_syncs_is_caught() {
    let housing = Housing {
        open: |path| match path.ends_with("news") {
            true => open(path, compaction::told()),
            false => never_synced(path, compaction::told()),
        },
        ..HOUSING
    };
    let wrong = STORE.compact(40, &STORE.past(8), &housing).unwrap_err();
    assert!(is_loss(&wrong), "{wrong}");
}

#[test]
fn a_compaction_that_never_syncs_the_directory_above_is_caught() {
    let trial = Trial {
        rules: never_named_above,
        ..STORE
    };
    let wrong = trial.compact(40, &STORE.past(8), &HOUSING).unwrap_err();
    assert!(
        is_loss(&wrong) || wrong.contains("there is left"),
        "{wrong}"
    );
}

#[test]
fn a_store_that_never_syncs_is_caught_by_what_it_answered_to_many_threads() {
    let mut watched = Watched::new(never_synced, rules, 40);
    let lost = || losses::what_was_committed_outlives_a_loss_of_power(&mut watched);
    let ways = [
        "what the power has left opens",
        "no order of these calls explains",
    ];
    caught_saying_one_of(&ways, lost);
}
