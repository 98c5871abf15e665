//! A store in a directory that is watched, as a fixture of which the power can be cut.

use std::fmt;
use std::fs::File;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use cmss_core::store::{Store, StoreError};
use cmss_keyed::directory;
use tempfile::{TempDir, tempdir};

use super::chance::Chance;
use super::life::{STORE, Synced};
use super::shadow::{Rules, Shadow};
use crate::seed::Seed;
use crate::{Declined, Fixture};

/// A store in a directory of its own, of which the [power can be cut](Fixture::cut).
///
/// It is opened, and its files become durable, as those of a [`Trial`](super::trial::Trial) do.
pub struct Watched<S> {
    open: fn(&Path, Synced) -> Result<S, StoreError>,
    rules: Rules,
    cases: u32,
    /// That of all its kind.
    chance: Arc<Mutex<Chance>>,
    /// Dropped before the directory is.
    store: Option<Arc<S>>,
    shadow: Arc<Mutex<Shadow>>,
    synced: Synced,
    home: TempDir,
}

impl<S> fmt::Debug for Watched<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watched")
            .field("home", &self.home)
            .field("shadow", &self.shadow)
            .finish_non_exhaustive()
    }
}

impl<S> Watched<S> {
    /// An empty one, of which so many [cases](Fixture::cases) are played.
    ///
    /// # Panics
    /// When no directory can be made.
    #[must_use]
    pub fn new(open: fn(&Path, Synced) -> Result<S, StoreError>, rules: Rules, cases: u32) -> Self {
        let chance = Chance::new(Seed::given().number("power of a fixture"));
        Self::by(open, rules, cases, Arc::new(Mutex::new(chance)))
    }

    fn by(
        open: fn(&Path, Synced) -> Result<S, StoreError>,
        rules: Rules,
        cases: u32,
        chance: Arc<Mutex<Chance>>,
    ) -> Self {
        let home = tempdir().expect("there is room for a store");
        let shadow = Arc::new(Mutex::new(Shadow::of(home.path(), rules)));
        let synced: Synced = {
            let shadow = shadow.clone();
            Arc::new(move |file: &File| lock(&shadow).sync(file))
        };
        directory::told(&synced);
        Self {
            open,
            rules,
            cases,
            chance,
            store: None,
            shadow,
            synced,
            home,
        }
    }
}

#[async_trait]
impl<S: Store + 'static> Fixture for Watched<S> {
    async fn open(&mut self) -> Arc<dyn Store> {
        let opened = || (self.open)(&self.home.path().join(STORE), self.synced.clone());
        let open = || Arc::new(opened().expect("the store opens"));
        self.store.get_or_insert_with(open).clone()
    }

    async fn reopen(&mut self) -> Result<Arc<dyn Store>, Declined> {
        if let Some(store) = self.store.take() {
            store.close().await.expect("the store closes");
        }
        Ok(self.open().await)
    }

    async fn cut(&mut self) -> Result<Arc<dyn Store>, Declined> {
        let left = lock(&self.shadow).cut(&mut lock(&self.chance));
        let next = Self::by(self.open, self.rules, self.cases, self.chance.clone());
        left.write(next.home.path());
        // What the power has left is elsewhere; who calls the store from before gets an end.
        if let Some(store) = self.store.take() {
            // It had none to close it with.
            let _ = store.close().await;
        }
        *self = next;
        *lock(&self.shadow) = Shadow::of(self.home.path(), self.rules);
        let left = (self.open)(&self.home.path().join(STORE), self.synced.clone());
        let left = Arc::new(left.expect("what the power has left opens"));
        self.store = Some(left.clone());
        Ok(left)
    }

    fn another(&self) -> Box<dyn Fixture> {
        let chance = self.chance.clone();
        Box::new(Self::by(self.open, self.rules, self.cases, chance))
    }

    fn cases(&self) -> u32 {
        self.cases
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
