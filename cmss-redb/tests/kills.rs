//! A process that commits is killed, and nothing that it was answered is lost.
#![allow(clippy::unwrap_used, reason = "all of this file is part of tests")]

use std::path::Path;
use std::sync::Arc;

use cmss_core::store::{Store, StoreError};
use cmss_redb::RedbStore;
use cmss_testkit::crash::{Crash, Hasty};
use cmss_testkit::notes::{change, commit, put};

fn open(path: &Path) -> Result<Arc<dyn Store>, StoreError> {
    Ok(Arc::new(RedbStore::open(path)?))
}

#[test]
fn what_was_answered_survives_kills() {
    let crashed = Crash::of("what_was_answered_survives_kills", &open).run();
    assert!(crashed.acknowledged > 0, "{crashed:?}");
}

/// Ten kills: one would do.
#[test]
#[should_panic(expected = "was acknowledged and is lost")]
fn a_store_that_answers_before_it_commits_is_caught() {
    let hasty = |path: &Path| -> Result<Arc<dyn Store>, StoreError> {
        Ok(Arc::new(Hasty::new(open(path)?)))
    };
    Crash::of("a_store_that_answers_before_it_commits_is_caught", &open)
        .in_child(&hasty)
        .kills(10)
        .run();
}

/// What stands in the log under an id is other than what that id was sent with.
#[test]
#[should_panic(expected = "what is left is not what its log tells of")]
fn a_commit_that_is_not_whole_is_caught() {
    let torn = |path: &Path| {
        let store = open(path)?;
        commit(&*store, change(77, vec![], vec![put(900, "half")]))?;
        Ok(store)
    };
    Crash::of("a_commit_that_is_not_whole_is_caught", &torn)
        .in_child(&open)
        .kills(1)
        .run();
}
