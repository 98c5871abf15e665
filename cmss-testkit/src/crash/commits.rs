//! Commits and exports that are killed, as rules.

use std::path::Path;
use std::sync::Arc;

use cmss_core::store::{Seq, Store, StoreError};

use super::{Crash, Hasty};
use crate::caught;
use crate::durable::{Backend, Trial};
use crate::notes::{change, commit, put};

/// U1, C1: the kills come while the store is opened, while it commits, and while it is exported; most
/// of them when the last commits are in its journal alone.
pub fn what_was_answered_survives_kills<B: Backend>(trial: &Trial<'_, B>) {
    let open = |path: &Path| trial.open(path);
    let check = |store: &B::Store| trial.backend.verify(store).map(drop);
    let crashed = Crash::of(trial.test, &open).check(&check).run();
    // A process may be stopped before it is killed, for as long as its journal waits.
    let seen = crashed.acknowledged > 0 && crashed.in_journal > crashed.kills / 10;
    assert!(seen, "{crashed:?}");
}

/// Breaks [`what_was_answered_survives_kills`]. Ten kills: one would do.
pub fn a_store_that_answers_before_it_commits_is_caught<B: Backend>(trial: &Trial<'_, B>) {
    let open = |path: &Path| trial.open(path);
    let hasty = |path: &Path| -> Result<Arc<dyn Store>, StoreError> {
        Ok(Arc::new(Hasty::new(Arc::new(trial.open(path)?))))
    };
    caught("was acknowledged and is lost", || {
        let crash = Crash::of(trial.test, &open).in_child(&hasty);
        crash.kills(10).run();
    });
}

/// Breaks [`what_was_answered_survives_kills`]: what stands in the log under an id is other than what
/// that id was sent with.
pub fn a_commit_that_is_not_whole_is_caught<B: Backend>(trial: &Trial<'_, B>) {
    let open =
        |path: &Path| -> Result<Arc<dyn Store>, StoreError> { Ok(Arc::new(trial.open(path)?)) };
    let torn = |path: &Path| {
        let store = trial.open(path)?;
        commit(&store, change(77, vec![], vec![put(900, "half")]))?;
        Ok(store)
    };
    caught("what is left is not what its log tells of", || {
        Crash::of(trial.test, &torn).in_child(&open).kills(1).run();
    });
}

/// Breaks [`what_was_answered_survives_kills`]: what a look at the store finds after a kill is told.
pub fn a_store_that_is_not_whole_is_caught<B: Backend>(trial: &Trial<'_, B>) {
    let open = |path: &Path| trial.open(path);
    caught("the store was poisoned by an earlier failure", || {
        let check = |_: &B::Store| Err(StoreError::Poisoned);
        Crash::of(trial.test, &open).check(&check).kills(1).run();
    });
}

/// An export that lacks its last lines, and is said to be done.
fn cut_short(store: &dyn Store, path: &Path) -> Result<Seq, StoreError> {
    let seq = super::shift::export(store, path)?;
    let bytes = std::fs::read(path).expect("the export is read");
    let lines = bytes.split_inclusive(|byte| *byte == b'\n');
    let kept: Vec<&[u8]> = lines.collect();
    let (_, kept) = kept.split_last().expect("an export has lines");
    std::fs::write(path, kept.concat()).expect("the export is written");
    Ok(seq)
}

/// Breaks [`what_was_answered_survives_kills`], until it is; a kill between two exports finds it.
pub fn an_export_that_is_done_before_its_end_is_caught<B: Backend>(trial: &Trial<'_, B>) {
    let open = |path: &Path| trial.open(path);
    caught("is refused", || {
        let mut crash = Crash::of(trial.test, &open).kills(200);
        crash.exports = cut_short;
        crash.run();
    });
}
