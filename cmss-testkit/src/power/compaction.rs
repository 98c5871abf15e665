//! Cuts of power while a store is compacted.

use std::cell::RefCell;
use std::path::Path;

use cmss_keyed::compaction::{self, Housing};
use cmss_keyed::{Engine, KeyedStore};

use super::life::{Kill, Life, Moment, Past, Plan, Synced, unasked};
use super::trial::{Tally, Trial, tallied};

thread_local! {
    /// What the engines tell that this thread opens to compact a store.
    static TOLD: RefCell<Synced> = RefCell::new(unasked());
}

/// What an engine tells at each sync that is opened for [`Trial::compact`]: [`Housing::open`] asks
/// for it, and opens the store with it.
#[must_use]
pub fn told() -> Synced {
    TOLD.with_borrow(Clone::clone)
}

impl<E: Engine> Trial<KeyedStore<E>> {
    /// Cuts the power so many times while a store is compacted, each time in four ways, and ends the
    /// process once, after which the power goes while the next opens the store and goes on: what is left
    /// holds it all, and nothing lies beside it when it is open. Half of the stores were not closed.
    ///
    /// That the files of the new store are synced once more, before it takes the place of the old one,
    /// counts for nothing: what was not told of before may be lost.
    ///
    /// # Errors
    /// What was wrong after which cut.
    ///
    /// # Panics
    /// When a store cannot be compacted while there is power.
    pub fn compact(&self, cases: u32, past: &Past, housing: &Housing<E>) -> Result<Tally, String> {
        let lead = |path: &Path, synced: Synced, _: &Life| {
            TOLD.set(synced);
            compaction::compact(path, housing, |_| ()).expect("the store is compacted");
        };
        let syncs = Life::syncs(past, self.rules, lead);
        tallied(
            "power in compactions",
            "compactions",
            cases,
            |chance, tally| {
                let plan = Plan {
                    syncs: (0..3).map(|_| chance.below(2 * syncs)).collect(),
                    moments: vec![Moment::Opening],
                    kills: vec![Kill::Any(chance.below(syncs))],
                };
                // Of a store that was closed; or of one whose process ended, with what its journal has.
                let mut lives = self.cut_commits(past, chance).into_iter();
                let killed = lives.find(|life| life.moment == Moment::Killed);
                let killed = killed.filter(|_| chance.one_in(2));
                let past = killed.as_ref().map_or(past, |life| &life.left);
                let mut cuts = Life::cuts(past, self.rules, plan, chance, lead);
                let ended = cuts.iter().position(|cut| cut.moment == Moment::Killed);
                if let Some(ended) = ended {
                    cuts.extend(self.cut_commits(&cuts[ended].left, chance));
                }
                for cut in cuts {
                    let looked = self.look(&cut).map_err(|wrong| cut.found(&wrong))?;
                    tally.add(&cut, looked);
                }
                Ok(())
            },
        )
    }
}
