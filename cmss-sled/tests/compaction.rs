//! Compaction of a store on sled.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "all of this file is part of tests"
)]

use std::path::Path;

use cmss_core::store::{Store, StoreError};
use cmss_sled::{Compacting, SledStore};
use cmss_testkit::durable::compaction::{
    Trial, killed_at_any_time_it_is_whole, killed_at_each_stage_it_is_whole,
    without_room_the_old_store_stays,
};
use cmss_testkit::durable::damage::Backend;
use cmss_testkit::notes::{change, commit, lines, put};
use tempfile::tempdir;

const BACKEND: Backend<SledStore> = Backend {
    open: |path| SledStore::open(path),
    verify: |store| Ok(format!("{:?}", store.verify(|_| ())?)),
};

fn compact(path: &Path, stage: &mut dyn FnMut(&'static str)) -> Result<(), StoreError> {
    SledStore::compact(path, |step| {
        stage(match step {
            Compacting::Verifying(_) => "verifying",
            Compacting::Writing { .. } => "writing",
            Compacting::Comparing(_) => "comparing",
            Compacting::Written => "written",
            Compacting::Aside => "aside",
            Compacting::InPlace => "in place",
            other => panic!("{other:?}"),
        });
    })?;
    Ok(())
}

fn trial<'a>(test: &'a str, home: &'a Path) -> Trial<'a, SledStore> {
    Trial {
        test,
        home,
        backend: &BACKEND,
        compact,
    }
}

#[test]
fn a_compaction_that_is_killed_at_any_stage_leaves_a_whole_store() {
    let test = "a_compaction_that_is_killed_at_any_stage_leaves_a_whole_store";
    let home = tempdir().unwrap();
    killed_at_each_stage_it_is_whole(&trial(test, home.path())).unwrap();
}

#[test]
fn a_compaction_that_is_killed_at_any_time_leaves_a_whole_store() {
    let test = "a_compaction_that_is_killed_at_any_time_leaves_a_whole_store";
    let home = tempdir().unwrap();
    killed_at_any_time_it_is_whole(&trial(test, home.path())).unwrap();
}

#[test]
#[cfg(unix)]
fn a_compaction_without_room_leaves_the_old_store() {
    let test = "a_compaction_without_room_leaves_the_old_store";
    let home = tempdir().unwrap();
    without_room_the_old_store_stays(&trial(test, home.path()), [1 << 20, 3 << 20, 7 << 20])
        .unwrap();
}

#[test]
fn a_compacted_store_is_smaller_and_goes_on() {
    let home = tempdir().unwrap();
    let path = home.path().join("news");
    let store = SledStore::open(&path).unwrap();
    for number in 1..=60 {
        let text = number.to_string().repeat(150_000);
        commit(&store, change(number, vec![], vec![put(1, &text)])).unwrap();
    }
    let held = lines(&store);
    drop(store);
    let compacted = SledStore::compact(&path, |_| ()).unwrap();
    assert!(compacted.after < compacted.before, "{compacted:?}");
    let store = SledStore::open(&path).unwrap();
    assert_eq!(lines(&store), held);
    commit(&store, change(61, vec![], vec![put(2, "x")])).unwrap();
    pollster::block_on(store.close()).unwrap();
}

#[test]
fn a_store_that_is_open_is_not_compacted() {
    let home = tempdir().unwrap();
    let path = home.path().join("news");
    let store = SledStore::open(&path).unwrap();
    commit(&store, change(1, vec![], vec![put(1, "x")])).unwrap();
    let refused = SledStore::compact(&path, |_| ()).unwrap_err();
    assert!(refused.to_string().contains("the lock on"), "{refused}");
    commit(&store, change(2, vec![], vec![put(2, "x")])).unwrap();
}

/// A compaction that moves the store out of sight for a moment, which these tests must catch.
fn careless(path: &Path, stage: &mut dyn FnMut(&'static str)) -> Result<(), StoreError> {
    let away = path.with_extension("away");
    for name in ["one", "two", "three", "four"] {
        stage(name);
    }
    std::fs::rename(path, &away).unwrap();
    stage("away");
    std::fs::rename(away, path).unwrap();
    Ok(())
}

#[test]
fn a_compaction_that_is_not_whole_at_every_stage_is_caught() {
    let test = "a_compaction_that_is_not_whole_at_every_stage_is_caught";
    let home = tempdir().unwrap();
    let mut trial = trial(test, home.path());
    trial.compact = careless;
    let caught = killed_at_each_stage_it_is_whole(&trial);
    let is_child = std::env::var_os("CMSS_COMPACT").is_some();
    assert!(is_child || caught.unwrap_err().starts_with("away"));
}
