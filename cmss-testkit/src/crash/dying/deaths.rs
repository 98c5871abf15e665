//! The deaths of processes, and a look at what each has left.

use std::cell::Cell;
use std::fs;
use std::path::Path;
use std::time::Duration;

use cmss_core::store::{Store, StoreError};
use cmss_keyed::KeyedStore;
use cmss_keyed::directory::{SORTING, WITNESS};
use cmss_memory::MemoryStore;
use pollster::block_on;

use super::Laid;
use super::child::{COMMITS, fate, serve_all};
use crate::children::{Child, Outcome, Task};
use crate::crash::loads::{self, source};
use crate::crash::place::{Eyes, Place};
use crate::crash::points::Point;
use crate::crash::shift::{Open, Said};
use crate::crash::work::Sent;
use crate::durable::Trial;
use crate::durable::damage::copy;
use crate::looked::ran;
use crate::notes::lines;
use crate::seed::Seed;

/// The batches in which a commit is carried: what it writes, and the tip.
const BATCHES: u32 = 2;
/// More than an opening ever asks of an engine.
const ASKED: u32 = 1_000;
/// What a child may take: a hundred times what it needs.
const LONGEST: Duration = Duration::from_secs(120);

/// A test of dying.
pub(super) struct Deaths<'a, L> {
    trial: &'a Trial<'a, L>,
    seed: Seed,
    /// How many processes have died.
    deaths: Cell<u64>,
}

impl<'a, L: Laid> Deaths<'a, L> {
    /// In a child, what that is asked, of a store that is opened so.
    pub(super) fn of(trial: &'a Trial<'a, L>, open: Open<'_>) -> Self {
        serve_all(open);
        Self {
            trial,
            seed: Seed::given(),
            deaths: Cell::new(0),
        }
    }

    fn die(&self, what: &str, home: &Path, point: Point, nth: u32, round: u32) -> Outcome {
        let fate = fate(point, nth, self.seed, round);
        let outcome = Child::start(self.trial.test, &Task::new(what, home, fate)).wait(LONGEST);
        let is_well = outcome.is_done() || outcome.is_aborted();
        assert!(is_well, "the process fell: {outcome:#?}");
        let deaths = self.deaths.get() + u64::from(outcome.is_aborted());
        self.deaths.set(deaths);
        outcome
    }

    /// Does something with eyes on the stores.
    fn eyes<T>(&self, with: impl FnOnce(&Eyes<'_, KeyedStore<L::Engine>>) -> T) -> T {
        with(&Eyes {
            open: &|path| KeyedStore::open_in(self.trial.backend.open(path)?, path),
            check: &|store| Ok(store.verify(|_| ()).map(drop)?),
        })
    }

    /// Dies at each of these points of each commit; where they are those of a batch, each commit is
    /// carried when it has been answered.
    pub(super) fn in_commits(&self, points: &[Point]) {
        let mut place = Place::new(self.seed);
        let rounds = points.iter().flat_map(|point| {
            let times = if point.is_of_batch() { BATCHES } else { 1 };
            let nths = 1..=COMMITS * times;
            nths.map(move |nth| (*point, nth, nth.div_ceil(times)))
        });
        for ((point, nth, commit), round) in rounds.zip(1..) {
            let at = format!("at {point:?} {nth} of commit {commit}, {}", self.seed);
            let path = place.path();
            let answered = u64::from(commit - 1) + u64::from(point.is_known());
            let seen = place.commits().0 + answered;
            let died = self.die("die in a commit", &path, point, nth, round);
            assert!(died.is_aborted(), "{at}: it lived: {died:#?}");
            self.assert_seen(seen, &path, &at);
            let said = Said::all(&died, round);
            let left = self.eyes(|eyes| block_on(place.look(round, 1, &said, eyes)));
            let left = left.unwrap_or_else(|error| panic!("{at}: {error}"));
            assert_eq!(left.acknowledged, answered, "{at}: {died:#?}");
            let there = left.acknowledged + left.whole == u64::from(commit);
            assert_eq!(there, point.is_journaled(), "{at}: it is there or not");
        }
        self.seed.print(&format!(
            "{}: {} points of {COMMITS} commits",
            self.trial.test,
            points.len()
        ));
        self.tell();
    }

    /// Says how many processes have died since this was said, and were looked at.
    fn tell(&self) {
        ran(self.deaths.take(), "deaths");
    }

    /// The witness has seen so many commits, and no more: an empty store beside it is refused for
    /// the last of them.
    fn assert_seen(&self, commits: u64, path: &Path, at: &str) {
        let home = self.trial.home();
        let empty = home.path().join("empty");
        let opened = self.eyes(|eyes| {
            let store = (eyes.open)(&empty)?;
            block_on(store.close())?;
            drop(store);
            let witness = path.join(WITNESS);
            if witness.exists() {
                fs::copy(witness, empty.join(WITNESS)).expect("the witness is copied");
            }
            (eyes.open)(&empty)
        });
        let told = format!("its witness has seen commit {commits}:");
        match opened {
            Ok(_) => assert_eq!(commits, 0, "{at}: its witness has seen nothing"),
            Err(StoreError::Corrupt { what, .. }) => assert!(what.contains(&told), "{at}: {what}"),
            Err(error) => panic!("{at}: an empty store beside the witness: {error}"),
        }
    }

    /// Dies each time that a load reaches one of these points. It is there from the moment when its
    /// last batch, the seal, is durable.
    pub(super) fn in_loads(&self, points: &[Point]) {
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
            // A load has one file, and several batches.
            let least = if *point == Point::Sorting { 1 } else { 3 };
            assert!(times >= least, "{point:?} was reached {times} times");
            assert!(look("alive", true, false));
            for nth in 1..=times {
                let at = format!("at {point:?} {nth} of {times} in a load");
                let died = self.die("die in a load", &path, *point, nth, 0);
                assert!(died.is_aborted(), "{at}: it lived: {died:#?}");
                if *point == Point::Sorting {
                    assert_private(&path.join(SORTING));
                }
                let is_there = look(&at, false, nth % 3 == 0);
                let expected = match point.is_whole() {
                    Some(whole) => Some(whole && nth == times),
                    None => (nth < times).then_some(false),
                };
                let is_right = expected.is_none_or(|expected| expected == is_there);
                assert!(is_right, "{at}, {}: it is there: {is_there}", self.seed);
            }
        }
        self.tell();
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
    pub(super) fn while_all_open(&self) {
        let home = self.trial.home();
        let empty = spelled(&MemoryStore::new());
        self.while_opening("a new store", None, &empty);

        let killed = home.path().join("killed");
        self.die("die in a commit", &killed, Point::Journaled, COMMITS, 1);
        let what = "a store whose process died";
        self.while_opening(what, Some(&killed), &self.committed());

        // After the mark and one batch of documents.
        let loading = home.path().join("loading");
        self.die("die in a load", &loading, Point::Settled, 2, 0);
        self.while_opening("a store that was being loaded", Some(&loading), &empty);
        self.tell();
    }

    /// A store whose process died while it carried: all is in the engine but the last tip.
    pub(super) fn while_one_opens_that_carried(&self) {
        let home = self.trial.home();
        let killed = home.path().join("killed");
        let nth = COMMITS * BATCHES - 1;
        self.die("die in a commit", &killed, Point::Settled, nth, 1);
        let what = "a store whose process died while it carried";
        self.while_opening(what, Some(&killed), &self.committed());
        self.tell();
    }

    /// What the commits of the first round leave.
    fn committed(&self) -> Vec<String> {
        let memory = MemoryStore::new();
        for number in 1..=COMMITS {
            let sent = Sent {
                round: 1,
                writer: 0,
                number,
            };
            block_on(memory.commit(sent.changeset(self.seed))).expect("a commit");
        }
        spelled(&memory)
    }
}

/// A file is there, and its owner's alone where the system knows that.
fn assert_private(file: &Path) {
    let found = fs::metadata(file).expect("the file is there");
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&found.permissions());
        assert_eq!(mode & 0o777, 0o600, "{}", file.display());
    }
}

/// All that a store holds.
fn spelled(store: &dyn Store) -> Vec<String> {
    let lines = lines(store).into_iter();
    let spelled = |line| serde_json::to_string(&line).expect("a line is spelled");
    lines.map(spelled).collect()
}
