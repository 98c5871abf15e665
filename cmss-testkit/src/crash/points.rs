//! Named points at which a process ends itself, and engines that reach them.
//!
//! A child that was told to die at a point does so when it [reaches](reach) it for the so-many-th
//! time; anywhere else, reaching one means nothing.

use std::str::FromStr;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::{self, ThreadId};

use cmss_core::store::StoreError;
use cmss_keyed::{Batch, Engine};

/// Where a process can be told to die.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Point {
    /// The engine is about to be asked something, whatever it is.
    Asked,
    /// A batch is about to be applied.
    Applying,
    /// A batch has been applied.
    Applied,
    /// What was applied has been handed to the system, and not yet forced to the device.
    Flushed,
    /// What was applied has been made durable.
    Settled,
    /// The commit is durable and can be read, and nobody has been answered.
    Visible,
    /// The commit has been answered; the caller has not looked yet, and the witness knows nothing.
    Answered,
    /// The witness has written the commit down, and nothing else has been begun.
    Attested,
}

impl Point {
    /// Every point, in the order in which one commit reaches them.
    pub const ALL: [Self; 8] = [
        Self::Asked,
        Self::Applying,
        Self::Applied,
        Self::Flushed,
        Self::Settled,
        Self::Visible,
        Self::Answered,
        Self::Attested,
    ];

    /// Whether a commit is there when its process has died here; `None` where it may be.
    #[must_use]
    pub const fn is_whole(self) -> Option<bool> {
        match self {
            Self::Asked | Self::Applying => Some(false),
            Self::Applied => None,
            // The process dies, the system does not.
            Self::Flushed | Self::Settled | Self::Visible | Self::Answered | Self::Attested => {
                Some(true)
            }
        }
    }

    /// Whether the caller has been told of the commit, and the witness of the store has seen it.
    pub(super) const fn is_known(self) -> bool {
        matches!(self, Self::Attested)
    }
}

/// By its name in the code.
impl FromStr for Point {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let mut all = Self::ALL.into_iter();
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

/// The engine is asked. Who has answered a commit has let the witness write it down before.
fn asked() {
    let own = Some(thread::current().id());
    let is_first = lock(&ANSWERED).take_if(|answered| Some(*answered) == own);
    if is_first.is_some() {
        reach(Point::Attested);
    }
    reach(Point::Asked);
}

/// Held while nothing may be applied.
static GATE: Mutex<()> = Mutex::new(());

/// While this is held, nothing is applied.
pub(super) fn held_back() -> MutexGuard<'static, ()> {
    lock(&GATE)
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
            drop(lock(&GATE));
            asked();
            reach(Point::Applying);
            self.0.apply(batch)?;
            reach(Point::Applied);
            Ok(())
        }

        fn settle(&self) -> Result<(), StoreError> {
            asked();
            self.0.settle()?;
            reach(Point::Settled);
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
    }
}
