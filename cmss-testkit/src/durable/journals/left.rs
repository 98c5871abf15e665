//! Stores that were not closed: what was committed last is in their journals alone.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use cmss_core::store::{Digest, Store};
use cmss_keyed::directory::{JOURNAL, WITNESS};
use cmss_memory::MemoryStore;
use pollster::block_on;
use tempfile::TempDir;

use super::file::{Record, records};
use crate::children::{Child, Task, serve};
use crate::durable::damage::{LONGEST, copy, live, live_and_die};
use crate::durable::{Backend, Trial};
use crate::notes::lines;

/// The last commit that the engine has, and the last one.
pub(super) const CARRIED: u64 = 50;
pub(super) const LAST: u64 = 60;

/// How often a store is made again of which the engine has got more: its process was stopped for as
/// long as the journal waits.
const TRIES: usize = 20;

/// A store that was not closed, and what may stand in the place of its journal.
pub(super) struct Left {
    home: TempDir,
    pub(super) journal: Vec<u8>,
    /// The records that count. Behind them stand some from before the journal began again.
    pub(super) records: Vec<Record>,
    /// Its journal as it was before.
    pub(super) older: Vec<u8>,
    /// That of another store, which goes further.
    pub(super) other: Vec<u8>,
    /// Those of the same store, had it gone on otherwise: not as far, and further.
    pub(super) forks: [Vec<u8>; 2],
    /// The last commit, by all that a store holds then.
    states: BTreeMap<Digest, u64>,
}

/// In a child that is asked to, fills a store and dies when all was answered.
pub(super) fn serve_filling<B: Backend>(trial: &Trial<'_, B>) {
    serve("commit and die", |home, with| {
        let (from, to) = with.split_once(' ').expect("two numbers");
        let number = |text: &str| text.parse().expect("a number");
        let store = trial.open(home).expect("the store opens");
        live_and_die(&store, number(from)..=number(to));
    });
}

impl Left {
    pub(super) fn make<B: Backend>(trial: &Trial<'_, B>) -> Self {
        let mut states = BTreeMap::new();
        let memory = MemoryStore::new();
        for number in 1..=LAST {
            live(&memory, number.into()..=number.into());
            states.insert(held(&memory), number);
        }
        for _ in 0..TRIES {
            let home = trial.home();
            let place = |name| home.path().join(name);
            let [path, another, fork] = ["store", "another", "fork"].map(place);
            let store = trial.open(&path).expect("a new store");
            live(&store, 1..=30);
            block_on(store.close()).expect("the store closes");
            drop(store);
            let older = fill(trial, &path, 31, CARRIED);
            let forks = [1_055, 1_065].map(|to| {
                copy(&path, &fork);
                let journal = fill(trial, &fork, 1_051, to);
                fs::remove_dir_all(&fork).expect("the fork is removed");
                journal
            });
            let journal = fill(trial, &path, CARRIED + 1, LAST);
            let other = fill(trial, &another, 511, 580);
            let left = Self {
                records: records(&journal),
                home,
                journal,
                older,
                other,
                forks,
                states: states.clone(),
            };
            let bare = left.copy(None, false);
            if left.look(trial.backend, &bare) == Ok(CARRIED)
                && left.records.len() as u64 == LAST - CARRIED
            {
                return left;
            }
        }
        panic!("the engine always has more than commit {CARRIED}");
    }

    /// A copy of the store, with this journal and with its witness or without.
    pub(super) fn copy(&self, journal: Option<&[u8]>, is_witnessed: bool) -> PathBuf {
        let path = self.home.path().join("copy");
        if path.exists() {
            fs::remove_dir_all(&path).expect("the last one is removed");
        }
        copy(&self.home.path().join("store"), &path);
        match journal {
            Some(journal) => fs::write(path.join(JOURNAL), journal).expect("a file is written"),
            None => remove(&path, JOURNAL),
        }
        if !is_witnessed {
            remove(&path, WITNESS);
        }
        path
    }

    /// Opens a store and reads all of it; answers its last commit, if it is as it was after that one.
    ///
    /// # Errors
    /// What the store says is wrong.
    ///
    /// # Panics
    /// When it holds what it never held.
    pub(super) fn look<B: Backend>(&self, backend: &B, path: &Path) -> Result<u64, String> {
        let store = backend.open(path).map_err(|error| error.to_string())?;
        let verified = backend.verify(&store);
        verified.map_err(|error| format!("open, and then {error}"))?;
        let found = self.states.get(&held(&store));
        let last = *found.expect("the store holds what it held at some time");
        let closed = block_on(store.close());
        closed.map_err(|error| format!("closed, and then {error}"))?;
        Ok(last)
    }
}

/// Lets a child commit these, and die; the journal that it leaves.
fn fill<B: Backend>(trial: &Trial<'_, B>, path: &Path, from: u64, to: u64) -> Vec<u8> {
    let task = Task::new("commit and die", path, format!("{from} {to}"));
    let filled = Child::start(trial.test, &task).wait(LONGEST);
    assert_eq!(filled.said, ["filled"], "{filled:?}");
    fs::read(path.join(JOURNAL)).expect("there is a journal")
}

pub(super) fn remove(path: &Path, name: &str) {
    fs::remove_file(path.join(name)).expect("a file is removed");
}

fn held(store: &dyn Store) -> Digest {
    let lines = serde_json::to_vec(&lines(store));
    Digest::of(&lines.expect("lines are spelled"))
}
