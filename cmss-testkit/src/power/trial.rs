//! Stores in directories whose power is cut, again and again.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::path::Path;

use cmss_core::store::{Line, Store, StoreError};
use cmss_keyed::directory::SORTING;
use cmss_keyed::sort_within;
use pollster::block_on;

use super::chance::Chance;
use super::life::{Cut, Kill, Life, Moment, Past, Plan, Synced};
use super::shadow::{Rules, Shadow};
use super::story::{Step, Story, Unknown};
use crate::looked::ran;
use crate::notes::{SCARCE, lines, load};
use crate::seed::Seed;

/// About as many syncs as there are when a store is opened for the first time.
const OPENING: usize = 20;

/// A store in a directory, and what is committed to it until its power is cut.
///
/// The [module's page](super) says what is looked for.
#[derive(Debug)]
pub struct Trial<S> {
    /// Opens the store in a directory, or creates it there, with syncs of the test's own.
    pub open: fn(&Path, Synced) -> Result<S, StoreError>,
    /// Opens it as after a restart.
    pub reopen: fn(&Path) -> Result<S, StoreError>,
    /// Looks at all of it.
    pub verify: fn(&S) -> Result<(), String>,
    /// When its files become durable.
    pub rules: Rules,
    /// The lengths of texts, each as likely as the next; `None` removes a note.
    pub lengths: &'static [Option<usize>],
    /// How many notes there are.
    pub notes: u128,
    /// The most that one commit writes.
    pub writes: usize,
}

/// What was seen.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// The cuts, by their moment.
    pub cuts: BTreeMap<Moment, u32>,
    /// The commits that were answered before a cut: all of them were there afterwards.
    pub acknowledged: usize,
    /// The commits that were not, and were there all the same.
    pub there: usize,
    /// The commits that were not, and were not there.
    pub gone: usize,
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            cuts,
            acknowledged,
            there,
            gone,
        } = self;
        let all: u32 = cuts.values().sum();
        write!(
            f,
            "{all} cuts {cuts:?}: {acknowledged} acknowledged, of others {there} there, {gone} gone"
        )
    }
}

impl<S: Store> Trial<S> {
    /// Leads a life of so many groups of commits without a cut, for a store that has more behind it
    /// than a test has time for.
    ///
    /// # Panics
    /// When the store does not open, or answers otherwise than it has to.
    #[must_use]
    pub fn past(&self, groups: usize) -> Past {
        let (home, path) = Past::default().home();
        let story = Story::default();
        let store = (self.reopen)(&path).expect("the store opens");
        let mut chance = Chance::new(groups as u64);
        let groups: Vec<_> = (0..groups).map(|_| self.group(&mut chance)).collect();
        assert!(!story.play(&store, &groups), "the store stays");
        block_on(store.close()).expect("the store closes");
        drop(store);
        let image = Shadow::of(home.path(), self.rules).cut(&mut chance);
        Past {
            image,
            kept: None,
            story,
        }
    }

    /// Cuts the power in so many lives that begin with a past, three times in each, and each time
    /// in four ways; and ends the process in a fifth, before it syncs what the next one finds: mostly
    /// the journal, or whatever it is.
    ///
    /// # Errors
    /// What was wrong after which cut.
    ///
    /// # Panics
    /// When the store answers otherwise than it has to while there is power.
    pub fn run(&self, cases: u32, past: &Past) -> Result<Tally, String> {
        tallied("power", "lives", cases, |chance, tally| {
            let mut past = past.copy();
            for _ in 0..3 {
                let mut cuts = self.cut_commits(&past, chance);
                for cut in &cuts {
                    let looked = self.look(cut).map_err(|wrong| cut.found(&wrong))?;
                    tally.add(cut, looked);
                }
                // The next life is the first to open what is left.
                let killed = cuts.iter().position(|cut| cut.moment == Moment::Killed);
                let next = killed.filter(|_| chance.one_in(2));
                let next = next.unwrap_or_else(|| chance.below(cuts.len()));
                past = cuts.swap_remove(next).left;
            }
            Ok(())
        })
    }

    /// Cuts the power so many times while an empty store is loaded with what another holds, which is
    /// sorted in a file, each time in six ways: what is left is empty and can be loaded, or holds it
    /// all; and that file is gone.
    ///
    /// # Errors
    /// What was wrong after which cut.
    ///
    /// # Panics
    /// When a store answers otherwise than it has to while there is power.
    pub fn load(&self, cases: u32, past: &Past) -> Result<Tally, String> {
        let (home, path) = past.home();
        let full = (self.reopen)(&path).expect("the store opens");
        let all = lines(&full);
        drop((full, home));
        let lead = |path: &Path, synced: Synced, life: &Life| {
            sort_within(SCARCE);
            let store = (self.open)(path, synced).expect("the store opens");
            life.reach(Moment::Open);
            load(&store, all.clone()).expect("the store is loaded");
            life.story.take_over(&past.story);
            life.reach(Moment::Closing);
        };
        let syncs = Life::syncs(&Past::default(), self.rules, lead);
        tallied("power in loads", "loads", cases, |chance, tally| {
            let plan = Plan {
                // Most is at stake right before one.
                syncs: (0..4).map(|_| 2 * chance.below(syncs)).collect(),
                moments: vec![Moment::Open, Moment::Closed],
                kills: Vec::new(),
            };
            for cut in Life::cuts(&Past::default(), self.rules, plan, chance, lead) {
                let looked = self.look_at_load(&cut, &all);
                tally.add(&cut, looked.map_err(|wrong| cut.found(&wrong))?);
            }
            Ok(())
        })
    }

    /// Opens a store, commits to it and closes it; mostly once, and often again.
    pub(super) fn cut_commits(&self, past: &Past, chance: &mut Chance) -> Vec<Cut> {
        let groups = 1 + chance.below(12);
        let groups: Vec<_> = (0..groups).map(|_| self.group(chance)).collect();
        let closed = chance.below(2 * groups.len());
        let (first, rest) = groups.split_at(closed.min(groups.len()));
        // About as many as there are: one in each group, and more in each opening and closing.
        let syncs = 2 * groups.len() + OPENING;
        let plan = Plan {
            syncs: vec![chance.below(2 * OPENING), chance.below(2 * syncs)],
            moments: (0..2).map(|_| any_moment(chance)).collect(),
            kills: vec![match chance.below(3) {
                0 => Kill::Any(chance.below(OPENING)),
                _ => Kill::Journal(chance.below(groups.len())),
            }],
        };
        Life::cuts(past, self.rules, plan, chance, |path, synced, life| {
            let store = (self.open)(path, synced.clone()).expect("the store opens");
            life.reach(Moment::Open);
            assert!(!life.story.play(&store, first), "the store stays");
            let store = match rest {
                [] => store,
                rest => {
                    drop(store);
                    let store = (self.open)(path, synced).expect("the store opens again");
                    assert!(!life.story.play(&store, rest), "the store stays");
                    store
                }
            };
            life.reach(Moment::Closing);
            drop(store);
        })
    }

    /// Opens what is left, looks at all of it, commits, and closes.
    pub(super) fn look(&self, cut: &Cut) -> Result<Unknown, String> {
        let (_home, path) = cut.left.home();
        let store = (self.reopen)(&path).map_err(closed)?;
        (self.verify)(&store)?;
        let story = cut.left.story.so_far();
        let unknown = story.compare(&store)?;
        if story.play(&store, &[vec![vec![(1, Some(100))]]]) {
            return Err("nothing can be committed any more".to_owned());
        }
        block_on(store.close()).map_err(|error| format!("the store does not close: {error}"))?;
        let beside = path.parent().expect("it is in a directory of its own");
        let beside = fs::read_dir(beside).expect("the directory is read");
        let beside = beside.map(|entry| entry.expect("a name is read").file_name());
        let is_other = |name: &OsString| Some(&**name) != path.file_name();
        match beside.filter(is_other).collect::<Vec<_>>() {
            names if names.is_empty() => Ok(unknown),
            names => Err(format!("there is left {names:?}")),
        }
    }

    fn look_at_load(&self, cut: &Cut, all: &[Line]) -> Result<Unknown, String> {
        let (_home, path) = cut.left.home();
        let store = (self.reopen)(&path).map_err(closed)?;
        (self.verify)(&store)?;
        if path.join(SORTING).exists() {
            return Err("what was sorted is left".to_owned());
        }
        let held = lines(&store);
        if held == all {
            return Ok(Unknown { there: 1, gone: 0 });
        }
        if cut.left.story.acknowledged() > 0 {
            return Err("a load that was answered is gone".to_owned());
        }
        load(&store, all.to_vec()).map_err(|error| format!("it cannot be loaded: {error}"))?;
        match lines(&store) == all {
            true => Ok(Unknown { there: 0, gone: 1 }),
            false => Err("a load is not what was loaded".to_owned()),
        }
    }

    fn group(&self, chance: &mut Chance) -> Vec<Vec<Step>> {
        let commits = 1 + chance.below(3);
        let mut commit = || -> Vec<Step> {
            let writes = 1 + chance.below(self.writes);
            let mut write = || {
                let note = 1 + u128::from(chance.draw()) % self.notes;
                (note, self.lengths[chance.below(self.lengths.len())])
            };
            (0..writes).map(|_| write()).collect()
        };
        (0..commits).map(|_| commit()).collect()
    }
}

impl Tally {
    pub(super) fn add(&mut self, cut: &Cut, unknown: Unknown) {
        *self.cuts.entry(cut.moment).or_default() += 1;
        self.acknowledged += cut.left.story.acknowledged();
        self.there += unknown.there;
        self.gone += unknown.gone;
    }
}

/// Runs each case on chances that follow from the seed and its number; a case is a `unit`.
pub(super) fn tallied(
    what: &str,
    unit: &str,
    cases: u32,
    mut run: impl FnMut(&mut Chance, &mut Tally) -> Result<(), String>,
) -> Result<Tally, String> {
    let seed = Seed::given();
    let mut tally = Tally::default();
    let mut count = 0_u64;
    for case in 0..cases {
        let mut chance = Chance::new(seed.number(&format!("{what} {case}")));
        run(&mut chance, &mut tally).map_err(|wrong| format!("{wrong}; {tally}; {seed}"))?;
        count += 1;
    }
    seed.print(&tally.to_string());
    ran(count, unit);
    Ok(tally)
}

fn closed(error: StoreError) -> String {
    let mut said = format!("the store does not open: {error}");
    let mut error: &dyn std::error::Error = &error;
    while let Some(source) = error.source() {
        said = format!("{said}: {source}");
        error = source;
    }
    said
}

fn any_moment(chance: &mut Chance) -> Moment {
    match chance.below(6) {
        0 => Moment::Opening,
        1 | 2 => Moment::Open,
        3 | 4 => Moment::Closing,
        _ => Moment::Closed,
    }
}
