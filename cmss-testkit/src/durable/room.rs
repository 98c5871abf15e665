//! A full disk: a process commits until its files may not grow any more. Nothing that it was answered
//! is lost, what it is told then is no success, and writing goes on where there is room again.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use cmss_core::store::{Receipt, Seq, Store, StoreError};
use pollster::block_on;

use super::children::{self, Outcome, say};
use super::damage::Backend;
use super::directories::Open;
use crate::notes::commit;
use crate::power::story::{Step, Story, changeset};

/// The store to which a child has to commit.
const FILL: &str = "CMSS_FILL_UP";

/// How much room there is at first, and how much more each time, in bytes.
const STEP: u64 = 64 * 1024;

/// More commits than there is ever room for.
const COMMITS: u128 = 400;

/// What a child may take: a hundred times what it needs.
const LONGEST: Duration = Duration::from_secs(120);

/// A test of a full disk.
pub struct Trial<'a, S> {
    /// The full name of the calling test, which has to do nothing else: the children run it.
    pub test: &'a str,
    /// An empty directory.
    pub home: &'a Path,
    /// How stores are opened and looked at.
    pub backend: &'a Backend<S>,
    /// What a child opens: the same, but for a bug that must be caught.
    pub in_child: Open<'a>,
    /// How many steps of 64 kB there are.
    pub steps: u64,
}

impl<S> std::fmt::Debug for Trial<'_, S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Trial")
            .field("test", &self.test)
            .field("steps", &self.steps)
            .finish_non_exhaustive()
    }
}

/// What was seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// So many stores were not opened: there was no room.
    pub refused: u32,
    /// So many commits were told that there was no room.
    pub full: u32,
    /// The commits that were answered.
    pub acknowledged: usize,
    /// The commits that were told so, and were there all the same.
    pub there: usize,
}

/// Small texts and larger ones, new and written over.
fn steps(number: u128) -> Vec<Step> {
    let length = |number: u128| match number % 5 {
        0 => 40_000,
        1 | 2 => 300,
        _ => 6_000,
    };
    vec![
        (number, Some(length(number))),
        (1_000 + number % 7, Some(length(number + 2))),
    ]
}

/// Gives new stores so little room, and a bit more each time; opens each again in the same room, and
/// then with all the room there is.
///
/// # Errors
/// What was found with how much room.
///
/// # Panics
/// When the children do not do what they are told.
pub fn a_full_disk_loses_nothing_and_is_named<S: Store>(
    trial: &Trial<'_, S>,
) -> Result<Tally, String> {
    if let Some(path) = std::env::var_os(FILL) {
        fill(trial.in_child, Path::new(&path));
        return Ok(Tally::default());
    }
    let mut tally = Tally::default();
    for step in 1..=trial.steps {
        let room = step * STEP;
        let path = trial.home.join(step.to_string());
        let ran = [(); 2].map(|()| trial.without_room(&path, room));
        let told = |wrong: String| format!("{wrong}, with {room} bytes of room: {ran:?}");
        trial.check(&path, &ran, &mut tally).map_err(told)?;
    }
    Ok(tally)
}

/// Whether this process is one that commits until there is no room.
#[must_use]
pub fn is_child() -> bool {
    std::env::var_os(FILL).is_some()
}

impl<S: Store> Trial<'_, S> {
    fn without_room(&self, path: &Path, room: u64) -> Outcome {
        children::run_without_room(self.test, &[(FILL, path.as_os_str())], room, LONGEST)
    }

    /// Opens what two children have left, and compares.
    fn check(&self, path: &Path, ran: &[Outcome], tally: &mut Tally) -> Result<(), String> {
        let story = Story::default();
        for number in 1..=COMMITS {
            story.sends(changeset(number, &steps(number)));
        }
        for ran in ran {
            tell(&story, ran, tally)?;
        }
        let store = (self.backend.open)(path);
        let store = store.map_err(|error| format!("the store does not open: {error}"))?;
        let verified = (self.backend.verify)(&store);
        verified.map_err(|error| format!("the store is not in order: {error}"))?;
        tally.acknowledged += story.acknowledged();
        tally.there += story.compare(&store)?.there;
        let more = changeset(COMMITS + 1, &steps(1));
        commit(&store, more).map_err(|error| format!("it takes no commit: {error}"))?;
        block_on(store.close()).map_err(|error| format!("it does not close: {error}"))
    }
}

/// What a child was answered.
fn tell(story: &Story, ran: &Outcome, tally: &mut Tally) -> Result<(), String> {
    if !ran.is_done() || ran.said.last().is_none_or(|said| said != "done") {
        return Err("the process did not come to its end".to_owned());
    }
    let mut failed = false;
    for said in &ran.said {
        match said.split(' ').collect::<Vec<_>>()[..] {
            ["ack", number, seq] if !failed => story.is_answered(receipt(number, seq)),
            ["refused", "full"] => tally.refused += 1,
            ["failed", "unknown", "full"] => (tally.full, failed) = (tally.full + 1, true),
            ["then" | "closed", "poisoned"] if failed => {}
            ["closed" | "done"] => {}
            _ => return Err(format!("it was told {said:?}")),
        }
    }
    Ok(())
}

fn receipt(number: &str, seq: &str) -> Receipt {
    let number: u128 = number.parse().expect("the number of a commit");
    Receipt {
        seq: Seq(seq.parse().expect("the number of a commit")),
        id: changeset(number, &[]).id,
        digest: changeset(number, &[]).digest,
    }
}

/// Commits until there is no more room, and says how that went.
fn fill(open: Open<'_>, path: &Path) {
    match open(path) {
        Ok(store) => fill_store(&store),
        Err(error) => say(&format!("refused {}", named(&error))),
    }
    say("done");
}

fn fill_store(store: &Arc<dyn Store>) {
    for number in 1..=COMMITS {
        match commit(&**store, changeset(number, &steps(number))) {
            Ok(receipt) => say(&format!("ack {number} {}", receipt.seq)),
            Err(error) => {
                say(&format!("failed {}", named(&error)));
                break;
            }
        }
    }
    for number in COMMITS - 3..COMMITS {
        match commit(&**store, changeset(number, &steps(number))) {
            Ok(receipt) => say(&format!("ack {number} {}", receipt.seq)),
            Err(error) => say(&format!("then {}", named(&error))),
        }
    }
    match block_on(store.close()) {
        Ok(()) => say("closed"),
        Err(error) => say(&format!("closed {}", named(&error))),
    }
}

/// What an error says, in a word where it says what it should.
fn named(error: &StoreError) -> String {
    match error {
        StoreError::Full { .. } => "full".to_owned(),
        StoreError::Poisoned => "poisoned".to_owned(),
        StoreError::Unknown {
            source: Some(source),
            ..
        } if source.to_string() == "the device is full" => "unknown full".to_owned(),
        error => {
            let mut said = error.to_string();
            let mut source = error.source();
            while let Some(error) = source {
                said = format!("{said}: {error}");
                source = error.source();
            }
            said
        }
    }
}
