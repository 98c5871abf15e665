//! Compaction that is killed: at each step it tells of, at any moment, and while the next opening
//! cleans up. What is left is the old store or the new one, whole.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use cmss_core::store::{Line, Store, StoreError, Write};
use pollster::block_on;
use tempfile::TempDir;

use super::kills;
use crate::children::{Child, Outcome, Task, say, serve};
use crate::durable::{Backend, Trial};
use crate::notes::{change, commit, lines, note, put};
use crate::seed::Seed;

/// How many kills at random times there are unless another number is asked for.
const KILLS: u32 = 8;

/// What a child may take: a hundred times what it needs.
const LONGEST: Duration = Duration::from_secs(120);

/// Sizes, in bytes, that no file may exceed where there is no room: for every backend there is one
/// with which a new store does not fit.
#[cfg(unix)]
const ROOMS: [u64; 4] = [1 << 19, 1 << 20, 3 << 20, 7 << 20];

/// A store to be compacted.
struct Compaction<'a, B> {
    trial: &'a Trial<'a, B>,
    home: TempDir,
    held: Vec<Line>,
}

/// The name of a step, without what else is said of it.
fn name(step: &str) -> &str {
    let end = step.find(|letter: char| !letter.is_alphanumeric());
    step.get(..end.unwrap_or(step.len())).unwrap_or(step)
}

fn path(home: &TempDir) -> PathBuf {
    home.path().join("news")
}

impl<'a, B: Backend> Compaction<'a, B> {
    /// A store with a life behind it, of texts so many times as long as their number; in a child,
    /// what that is asked.
    fn of(trial: &'a Trial<'a, B>, size: usize) -> Self {
        serve("compact", |home, die_at| {
            let compacted = trial.backend.compact(home, &mut |step| {
                let step = name(step);
                say(step);
                if step == die_at {
                    std::process::abort();
                }
            });
            if let Err(error) = compacted {
                say(&format!("refused: {error}"));
            }
        });
        serve("open", |home, _| {
            let store = trial.open(home).expect("the store opens");
            block_on(store.close()).expect("the store closes");
        });
        let home = trial.home();
        let store = trial.open(&path(&home)).expect("a new store");
        for number in 1..=40 {
            let mut writes = vec![put(number % 9 + 1, &number.to_string().repeat(size))];
            writes.push(put(100 + number, "x"));
            if number > 10 {
                let at = note(100 + number - 10);
                writes.push(Write::Remove { at });
            }
            commit(&store, change(number, vec![], writes)).expect("a commit");
        }
        let held = lines(&store);
        block_on(store.close()).expect("the store closes");
        Self { trial, home, held }
    }

    fn task(&self, what: &str, die_at: &str) -> Task {
        Task::new(what, &path(&self.home), die_at)
    }

    fn child(&self, what: &str, die_at: &str, longest: Duration) -> Outcome {
        Child::start(self.trial.test, &self.task(what, die_at)).wait(longest)
    }

    /// Opens the store as after a restart: it holds what it held, and nothing is left beside it.
    fn look(&self) -> Result<(), String> {
        let told = |error: StoreError| error.to_string();
        let store = self.trial.open(&path(&self.home)).map_err(told)?;
        self.trial.backend.verify(&store).map_err(told)?;
        let held = lines(&store);
        block_on(store.close()).map_err(told)?;
        if held != self.held {
            return Err("the store is another".to_owned());
        }
        let found = fs::read_dir(self.home.path()).expect("the directory is read");
        let names = found.map(|entry| entry.expect("a name is read").file_name());
        let names: Vec<_> = names.collect();
        match names == ["news"] {
            true => Ok(()),
            false => Err(format!("there are {names:?}")),
        }
    }

    /// Dies at each step that a compaction tells of; answers after which one something is wrong.
    fn die_at_each_step(&self) -> Result<(), String> {
        let ran = self.child("compact", "", LONGEST);
        assert!(ran.is_done(), "{ran:?}");
        let mut steps = ran.said.clone();
        steps.pop();
        steps.dedup();
        assert!(steps.len() > 4, "{steps:?}");
        for step in steps {
            let ran = self.child("compact", &step, LONGEST);
            let died = ran.is_aborted() && ran.said.last() == Some(&step);
            assert!(died, "{ran:?}");
            self.look().map_err(|why| format!("{step}: {why}"))?;
        }
        Ok(())
    }
}

/// The bytes of all files in a directory.
fn size(path: &Path) -> u64 {
    let found = fs::read_dir(path).expect("the directory is read");
    let files = found.map(|entry| entry.expect("a name is read").metadata());
    files
        .map(|found| found.expect("a file is there").len())
        .sum()
}

/// H7: it dies by itself, and what it was doing is known.
pub fn a_compaction_that_dies_at_any_step_leaves_a_whole_store<B: Backend>(trial: &Trial<'_, B>) {
    let compaction = Compaction::of(trial, 3_000);
    if let Err(wrong) = compaction.die_at_each_step() {
        panic!("{wrong}");
    }
}

/// H7: killed at random times, and so is the opening after it, half of the time.
pub fn a_compaction_that_is_killed_at_any_time_leaves_a_whole_store<B: Backend>(
    trial: &Trial<'_, B>,
) {
    let compaction = Compaction::of(trial, 3_000);
    let began = Instant::now();
    let ran = compaction.child("compact", "", LONGEST);
    assert!(ran.is_done(), "{ran:?}");
    let takes = began.elapsed();
    let seed = Seed::given();
    let kills = kills(KILLS);
    let (mut killed, mut done, mut in_opening) = (0_u64, 0, 0);
    for round in 1..=kills {
        let chance = |what: &str| seed.number(&format!("{what} {round}"));
        let part =
            |of: &str, thousandths: u64| takes.mul_f64((chance(of) % thousandths) as f64 / 1_000.0);
        let ran = compaction.child("compact", "", part("compacting", 1_000));
        killed += 1;
        done += u32::from(ran.is_done());
        if chance("opening").is_multiple_of(2) {
            in_opening += 1;
            let _ = compaction.child("open", "", part("opened", 300));
        }
        if let Err(wrong) = compaction.look() {
            panic!("after kill {round} of {seed}: {wrong}: {ran:#?}");
        }
    }
    seed.print(&format!(
        "{}: {kills} kills, {in_opening} of them again while it opened, {done} too late",
        trial.test
    ));
    crate::ran(killed, "kills");
}

/// H7, H6: the old store stays, and is compacted when there is room.
#[cfg(unix)]
pub fn a_compaction_without_room_leaves_the_old_store<B: Backend>(trial: &Trial<'_, B>) {
    let compaction = Compaction::of(trial, 30_000);
    let mut refused = 0;
    for limit in ROOMS {
        let task = compaction.task("compact", "");
        let ran = Child::start_without_room(trial.test, &task, limit).wait(LONGEST);
        assert!(ran.is_done(), "{limit}: {ran:?}");
        refused += ran
            .said
            .iter()
            .filter(|said| said.starts_with("refused: "))
            .count();
        if let Err(wrong) = compaction.look() {
            panic!("{limit}: {wrong}: {ran:#?}");
        }
    }
    assert!(refused > 0, "there was room");
    let compacted = (trial.backend).compact(&path(&compaction.home), &mut |_| ());
    compacted.expect("there is room now");
    compaction.look().expect("the store is the same");
}

/// H8: and holds what it held.
pub fn a_compacted_store_is_smaller_and_goes_on<B: Backend>(trial: &Trial<'_, B>) {
    let home = trial.home();
    let path = path(&home);
    let mut held = Vec::new();
    for number in 10..=30 {
        let store = trial.open(&path).expect("the store opens");
        let text = number.to_string().repeat(150_000);
        let writes = (1..=3).map(|note| put(note, &text)).collect();
        commit(&store, change(number, vec![], writes)).expect("a commit");
        held = lines(&store);
        // The engine gets what is written over later.
        block_on(store.close()).expect("the store closes");
    }
    let before = size(&path);
    let compacted = trial.backend.compact(&path, &mut |_| ());
    compacted.expect("the store is compacted");
    let after = size(&path);
    assert!(after < before, "{before} bytes became {after}");
    let store = trial.open(&path).expect("the store opens");
    assert_eq!(lines(&store), held);
    commit(&store, change(31, vec![], vec![put(2, "x")])).expect("a commit");
    block_on(store.close()).expect("the store closes");
}

/// H1: the error names the lock, and the store goes on.
pub fn a_store_that_is_open_is_not_compacted<B: Backend>(trial: &Trial<'_, B>) {
    let home = trial.home();
    let path = path(&home);
    let store = trial.open(&path).expect("a new store");
    commit(&store, change(1, vec![], vec![put(1, "x")])).expect("a commit");
    let refused = trial.backend.compact(&path, &mut |_| ());
    let refused = refused.expect_err("it is open").to_string();
    assert!(refused.contains("the lock on"), "{refused}");
    commit(&store, change(2, vec![], vec![put(2, "x")])).expect("a commit");
}

/// A backend whose compaction moves the store out of sight for a moment.
struct Careless<'a, B>(&'a B);

impl<B: Backend> Backend for Careless<'_, B> {
    type Store = B::Store;

    const FILE: &'static str = B::FILE;

    fn open(&self, path: &Path) -> Result<B::Store, StoreError> {
        self.0.open(path)
    }

    fn verify(&self, store: &B::Store) -> Result<String, StoreError> {
        self.0.verify(store)
    }

    fn compact(&self, path: &Path, reached: &mut dyn FnMut(&str)) -> Result<(), StoreError> {
        let away = path.with_extension("away");
        for name in ["One", "Two", "Three", "Four"] {
            reached(name);
        }
        fs::rename(path, &away).expect("the directory is moved");
        reached("Away");
        fs::rename(away, path).expect("the directory is moved");
        Ok(())
    }
}

/// Breaks [`a_compaction_that_dies_at_any_step_leaves_a_whole_store`].
pub fn a_compaction_that_is_not_whole_at_every_step_is_caught<B: Backend>(trial: &Trial<'_, B>) {
    let careless = Careless(trial.backend);
    let trial = trial.of(&careless);
    let compaction = Compaction::of(&trial, 30);
    let caught = compaction.die_at_each_step();
    let caught = caught.expect_err("a planted fault is caught");
    assert!(caught.starts_with("Away: "), "{caught}");
}
