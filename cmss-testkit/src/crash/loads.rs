//! Loads that are killed: what is left is the whole store or an empty one.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use cmss_core::store::{Limits, Line, Lines, Seq, Store, StoreError, Stored, Write, import};
use cmss_keyed::directory::SORTING;
use cmss_keyed::sort_within;
use cmss_memory::MemoryStore;
use pollster::block_on;

use super::kills;
use super::place::Eyes;
use super::shift::export;
use crate::caught;
use crate::children::{Child, Ended, Task, say, serve};
use crate::durable::{Backend, Trial};
use crate::looked::ran;
use crate::notes::{SCARCE, change, commit, lines, put};
use crate::seed::Seed;

/// How many kills there are unless another number is asked for.
const KILLS: u32 = 10;
/// Documents of a load, and the most bytes of each: more than one of the batches that a load is
/// written in.
const DOCUMENTS: u128 = 32;
const LONGEST: u64 = 400_000;

/// Fills a store.
type Load = fn(&dyn Store, Lines) -> Result<Seq, StoreError>;

/// What was seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Loaded {
    kills: u32,
    /// Loads that were there, whole.
    whole: u32,
    /// Loads of which nothing was there.
    nothing: u32,
}

/// A store with texts of all sizes, some of which were written over.
pub(super) fn source(seed: Seed) -> MemoryStore {
    let store = MemoryStore::new();
    for number in 1..=DOCUMENTS {
        let length = seed.number(&format!("length of {number}")) % LONGEST;
        let text = number.to_string().repeat(length as usize / 2);
        let writes = vec![put(number, &text), put(number % 7 + 1_000, "small")];
        commit(&store, change(number, vec![], writes)).expect("a commit");
    }
    store
}

/// As a host does it.
pub(super) fn load(store: &dyn Store, lines: Lines) -> Result<Seq, StoreError> {
    block_on(store.load(lines))
}

/// Kills a process that fills a store from an export, at moments that a seed chooses as far as it
/// can, and half of the time the next one that opens what is left. Every other load does not fit into
/// the memory in which it may be sorted.
///
/// # Panics
/// When what is left is neither the whole store nor an empty one, or a load that was answered is
/// not there, or the file in which one was sorted is.
fn kill_loads<B: Backend>(trial: &Trial<'_, B>, load: Load, kills: u32) -> Loaded {
    serve("load", |home, memory| {
        sort_within(memory.parse().expect("a number of bytes"));
        let store = trial.open(home).expect("the store opens");
        let file = File::open(home.with_extension("export")).expect("there is an export");
        let lines = import([BufReader::new(file)], &Limits::default());
        let lines = lines.expect("the export is whole");
        let told = lines.inspect(|_| say("line"));
        let seq = load(&store, Box::new(told)).expect("the lines are loaded");
        say(&format!("loaded {seq}"));
    });
    serve("open", |home, _| {
        say("opening");
        let store = trial.open(home).expect("the store opens");
        block_on(store.close()).expect("the store closes");
    });
    let seed = Seed::given();
    let home = trial.home();
    let eyes = Eyes {
        open: &|path| trial.open(path),
        check: &|store| trial.backend.verify(store).map(drop),
    };
    let source = source(seed);
    let held = lines(&source);
    let file = home.path().join("news.export");
    export(&source, &file).expect("the source is exported");
    let mut loaded = Loaded::default();
    for round in 1..=kills {
        let path = home.path().join("news");
        let of = |what: &str| format!("{what} {round}");
        let lines = held.len() as u64;
        // Mostly when all has been handed in: a store may sort it before it writes any of it.
        let until = match seed.number(&of("part")) % 4 {
            0 => seed.number(&of("lines")) % (lines + 2),
            _ => lines,
        };
        let memory = [usize::MAX, SCARCE][round as usize % 2];
        let said = killed(trial, &Task::new("load", &path, memory), until, || {
            seed.spin(&of("loading"));
        });
        if seed.number(&of("opening")).is_multiple_of(2) {
            let _ = killed(trial, &Task::new("open", &path, ""), 1, || {
                seed.spin(&of("opening"));
            });
        }
        let kill = format!("after kill {round} of {seed}");
        let is_answered = said.iter().any(|said| said.starts_with("loaded"));
        let left = look(&path, &held, is_answered, round % 3 == 0, &eyes);
        match left.unwrap_or_else(|wrong| panic!("{kill}: {wrong}")) {
            true => loaded.whole += 1,
            false => loaded.nothing += 1,
        }
        loaded.kills += 1;
        std::fs::remove_dir_all(&path).expect("the store is removed");
    }
    seed.print(&format!("{}: {loaded:?}", trial.test));
    ran(loaded.kills, "kills");
    loaded
}

/// Kills a child once it has said so many things, or is done, and some time has gone by.
fn killed<B: Backend>(
    trial: &Trial<'_, B>,
    task: &Task,
    until: u64,
    wait: impl FnOnce(),
) -> Vec<String> {
    let mut child = Child::start(trial.test, task);
    for _ in 0..until {
        if child.listen().is_none() {
            break;
        }
    }
    wait();
    let outcome = child.kill();
    let is_well = outcome.ended == Ended::Killed || outcome.is_done();
    assert!(is_well, "the process fell: {outcome:#?}");
    outcome.said
}

/// Whether a store holds all of a load; otherwise it is empty, and can be filled when that is tried.
///
/// # Errors
/// What is wrong with it.
pub(super) fn look<S: Store>(
    path: &Path,
    held: &[Line],
    is_answered: bool,
    try_again: bool,
    eyes: &Eyes<'_, S>,
) -> Result<bool, String> {
    let told = |error: StoreError| error.to_string();
    let open = || {
        let store = (eyes.open)(path).map_err(told)?;
        (eyes.check)(&store).map_err(told)?;
        if path.join(SORTING).exists() {
            return Err("what was sorted is left".to_owned());
        }
        let found = lines(&store);
        Ok::<_, String>((store, found))
    };
    let (mut store, mut found) = open()?;
    let is_whole = found == held;
    if !is_whole {
        let [Line::End(_)] = *found else {
            return Err("what is left is neither the whole load nor nothing".to_owned());
        };
        if is_answered {
            return Err("a load was answered and is lost".to_owned());
        }
    }
    if !is_whole && try_again {
        let again = crate::feed(held.to_vec());
        block_on(store.load(again)).map_err(told)?;
        block_on(store.close()).map_err(told)?;
        drop(store);
        (store, found) = open()?;
        if found != held {
            return Err("what is loaded again is another".to_owned());
        }
    }
    block_on(store.close()).map_err(told)?;
    Ok(is_whole)
}

/// M2: killed at any moment, and while the next opening cleans up.
pub fn a_load_that_is_killed_is_whole_or_nothing<B: Backend>(trial: &Trial<'_, B>) {
    let loaded = kill_loads(trial, load, kills(KILLS));
    assert!(loaded.kills > 0, "{loaded:?}");
}

/// Puts one document after another, each in a commit.
fn piecemeal(store: &dyn Store, lines: Lines) -> Result<Seq, StoreError> {
    let mut seq = Seq::ZERO;
    for line in lines {
        if let Line::Doc(stored) = line? {
            let Stored {
                at,
                salt,
                body,
                card,
                entries,
                ..
            } = stored;
            let put = Write::Put {
                at,
                salt,
                body,
                card,
                entries,
            };
            let number = u128::from(seq.0) + 1;
            seq = commit(store, change(number, vec![], vec![put]))?.seq;
        }
    }
    Ok(seq)
}

/// Breaks [`a_load_that_is_killed_is_whole_or_nothing`].
pub fn a_load_that_is_committed_piece_by_piece_is_caught<B: Backend>(trial: &Trial<'_, B>) {
    caught("neither the whole load nor nothing", || {
        kill_loads(trial, piecemeal, KILLS);
    });
}
