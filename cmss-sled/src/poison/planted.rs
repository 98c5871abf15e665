//! Stores with a bug each, which a sync that goes wrong must bring to light.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use cmss_core::store::{
    Changes, Changeset, CommitId, DocRef, Got, Limits, Lines, Page, Scan, Walked,
};
use cmss_testkit::async_trait;

use super::*;

/// It takes every sync for one that was done.
const DEAF: Subject = Subject {
    hears: |sync| {
        Box::new(move |file: &File| {
            let _ = catch_unwind(AssertUnwindSafe(|| sync(file)));
            Ok(())
        })
    },
    ..SOUND
};

/// It opens itself again, and answers on.
const UNDAUNTED: Subject = Subject {
    answers: |store, home| {
        Arc::new(Undaunted {
            store: Mutex::new(store),
            home: home.to_owned(),
        })
    },
    ..SOUND
};

/// It comes back as it was after its first commit, and has no witness that knows better.
const ROLLED_BACK: Subject = Subject {
    reopen: |home| {
        let store = emptied(home);
        commit(&store, change(1, vec![], vec![put(1, "before")])).unwrap();
        store
    },
    ..SOUND
};

/// It begins anew.
const EMPTIED: Subject = Subject {
    reopen: emptied,
    ..SOUND
};

fn emptied(home: &Path) -> SledStore {
    std::fs::remove_dir_all(home).unwrap();
    SledStore::open(home).unwrap()
}

/// A store that is opened again, behind its handle, when it is poisoned.
#[derive(Debug)]
struct Undaunted {
    store: Mutex<Arc<dyn Store>>,
    home: PathBuf,
}

impl Undaunted {
    fn store(&self) -> Arc<dyn Store> {
        self.store
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn reopen(&self) {
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = block_on(store.close());
        *store = Arc::new(SledStore::open(&self.home).unwrap());
    }
}

#[async_trait]
impl Store for Undaunted {
    async fn get(&self, refs: &[DocRef]) -> Result<Got, StoreError> {
        self.store().get(refs).await
    }

    async fn scan(&self, scan: &Scan) -> Result<Page, StoreError> {
        self.store().scan(scan).await
    }

    async fn walk(&self, after: Option<&DocRef>, limit: usize) -> Result<Walked, StoreError> {
        self.store().walk(after, limit).await
    }

    async fn commit(&self, changeset: Changeset) -> Result<Receipt, StoreError> {
        let answer = self.store().commit(changeset.clone()).await;
        match answer {
            Err(StoreError::Unknown { .. }) => {
                self.reopen();
                answer
            }
            Err(StoreError::Poisoned) => {
                self.reopen();
                self.store().commit(changeset).await
            }
            answer => answer,
        }
    }

    async fn receipt(&self, id: CommitId) -> Result<Option<Receipt>, StoreError> {
        self.store().receipt(id).await
    }

    async fn changes(&self, after: Seq, limit: usize) -> Result<Changes, StoreError> {
        self.store().changes(after, limit).await
    }

    async fn grown(&self, past: Seq) -> Result<Seq, StoreError> {
        self.store().grown(past).await
    }

    async fn load(&self, lines: Lines) -> Result<Seq, StoreError> {
        self.store().load(lines).await
    }

    fn limits(&self) -> Limits {
        self.store().limits()
    }

    async fn close(&self) -> Result<(), StoreError> {
        self.store().close().await
    }
}

#[test]
#[should_panic(expected = "what was not synced is answered: Ok")]
fn a_store_that_does_not_hear_that_its_journal_is_not_synced_is_caught() {
    the_journal_is_not_synced(DEAF, FAILS, 0);
}

#[test]
#[should_panic(expected = "what was not synced is answered: Ok")]
fn a_store_that_does_not_hear_that_the_sync_of_its_journal_panics_is_caught() {
    the_journal_is_not_synced(DEAF, PANICS, 1 << 20);
}

#[test]
#[should_panic(expected = "it goes on, and answers Ok")]
fn a_store_that_does_not_hear_that_what_it_carries_is_not_synced_is_caught() {
    what_is_carried_is_not_synced(DEAF, FAILS);
}

#[test]
#[should_panic(expected = "it closes as if it were synced")]
fn a_store_that_does_not_hear_while_it_is_closed_is_caught() {
    what_is_closed_is_not_synced(DEAF, PANICS);
}

#[test]
#[should_panic(expected = "it goes on, and answers Ok")]
fn a_store_that_goes_on_after_its_journal_was_not_synced_is_caught() {
    the_journal_is_not_synced(UNDAUNTED, FAILS, 0);
}

#[test]
#[should_panic(expected = "it goes on, and answers Ok")]
fn a_store_that_goes_on_after_what_it_carries_was_not_synced_is_caught() {
    what_is_carried_is_not_synced(UNDAUNTED, PANICS);
}

#[test]
#[should_panic(expected = "1 was answered and is lost")]
fn a_store_that_begins_anew_after_its_journal_was_not_synced_is_caught() {
    the_journal_is_not_synced(EMPTIED, FAILS, 1 << 20);
}

#[test]
#[should_panic(expected = "1 was answered and is lost")]
fn a_store_that_begins_anew_after_what_it_carries_was_not_synced_is_caught() {
    what_is_carried_is_not_synced(EMPTIED, PANICS);
}

#[test]
#[should_panic(expected = "2 was answered and is lost")]
fn a_store_that_comes_back_without_the_last_answer_is_caught() {
    what_is_closed_is_not_synced(ROLLED_BACK, FAILS);
}
