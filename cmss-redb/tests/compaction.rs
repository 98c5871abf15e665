//! Compaction of a store on redb.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "all of this file is part of tests"
)]

use std::path::Path;

use cmss_core::store::{Store, StoreError};
use cmss_redb::{Compacting, RedbStore};
use cmss_testkit::durable::compaction::{
    Trial, killed_at_any_time_it_is_whole, killed_at_each_stage_it_is_whole,
    without_room_the_old_store_stays,
};
use cmss_testkit::durable::damage::Backend;
use cmss_testkit::notes::{change, commit, lines, put};
use tempfile::tempdir;

const BACKEND: Backend<RedbStore> = Backend {
    open: |path| RedbStore::open(path),
    verify: |store| Ok(format!("{:?}", store.verify(|_| ())?)),
};

fn compact(path: &Path, stage: &mut dyn FnMut(&'static str)) -> Result<(), StoreError> {
    RedbStore::compact(path, |step| {
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

fn trial<'a>(test: &'a str, home: &'a Path) -> Trial<'a, RedbStore> {
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
    without_room_the_old_store_stays(&trial(test, home.path()), [1 << 19, 1 << 20, 3 << 20])
        .unwrap();
}

#[test]
fn a_compacted_store_is_smaller_and_goes_on() {
    let home = tempdir().unwrap();
    let path = home.path().join("news");
    let store = RedbStore::open(&path).unwrap();
    for number in 1..=60 {
        let text = number.to_string().repeat(150_000);
        commit(&store, change(number, vec![], vec![put(1, &text)])).unwrap();
    }
    let held = lines(&store);
    drop(store);
    let compacted = RedbStore::compact(&path, |_| ()).unwrap();
    assert!(compacted.after < compacted.before, "{compacted:?}");
    let store = RedbStore::open(&path).unwrap();
    assert_eq!(lines(&store), held);
    commit(&store, change(61, vec![], vec![put(2, "x")])).unwrap();
    pollster::block_on(store.close()).unwrap();
}

#[test]
fn a_store_that_is_open_is_not_compacted() {
    let home = tempdir().unwrap();
    let path = home.path().join("news");
    let store = RedbStore::open(&path).unwrap();
    commit(&store, change(1, vec![], vec![put(1, "x")])).unwrap();
    let refused = RedbStore::compact(&path, |_| ()).unwrap_err();
    assert!(refused.to_string().contains("the lock on"), "{refused}");
    commit(&store, change(2, vec![], vec![put(2, "x")])).unwrap();
}
