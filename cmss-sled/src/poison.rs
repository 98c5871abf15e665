//! What is left when a sync of the data file fails or panics.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use cmss_core::store::{Seq, Store, StoreError};
use cmss_testkit::notes::{body, change, commit, documents, note, put};
use tempfile::{TempDir, tempdir};

use crate::SledStore;
use crate::engine::Barrier;

/// A store of one note whose next syncs do this.
fn store_that(fails: fn() -> io::Result<()>) -> (TempDir, SledStore) {
    let home = tempdir().unwrap();
    let failing = Arc::new(AtomicBool::new(false));
    let armed = failing.clone();
    let barrier: Barrier = Box::new(move |data| {
        if armed.load(Ordering::SeqCst) {
            fails()?;
        }
        data.sync_data()
    });
    let store = SledStore::builder(home.path()).open_with(barrier).unwrap();
    commit(&store, change(1, vec![], vec![put(1, "before")])).unwrap();
    failing.store(true, Ordering::SeqCst);
    (home, store)
}

/// A commit is not known to have happened, the handle is poisoned, and the store reopens.
fn assert_poisoned(home: &TempDir, store: SledStore) {
    let error = commit(&store, change(2, vec![], vec![put(2, "lost?")])).unwrap_err();
    assert!(matches!(error, StoreError::Unknown { .. }), "{error}");
    let refused = pollster::block_on(store.get(&[note(1)]));
    assert!(matches!(refused, Err(StoreError::Poisoned)));
    drop(store);

    let store = SledStore::open(home.path()).unwrap();
    assert_eq!(body(&store, 1).as_deref(), Some("before"));
    let again = commit(&store, change(2, vec![], vec![put(2, "lost?")])).unwrap();
    assert_eq!(again.seq, Seq(2));
    assert_eq!(documents(&store).len(), 2);
}

#[test]
fn a_failed_sync_answers_unknown_and_poisons_the_handle() {
    let (home, store) = store_that(|| Err(io::Error::other("injected")));
    assert_poisoned(&home, store);
}

#[test]
fn a_panic_in_a_sync_answers_unknown_and_poisons_the_handle() {
    let (home, store) = store_that(|| panic!("injected"));
    assert_poisoned(&home, store);
}
