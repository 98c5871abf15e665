//! Processes that die at a named [`Point`], where what is left can be foretold: in a commit, while
//! commits are carried from the journal, in a load, and while a store is opened.
//!
//! A store needs no switch for it. What happens in an engine is told by [`Mortal`], which wraps it;
//! that a commit can be read, and that it was answered, by whoever waits for that: the waker dies.
//! The witness is written by the thread that answers, between an answer and whatever that thread asks
//! of the engine next; so it has not been written in the one, and has been in the other. After each
//! death it is asked what it has seen.
//!
//! For backends on an [`Engine`]: their unit tests, which can reach it, implement [`Laid`] and call
//! [`point_rules!`](crate::point_rules).

mod child;
mod deaths;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use cmss_core::store::{Store, StoreError};
use cmss_keyed::directory::WITNESS;
use cmss_keyed::{Engine, KeyedStore};

use self::deaths::Deaths;
use super::Hasty;
use super::points::{Forgetful, Halving, Mortal, Overtaken, Point};
use crate::caught;
use crate::durable::Trial;

/// A backend on an engine, laid open.
pub trait Laid: Sync {
    /// The engine.
    type Engine: Engine;

    /// Whether it [reaches](super::points::reach) [`Point::Flushed`] by itself, once in each settling.
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

/// The same, which carries each commit as soon as it has been answered, and begins the journal again.
fn carrying<L: Laid, E: Engine>(
    laid: &L,
    path: &Path,
    alter: impl FnOnce(L::Engine) -> E,
) -> Result<Arc<dyn Store>, StoreError> {
    let store = KeyedStore::open_with(alter(laid.open(path)?), path, 0)?;
    Ok(Arc::new(store))
}

/// The points of a batch on this engine.
fn points<L: Laid>() -> Vec<Point> {
    let all = Point::BATCH.into_iter();
    all.filter(|point| *point != Point::Flushed || L::FLUSHES)
        .collect()
}

/// As the store is.
fn mortal<L: Laid>(trial: &Trial<'_, L>, path: &Path) -> Result<Arc<dyn Store>, StoreError> {
    opened(trial.backend, path, Mortal)
}

/// C1, U1: at each point of a commit.
pub fn a_process_that_dies_in_a_commit_leaves_it_whole_or_absent<L: Laid>(trial: &Trial<'_, L>) {
    Deaths::of(trial, &|path| mortal(trial, path)).in_commits(&Point::COMMIT);
}

/// U1: at each point of each batch, where the journal is written over what has been carried, and at
/// whatever the engine is asked by the next opening.
pub fn a_process_that_dies_while_it_carries_commits_loses_none<L: Laid>(trial: &Trial<'_, L>) {
    let open = |path: &Path| carrying(trial.backend, path, Mortal);
    let deaths = Deaths::of(trial, &open);
    deaths.in_commits(&points::<L>());
    deaths.in_commits(&[Point::Journaling, Point::Journaled]);
    deaths.while_one_opens_that_carried();
}

/// M2: each time that something is written, of a load that is sorted in a file, and while that has its
/// name.
pub fn a_process_that_dies_in_a_load_leaves_all_of_it_or_nothing<L: Laid>(trial: &Trial<'_, L>) {
    let points = [
        Point::Sorting,
        Point::Applying,
        Point::Applied,
        Point::Settled,
    ];
    Deaths::of(trial, &|path| mortal(trial, path)).in_loads(&points);
}

/// U1: at whatever the engine is asked.
pub fn a_process_that_dies_while_it_opens_leaves_what_there_was<L: Laid>(trial: &Trial<'_, L>) {
    Deaths::of(trial, &|path| mortal(trial, path)).while_all_open();
}

/// Breaks [`a_process_that_dies_while_it_carries_commits_loses_none`]: no fsync. The journal begins
/// again, and what it had is nowhere.
pub fn a_settling_that_does_nothing_is_caught<L: Laid>(trial: &Trial<'_, L>) {
    let open = |path: &Path| carrying(trial.backend, path, |engine| Mortal(Forgetful(engine)));
    let deaths = Deaths::of(trial, &open);
    // The first death is before the first commit, so that somebody else founds the store. The journal
    // goes on from what the engine does not have, or has in part.
    caught("put the right file", || {
        deaths.in_commits(&[Point::Judging, Point::Journaled]);
    });
}

/// Breaks [`a_process_that_dies_in_a_commit_leaves_it_whole_or_absent`]: the answer before the
/// commit.
pub fn an_answer_before_the_commit_is_caught<L: Laid>(trial: &Trial<'_, L>) {
    let open = |path: &Path| -> Result<Arc<dyn Store>, StoreError> {
        Ok(Arc::new(Hasty::new(mortal(trial, path)?)))
    };
    let deaths = Deaths::of(trial, &open);
    caught("was acknowledged and is lost", || {
        deaths.in_commits(&[Point::Judging])
    });
}

/// Breaks [`a_process_that_dies_in_a_commit_leaves_it_whole_or_absent`]: a witness that nobody finds.
pub fn a_witness_that_sees_nothing_is_caught<L: Laid>(trial: &Trial<'_, L>) {
    let open = |path: &Path| {
        let store = mortal(trial, path)?;
        fs::remove_file(path.join(WITNESS)).expect("there is a witness");
        Ok(store)
    };
    let deaths = Deaths::of(trial, &open);
    let saying = "its witness has seen nothing";
    caught(saying, || deaths.in_commits(&[Point::Judging]));
    caught(saying, || deaths.in_commits(&[Point::Attested]));
}

/// Breaks [`a_process_that_dies_in_a_load_leaves_all_of_it_or_nothing`] and
/// [`a_process_that_dies_while_it_opens_leaves_what_there_was`]: half of a batch, at each kind of
/// moment. What is carried in two is whole: the journal has it, until all of it is in the engine.
pub fn a_batch_that_is_written_in_two_is_caught<L: Laid>(trial: &Trial<'_, L>) {
    let open = |path: &Path| opened(trial.backend, path, |engine| Halving(Mortal(engine)));
    let deaths = Deaths::of(trial, &open);
    caught("the store has a part of what was committed", || {
        deaths.in_loads(&[Point::Settled]);
    });
    caught("the tip of the log is missing", || deaths.while_all_open());
}

/// Breaks [`a_process_that_dies_while_it_carries_commits_loses_none`]: the tip of a commit in the
/// engine, and the rest of it not yet.
pub fn a_tip_that_is_carried_before_its_commit_is_caught<L: Laid>(trial: &Trial<'_, L>) {
    let open = |path: &Path| carrying(trial.backend, path, |engine| Overtaken::new(Mortal(engine)));
    let deaths = Deaths::of(trial, &open);
    caught("a log record is missing", || {
        deaths.in_commits(&[Point::Settled]);
    });
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
                a_process_that_dies_while_it_carries_commits_loses_none
                a_process_that_dies_in_a_load_leaves_all_of_it_or_nothing
                a_process_that_dies_while_it_opens_leaves_what_there_was
                a_settling_that_does_nothing_is_caught
                an_answer_before_the_commit_is_caught
                a_witness_that_sees_nothing_is_caught
                a_batch_that_is_written_in_two_is_caught
                a_tip_that_is_carried_before_its_commit_is_caught
            }
        }
    };
}
