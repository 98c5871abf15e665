//! What is left when a sync fails or panics: of the journal, or of the data file while commits are
//! carried into it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "all of this is part of tests"
)]

mod planted;

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
use crate::engine::Barrier;
use crate::opening;

type Fails = fn() -> io::Result<()>;

const FAILS: Fails = || Err(io::Error::other("injected"));

const PANICS: Fails = || panic!("injected");

/// The ways in which a sync goes wrong.
const WAYS: [Fails; 2] = [FAILS, PANICS];

/// What is looked at: what a store hears of its syncs, who answers for it, and what is opened after
/// it. A planted bug is another one of these.
#[derive(Clone, Copy)]
struct Subject {
    hears: fn(Barrier) -> Barrier,
    answers: fn(Arc<dyn Store>, &Path) -> Arc<dyn Store>,
    reopen: fn(&Path) -> SledStore,
}

const SOUND: Subject = Subject {
    hears: |sync| sync,
    answers: |store, _| store,
    reopen: |home| SledStore::open(home).unwrap(),
};

/// A store whose syncs go wrong when it is told.
struct Failing {
    subject: Subject,
    store: Arc<dyn Store>,
    home: TempDir,
    of_journal: Arc<AtomicBool>,
    of_data: Arc<AtomicBool>,
    answered: Vec<Receipt>,
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
    fn new(subject: Subject, fails: Fails, pending: usize) -> Self {
        let home = tempdir().unwrap();
        let (of_journal, of_data) = (Arc::default(), Arc::default());
        let sync = |told| (subject.hears)(sync(fails, told));
        let engine = opening::open(home.path(), CACHE, sync(&of_data)).unwrap();
        let syncing = Syncing::by(engine, sync(&of_journal));
        let store = KeyedStore::open_with(syncing, home.path(), pending).unwrap();
        let mut failing = Self {
            subject,
            store: (subject.answers)(Arc::new(store), home.path()),
            home,
            of_journal,
            of_data,
            answered: vec![],
        };
        failing.commit(1, "before").unwrap();
        failing
    }

    fn commit(&mut self, number: u128, text: &str) -> Result<Receipt, StoreError> {
        let answer = commit(&self.store, change(number, vec![], vec![put(number, text)]));
        self.answered.extend(&answer);
        answer
    }

    fn assert_poisoned(&self) {
        let refused = block_on(self.store.get(&[note(1)]));
        let is_poisoned = matches!(refused, Err(StoreError::Poisoned));
        assert!(is_poisoned, "it goes on, and answers {refused:?}");
    }

    /// Everything that was answered is there, and it goes on: the second commit is done or done again.
    fn assert_goes_on(self) {
        drop(self.store);
        let store = (self.subject.reopen)(self.home.path());
        for receipt in self.answered {
            let found = block_on(store.receipt(receipt.id)).unwrap();
            assert_eq!(
                found,
                Some(receipt),
                "{} was answered and is lost",
                receipt.seq
            );
        }
        assert_eq!(body(&store, 1).as_deref(), Some("before"));
        store.verify(|_| ()).unwrap();
        let again = commit(&store, change(2, vec![], vec![put(2, "lost?")])).unwrap();
        assert_eq!(again.seq, Seq(2));
        assert_eq!(documents(&store).len(), 2);
        block_on(store.close()).unwrap();
    }
}

fn the_journal_is_not_synced(subject: Subject, fails: Fails, pending: usize) {
    let mut failing = Failing::new(subject, fails, pending);
    failing.of_journal.store(true, Ordering::SeqCst);
    let answer = failing.commit(2, "lost?");
    let is_unknown = matches!(answer, Err(StoreError::Unknown { .. }));
    assert!(is_unknown, "what was not synced is answered: {answer:?}");
    failing.assert_poisoned();
    failing.assert_goes_on();
}

fn what_is_carried_is_not_synced(subject: Subject, fails: Fails) {
    let mut failing = Failing::new(subject, fails, 0);
    // What was carried of the first is settled, or is not; it is read from the journal then.
    failing.of_data.store(true, Ordering::SeqCst);
    // The journal has it before anything is carried.
    match failing.commit(2, "lost?") {
        Ok(receipt) => assert_eq!(receipt.seq, Seq(2)),
        // The first was not settled.
        Err(error) => assert!(matches!(error, StoreError::Poisoned), "{error}"),
    }
    let late = failing.commit(3, "late");
    let is_poisoned = matches!(late, Err(StoreError::Poisoned));
    assert!(is_poisoned, "it goes on, and answers {late:?}");
    failing.assert_poisoned();
    failing.assert_goes_on();
}

fn what_is_closed_is_not_synced(subject: Subject, fails: Fails) {
    let mut failing = Failing::new(subject, fails, 1 << 20);
    failing.commit(2, "lost?").unwrap();
    failing.of_data.store(true, Ordering::SeqCst);
    let closed = block_on(failing.store.close());
    assert!(closed.is_err(), "it closes as if it were synced");
    failing.assert_goes_on();
}

#[test]
fn a_sync_of_the_journal_that_goes_wrong_answers_unknown_and_poisons_the_handle() {
    for fails in WAYS {
        the_journal_is_not_synced(SOUND, fails, 0);
        the_journal_is_not_synced(SOUND, fails, 1 << 20);
    }
}

#[test]
fn a_sync_that_goes_wrong_while_commits_are_carried_poisons_the_handle_and_loses_none() {
    for fails in WAYS {
        what_is_carried_is_not_synced(SOUND, fails);
    }
}

#[test]
fn a_sync_that_goes_wrong_while_a_store_is_closed_is_told_and_loses_nothing() {
    for fails in WAYS {
        what_is_closed_is_not_synced(SOUND, fails);
    }
}
