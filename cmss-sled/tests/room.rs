//! A full disk.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "all of this file is part of tests")]

use std::path::Path;
use std::sync::Arc;

use cmss_core::store::{Store, StoreError};
use cmss_sled::SledStore;
use cmss_testkit::crash::Hasty;
use cmss_testkit::durable::damage::Backend;
use cmss_testkit::durable::directories::Open;
use cmss_testkit::durable::room::{Tally, Trial, a_full_disk_loses_nothing_and_is_named, is_child};
use tempfile::tempdir;

const BACKEND: Backend<SledStore> = Backend {
    open: |path| SledStore::open(path),
    verify: |store| Ok(format!("{:?}", store.verify(|_| ())?)),
};

fn open(path: &Path) -> Result<Arc<dyn Store>, StoreError> {
    Ok(Arc::new(SledStore::open(path)?))
}

fn run(test: &str, in_child: Open<'_>) -> Result<Tally, String> {
    let home = tempdir().unwrap();
    a_full_disk_loses_nothing_and_is_named(&Trial {
        test,
        home: home.path(),
        backend: &BACKEND,
        in_child,
        steps: 24,
    })
}

#[test]
fn a_full_disk_loses_nothing_that_was_answered_and_is_named() {
    let test = "a_full_disk_loses_nothing_that_was_answered_and_is_named";
    let tally = run(test, &open).unwrap();
    let seen = tally.acknowledged > 0 && tally.full > 0 && tally.refused > 0;
    assert!(is_child() || seen, "{tally:?}");
}

#[test]
fn a_store_that_says_yes_on_a_full_disk_is_caught() {
    let test = "a_store_that_says_yes_on_a_full_disk_is_caught";
    let hasty = |path: &Path| -> Result<Arc<dyn Store>, StoreError> {
        Ok(Arc::new(Hasty::new(open(path)?)))
    };
    let caught = run(test, &hasty);
    // It may be found out when it closes, before what is lost is looked for.
    let is_it = |wrong: &str| wrong.contains("is gone") || wrong.contains("closed poisoned");
    assert!(is_child() || is_it(&caught.unwrap_err()));
}
