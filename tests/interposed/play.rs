//! How commands are played on copies of the scene, and what they leave behind.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use cmss::store::{DocRef, Entry, Seq, Store, Stored};
use cmss::{Error, MemoryStore};
use cmss_testkit::Interposed;
use uuid::Uuid;

use crate::commands::Given;
use crate::scene::{Scene, commits, key};
use crate::support::opened;

/// What is left of a document: body, card and entries.
type Left = (Arc<str>, Option<Arc<str>>, Vec<Entry>);

/// Every document that is not as it was in the scene. Versions, salts and the log are no part of
/// it.
pub type Changed = BTreeMap<DocRef, Option<Left>>;

/// What a command answered, and what has changed by then.
pub type Played = (Answer, Changed);

/// What two commands answered, and what has changed by then.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outcome {
    pub first: Answer,
    pub second: Answer,
    pub changed: Changed,
}

/// What a command answered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    Done(String),
    Conflict(String),
    Refused(String),
    /// Nobody has given it.
    NotGiven,
}

impl Answer {
    fn of(answer: Result<serde_json::Value, Error>) -> Self {
        match answer {
            Ok(done) => Self::Done(done.to_string()),
            Err(error @ Error::Conflict(_)) => Self::Conflict(format!("{error:?}")),
            Err(error @ (Error::Refused(_) | Error::NotFound { .. })) => {
                Self::Refused(format!("{error:?}"))
            }
            Err(other) => panic!("{other:?}"),
        }
    }
}

/// The scene as it was set.
pub struct Stage {
    scene: MemoryStore,
    docs: BTreeMap<DocRef, Stored>,
    seq: Seq,
}

/// What stands between the first command and the store.
pub type Wrap = fn(Arc<dyn Store>) -> Arc<dyn Store>;

impl Stage {
    pub async fn of(scene: &Scene) -> Self {
        let scene = scene.fork();
        let walked = scene.walk(None, 1_000).await.unwrap();
        assert!(!walked.more);
        let docs = walked.docs.into_iter();
        let docs = docs.map(|stored| (stored.at.clone(), stored)).collect();
        let seq = commits(&scene).await;
        Self { scene, docs, seq }
    }

    /// A store of its own in which nothing has been played.
    pub fn fork(&self) -> MemoryStore {
        self.scene.fork().unwrap()
    }

    /// Whether nothing was committed after the scene.
    pub async fn is_untouched(&self, store: &MemoryStore) -> bool {
        commits(store).await == self.seq
    }

    /// A command alone: what it answers, and the store afterwards.
    pub async fn alone(&self, given: &Given, side: &str) -> (Answer, MemoryStore) {
        let store = self.fork();
        (give(given, &store, side).await, store)
    }

    /// Another after it.
    pub async fn then(&self, played: &MemoryStore, given: &Given, side: &str) -> Played {
        let store = played.fork().unwrap();
        let answer = give(given, &store, side).await;
        (answer, self.changed(&store).await)
    }

    /// The second, whole, before a call of the first: between its last read and its commit, or
    /// before the call with a number. Answers too whether it came to that.
    pub async fn interposed(
        &self,
        first: &Given,
        second: &Given,
        before_call: Option<usize>,
        wrap: Wrap,
    ) -> (Outcome, bool) {
        let store = self.fork();
        let behind: Arc<dyn Store> = Arc::new(store.clone());
        let answered = Arc::new(Mutex::new(Answer::NotGiven));
        let event = {
            let (answered, second, store) = (answered.clone(), second.clone(), store.clone());
            async move {
                let answer = give(&second, &store, "second").await;
                *answered.lock().unwrap() = answer;
            }
        };
        let interposed = Arc::new(match before_call {
            None => Interposed::new(behind, event),
            Some(number) => Interposed::before_call(number, behind, event),
        });
        let over = wrap(interposed.clone());
        let first = give(first, &over, "first").await;
        let second = answered.lock().unwrap().clone();
        let changed = self.changed(&store).await;
        let outcome = Outcome {
            first,
            second,
            changed,
        };
        (outcome, interposed.has_run())
    }

    /// Every document that is not as it was in the scene.
    pub async fn changed(&self, store: &MemoryStore) -> Changed {
        let changes = store.changes(self.seq, 1_000).await.unwrap();
        let touched = changes.records.iter().flat_map(|record| &record.touched);
        let mut changed = BTreeMap::new();
        for touched in touched {
            let at = &touched.at;
            let now = stored(store, at).await.map(left);
            let before = self.docs.get(at).cloned().map(left);
            if now != before {
                changed.insert(at.clone(), now);
            }
        }
        changed
    }
}

/// Gives a command under the key of its side.
pub async fn give<S: Store + Clone>(given: &Given, store: &S, side: &str) -> Answer {
    let cms = opened(store.clone(), side).await;
    let desk = cms.desk(given.by.clone()).once(key(side));
    Answer::of(desk.execute(&given.command).await)
}

/// A document with its card and entries.
async fn stored(store: &dyn Store, at: &DocRef) -> Option<Stored> {
    let before = DocRef {
        collection: at.collection.clone(),
        id: Uuid::from_u128(at.id.as_u128() - 1),
    };
    let walked = store.walk(Some(&before), 1).await.unwrap();
    walked
        .docs
        .into_iter()
        .next()
        .filter(|stored| stored.at == *at)
}

fn left(stored: Stored) -> Left {
    (stored.body, stored.card, stored.entries)
}
