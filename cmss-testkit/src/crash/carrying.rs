//! Kills while a store that was not closed is opened: what its journal alone has is carried into the
//! engine then, and comes to the same however often that is begun.

use std::path::Path;
use std::time::{Duration, Instant};

use cmss_core::store::{Expect, Line, Seq, Store, StoreError};
use cmss_keyed::directory::{JOURNAL, WITNESS};
use cmss_memory::MemoryStore;
use pollster::block_on;
use tempfile::TempDir;

use super::kills;
use crate::children::{Child, Ended, Task, say, serve};
use crate::durable::damage::copy;
use crate::durable::{Backend, Trial};
use crate::looked::ran;
use crate::notes::{change, commit, lines, note, put};
use crate::seed::Seed;

/// How many kills there are unless another number is asked for.
const KILLS: u32 = 20;

/// How many of them follow one another at most.
const ROW: u32 = 4;

/// The last commit that the engine has, and the last one: between them are some megabytes, which are
/// carried in many batches.
const CARRIED: u128 = 10;
const LAST: u128 = 50;

/// How often a store is made again of which the engine has got more.
const TRIES: usize = 20;

/// What a child may take: a hundred times what it needs.
const LONGEST: Duration = Duration::from_secs(120);

/// What was seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Carried {
    kills: u32,
    /// Those that came before the engine had got anything.
    before: u32,
    /// Those that came when it had got some of it.
    within: u32,
    /// Those that came when it had got all of it.
    after: u32,
}

fn live(store: &dyn Store, numbers: std::ops::RangeInclusive<u128>) {
    for number in numbers {
        let text = number.to_string().repeat(120_000);
        let writes = vec![put(number, &text), put(100 + number % 7, "x")];
        commit(store, change(number, vec![], writes)).expect("a commit");
    }
}

/// A store of which its journal has the most.
struct Left {
    home: TempDir,
    /// What it holds, and what its engine alone does.
    all: Vec<Line>,
    carried: Vec<Line>,
}

impl Left {
    fn make<B: Backend>(trial: &Trial<'_, B>) -> Self {
        let memory = MemoryStore::new();
        live(&memory, 1..=CARRIED);
        let carried = lines(&memory);
        live(&memory, CARRIED + 1..=LAST);
        for _ in 0..TRIES {
            let left = Self {
                home: trial.home(),
                all: lines(&memory),
                carried: carried.clone(),
            };
            let filled = Child::start(trial.test, &Task::new("fill", &left.store(), ""));
            let filled = filled.wait(LONGEST);
            assert_eq!(filled.said, ["filled"], "{filled:?}");
            if left.engine_has(trial, &left.store()) == Has::Nothing {
                return left;
            }
        }
        panic!("the engine always has more than commit {CARRIED}");
    }

    fn store(&self) -> std::path::PathBuf {
        self.home.path().join("left")
    }

    /// What the engine alone has.
    fn engine_has<B: Backend>(&self, trial: &Trial<'_, B>, path: &Path) -> Has {
        let bare = self.home.path().join("bare");
        copy(path, &bare);
        for name in [JOURNAL, WITNESS] {
            let _ = std::fs::remove_file(bare.join(name));
        }
        let held = trial.open(&bare).map(|store| lines(&store));
        std::fs::remove_dir_all(&bare).expect("the copy is removed");
        match held {
            Err(_) => Has::Some,
            Ok(held) if held == self.carried => Has::Nothing,
            Ok(held) if held == self.all => Has::All,
            Ok(_) => Has::Torn,
        }
    }
}

/// What an engine has of what the journal does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Has {
    Nothing,
    /// Without the journal it is not opened.
    Some,
    All,
    /// It is opened as if that were all.
    Torn,
}

/// All that a store holds, which is whole.
fn look<B: Backend>(trial: &Trial<'_, B>, path: &Path) -> Result<Vec<Line>, StoreError> {
    let store = trial.open(path)?;
    trial.backend.verify(&store)?;
    let held = lines(&store);
    block_on(store.close())?;
    Ok(held)
}

/// Kills processes that open a store so, one after another over each copy of it, and looks at what
/// they leave.
fn kill_openings<B: Backend, S: Store>(
    trial: &Trial<'_, B>,
    open: impl Fn(&Path) -> Result<S, StoreError>,
) -> Result<Carried, String> {
    serve("fill", |home, _| {
        let store = trial.open(home).expect("a new store");
        live(&store, 1..=CARRIED);
        block_on(store.close()).expect("the store closes");
        drop(store);
        let store = trial.open(home).expect("the store opens");
        live(&store, CARRIED + 1..=LAST);
        // An answer to something else shows that what follows the last commit has been done.
        let refused = change(99, vec![Expect::At(note(1), Seq(99))], vec![put(1, "x")]);
        commit(&store, refused).expect_err("another version was expected");
        say("filled");
        std::process::abort();
    });
    serve("open", |home, _| {
        say("opening");
        match open(home) {
            Ok(store) => {
                say("opened");
                drop(store);
            }
            Err(error) => say(&format!("refused: {error}")),
        }
    });
    let left = Left::make(trial);
    let seed = Seed::given();
    let path = left.home.path().join("news");
    let opening = |until: Duration| {
        let mut child = Child::start(trial.test, &Task::new("open", &path, ""));
        let began = child.listen().map(|_| Instant::now());
        while began.is_some_and(|began| began.elapsed() < until) {
            std::thread::yield_now();
        }
        child
    };
    copy(&left.store(), &path);
    let mut alone = opening(Duration::ZERO);
    let began = Instant::now();
    assert_eq!(alone.listen(), Some("opened"));
    // And a little, for what is done when the store is open. A kill that comes too soon or too late, on a
    // machine that is more or less busy by then, moves those after it.
    let mut takes = began.elapsed().mul_f64(1.2);
    let alone = alone.wait(LONGEST);
    assert!(alone.is_done(), "{alone:?}");
    let mut carried = Carried::default();
    let kills = kills(KILLS);
    while carried.kills < kills {
        std::fs::remove_dir_all(&path).expect("the last one is removed");
        copy(&left.store(), &path);
        for _ in 0..ROW.min(kills - carried.kills) {
            carried.kills += 1;
            let thousandths = seed.number(&format!("part {}", carried.kills)) % 1_000;
            let outcome = opening(takes.mul_f64(thousandths as f64 / 1_000.0)).kill();
            let is_well = outcome.ended == Ended::Killed || outcome.is_done();
            assert!(is_well, "the process fell: {outcome:#?}");
            if let Some(refused) = outcome.said.iter().find(|said| said.starts_with("refused")) {
                return Err(format!("after kill {} of {seed}: {refused}", carried.kills));
            }
            match left.engine_has(trial, &path) {
                Has::Nothing => {
                    carried.before += 1;
                    takes = takes.mul_f64(1.2);
                }
                Has::Some => carried.within += 1,
                // Nothing is left that a kill could fall into.
                Has::All => {
                    carried.after += 1;
                    takes = takes.mul_f64(0.8);
                    break;
                }
                Has::Torn => {
                    let kill = carried.kills;
                    return Err(format!(
                        "after kill {kill} of {seed}: some of it is taken for all"
                    ));
                }
            }
        }
        let told = |why: String| format!("after kill {} of {seed}: {why}", carried.kills);
        let held = look(trial, &path).map_err(|error| told(error.to_string()))?;
        if held != left.all {
            return Err(told("something that was answered is lost".to_owned()));
        }
    }
    seed.print(&format!("{}: {carried:?}", trial.test));
    ran(carried.kills, "kills");
    Ok(carried)
}

/// U1: killed again and again, at any moment.
pub fn a_store_that_is_killed_while_it_opens_comes_to_the_same<B: Backend>(trial: &Trial<'_, B>) {
    let carried = kill_openings(trial, |path| trial.open(path));
    let carried = carried.unwrap_or_else(|wrong| panic!("{wrong}"));
    assert!(carried.before + carried.within > 0, "{carried:?}");
}

/// Breaks [`a_store_that_is_killed_while_it_opens_comes_to_the_same`]: it commits again what the
/// journal has, which it no longer needs then.
pub fn a_store_that_takes_its_journal_away_too_soon_is_caught<B: Backend>(trial: &Trial<'_, B>) {
    let caught = kill_openings(trial, |path| {
        for name in [JOURNAL, WITNESS] {
            // An opening before this one may have done it.
            let _ = std::fs::remove_file(path.join(name));
        }
        let store = trial.open(path)?;
        let held = block_on(store.changes(Seq::ZERO, 1))?.as_of.0;
        live(&store, u128::from(held) + 1..=LAST);
        Ok(store)
    });
    let wrong = caught.expect_err("it is caught");
    assert!(wrong.starts_with("after kill"), "{wrong}");
}
