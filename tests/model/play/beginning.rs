//! Where a sequence is played, and what it begins with.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::TimeDelta;
use cmss::store::{Line, Store};
use cmss::{MemoryStore, SledStore};
use cmss_redb::RedbStore;
use cmss_testkit::lines;

use super::{Play, Played, Stage};
use crate::resolve::resolve;
use crate::steps::Step;

/// Where a sequence is played: an empty store, and where it lies, if it can be opened again.
#[derive(Debug)]
pub(crate) struct Home {
    store: Arc<dyn Store>,
    lies: Option<Place>,
}

/// A directory, and how the store in it is opened.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    path: PathBuf,
    open: fn(&Path) -> Arc<dyn Store>,
}

impl Place {
    pub(super) fn open(&self) -> Arc<dyn Store> {
        (self.open)(&self.path)
    }
}

impl Home {
    /// One that ends with its handle.
    pub(crate) fn of(store: impl Store) -> Self {
        let (store, lies) = (Arc::new(store), None);
        Self { store, lies }
    }

    /// One on sled, in a directory that is not there yet.
    pub(crate) fn on_sled(path: PathBuf) -> Self {
        Self::at(path, |path| Arc::new(SledStore::open(path).unwrap()))
    }

    /// The same on redb.
    pub(crate) fn on_redb(path: PathBuf) -> Self {
        Self::at(path, |path| Arc::new(RedbStore::open(path).unwrap()))
    }

    fn at(path: PathBuf, open: fn(&Path) -> Arc<dyn Store>) -> Self {
        let place = Place { path, open };
        Self {
            store: place.open(),
            lies: Some(place),
        }
    }
}

/// The newsroom as every sequence finds it, ready to be loaded into the sequence's store.
#[derive(Debug)]
pub(crate) struct Beginning {
    stage: Stage,
    all: Vec<Line>,
}

impl Beginning {
    /// Founds it, and does what is done before all sequences; each command is looked at as any
    /// other.
    pub(crate) async fn new() -> Self {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        let stage = Stage::set(store.clone(), Play::EACH_CHANGE).await.unwrap();
        let all = lines(&store).await.unwrap();
        Self { stage, all }
    }

    /// The same in a store of its own.
    async fn moved(&self, home: Home, how: Play) -> Result<Stage, String> {
        let Stage {
            world,
            newsroom,
            public,
            ..
        } = &self.stage;
        let stage = Stage {
            world: world.moved(self.all.clone(), home.store).await,
            newsroom: newsroom.clone(),
            how,
            lies: home.lies,
            public: public.clone(),
            changes: 0,
            counted: BTreeMap::new(),
        };
        stage.check_untouched().await?;
        Ok(stage)
    }

    /// Plays a sequence.
    pub(crate) async fn play(&self, home: Home, steps: &[Step], how: Play) -> Played {
        let mut stage = self.moved(home, how).await?;
        for (number, step) in steps.iter().enumerate() {
            let at = |why| format!("step {number}, {step:?}: {why}");
            match *step {
                Step::Clock { minutes } => {
                    stage.newsroom.clock += TimeDelta::minutes(minutes.into());
                    stage.world.set_clock(&stage.newsroom);
                }
                Step::Reopen => Box::pin(stage.reopen()).await.map_err(at)?,
                step => {
                    let Some((who, ask)) = resolve(&stage.newsroom, step) else {
                        continue;
                    };
                    let again = matches!(step, Step::Give { again: true, .. });
                    let given = Box::pin(stage.give(who, &ask, again)).await;
                    given.map_err(|why| at(format!("{who:?} {ask:?}: {why}")))?;
                }
            }
        }
        let ended = Box::pin(stage.end()).await;
        ended.map_err(|why| format!("at the end: {why}"))?;
        Ok(stage.counted)
    }
}
