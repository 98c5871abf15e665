//! An engine on two maps: what was written, and what of it is durable.
#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "part of tests, each file of which is a program of its own and uses what it needs"
)]

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};

use cmss_core::store::{Store, StoreError};
use cmss_testkit::{Declined, Fixture, async_trait};
use tempfile::{TempDir, tempdir};

use super::{Batch, Engine, KeyedStore, error};

pub(crate) type Map = BTreeMap<Vec<u8>, Vec<u8>>;

/// What happens before something becomes durable.
pub(crate) type Hook = Arc<dyn Fn() -> io::Result<()> + Send + Sync>;

/// How a hook goes on.
pub(crate) type How = fn() -> io::Result<()>;

/// A hook that tells when it is reached, and then waits until it is told how it goes on, each time.
pub(crate) fn halting() -> (Hook, impl Fn(), impl Fn(How)) {
    let (reached, is_reached) = channel();
    let (go, goes) = channel::<How>();
    let (reached, goes) = (Mutex::new(reached), Mutex::new(goes));
    let hook: Hook = Arc::new(move || {
        let _ = reached.lock().unwrap().send(());
        let how = goes.lock().unwrap().recv();
        // Nobody is left to tell when the test is over.
        how.map_or(Ok(()), |how| how())
    });
    (
        hook,
        move || is_reached.recv().unwrap(),
        move |how| go.send(how).unwrap(),
    )
}

/// What outlives an engine.
#[derive(Clone, Default)]
pub(crate) struct Disk {
    written: Arc<Mutex<Map>>,
    durable: Arc<Mutex<Map>>,
    hook: Arc<Mutex<Option<Hook>>>,
    sync_hook: Arc<Mutex<Option<Hook>>>,
    untidy: Arc<Mutex<Option<&'static str>>>,
    panics: Arc<Mutex<Option<Call>>>,
    room: usize,
    unsettled: Arc<Mutex<Unsettled>>,
    batches: Arc<Mutex<Vec<Vec<Vec<u8>>>>>,
    lookups: Arc<Mutex<Vec<Vec<u8>>>>,
    bug: Option<Bug>,
}

/// What an engine does wrong, for a test that must notice.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Bug {
    /// It says that what it could not settle is durable.
    Deaf,
    /// It says of whatever goes wrong while it settles that it does not know what that was.
    Vague,
    /// It leaves out what is written alone, as the mark of a load is.
    Unmarked,
    /// It finds nothing in a range before it has settled something.
    Late,
    /// It ends a panic itself, and says of it what a store says.
    Calm,
}

/// How many batches were written that are not durable: now, at most, and all that were ever written.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Unsettled {
    pub(crate) now: usize,
    pub(crate) most: usize,
    pub(crate) ever: usize,
}

/// What an engine can be asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Call {
    Get,
    Range,
    Apply,
    Settle,
    IsUntouched,
    Inspect,
    LetGo,
}

impl Disk {
    /// A disk whose engines leave room for so many bytes of answers.
    pub(crate) fn with_room(room: usize) -> Self {
        Self {
            room,
            ..Self::default()
        }
    }

    /// A disk whose engines have this bug.
    pub(crate) fn with(bug: Bug) -> Self {
        Self {
            bug: Some(bug),
            ..Self::default()
        }
    }

    /// Opens an engine on the disk.
    pub(crate) fn engine(&self) -> MapEngine {
        MapEngine {
            disk: self.clone(),
            has_settled: AtomicBool::new(false),
        }
    }

    /// Lets this happen from now on before anything becomes durable; `None` stops it.
    pub(crate) fn before_settling(&self, hook: Option<Hook>) {
        *self.hook.lock().unwrap() = hook;
    }

    /// Lets this happen from now on before a file beside the engine becomes durable.
    pub(crate) fn before_syncing(&self, hook: Option<Hook>) {
        *self.sync_hook.lock().unwrap() = hook;
    }

    /// Lets the engine say from now on that something is wrong with it.
    pub(crate) fn untidy(&self, how: Option<&'static str>) {
        *self.untidy.lock().unwrap() = how;
    }

    /// Lets the engine panic from now on when it is asked this; `None` stops it.
    pub(crate) fn panics_at(&self, call: Option<Call>) {
        *self.panics.lock().unwrap() = call;
    }

    pub(crate) fn unsettled(&self) -> Unsettled {
        *self.unsettled.lock().unwrap()
    }

    /// The keys of each batch that was ever written.
    pub(crate) fn batches(&self) -> Vec<Vec<Vec<u8>>> {
        self.batches.lock().unwrap().clone()
    }

    /// The keys that were looked up since this was asked last.
    pub(crate) fn lookups(&self) -> Vec<Vec<u8>> {
        std::mem::take(&mut *self.lookups.lock().unwrap())
    }

    fn asked(&self, call: Call) {
        let panics = *self.panics.lock().unwrap();
        assert_ne!(panics, Some(call), "injected");
    }

    /// Loses what is not durable.
    pub(crate) fn cut(&self) {
        *self.written.lock().unwrap() = self.durable.lock().unwrap().clone();
    }

    /// What a loss of power leaves at this moment, as a disk of its own: to this one, writing may go on.
    pub(crate) fn left(&self) -> Self {
        self.left_when(|| ())
    }

    /// The same, while nothing more is settled.
    pub(crate) fn left_when(&self, act: impl FnOnce()) -> Self {
        let durable = self.durable.lock().unwrap();
        act();
        let durable = durable.clone();
        Self {
            written: Arc::new(Mutex::new(durable.clone())),
            durable: Arc::new(Mutex::new(durable)),
            room: self.room,
            bug: self.bug,
            ..Self::default()
        }
    }

    /// Makes what was written durable.
    fn settle(&self) -> Result<(), StoreError> {
        self.asked(Call::Settle);
        let hook = self.hook.lock().unwrap().clone();
        if let Some(hook) = hook {
            hook().map_err(|source| error::io("while settling", source))?;
        }
        self.unsettled.lock().unwrap().now = 0;
        *self.durable.lock().unwrap() = self.written.lock().unwrap().clone();
        Ok(())
    }

    /// Does something to what was written, and makes it durable.
    pub(crate) fn underneath<T>(&self, act: impl FnOnce(&mut Map) -> T) -> T {
        let mut written = self.written.lock().unwrap();
        let done = act(&mut written);
        *self.durable.lock().unwrap() = written.clone();
        done
    }
}

pub(crate) struct MapEngine {
    disk: Disk,
    has_settled: AtomicBool,
}

impl Engine for MapEngine {
    const MAGIC: &'static [u8] = b"cmss-map";

    type Bytes = Vec<u8>;

    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        if self.disk.bug == Some(Bug::Calm) {
            error::contained("while reading", || {
                self.disk.asked(Call::Get);
                Ok(())
            })?;
        }
        self.disk.asked(Call::Get);
        self.disk.lookups.lock().unwrap().push(key.to_vec());
        Ok(self.disk.written.lock().unwrap().get(key).cloned())
    }

    fn range<'a>(
        &'a self,
        from: &[u8],
        until: &[u8],
    ) -> impl DoubleEndedIterator<Item = Result<(Vec<u8>, Vec<u8>), StoreError>> + use<'a> {
        self.disk.asked(Call::Range);
        let written = self.disk.written.lock().unwrap();
        let found = written.range(from.to_vec()..until.to_vec());
        let is_late = self.disk.bug == Some(Bug::Late) && !self.has_settled.load(Ordering::SeqCst);
        let found: Vec<_> = found
            .filter(|_| !is_late)
            .map(|(key, value)| Ok((key.clone(), value.clone())))
            .collect();
        found.into_iter()
    }

    fn apply(&self, mut batch: Batch) -> Result<(), StoreError> {
        self.disk.asked(Call::Apply);
        let mut unsettled = self.disk.unsettled.lock().unwrap();
        unsettled.ever += 1;
        unsettled.now += 1;
        unsettled.most = unsettled.most.max(unsettled.now);
        let keys = batch.keys().cloned().collect();
        self.disk.batches.lock().unwrap().push(keys);
        if self.disk.bug == Some(Bug::Unmarked) && batch.len() == 1 {
            batch.clear();
        }
        let mut written = self.disk.written.lock().unwrap();
        for (key, value) in batch {
            match value {
                Some(value) => written.insert(key, value),
                None => written.remove(&key),
            };
        }
        Ok(())
    }

    fn settle(&self) -> Result<(), StoreError> {
        self.has_settled.store(true, Ordering::SeqCst);
        match self.disk.bug {
            Some(Bug::Deaf) => {
                let _ = catch_unwind(AssertUnwindSafe(|| self.disk.settle()));
                Ok(())
            }
            Some(Bug::Vague) => {
                let settled = self.disk.settle();
                settled.map_err(|_| error::io("while settling", io::Error::other("something")))
            }
            Some(Bug::Unmarked | Bug::Late | Bug::Calm) | None => self.disk.settle(),
        }
    }

    fn sync(&self, _: &File) -> io::Result<()> {
        let hook = self.disk.sync_hook.lock().unwrap().clone();
        hook.map_or(Ok(()), |hook| hook())
    }

    fn is_untouched(&self) -> Result<bool, StoreError> {
        self.disk.asked(Call::IsUntouched);
        Ok(self.disk.written.lock().unwrap().is_empty())
    }

    fn inspect(&self) -> Result<(), StoreError> {
        self.disk.asked(Call::Inspect);
        let how = *self.disk.untidy.lock().unwrap();
        how.map_or(Ok(()), |how| Err(error::corrupt(how)))
    }

    fn room(&self) -> usize {
        self.disk.room
    }

    fn let_go(self) {
        self.disk.asked(Call::LetGo);
    }
}

#[derive(Default)]
pub(crate) struct MapFixture {
    disk: Disk,
    store: Option<Arc<KeyedStore<MapEngine>>>,
    /// Where a journal and a witness are, if they are.
    home: Option<TempDir>,
}

impl MapFixture {
    /// A store in a directory, that keeps so many bytes of answers, on a disk that takes its time to
    /// make something durable, as disks do.
    pub(crate) fn in_directory(room: usize) -> Self {
        Self {
            home: Some(tempdir().unwrap()),
            ..Self::slow(room)
        }
    }

    /// The same without a directory.
    pub(crate) fn slow(room: usize) -> Self {
        let own = Self {
            disk: Disk::with_room(room),
            ..Self::default()
        };
        own.disk.before_settling(Some(Arc::new(|| {
            for _ in 0..20 {
                std::thread::yield_now();
            }
            Ok(())
        })));
        own
    }
}

#[async_trait]
impl Fixture for MapFixture {
    async fn open(&mut self) -> Arc<dyn Store> {
        let engine = || self.disk.engine();
        let open = || match &self.home {
            Some(home) => KeyedStore::open_in(engine(), home.path()),
            None => KeyedStore::open(engine(), "the map"),
        };
        let open = || Arc::new(open().unwrap());
        self.store.get_or_insert_with(open).clone()
    }

    /// What was never settled is lost in between.
    async fn reopen(&mut self) -> Result<Arc<dyn Store>, Declined> {
        self.cut().await
    }

    async fn cut(&mut self) -> Result<Arc<dyn Store>, Declined> {
        let home = self.home.as_ref().map(|_| tempdir().unwrap());
        let left = self.disk.left_when(|| {
            let homes = self.home.iter().zip(&home);
            // The witness first: what it has seen by then is in the journal.
            for (file, (from, to)) in ["witness", "journal"].into_iter().zip(homes.cycle()) {
                // There is none before the store was opened.
                let _ = fs::copy(from.path().join(file), to.path().join(file));
            }
        });
        if let Some(store) = self.store.take() {
            store.close().await.unwrap();
        }
        self.disk = left;
        self.home = home;
        Ok(self.open().await)
    }

    async fn failing(&mut self) -> Result<Arc<dyn Store>, Declined> {
        let store = self.open().await;
        let fails: Hook = Arc::new(|| Err(io::Error::other("injected")));
        self.disk.before_settling(Some(fails.clone()));
        self.disk.before_syncing(Some(fails));
        Ok(store)
    }

    fn another(&self) -> Box<dyn Fixture> {
        let room = self.disk.room;
        Box::new(match &self.home {
            Some(_) => Self::in_directory(room),
            None => Self::slow(room),
        })
    }
}
