//! Exports of a store of which each call fails: what comes out is the whole export, or none that is
//! finished.

use std::cell::RefCell;
use std::future::poll_fn;
use std::io::Cursor;
use std::pin::pin;
use std::task::Poll;

use cmss::store::{Expect, Export, Seq, StoreError, Write, import};
use cmss_testkit::lines;

use super::*;
use crate::past::{commit, documents, older, overwrite};

/// A store, and what is exported of it.
struct House {
    store: MemoryStore,
    /// From where on.
    after: Seq,
    /// The files before it.
    before: Vec<Vec<u8>>,
    /// What comes out of the sound store.
    sound: Vec<u8>,
    calls: usize,
    made: Vec<&'static str>,
}

impl House {
    async fn of(store: MemoryStore, after: Seq, before: Vec<Vec<u8>>) -> Self {
        let counting = Counting::new(Arc::new(store.clone()));
        let sound = RefCell::default();
        plainly(&counting, after, &sound).await.unwrap();
        let (calls, made) = met(counting.counts());
        let house = Self {
            store,
            after,
            before,
            sound: sound.into_inner(),
            calls,
            made,
        };
        let moved = MemoryStore::new();
        let loaded = moved.load(house.import(&house.sound).unwrap()).await;
        loaded.unwrap();
        assert_eq!(
            lines(&moved).await.unwrap(),
            lines(&house.store).await.unwrap()
        );
        house
    }

    /// All of the rich newsroom.
    async fn whole() -> Self {
        Self::of(Rich::told().await.store, Seq::ZERO, Vec::new()).await
    }

    /// What was done in it since: some documents were written again, and some taken out.
    async fn since() -> Self {
        let Self { store, sound, .. } = Self::whole().await;
        let after = store.get(&[]).await.unwrap().as_of;
        for (number, stored) in (1_000..).zip(documents(&store).await).step_by(20) {
            if number % 40 == 0 {
                overwrite(&store, number, older(&stored)).await;
            } else {
                let expect = vec![Expect::At(stored.at.clone(), stored.version)];
                commit(&store, number, expect, Write::Remove { at: stored.at }).await;
            }
        }
        Self::of(store, after, vec![sound]).await
    }

    /// What a load takes, of this file and those before it.
    fn import(&self, file: &[u8]) -> Result<cmss::store::Lines, StoreError> {
        let files = self.before.iter().cloned().chain([file.to_vec()]);
        import(files.map(Cursor::new), &self.store.limits())
    }

    /// Asserts that a file is the whole export, or is refused.
    fn judge(&self, file: &[u8]) {
        if file == self.sound {
            return;
        }
        let refused = self.import(file).map(drop);
        let refused = matches!(refused, Err(StoreError::Corrupt { .. }));
        assert!(refused, "an export that is not whole can be loaded");
    }

    /// Exports with every fault at every call. What is in the file when it is given up, or left
    /// because nothing is heard any more, is looked at too.
    fn export(
        &self,
        export: impl AsyncFn(&dyn Store, Seq, &RefCell<Vec<u8>>) -> Result<(), StoreError>,
    ) -> Survived {
        let file = RefCell::new(Vec::new());
        let scenario = async |store: Arc<dyn Store>| {
            self.judge(&file.borrow());
            let exported = export(&*store, self.after, &file).await;
            match &exported {
                Ok(()) => assert!(*file.borrow() == self.sound, "it is not the whole export"),
                Err(_) => assert!(*file.borrow() != self.sound, "it is whole, and has failed"),
            }
            self.judge(&file.borrow());
            Ok(exported?)
        };
        let survived = under_every_fault(|| Arc::new(self.store.clone()), scenario, async |_| {});
        self.judge(&file.borrow());
        assert_eq!((survived.calls, survived.commits), (self.calls, 0));
        survived
    }
}

/// Writes an export to a file, from its beginning.
async fn plainly(store: &dyn Store, after: Seq, file: &RefCell<Vec<u8>>) -> Result<(), StoreError> {
    file.borrow_mut().clear();
    let mut export = Export::after(store, after);
    loop {
        let lines = export.next().await;
        if lines.is_err() {
            assert_eq!(export.exported(), None);
        }
        match lines? {
            Some(lines) => file.borrow_mut().extend_from_slice(lines.as_bytes()),
            None => return Ok(()),
        }
    }
}

/// The same, but goes on with the same export after a failure that passes, and after it has waited
/// for an answer long enough.
async fn insistently(
    store: &dyn Store,
    after: Seq,
    file: &RefCell<Vec<u8>>,
) -> Result<(), StoreError> {
    file.borrow_mut().clear();
    let mut export = Export::after(store, after);
    loop {
        let answer = {
            let mut next = pin!(export.next());
            poll_fn(|context| match next.as_mut().poll(context) {
                Poll::Ready(answer) => Poll::Ready(Some(answer)),
                Poll::Pending => Poll::Ready(None),
            })
            .await
        };
        match answer {
            None | Some(Err(StoreError::Unavailable { .. })) => {}
            Some(Ok(Some(lines))) => file.borrow_mut().extend_from_slice(lines.as_bytes()),
            Some(Ok(None)) => return Ok(()),
            Some(Err(error)) => return Err(error),
        }
    }
}

/// The whole and what was done since.
fn houses() -> [House; 2] {
    let houses = block_on(async { [House::whole().await, House::since().await] });
    for house in &houses {
        assert_eq!(house.made, ["walk", "changes"]);
        assert!(house.calls > 10, "{}", house.calls);
    }
    let gone = br#"{"gone":"#;
    let sound = &houses[1].sound;
    assert!(sound.windows(gone.len()).any(|here| here == gone));
    houses
}

#[test]
fn an_export_is_whole_or_not_finished_whichever_call_fails() {
    let all = houses().iter().fold(Survived::default(), |all, house| {
        together(all, house.export(plainly))
    });
    assert_eq!(told("exports", all).recovered, 0, "{SWALLOWED}");
}

#[test]
fn an_export_that_is_asked_again_goes_on_whichever_call_fails() {
    let all = houses().iter().fold(Survived::default(), |all, house| {
        together(all, house.export(insistently))
    });
    // Where it is refused and may ask again, and where it does not hear.
    assert_eq!(told("insistent exports", all).recovered, 2 * all.calls);
}

#[test]
fn an_export_that_takes_an_error_for_the_end_is_caught() {
    let house = block_on(House::whole());
    assert!(is_caught(|| {
        house.export(async |store, after, file| {
            let _ = plainly(store, after, file).await;
            Ok(())
        })
    }));
}

#[test]
fn an_export_that_begins_again_in_the_same_file_is_caught() {
    let house = block_on(House::whole());
    assert!(is_caught(|| {
        house.export(async |store, after, file| {
            file.borrow_mut().clear();
            loop {
                let again = RefCell::default();
                let exported = plainly(store, after, &again).await;
                file.borrow_mut().extend(again.into_inner());
                if !exported.as_ref().is_err_and(StoreError::is_retryable) {
                    return exported;
                }
            }
        })
    }));
}
