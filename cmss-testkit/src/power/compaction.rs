//! Cuts of power while a store is compacted.

use std::cell::RefCell;
use std::fs::File;
use std::path::{Path, PathBuf};

use cmss_keyed::compaction::{self, Compacting, Housing};
use cmss_keyed::{Engine, KeyedStore};

use super::life::{Life, Moment, Past, Plan, Synced, unasked};
use super::trial::{Tally, Trial, tallied};

thread_local! {
    /// What the engines tell that this thread opens to compact a store, and the mark of that.
    static TOLD: RefCell<(Synced, PathBuf)> = RefCell::new((unasked(), PathBuf::new()));
}

/// What an engine tells at each sync that is opened for [`Trial::compact`]: [`Housing::open`] asks
/// for it, and opens the store with it.
#[must_use]
pub fn told() -> Synced {
    let (told, mark) = TOLD.with_borrow(Clone::clone);
    // It is durable before anything new is made.
    if let Ok(mark) = File::open(mark) {
        told(&mark);
    }
    told
}

impl<E: Engine> Trial<KeyedStore<E>> {
    /// Cuts the power so many times while a store is compacted, each time in four ways: what is left
    /// holds it all, and nothing lies beside it when it is open. Half of the stores were not closed.
    ///
    /// That the new store is synced once more as a whole, before it takes the place of the old one,
    /// counts for nothing: what the engine has not told of may be lost.
    ///
    /// # Errors
    /// What was wrong after which cut.
    ///
    /// # Panics
    /// When a store cannot be compacted while there is power.
    pub fn compact(&self, cases: u32, past: &Past, housing: &Housing<E>) -> Result<Tally, String> {
        let lead = |path: &Path, synced: Synced, life: &Life| {
            TOLD.set((synced, path.with_extension("compact")));
            let compacted = compaction::compact(path, housing, |step| match step {
                // The names of the directories are.
                Compacting::Aside | Compacting::InPlace => life.named(),
                _ => {}
            });
            compacted.expect("the store is compacted");
        };
        let syncs = Life::syncs(past, self.rules, lead);
        tallied(
            "power in compactions",
            "compactions",
            cases,
            |chance, tally| {
                let plan = Plan {
                    syncs: (0..4).map(|_| chance.below(2 * syncs)).collect(),
                    // Directories are renamed whole, which a cut of their files does not know.
                    moments: Vec::new(),
                    kills: Vec::new(),
                };
                // Of a store that was closed; or of one whose process ended, with what its journal has.
                let mut lives = self.cut_commits(past, chance).into_iter();
                let killed = lives.find(|life| life.moment == Moment::Killed);
                let killed = killed.filter(|_| chance.one_in(2));
                let past = killed.as_ref().map_or(past, |life| &life.left);
                for cut in Life::cuts(past, self.rules, plan, chance, lead) {
                    let looked = self.look(&cut).map_err(|wrong| cut.found(&wrong))?;
                    tally.add(&cut, looked);
                }
                Ok(())
            },
        )
    }
}
