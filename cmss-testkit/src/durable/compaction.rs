//! Compaction that is killed: at each stage it tells of, at any moment, and while the next opening
//! cleans up. What is left is the old store or the new one, whole.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use cmss_core::store::{Line, Store, StoreError, Write};
use pollster::block_on;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use super::children::{self, say};
use super::damage::Backend;
use crate::notes::{change, commit, lines, note, put};

/// The store that a child has to compact.
const COMPACT: &str = "CMSS_COMPACT";

/// The stage at which it has to die.
const DIE_AT: &str = "CMSS_DIE_AT";

/// The store that a child has to open.
const OPEN: &str = "CMSS_OPEN";

/// What a child may take: a hundred times what it needs.
const LONGEST: Duration = Duration::from_secs(120);

/// How a backend compacts the store in a directory, and tells the name of each stage it reaches.
pub type Compact = fn(&Path, &mut dyn FnMut(&'static str)) -> Result<(), StoreError>;

/// A test of compaction.
#[derive(Debug)]
pub struct Trial<'a, S> {
    /// The full name of the calling test, which has to do nothing else: the children run it.
    pub test: &'a str,
    /// An empty directory.
    pub home: &'a Path,
    /// How stores are opened and looked at.
    pub backend: &'a Backend<S>,
    /// How they are compacted.
    pub compact: Compact,
}

impl<S: Store> Trial<'_, S> {
    /// Does what a child is asked; answers whether this is one.
    fn is_child(&self) -> bool {
        if let Some(path) = std::env::var_os(COMPACT) {
            let die_at = std::env::var(DIE_AT).ok();
            let compacted = (self.compact)(Path::new(&path), &mut |stage| {
                say(stage);
                if die_at.as_deref() == Some(stage) {
                    std::process::abort();
                }
            });
            match compacted {
                Ok(()) => say("done"),
                Err(error) => say(&format!("refused: {error}")),
            }
            return true;
        }
        if let Some(path) = std::env::var_os(OPEN) {
            let store = self.open(Path::new(&path)).expect("the store opens");
            block_on(store.close()).expect("the store closes");
            say("done");
            return true;
        }
        false
    }

    fn open(&self, path: &Path) -> Result<S, StoreError> {
        (self.backend.open)(path)
    }

    fn path(&self) -> PathBuf {
        self.home.join("news")
    }

    /// Makes a store with a life behind it; answers what it holds.
    fn fill(&self, size: usize) -> Vec<Line> {
        let store = self.open(&self.path()).expect("a new store");
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
        held
    }

    /// What the store holds, when it is opened as after a restart; nothing is left beside it.
    fn held(&self) -> Result<Vec<Line>, String> {
        let told = |error: StoreError| error.to_string();
        let store = self.open(&self.path()).map_err(told)?;
        (self.backend.verify)(&store).map_err(told)?;
        let held = lines(&store);
        block_on(store.close()).map_err(told)?;
        let found = fs::read_dir(self.home).expect("the directory is read");
        let names = found.map(|entry| entry.expect("a name is read").file_name());
        let names: Vec<_> = names.collect();
        if names == ["news"] {
            Ok(held)
        } else {
            Err(format!("there are {names:?}"))
        }
    }

    fn child(&self, environment: &[(&str, &OsStr)], longest: Duration) -> children::Outcome {
        let path = self.path();
        let mut all = vec![(environment[0].0, path.as_os_str())];
        all.extend(&environment[1..]);
        children::run(self.test, &all, longest)
    }
}

/// Dies at each stage the compaction tells of, and opens again.
///
/// # Errors
/// What was found after which stage.
///
/// # Panics
/// When the store cannot be made, or the children do not do what they are told.
pub fn killed_at_each_stage_it_is_whole<S: Store>(trial: &Trial<'_, S>) -> Result<(), String> {
    if trial.is_child() {
        return Ok(());
    }
    let held = trial.fill(3_000);
    let ran = trial.child(&[(COMPACT, OsStr::new(""))], LONGEST);
    let mut stages = ran.said.clone();
    assert_eq!(stages.pop().as_deref(), Some("done"), "{ran:?}");
    stages.dedup();
    assert!(stages.len() > 4, "{stages:?}");
    for stage in stages {
        let asked = [(COMPACT, OsStr::new("")), (DIE_AT, OsStr::new(&stage))];
        let ran = trial.child(&asked, LONGEST);
        assert!(!ran.is_done() && ran.said.last() == Some(&stage), "{ran:?}");
        let found = trial.held().map_err(|why| format!("{stage}: {why}"))?;
        if found != held {
            return Err(format!("{stage}: the store is another"));
        }
    }
    Ok(())
}

/// Is killed at random times, 8 or `CMSS_CASES`, and so is the opening after it.
///
/// # Errors
/// What was found after which times.
///
/// # Panics
/// When the store cannot be made, or the children do not do what they are told.
pub fn killed_at_any_time_it_is_whole<S: Store>(trial: &Trial<'_, S>) -> Result<(), String> {
    if trial.is_child() {
        return Ok(());
    }
    let held = trial.fill(3_000);
    let began = Instant::now();
    let ran = trial.child(&[(COMPACT, OsStr::new(""))], LONGEST);
    assert!(ran.is_done(), "{ran:?}");
    let takes = began.elapsed();
    let cases = std::env::var("CMSS_CASES").ok();
    let mut runner = TestRunner::new(Config {
        failure_persistence: None,
        max_shrink_iters: 0,
        ..Config::with_cases(cases.and_then(|cases| cases.parse().ok()).unwrap_or(8))
    });
    let times = (0..=1_000_u32, proptest::option::of(0..=300_u32));
    let ran = runner.run(&times, |(compacting, opening)| {
        let after = |thousandths| takes * thousandths / 1_000;
        let ran = trial.child(&[(COMPACT, OsStr::new(""))], after(compacting));
        if ran.is_done() && ran.said.last().is_none_or(|said| said != "done") {
            return Err(TestCaseError::fail(format!("{ran:?}")));
        }
        if let Some(opening) = opening {
            let _ = trial.child(&[(OPEN, OsStr::new(""))], after(opening));
        }
        match trial.held() {
            Ok(found) if found == held => Ok(()),
            Ok(_) => Err(TestCaseError::fail(format!(
                "the store is another: {ran:?}"
            ))),
            Err(why) => Err(TestCaseError::fail(format!("{why}: {ran:?}"))),
        }
    });
    ran.map_err(|error| error.to_string())
}

/// Is given no room for files that the new store needs: the old one stays, and is compacted when
/// there is room. `limits` are sizes, in bytes, that no file may exceed then.
///
/// # Errors
/// What was found with which limit.
///
/// # Panics
/// When the store cannot be made, or the children do not do what they are told.
#[cfg(unix)]
pub fn without_room_the_old_store_stays<S: Store>(
    trial: &Trial<'_, S>,
    limits: impl IntoIterator<Item = u64>,
) -> Result<(), String> {
    if trial.is_child() {
        return Ok(());
    }
    let held = trial.fill(30_000);
    let mut refused = 0;
    for limit in limits {
        let path = trial.path();
        let asked = [(COMPACT, path.as_os_str())];
        let ran = children::run_without_room(trial.test, &asked, limit, LONGEST);
        let last = ran.said.last().map(String::as_str).unwrap_or_default();
        if !ran.is_done() || !(last == "done" || last.starts_with("refused: ")) {
            return Err(format!("{limit}: {ran:?}"));
        }
        refused += u32::from(last != "done");
        let found = trial
            .held()
            .map_err(|why| format!("{limit}: {why}: {ran:?}"))?;
        if found != held {
            return Err(format!("{limit}: the store is another"));
        }
    }
    assert!(refused > 0, "there was room");
    (trial.compact)(&trial.path(), &mut |_| ()).map_err(|error| error.to_string())?;
    match trial.held()? == held {
        true => Ok(()),
        false => Err("the store is another".to_owned()),
    }
}
