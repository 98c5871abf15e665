//! Upkeep of a store of which each call fails: what it has done when it fails stays done, and who begins
//! anew ends where one would have that did not fail.

use std::cell::RefCell;
use std::collections::BTreeMap;

use cmss::Ids;
use cmss::store::{DocRef, Expect, Salt, StoreError, Stored, Write};
use cmss_testkit::faults::{Dump, under_every_fault_to_its_end};
use uuid::Uuid;

use super::*;
use crate::past::{
    Standing, commit, documents, is_of_the_feed, is_private, older, overwrite, stands,
};

/// Ids that follow from how much has been committed: whoever goes on after a commit uses those that
/// were used after it the first time. Upkeep gives its commands no keys of its own, and each step of it
/// is another command, so that all that has to be told apart are the commits.
#[derive(Debug)]
struct SinceCommit(MemoryStore);

impl Ids for SinceCommit {
    fn fresh(&self) -> Uuid {
        let as_of = block_on(self.0.get(&[])).unwrap().as_of;
        SeededIds::new(&format!("since commit {as_of}")).fresh()
    }
}

/// A store that needs upkeep.
struct Neglected {
    store: MemoryStore,
    /// What it should hold.
    kept: Vec<Standing>,
    /// The store that a scenario began with, beneath the one that fails.
    beneath: RefCell<MemoryStore>,
}

impl Neglected {
    async fn of(sound: &MemoryStore, store: MemoryStore) -> Self {
        let neglected = Self {
            store: store.clone(),
            kept: standing(sound).await,
            beneath: RefCell::new(store),
        };
        assert_ne!(standing(&neglected.store).await, neglected.kept);
        neglected
    }

    /// Many documents that are rendered from no other are spelled otherwise, the newsroom's as an older
    /// release did, and some entries of the feed are not found.
    async fn spelled_otherwise() -> Self {
        let rich = Rich::told().await;
        let store = rich.store.fork().unwrap();
        let all = documents(&store).await;
        let private = all.iter().filter(|one| is_private(one));
        for (number, stored) in (1_000..).zip(private) {
            let mut stored = older(stored);
            if stored.at.collection.as_str() == "newsroom" {
                let schema = stored.body.replacen(r#""schema":1"#, r#""schema":0"#, 1);
                assert_ne!(schema, *stored.body);
                stored.body = schema.into();
            } else if number % 3 > 0 {
                // Each costs calls, and nothing else is to be seen of it.
                continue;
            }
            overwrite(&store, number, stored).await;
        }
        let feed = all.iter().filter(|one| is_of_the_feed(one));
        for (number, stored) in (2_000..).zip(feed).step_by(2) {
            let entries = Vec::new();
            let lost = Stored {
                entries,
                ..stored.clone()
            };
            overwrite(&store, number, lost).await;
        }
        Self::of(&rich.store, store).await
    }

    /// Of what is rendered some is lacking, some is spelled otherwise, and some nothing accounts for.
    async fn rendered_otherwise() -> Self {
        let rich = Rich::told().await;
        let store = rich.store.fork().unwrap();
        let mut rendered = documents(&store).await;
        rendered.retain(|one| !is_private(one) && !is_of_the_feed(one));
        for (number, stored) in (1_000..).zip(&rendered) {
            let at = stored.at.clone();
            match number % 4 {
                0 => {
                    let expect = vec![Expect::At(at.clone(), stored.version)];
                    commit(&store, number, expect, Write::Remove { at }).await;
                }
                1 => overwrite(&store, number, older(stored)).await,
                2 => {
                    let stray = Write::Put {
                        at: DocRef {
                            collection: at.collection,
                            id: Uuid::from_u128(at.id.as_u128() ^ 1),
                        },
                        salt: Salt([7; 16]),
                        body: stored.body.clone(),
                        card: None,
                        entries: Vec::new(),
                    };
                    commit(&store, number, Vec::new(), stray).await;
                }
                _ => {}
            }
        }
        Self::of(&rich.store, store).await
    }

    fn fresh(&self) -> Arc<dyn Store> {
        let store = self.store.fork().unwrap();
        self.beneath.replace(store.clone());
        Arc::new(store)
    }

    async fn opened(&self, store: Arc<dyn Store>) -> Result<Cms, Error> {
        let builder = Cms::builder(store).clock(Arc::new(SetClock::at(at("2026-06-01T08:00:00Z"))));
        let ids = SinceCommit(self.beneath.borrow().clone());
        builder.ids(Arc::new(ids)).open().await
    }

    /// What holds however far the upkeep has come: each document stands as it did or as it should, and
    /// what is left to do can be done.
    async fn holds(&self, neglected: &BTreeMap<String, Standing>) {
        let store = self.beneath.borrow().fork().unwrap();
        let kept: BTreeMap<&str, &Standing> =
            self.kept.iter().map(|one| (one.0.as_str(), one)).collect();
        for one in standing(&store).await {
            let as_it_should = kept.get(one.0.as_str()).is_some_and(|kept| **kept == one);
            let as_it_did = neglected.get(&one.0) == Some(&one);
            assert!(as_it_should || as_it_did, "{} stands otherwise", one.0);
        }
        let cms = opened(Arc::new(store.clone())).await.unwrap();
        cms.upgrade(|_| {}).await.unwrap();
        cms.rebuild_site(|_| {}).await.unwrap();
        cms.check(|_| {}).await.unwrap();
        assert_eq!(standing(&store).await, self.kept);
    }

    /// Tends to it with every fault at every call; answers also which calls were made
    /// once the newsroom was open.
    fn tend(
        &self,
        tend: impl AsyncFn(Cms) -> Result<(), Error>,
        difference: impl Fn(&Dump, &Dump) -> Option<String>,
    ) -> (Survived, Vec<&'static str>) {
        let counting = Arc::new(Counting::new(self.fresh()));
        let cms = block_on(self.opened(counting.clone())).unwrap();
        let (opening, _) = met(counting.counts());
        counting.reset();
        block_on(tend(cms)).unwrap();
        let neglected = block_on(standing(&self.store)).into_iter();
        let neglected = neglected.map(|one| (one.0.clone(), one)).collect();
        let survived = under_every_fault_to_its_end(
            || self.fresh(),
            async |store| tend(self.opened(store).await?).await,
            async |_| self.holds(&neglected).await,
            difference,
        );
        let (calls, made) = met(counting.counts());
        assert_eq!(survived.calls, opening + calls);
        assert_eq!(survived.recovered, 0, "{SWALLOWED}");
        let left = self.beneath.borrow().clone();
        assert_eq!(block_on(standing(&left)), self.kept);
        (survived, made)
    }
}

/// What stands where but for the feed and its count, which grow when the site is rendered again.
async fn standing(store: &dyn Store) -> Vec<Standing> {
    let documents = documents(store).await;
    documents
        .iter()
        .filter(|one| !grows(one))
        .map(stands)
        .collect()
}

fn grows(one: &Stored) -> bool {
    is_of_the_feed(one) || one.at.collection.as_str() == "feed"
}

/// How two stores differ whose site was rendered again in steps that need not be the same: where each
/// begins follows from how many documents there are by then, what was rendered before among them. Each
/// step that changes something is told of once in the feed.
fn in_other_steps(left: &Dump, end: &Dump) -> Option<String> {
    let standing = |dump: &Dump| {
        let standing = dump.docs.iter().filter(|one| !grows(one));
        standing.map(stands).collect::<Vec<_>>()
    };
    let untold = |dump: &Dump| {
        let told = dump.docs.iter().filter(|one| is_of_the_feed(one));
        for (one, number) in told.clone().zip(1..) {
            assert_eq!(one.at.id.as_u128(), number, "the feed has a gap");
        }
        dump.records.len() - told.count()
    };
    if untold(left) != untold(end) {
        return Some("as many commits are not told of once".to_owned());
    }
    let (left, end) = (standing(left), standing(end));
    let mut both = left.iter().zip(&end);
    let differs = both.find(|(left, end)| left != end).map(|(left, end)| {
        let (left, end) = (&left.0, &end.0);
        format!("{left} stands there, not {end}, or stands otherwise")
    });
    differs.or_else(|| (left.len() != end.len()).then(|| "there are more or fewer".to_owned()))
}

async fn upgrade(cms: Cms) -> Result<(), Error> {
    cms.upgrade(|_| {}).await.map(drop)
}

async fn rebuild(cms: Cms) -> Result<(), Error> {
    cms.rebuild_site(|_| {}).await.map(drop)
}

#[test]
fn an_upgrade_ends_the_same_whichever_call_fails_and_however() {
    let neglected = block_on(Neglected::spelled_otherwise());
    let (survived, made) = neglected.tend(upgrade, Dump::difference);
    assert_eq!(made, ["get", "walk", "commit", "receipt", "changes"]);
    assert!(survived.commits > 5, "{survived:?}");
    told("an upgrade", survived);
}

#[test]
fn a_site_is_rebuilt_the_same_whichever_call_fails_and_however() {
    let neglected = block_on(Neglected::rendered_otherwise());
    let (survived, made) = neglected.tend(rebuild, in_other_steps);
    assert_eq!(
        made,
        ["get", "scan", "walk", "commit", "receipt", "changes"]
    );
    assert!(survived.commits > 5, "{survived:?}");
    told("a rebuild", survived);
}

#[test]
fn an_upgrade_whose_keys_begin_anew_is_caught() {
    let neglected = block_on(Neglected::spelled_otherwise());
    let scenario = async |store| upgrade(opened(store).await?).await;
    let run = || under_every_fault(|| neglected.fresh(), scenario, async |_| {});
    assert!(is_caught(run));
}

#[test]
fn upkeep_that_takes_what_it_has_not_heard_of_for_all_is_caught() {
    let neglected = block_on(Neglected::spelled_otherwise());
    let run = || {
        let upgrade = async |cms| match upgrade(cms).await {
            Err(Error::Store(StoreError::Unknown { .. })) => Ok(()),
            answer => answer,
        };
        neglected.tend(upgrade, Dump::difference)
    };
    assert!(is_caught(run));
}
