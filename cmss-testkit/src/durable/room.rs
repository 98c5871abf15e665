//! A full disk: a process commits until its files may not grow any more. Nothing that it was answered
//! is lost, what it is told then is no success, and writing goes on where there is room again.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use cmss_core::store::{Receipt, Seq, Store, StoreError};
use pollster::block_on;

use super::{Backend, Trial};
use crate::children::{Child, Outcome, Task, say, serve};
use crate::crash::Hasty;
use crate::notes::commit;
use crate::power::story::{Step, Story, changeset};

/// How much room there is at first, and how much more each time, in bytes.
const STEP: u64 = 64 * 1024;

/// How many steps there are.
const STEPS: u64 = 24;

/// More commits than there is ever room for.
const COMMITS: u128 = 400;

/// What a child may take: a hundred times what it needs.
const LONGEST: Duration = Duration::from_secs(120);

/// What was seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Tally {
    /// So many disks were too small, or just large enough.
    disks: u32,
    /// So many stores were not opened: there was no room.
    refused: u32,
    /// So many commits were told that there was no room.
    full: u32,
    /// The commits that were answered.
    acknowledged: usize,
    /// The commits that were told so, and were there all the same.
    there: usize,
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

/// Nothing that was answered is lost, and the error says what it is.
pub fn a_full_disk_loses_nothing_and_is_named<B: Backend + Copy + 'static>(trial: &Trial<'_, B>) {
    let tally = fill_up(trial, |store| store).unwrap_or_else(|wrong| panic!("{wrong}"));
    let seen = tally.acknowledged > 0 && tally.full > 0 && tally.refused > 0;
    assert!(seen, "{tally:?}");
    crate::ran(tally.disks, "disks");
}

/// It is answered before it commits.
pub fn a_store_that_says_yes_on_a_full_disk_is_caught<B: Backend + Copy + 'static>(
    trial: &Trial<'_, B>,
) {
    let caught = fill_up(trial, |store| Arc::new(Hasty::new(store)));
    let wrong = caught.expect_err("it is caught");
    // It may be found out when it closes, before what is lost is looked for.
    let found = wrong.contains("is gone") || wrong.contains("closed poisoned");
    assert!(found, "{wrong}");
}

/// Gives new stores so little room, and a bit more each time; opens each again in the same room, and
/// then with all the room there is. Answers what was found wrong, and with how much room.
fn fill_up<B: Backend + Copy + 'static>(
    trial: &Trial<'_, B>,
    in_child: impl Fn(Arc<dyn Store>) -> Arc<dyn Store>,
) -> Result<Tally, String> {
    serve("fill", |path, _| match trial.open(path) {
        Ok(store) => fill(&*in_child(Arc::new(store))),
        Err(error) => say(&format!("refused {}", named(&error))),
    });
    let home = trial.home();
    let mut tally = Tally::default();
    for step in 1..=STEPS {
        let room = step * STEP;
        let path = home.path().join(step.to_string());
        let task = Task::new("fill", &path, "");
        let ran =
            [(); 2].map(|()| Child::start_without_room(trial.test, &task, room).wait(LONGEST));
        check(trial, &path, &ran, &mut tally)
            .map_err(|wrong| format!("{wrong}, with {room} bytes of room: {ran:?}"))?;
        tally.disks += 1;
    }
    Ok(tally)
}

/// Opens what two children have left, and compares.
fn check<B: Backend>(
    trial: &Trial<'_, B>,
    path: &Path,
    ran: &[Outcome],
    tally: &mut Tally,
) -> Result<(), String> {
    let story = Story::default();
    for number in 1..=COMMITS {
        story.sends(changeset(number, &steps(number)));
    }
    for ran in ran {
        tell(&story, ran, tally)?;
    }
    let store = trial.open(path);
    let store = store.map_err(|error| format!("the store does not open: {error}"))?;
    let verified = trial.backend.verify(&store);
    verified.map_err(|error| format!("the store is not in order: {error}"))?;
    tally.acknowledged += story.acknowledged();
    tally.there += story.compare(&store)?.there;
    let more = changeset(COMMITS + 1, &steps(1));
    commit(&store, more).map_err(|error| format!("it takes no commit: {error}"))?;
    block_on(store.close()).map_err(|error| format!("it does not close: {error}"))
}

/// What a child was answered.
fn tell(story: &Story, ran: &Outcome, tally: &mut Tally) -> Result<(), String> {
    if !ran.is_done() {
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
fn fill(store: &dyn Store) {
    for number in 1..=COMMITS {
        match commit(store, changeset(number, &steps(number))) {
            Ok(receipt) => say(&format!("ack {number} {}", receipt.seq)),
            Err(error) => {
                say(&format!("failed {}", named(&error)));
                break;
            }
        }
    }
    for number in COMMITS - 3..COMMITS {
        match commit(store, changeset(number, &steps(number))) {
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
