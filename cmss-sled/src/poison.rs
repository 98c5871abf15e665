//! What is left when a sync fails or panics: of the journal, or of the data file while commits are
//! carried into it.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use cmss_core::store::{Receipt, Seq, Store, StoreError};
use cmss_keyed::KeyedStore;
use cmss_testkit::notes::{body, change, commit, documents, note, put};
use cmss_testkit::power::Syncing;
use pollster::block_on;
use tempfile::{TempDir, tempdir};

use crate::SledStore;
use crate::config::CACHE;
use crate::engine::{Barrier, SledEngine};
use crate::opening;

type Fails = fn() -> io::Result<()>;

/// The ways in which a sync goes wrong.
const WAYS: [Fails; 2] = [|| Err(io::Error::other("injected")), || panic!("injected")];

/// A store whose syncs go wrong when it is told.
struct Failing {
    home: TempDir,
    store: KeyedStore<Syncing<SledEngine>>,
    of_journal: Arc<AtomicBool>,
    of_data: Arc<AtomicBool>,
}

/// A sync that goes wrong so, once it is told.
fn sync(fails: Fails, told: &Arc<AtomicBool>) -> Barrier {
    let told = told.clone();
    Box::new(move |file: &File| {
        if told.load(Ordering::SeqCst) {
            fails()?;
        }
        file.sync_data()
    })
}

impl Failing {
    /// One of one note, that leaves no more than so many bytes to the journal alone.
    fn new(fails: Fails, pending: usize) -> Self {
        let home = tempdir().unwrap();
        let (of_journal, of_data) = (Arc::default(), Arc::default());
        let engine = opening::open(home.path(), CACHE, sync(fails, &of_data)).unwrap();
        let syncing = Syncing::by(engine, sync(fails, &of_journal));
        let store = KeyedStore::open_with(syncing, home.path(), pending).unwrap();
        let failing = Self {
            home,
            store,
            of_journal,
            of_data,
        };
        failing.commit(1, "before").unwrap();
        failing
    }

    fn commit(&self, number: u128, text: &str) -> Result<Receipt, StoreError> {
        commit(&self.store, change(number, vec![], vec![put(number, text)]))
    }

    fn assert_poisoned(&self) {
        let refused = block_on(self.store.get(&[note(1)]));
        assert!(matches!(refused, Err(StoreError::Poisoned)), "{refused:?}");
    }
}

/// Everything that was answered is there, and it goes on: the second commit is done or done again.
fn assert_goes_on(home: &Path) {
    let store = SledStore::open(home).unwrap();
    assert_eq!(body(&store, 1).as_deref(), Some("before"));
    store.verify(|_| ()).unwrap();
    let again = commit(&store, change(2, vec![], vec![put(2, "lost?")])).unwrap();
    assert_eq!(again.seq, Seq(2));
    assert_eq!(documents(&store).len(), 2);
    block_on(store.close()).unwrap();
}

#[test]
fn a_sync_of_the_journal_that_goes_wrong_answers_unknown_and_poisons_the_handle() {
    for (fails, pending) in WAYS
        .into_iter()
        .flat_map(|fails| [(fails, 0), (fails, 1 << 20)])
    {
        let failing = Failing::new(fails, pending);
        failing.of_journal.store(true, Ordering::SeqCst);
        let error = failing.commit(2, "lost?").unwrap_err();
        assert!(matches!(error, StoreError::Unknown { .. }), "{error}");
        failing.assert_poisoned();
        drop(failing.store);
        assert_goes_on(failing.home.path());
    }
}

#[test]
fn a_sync_that_goes_wrong_while_commits_are_carried_poisons_the_handle_and_loses_none() {
    for fails in WAYS {
        let failing = Failing::new(fails, 0);
        // What was carried of the first is settled, or is not; it is read from the journal then.
        failing.of_data.store(true, Ordering::SeqCst);
        // The journal has it before anything is carried.
        match failing.commit(2, "lost?") {
            Ok(receipt) => assert_eq!(receipt.seq, Seq(2)),
            // The first was not settled.
            Err(error) => assert!(matches!(error, StoreError::Poisoned), "{error}"),
        }
        let late = failing.commit(3, "late").unwrap_err();
        assert!(matches!(late, StoreError::Poisoned), "{late}");
        failing.assert_poisoned();
        drop(failing.store);
        assert_goes_on(failing.home.path());
    }
}

#[test]
fn a_sync_that_goes_wrong_while_a_store_is_closed_is_told_and_loses_nothing() {
    for fails in WAYS {
        let failing = Failing::new(fails, 1 << 20);
        failing.commit(2, "lost?").unwrap();
        failing.of_data.store(true, Ordering::SeqCst);
        block_on(failing.store.close()).unwrap_err();
        drop(failing.store);
        assert_goes_on(failing.home.path());
    }
}
