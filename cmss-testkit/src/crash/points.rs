//! Named points at which a process ends itself, and engines that reach them.
//!
//! A child that was told to die at a point does so when it [reaches](reach) it for the so-many-th
//! time; anywhere else, reaching one means nothing.

use std::fs::File;
use std::io;
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::{self, ThreadId};

use cmss_core::store::StoreError;
use cmss_keyed::{Batch, Engine, Item};

/// Where a process can be told to die.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Point {
    /// The engine is about to be asked something, whatever it is.
    Asked,
    /// Nothing was asked since the commit before was in the journal: the next is about to be judged, and
    /// nothing of it is written.
    Judging,
    /// The commit has been written to the journal, and not yet forced to the device.
    Journaling,
    /// The journal has been made durable.
    Journaled,
    /// The commit can be read, and nobody has been answered.
    Visible,
    /// The commit has been answered; the caller has not looked yet, and the witness knows nothing.
    Answered,
    /// The witness has written the commit down, and nothing else has been begun.
    Attested,
    /// The file in which a load is sorted is there, and has its name.
    Sorting,
    /// A batch is about to be applied: of a load, or of what is carried from the journal.
    Applying,
    /// A batch has been applied.
    Applied,
    /// What was applied has been handed to the system, and not yet forced to the device.
    Flushed,
    /// What was applied has been made durable.
    Settled,
}

impl Point {
    /// The points of a commit, in the order in which it reaches them.
    pub const COMMIT: [Self; 6] = [
        Self::Judging,
        Self::Journaling,
        Self::Journaled,
        Self::Visible,
        Self::Answered,
        Self::Attested,
    ];

    /// Those of a batch.
    pub const BATCH: [Self; 4] = [Self::Applying, Self::Applied, Self::Flushed, Self::Settled];

    /// Whether a batch is there when its process has died here; `None` where it may be.
    #[must_use]
    pub const fn is_whole(self) -> Option<bool> {
        match self {
            Self::Applied => None,
            // The process dies, the system does not.
            Self::Flushed | Self::Settled => Some(true),
            _ => Some(false),
        }
    }

    /// Whether a commit is in the journal when its process has died here.
    pub(super) const fn is_journaled(self) -> bool {
        !matches!(self, Self::Asked | Self::Judging)
    }

    /// Whether the caller has been told of the commit, and the witness of the store has seen it.
    pub(super) const fn is_known(self) -> bool {
        matches!(self, Self::Attested) || self.is_of_batch()
    }

    pub(super) const fn is_of_batch(self) -> bool {
        matches!(
            self,
            Self::Applying | Self::Applied | Self::Flushed | Self::Settled
        )
    }
}

/// By its name in the code.
impl FromStr for Point {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let commit = [Self::Asked, Self::Sorting].into_iter().chain(Self::COMMIT);
        let mut all = commit.chain(Self::BATCH);
        let found = all.find(|point| format!("{point:?}") == name);
        found.ok_or_else(|| format!("no point is called {name}"))
    }
}

/// What this process is told.
struct Plan {
    point: Point,
    nth: u32,
    reached: AtomicU32,
    armed: AtomicBool,
}

static PLAN: OnceLock<Plan> = OnceLock::new();

/// Dies at the so-many-th time that this point is reached after [`arm`].
pub(super) fn die_at(point: Point, nth: u32) {
    let plan = Plan {
        point,
        nth,
        reached: AtomicU32::new(0),
        armed: AtomicBool::new(false),
    };
    assert!(PLAN.set(plan).is_ok(), "a process dies once");
}

/// From now on, or no more.
pub(super) fn arm(armed: bool) {
    if let Some(plan) = PLAN.get() {
        plan.armed.store(armed, Ordering::SeqCst);
        UNASKED.store(true, Ordering::SeqCst);
    }
}

/// How often the point was reached.
pub(super) fn reached() -> u32 {
    let plan = PLAN.get();
    plan.map_or(0, |plan| plan.reached.load(Ordering::SeqCst))
}

/// Ends the process if it was told to die here.
pub fn reach(point: Point) {
    if let Some(plan) = PLAN.get()
        && plan.point == point
        && plan.armed.load(Ordering::SeqCst)
        && plan.reached.fetch_add(1, Ordering::SeqCst) + 1 == plan.nth
    {
        std::process::abort();
    }
}

/// The thread that has answered a commit, and has asked the engine nothing since.
static ANSWERED: Mutex<Option<ThreadId>> = Mutex::new(None);

/// A commit has been answered by this thread.
pub(super) fn answered() {
    *lock(&ANSWERED) = Some(thread::current().id());
    reach(Point::Answered);
}

/// Nothing was asked since the journal was made durable.
static UNASKED: AtomicBool = AtomicBool::new(true);

/// The engine is asked. Who has answered a commit has let the witness write it down before.
fn asked() {
    let own = Some(thread::current().id());
    let is_first = lock(&ANSWERED).take_if(|answered| Some(*answered) == own);
    if is_first.is_some() {
        reach(Point::Attested);
    }
    if UNASKED.swap(false, Ordering::SeqCst) {
        reach(Point::Judging);
    }
    reach(Point::Asked);
}

/// Held while nothing may be answered.
static GATE: Mutex<()> = Mutex::new(());

/// While this is held, nothing becomes durable in the journal, and so nothing is answered.
pub(super) fn held_back() -> MutexGuard<'static, ()> {
    lock(&GATE)
}

/// A commit has been sent, and is not in the journal.
static SENT: AtomicBool = AtomicBool::new(false);

/// A commit is in the journal, and its caller has not said what it was answered.
static UNSAID: AtomicBool = AtomicBool::new(false);

/// A commit is sent. It is not carried before its caller has [said](said) what it was answered.
pub(super) fn sends() {
    SENT.store(true, Ordering::SeqCst);
}

/// The caller has said it.
pub(super) fn said() {
    UNSAID.store(false, Ordering::SeqCst);
}

fn wait_until_said() {
    while UNSAID.load(Ordering::SeqCst) {
        thread::yield_now();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// All of an engine but what is named; and what happens before each of the rest.
macro_rules! otherwise_as_it_is {
    ($($first:expr)?; $($changed:item)+) => {
        const MAGIC: &'static [u8] = E::MAGIC;

        type Bytes = E::Bytes;

        fn get(&self, key: &[u8]) -> Result<Option<E::Bytes>, StoreError> {
            $($first;)?
            self.0.get(key)
        }

        fn range<'a>(
            &'a self,
            from: &[u8],
            until: &[u8],
        ) -> impl DoubleEndedIterator<Item = Result<(E::Bytes, E::Bytes), StoreError>> + use<'a, E>
        {
            $($first;)?
            self.0.range(from, until)
        }

        fn is_untouched(&self) -> Result<bool, StoreError> {
            $($first;)?
            self.0.is_untouched()
        }

        fn inspect(&self) -> Result<(), StoreError> {
            $($first;)?
            self.0.inspect()
        }

        fn let_go(self) {
            self.0.let_go();
        }

        $($changed)+
    };
}

/// An engine that tells which points it reaches.
#[derive(Debug)]
pub struct Mortal<E>(pub E);

impl<E: Engine> Engine for Mortal<E> {
    otherwise_as_it_is! {
        asked();

        fn apply(&self, batch: Batch) -> Result<(), StoreError> {
            wait_until_said();
            asked();
            reach(Point::Applying);
            self.0.apply(batch)?;
            reach(Point::Applied);
            Ok(())
        }

        fn fill(&self, items: Vec<Item>) -> Result<(), StoreError> {
            asked();
            reach(Point::Applying);
            self.0.fill(items)?;
            reach(Point::Applied);
            Ok(())
        }

        fn settle(&self) -> Result<(), StoreError> {
            wait_until_said();
            asked();
            self.0.settle()?;
            reach(Point::Settled);
            Ok(())
        }

        fn sync(&self, file: &File) -> io::Result<()> {
            drop(lock(&GATE));
            asked();
            reach(Point::Journaling);
            self.0.sync(file)?;
            if SENT.swap(false, Ordering::SeqCst) {
                UNSAID.store(true, Ordering::SeqCst);
            }
            UNASKED.store(true, Ordering::SeqCst);
            reach(Point::Journaled);
            Ok(())
        }
    }
}

/// A planted fault: says that it has settled, and has not.
#[derive(Debug)]
pub struct Forgetful<E>(pub E);

impl<E: Engine> Engine for Forgetful<E> {
    otherwise_as_it_is! {
        ;

        fn apply(&self, batch: Batch) -> Result<(), StoreError> {
            self.0.apply(batch)
        }

        fn settle(&self) -> Result<(), StoreError> {
            Ok(())
        }

        fn sync(&self, file: &File) -> io::Result<()> {
            self.0.sync(file)
        }
    }
}

/// A planted fault: writes a batch in two, the first of them durably.
#[derive(Debug)]
pub struct Halving<E>(pub E);

impl<E: Engine> Engine for Halving<E> {
    otherwise_as_it_is! {
        ;

        fn apply(&self, mut batch: Batch) -> Result<(), StoreError> {
            let middle = batch.keys().nth(batch.len() / 2).cloned().unwrap_or_default();
            let rest = batch.split_off(&middle);
            self.0.apply(batch)?;
            self.0.settle()?;
            self.0.apply(rest)
        }

        fn settle(&self) -> Result<(), StoreError> {
            self.0.settle()
        }

        fn sync(&self, file: &File) -> io::Result<()> {
            self.0.sync(file)
        }
    }
}

/// A planted fault: what is carried comes after the tip that tells of it.
#[derive(Debug)]
pub struct Overtaken<E>(pub E, Mutex<Option<Batch>>);

impl<E> Overtaken<E> {
    /// Plants it.
    pub const fn new(engine: E) -> Self {
        Self(engine, Mutex::new(None))
    }
}

impl<E: Engine> Engine for Overtaken<E> {
    otherwise_as_it_is! {
        ;

        fn apply(&self, batch: Batch) -> Result<(), StoreError> {
            // The tip comes alone, and with the format when the store is founded.
            if batch.len() > 2 {
                *lock(&self.1) = Some(batch);
                return Ok(());
            }
            self.0.apply(batch)?;
            match lock(&self.1).take() {
                Some(late) => {
                    self.0.settle()?;
                    self.0.apply(late)
                }
                None => Ok(()),
            }
        }

        fn settle(&self) -> Result<(), StoreError> {
            self.0.settle()
        }

        fn sync(&self, file: &File) -> io::Result<()> {
            self.0.sync(file)
        }
    }
}
