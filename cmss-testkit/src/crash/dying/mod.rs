//! Processes that die at a named [`Point`], where what is left can be foretold: in a commit, in a
//! load, and while a store is opened.
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

use std::path::Path;
use std::sync::Arc;

use cmss_core::store::{Store, StoreError};
use cmss_keyed::{Engine, KeyedStore};

use self::deaths::Deaths;
use super::Hasty;
use super::loads::caught;
use super::points::{Forgetful, Halving, Mortal, Point};
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
    for point in [Point::Settled, Point::Visible, Point::Answered] {
        caught("it is there or not", || deaths.in_commits(&[point]));
    }
    // Where the witness has seen the commit, it is what tells.
    caught("its witness has seen commit ", || {
        deaths.in_commits(&[Point::Attested]);
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
    caught("at Applying of commit 2", || {
        deaths.in_commits(&[Point::Applying]);
    });
    caught("its witness has seen nothing", || {
        deaths.in_commits(&[Point::Attested]);
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
