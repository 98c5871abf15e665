//! Processes that die at a named [`Point`], where what is left can be foretold: in a commit, in a
//! load, and while a store is opened.
//!
//! A store needs no switch for it. What happens in an engine is told by [`Mortal`], which wraps it;
//! that a commit can be read, and that it was answered, by whoever waits for that: the waker dies.
//! The witness is written between an answer and the next commit, so a process that dies before the
//! next one is applied has died after the witness, which is then asked what it has seen.
//!
//! For backends on an [`Engine`]: their unit tests, which can reach it, implement [`Laid`] and call
//! [`point_rules!`](crate::point_rules).

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

use cmss_core::store::{Store, StoreError};
use cmss_keyed::directory::WITNESS;
use cmss_keyed::{Engine, KeyedStore};
use cmss_memory::MemoryStore;
use pollster::block_on;

use super::Hasty;
use super::loads::{self, caught, source};
use super::place::{Eyes, Place};
use super::points::{Forgetful, Halving, Mortal, Point, arm, die_at, reach, reached};
use super::shift::{Open, Said};
use super::work::Sent;
use crate::children::{Child, Outcome, Task, say, serve};
use crate::durable::Trial;
use crate::durable::damage::copy;
use crate::feed;
use crate::notes::lines;
use crate::seed::Seed;

/// How many commits a process does, and so at how many of them it dies at each point.
const COMMITS: u32 = 3;
/// More than an opening ever asks of an engine.
const ASKED: u32 = 1_000;
/// What a child may take: a hundred times what it needs.
const LONGEST: Duration = Duration::from_secs(120);

/// A backend on an engine, laid open.
pub trait Laid: Sync {
    /// The engine.
    type Engine: Engine;

    /// Whether it [reaches](reach) [`Point::Flushed`] by itself, once in each settling.
    const FLUSHES: bool;

    /// Opens the engine in a directory, or creates it there.
    ///
    /// # Errors
    /// Those of the backend.
    fn open(&self, path: &Path) -> Result<Self::Engine, StoreError>;
}

/// A store on an altered engine.
fn opened<L: Laid, E: Engine>(
    laid: &L,
    path: &Path,
    alter: impl FnOnce(L::Engine) -> E,
) -> Result<Arc<dyn Store>, StoreError> {
    let store = KeyedStore::open_in(alter(laid.open(path)?), path)?;
    Ok(Arc::new(store))
}

/// What a child that dies is told.
fn fate(point: Point, nth: u32, seed: Seed, round: u32) -> String {
    format!("{point:?} {nth} {} {round}", seed.name())
}

/// Takes to heart what [`fate`] spelled; answers the seed and the round.
fn accept(fate: &str) -> (Seed, u32) {
    let mut words = fate.split(' ');
    let mut word = || words.next().expect("a fate has four words");
    let point = word().parse().expect("a point has a name");
    die_at(point, word().parse().expect("a number"));
    (Seed::read(word()), word().parse().expect("a number"))
}

/// Wakes who waits for a commit, once it has been answered.
struct Answer {
    caller: Thread,
    is_here: AtomicBool,
}

impl Answer {
    fn arrive(&self) {
        if !self.is_here.swap(true, Ordering::SeqCst) {
            reach(Point::Answered);
        }
    }
}

impl Wake for Answer {
    fn wake(self: Arc<Self>) {
        self.arrive();
        self.caller.unpark();
    }
}

/// Hears of a commit that can be read.
struct Sight;

impl Wake for Sight {
    fn wake(self: Arc<Self>) {
        reach(Point::Visible);
    }
}

/// Waits for the answer to a commit, and reaches its points on the way.
fn answer<T>(store: &dyn Store, commit: impl Future<Output = T>) -> T {
    let as_of = block_on(store.get(&[])).expect("the store is open").as_of;
    let mut grown = store.grown(as_of);
    let waits = grown
        .as_mut()
        .poll(&mut Context::from_waker(&Waker::from(Arc::new(Sight))));
    assert!(waits.is_pending(), "nothing has been committed yet");
    let answer = Arc::new(Answer {
        caller: thread::current(),
        is_here: AtomicBool::new(false),
    });
    let waker = Waker::from(answer.clone());
    let mut commit = std::pin::pin!(commit);
    loop {
        if let Poll::Ready(done) = commit.as_mut().poll(&mut Context::from_waker(&waker)) {
            answer.arrive();
            return done;
        }
        thread::park();
    }
}

/// The process that dies in a commit.
fn commit(home: &Path, with: &str, open: Open<'_>) {
    let (seed, round) = accept(with);
    let store = open(home).expect("the store opens");
    Said::Opened.say();
    arm(true);
    for number in 1..=COMMITS {
        let sent = Sent {
            round,
            writer: 0,
            number,
        };
        let done = answer(&*store, store.commit(sent.changeset(seed)));
        let receipt = done.expect("nothing is refused");
        Said::Acknowledged(sent, receipt.seq).say();
    }
    block_on(store.close()).expect("the store closes");
}

/// A test of dying.
struct Deaths<'a, L> {
    trial: &'a Trial<'a, L>,
    seed: Seed,
}

impl<'a, L: Laid> Deaths<'a, L> {
    /// In a child, what that is asked, of a store that is opened so.
    fn of(trial: &'a Trial<'a, L>, open: Open<'_>) -> Self {
        serve("die in a commit", |home, with| commit(home, with, open));
        serve("die in a load", |home, with| {
            let (seed, _) = accept(with);
            let lines_in = lines(&source(seed));
            let store = open(home).expect("the store opens");
            arm(true);
            block_on(store.load(feed(lines_in))).expect("the lines are loaded");
            say(&format!("loaded {}", reached()));
            block_on(store.close()).expect("the store closes");
        });
        serve("die while opening", |home, with| {
            accept(with);
            arm(true);
            let store = open(home).expect("the store opens");
            arm(false);
            block_on(store.close()).expect("the store closes");
        });
        Self {
            trial,
            seed: Seed::given(),
        }
    }

    fn die(&self, what: &str, home: &Path, point: Point, nth: u32, round: u32) -> Outcome {
        let fate = fate(point, nth, self.seed, round);
        let outcome = Child::start(self.trial.test, &Task::new(what, home, fate)).wait(LONGEST);
        let is_well = outcome.is_done() || outcome.is_aborted();
        assert!(is_well, "the process fell: {outcome:#?}");
        outcome
    }

    /// Does something with eyes on the stores.
    fn eyes<T>(&self, with: impl FnOnce(&Eyes<'_, KeyedStore<L::Engine>>) -> T) -> T {
        with(&Eyes {
            open: &|path| KeyedStore::open_in(self.trial.backend.open(path)?, path),
            check: &|store| Ok(store.verify(|_| ()).map(drop)?),
        })
    }

    /// Dies at each of these points of each commit.
    fn in_commits(&self, points: &[Point]) {
        let mut place = Place::new(self.seed);
        let older = self.trial.home();
        let rounds = points.iter().flat_map(|point| {
            let nths = 1..=COMMITS;
            nths.map(|nth| (*point, nth))
        });
        let mut undetermined = (0, 0);
        for ((point, nth), round) in rounds.zip(1..) {
            let at = format!("at {point:?} of commit {nth}, {}", self.seed);
            let path = place.path();
            let before = older.path().join(round.to_string());
            if path.exists() {
                copy(&path, &before);
            }
            let died = self.die("die in a commit", &path, point, nth, round);
            assert!(died.is_aborted(), "{at}: it lived: {died:#?}");
            if nth > 1 && before.exists() {
                fs::copy(path.join(WITNESS), before.join(WITNESS)).expect("there is a witness");
                self.assert_refused(&before, &at);
            }
            let said = Said::all(&died, round);
            let left = self.eyes(|eyes| block_on(place.look(round, 1, &said, eyes)));
            let left = left.unwrap_or_else(|error| panic!("{at}: {error}"));
            assert_eq!(left.acknowledged, u64::from(nth - 1), "{at}: {died:#?}");
            match point.is_whole() {
                Some(whole) => assert_eq!(left.whole == 1, whole, "{at}: it is there or not"),
                None => {
                    undetermined.0 += left.whole;
                    undetermined.1 += left.absent;
                }
            }
        }
        let (whole, absent) = undetermined;
        self.seed.print(&format!(
            "{}: {} points of {COMMITS} commits; where it is open, {whole} whole and {absent} absent",
            self.trial.test,
            points.len()
        ));
    }

    /// By the time a commit is begun, the witness has seen the one before it: files from before
    /// both are refused beside it.
    fn assert_refused(&self, before: &Path, at: &str) {
        let opened = self.eyes(|eyes| (eyes.open)(before));
        match opened {
            Err(StoreError::Corrupt { what, .. }) if what.contains("has seen commit") => {}
            Err(error) => panic!("{at}: older files beside the witness: {error}"),
            Ok(_) => panic!("{at}: older files beside the witness are taken for the newest"),
        }
    }

    /// Dies each time that a load reaches one of these points. It is there from the moment when its
    /// last batch, the seal, is durable.
    fn in_loads(&self, points: &[Point]) {
        let home = self.trial.home();
        let path = home.path().join("news");
        let held = lines(&source(self.seed));
        let look = |at: &str, is_answered, try_again| {
            let left = self.eyes(|eyes| loads::look(&path, &held, is_answered, try_again, eyes));
            fs::remove_dir_all(&path).expect("the store is removed");
            left.unwrap_or_else(|wrong| panic!("{at}, {}: {wrong}", self.seed))
        };
        for point in points {
            let lived = self.die("die in a load", &path, *point, u32::MAX, 0);
            let mut said = lived.said.iter();
            let reached = said.find_map(|said| said.strip_prefix("loaded ")?.parse().ok());
            let times: u32 = reached.expect("a load that was answered");
            assert!(times > 2, "{point:?} was reached {times} times");
            assert!(look("alive", true, false));
            for nth in 1..=times {
                let at = format!("at {point:?} {nth} of {times} in a load");
                let died = self.die("die in a load", &path, *point, nth, 0);
                assert!(died.is_aborted(), "{at}: it lived: {died:#?}");
                let is_there = look(&at, false, nth % 3 == 0);
                let expected = match point.is_whole() {
                    Some(whole) => Some(whole && nth == times),
                    None => (nth < times).then_some(false),
                };
                let is_right = expected.is_none_or(|expected| expected == is_there);
                assert!(is_right, "{at}, {}: it is there: {is_there}", self.seed);
            }
        }
    }

    /// Dies each time that something is asked of the engine while the store in a directory is
    /// opened, of which there is a copy for each. What there was is there, as these lines.
    fn while_opening(&self, what: &str, store: Option<&Path>, lines_in: &[String]) {
        let home = self.trial.home();
        for nth in 1..ASKED {
            let at = format!("at question {nth} of opening {what}, {}", self.seed);
            let path = home.path().join("news");
            if let Some(store) = store {
                copy(store, &path);
            }
            let died = self.die("die while opening", &path, Point::Asked, nth, 0);
            let found = self.eyes(|eyes| {
                let store = (eyes.open)(&path)?;
                (eyes.check)(&store)?;
                let found = spelled(&store);
                block_on(store.close())?;
                Ok::<_, StoreError>(found)
            });
            let found = found.unwrap_or_else(|error| panic!("{at}: {error}"));
            assert!(found == lines_in, "{at}: it is another");
            fs::remove_dir_all(&path).expect("the store is removed");
            if died.is_done() {
                assert!(nth > 3, "{at}: nothing was asked");
                return;
            }
        }
        panic!("it never opens");
    }

    /// A store that is new, one whose process died, and one that was being loaded.
    fn while_all_open(&self) {
        let home = self.trial.home();
        let empty = spelled(&MemoryStore::new());
        self.while_opening("a new store", None, &empty);

        let killed = home.path().join("killed");
        self.die("die in a commit", &killed, Point::Applying, COMMITS, 1);
        let memory = MemoryStore::new();
        for number in 1..COMMITS {
            let sent = Sent {
                round: 1,
                writer: 0,
                number,
            };
            block_on(memory.commit(sent.changeset(self.seed))).expect("a commit");
        }
        self.while_opening(
            "a store whose process died",
            Some(&killed),
            &spelled(&memory),
        );

        // After the mark and one batch of documents.
        let loading = home.path().join("loading");
        self.die("die in a load", &loading, Point::Settled, 2, 0);
        self.while_opening("a store that was being loaded", Some(&loading), &empty);
    }
}

/// All that a store holds.
fn spelled(store: &dyn Store) -> Vec<String> {
    let lines = lines(store).into_iter();
    lines.map(|line| format!("{line:?}")).collect()
}

/// The points of a commit on this engine.
fn points<L: Laid>() -> Vec<Point> {
    let all = Point::ALL.into_iter().filter(|point| match point {
        Point::Asked => false,
        Point::Flushed => L::FLUSHES,
        _ => true,
    });
    all.collect()
}

/// As the store is.
fn mortal<L: Laid>(trial: &Trial<'_, L>, path: &Path) -> Result<Arc<dyn Store>, StoreError> {
    opened(trial.backend, path, Mortal)
}

/// C1, U1: at each point of a commit.
pub fn a_process_that_dies_in_a_commit_leaves_it_whole_or_absent<L: Laid>(trial: &Trial<'_, L>) {
    Deaths::of(trial, &|path| mortal(trial, path)).in_commits(&points::<L>());
}

/// M2: each time that something is written.
pub fn a_process_that_dies_in_a_load_leaves_all_of_it_or_nothing<L: Laid>(trial: &Trial<'_, L>) {
    let points = [Point::Applying, Point::Applied, Point::Settled];
    Deaths::of(trial, &|path| mortal(trial, path)).in_loads(&points);
}

/// U1: at whatever the engine is asked.
pub fn a_process_that_dies_while_it_opens_leaves_what_there_was<L: Laid>(trial: &Trial<'_, L>) {
    Deaths::of(trial, &|path| mortal(trial, path)).while_all_open();
}

/// A planted fault: no fsync.
pub fn a_settling_that_does_nothing_is_caught<L: Laid>(trial: &Trial<'_, L>) {
    let open = |path: &Path| opened(trial.backend, path, |engine| Mortal(Forgetful(engine)));
    let deaths = Deaths::of(trial, &open);
    for point in [Point::Settled, Point::Visible] {
        caught("it is there or not", || deaths.in_commits(&[point]));
    }
    // Where the witness has seen the commit by then, it is what tells.
    caught("at Answered of commit", || {
        deaths.in_commits(&[Point::Answered]);
    });
}

/// A planted fault: the answer before the commit.
pub fn an_answer_before_the_commit_is_caught<L: Laid>(trial: &Trial<'_, L>) {
    let open = |path: &Path| -> Result<Arc<dyn Store>, StoreError> {
        Ok(Arc::new(Hasty::new(mortal(trial, path)?)))
    };
    let deaths = Deaths::of(trial, &open);
    caught("was acknowledged and is lost", || {
        deaths.in_commits(&[Point::Applying])
    });
}

/// A planted fault: no witness.
pub fn a_witness_that_sees_nothing_is_caught<L: Laid>(trial: &Trial<'_, L>) {
    let open = |path: &Path| -> Result<Arc<dyn Store>, StoreError> {
        let engine = Mortal(trial.backend.open(path)?);
        Ok(Arc::new(KeyedStore::open(engine, "without a witness")?))
    };
    let deaths = Deaths::of(trial, &open);
    caught("are taken for the newest", || {
        deaths.in_commits(&[Point::Applying]);
    });
}

/// A planted fault: half of a batch, at each kind of moment.
pub fn a_batch_that_is_written_in_two_is_caught<L: Laid>(trial: &Trial<'_, L>) {
    let open = |path: &Path| opened(trial.backend, path, |engine| Halving(Mortal(engine)));
    let deaths = Deaths::of(trial, &open);
    caught("of commit 1", || deaths.in_commits(&[Point::Settled]));
    caught("in a load", || deaths.in_loads(&[Point::Settled]));
    caught("of opening a new store", || deaths.while_all_open());
}

/// Makes a test of each rule about processes that die at named points, in the unit tests of a
/// backend on an engine.
///
/// Takes a [`Laid`](crate::crash::dying::Laid). The rules of which the names end in `is_caught`
/// plant a fault and hold the harness to finding it.
#[macro_export]
macro_rules! point_rules {
    ($laid:expr) => {
        $crate::__crash_rules! { $laid;
            crash::dying {
                a_process_that_dies_in_a_commit_leaves_it_whole_or_absent
                a_process_that_dies_in_a_load_leaves_all_of_it_or_nothing
                a_process_that_dies_while_it_opens_leaves_what_there_was
                a_settling_that_does_nothing_is_caught
                an_answer_before_the_commit_is_caught
                a_witness_that_sees_nothing_is_caught
                a_batch_that_is_written_in_two_is_caught
            }
        }
    };
}
