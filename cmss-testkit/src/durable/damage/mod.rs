//! Damaged files: a store opens as it was, or says what is wrong. It never panics, hangs, or takes
//! changed data for good.
//!
//! Each damaged store is opened in a process of its own, since an engine may take that with it.

mod look;
mod stores;
mod ways;

use std::cell::Cell;
use std::fs;
use std::path::Path;
use std::time::Duration;

use cmss_core::store::StoreError;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, TestCaseError, TestError, TestRunner};

use self::look::{fill_and_die, look_at};
pub(super) use self::look::{live, live_and_die};
pub(crate) use self::stores::copy;
use self::stores::{Stores, Which};
use self::ways::{Damage, damages};
use super::{Backend, Trial};
use crate::children::{Child, Outcome, Task, serve};
use crate::looked::{asked, ran};
use crate::seed::Seed;

/// What a child may take: a hundred times what it needs.
pub(super) const LONGEST: Duration = Duration::from_secs(60);

/// The process that has left a store.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Left {
    /// It closed the store.
    Closed,
    /// It was killed, when all that it did had been answered.
    Killed,
}

/// What became of the stores that were damaged at random.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// So many were as they had been.
    pub whole: u32,
    /// So many were refused, with a reason.
    pub refused: u32,
}

impl Tally {
    const fn stores(self) -> u32 {
        self.whole + self.refused
    }
}

/// Damages stores in ways that are the same each time, and in random ones, 30 or `CMSS_CASES`, and looks
/// at each in a child.
///
/// # Errors
/// What a child did with which damage, when it should not have.
///
/// # Panics
/// When the stores to be damaged cannot be made, and when `CMSS_CASES` is no number.
pub fn try_damages<B: Backend>(trial: &Trial<'_, B>, left: Left) -> Result<Tally, String> {
    serve("look", |home, _| look_at(home, trial.backend));
    serve("fill", |home, _| fill_and_die(home, trial.backend));
    let stores = Stores::make(trial, left);
    let cases = asked("CMSS_CASES", 30);
    let config = Config {
        failure_persistence: None,
        max_shrink_iters: 20,
        ..Config::with_cases(cases)
    };
    let seed = Seed::given();
    let mut runner = TestRunner::new_with_rng(config, seed.rng());
    let tally = Cell::new(Tally::default());
    let play = |path: &Path| -> Result<(), String> {
        let looked = Child::start(trial.test, &Task::new("look", path, "")).wait(LONGEST);
        let mut counted = tally.get();
        match judge(&looked, &stores.expected)? {
            true => counted.whole += 1,
            false => counted.refused += 1,
        }
        tally.set(counted);
        Ok(())
    };
    for file in [Which::Largest, Which::Journal] {
        for damage in [Damage::Older, Damage::Other, Damage::Empty, Damage::Remove] {
            let path = stores.damaged(std::slice::from_ref(&damage), file);
            play(&path).map_err(|why| format!("{why}: {damage:?} {file:?}"))?;
        }
    }
    // These are the same each time: to look at them again says nothing more, and they count for nothing.
    let same = tally.take();
    // The file of most of the data comes up most often.
    let file = prop_oneof![
        3 => Just(Which::Largest),
        1 => any::<Index>().prop_map(Which::Any),
        1 => Just(Which::Journal),
    ];
    let plans = (prop::collection::vec(damages(), 1..3), file);
    let played = runner.run(&plans, |(damages, file)| {
        let path = stores.damaged(&damages, file);
        play(&path).map_err(TestCaseError::fail)
    });
    match played {
        Ok(()) => {
            let tally = tally.get();
            let test = trial.test;
            seed.print(&format!("{test}: {tally:?}, the same each time {same:?},"));
            ran(tally.stores(), "stores");
            Ok(tally)
        }
        Err(TestError::Fail(why, plan)) => Err(format!("{why}: {plan:?}, {seed}")),
        Err(TestError::Abort(why)) => Err(why.to_string()),
    }
}

/// H5: they are what they were, or refused with a reason.
pub fn damaged_files_of_a_closed_store_are_noticed<B: Backend>(trial: &Trial<'_, B>) {
    are_noticed(trial, Left::Closed);
}

/// H5: likewise.
pub fn damaged_files_of_a_store_whose_process_was_killed_are_noticed<B: Backend>(
    trial: &Trial<'_, B>,
) {
    are_noticed(trial, Left::Killed);
}

fn are_noticed<B: Backend>(trial: &Trial<'_, B>, left: Left) {
    let tally = try_damages(trial, left).unwrap_or_else(|why| panic!("{why}"));
    // Of some thirty damages a third or more cannot be missed.
    assert!(tally.refused > 0 || tally.stores() < 30, "{tally:?}");
}

/// A backend that has no witness.
struct Forgetful<'a, B>(&'a B);

impl<B: Backend> Backend for Forgetful<'_, B> {
    type Store = B::Store;

    const FILE: &'static str = B::FILE;

    fn open(&self, path: &Path) -> Result<B::Store, StoreError> {
        let witness = path.join("witness");
        if witness.exists() {
            fs::remove_file(witness).map_err(|_| StoreError::Closed)?;
        }
        self.0.open(path)
    }

    fn verify(&self, store: &B::Store) -> Result<String, StoreError> {
        self.0.verify(store)
    }

    fn compact(&self, path: &Path, reached: &mut dyn FnMut(&str)) -> Result<(), StoreError> {
        self.0.compact(path, reached)
    }
}

/// Breaks [`damaged_files_of_a_store_whose_process_was_killed_are_noticed`]: data of last week, mostly.
pub fn changed_data_that_is_taken_for_good_is_caught<B: Backend>(trial: &Trial<'_, B>) {
    let forgetful = Forgetful(trial.backend);
    let caught = try_damages(&trial.of(&forgetful), Left::Killed);
    let why = caught.expect_err("it is caught");
    assert!(why.starts_with(TAKEN_FOR_GOOD), "{why}");
}

/// How it is told that a store holds something else, and does not say so.
const TAKEN_FOR_GOOD: &str = "changed data are taken for good";

/// Whether the store was as it had been, or else refused, each time it was opened.
fn judge(looked: &Outcome, expected: &str) -> Result<bool, String> {
    let strange = |what: &str| Err(format!("{what}: {looked:?}"));
    let looks = looked.said.split_last().filter(|_| looked.is_done());
    let Some((_, looks @ [_, _])) = looks else {
        return strange("the process did not come to its end");
    };
    let mut whole = true;
    for said in looks {
        match said.split_once(' ') {
            Some(("holds", found)) if found == expected => {}
            Some(("refused", why)) if !why.is_empty() => whole = false,
            Some(("holds", _)) => return strange(TAKEN_FOR_GOOD),
            _ => return strange("it is refused without a reason"),
        }
    }
    Ok(whole)
}
