//! A full disk: a process commits until its files may not grow any more. Nothing that it was answered
//! is lost, what it is told then is no success, and writing goes on where there is room again.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use cmss_core::store::{Receipt, Seq, Store, StoreError};
use cmss_keyed::directory::JOURNAL;
use pollster::block_on;

use super::{Backend, Trial};
use crate::children::{Child, Outcome, Task, say, serve};
use crate::crash::Hasty;
use crate::notes::{change, commit, put};
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

/// H6, U1: nothing that was answered is lost, and the error says what it is.
pub fn a_full_disk_loses_nothing_and_is_named<B: Backend + Copy + 'static>(trial: &Trial<'_, B>) {
    let tally = fill_up(trial, |store| store).unwrap_or_else(|wrong| panic!("{wrong}"));
    let seen = tally.acknowledged > 0 && tally.full > 0 && tally.refused > 0;
    assert!(seen, "{tally:?}");
    crate::ran(tally.disks, "disks");
}

/// Breaks [`a_full_disk_loses_nothing_and_is_named`]: it answers before it commits.
pub fn a_store_that_says_yes_on_a_full_disk_is_caught<B: Backend + Copy + 'static>(
    trial: &Trial<'_, B>,
) {
    let caught = fill_up(trial, |store| Arc::new(Hasty::new(store)));
    let wrong = caught.expect_err("it is caught");
    // It may be found out when it closes, before what is lost is looked for.
    let found = ["is gone", "closed poisoned", "closed full"];
    assert!(found.iter().any(|said| wrong.contains(said)), "{wrong}");
}

/// Texts of the commits that fit into a journal and not into the engine, and bytes of a journal that
/// stay free.
const TEXT: usize = 100_000;
const SPARE: u64 = 400_000;

/// H6, U1: what is answered where the engine cannot have it stays in the journal, until there is
/// room.
pub fn what_has_no_room_in_the_engine_waits_in_the_journal<B: Backend>(trial: &Trial<'_, B>) {
    let answered = wait_for_room(trial, |_| ()).unwrap_or_else(|wrong| panic!("{wrong}"));
    assert!(answered > 0, "nothing was answered");
    crate::ran(answered, "answers");
}

/// Breaks [`what_has_no_room_in_the_engine_waits_in_the_journal`]: it is cut when the store is
/// closed, whether the engine has what was in it or not.
pub fn a_journal_that_is_cut_too_soon_is_caught<B: Backend>(trial: &Trial<'_, B>) {
    let caught = wait_for_room(trial, |path| {
        let journal = fs::File::options().write(true).open(path.join(JOURNAL));
        let cut = journal.and_then(|journal| journal.set_len(4_096));
        cut.expect("the journal is cut");
    });
    let wrong = caught.expect_err("it is caught");
    // The engine may have got some of it.
    let noticed = ["its witness has seen", "has a part of what was committed"];
    assert!(noticed.iter().any(|said| wrong.contains(said)), "{wrong}");
}

/// Lets a store commit, with its files as large as they may become; opens it again without more room,
/// twice, and then with it. Answers how many commits were answered meanwhile.
fn wait_for_room<B: Backend>(trial: &Trial<'_, B>, closed: impl Fn(&Path)) -> Result<u64, String> {
    serve("commit", |path, room| {
        let store = trial.open(path).expect("the store opens");
        let room: u64 = room.parse().expect("a number");
        let most = room.saturating_sub(SPARE) / TEXT as u64;
        for number in 1..=u128::from(most) {
            let text = char::from(b'a' + (number % 26) as u8)
                .to_string()
                .repeat(TEXT);
            match commit(
                &store,
                change(100 + number, vec![], vec![put(number, &text)]),
            ) {
                Ok(_) => say("ack"),
                Err(error) => say(&format!("failed {}", named(&error))),
            }
        }
        if let Err(error) = block_on(store.close()) {
            say(&format!("closed {}", named(&error)));
        }
        drop(store);
        closed(path);
    });
    serve("open", |path, _| match trial.open(path) {
        Ok(_) => say("opened"),
        Err(error) => say(&format!("refused {}", named(&error))),
    });
    let home = trial.home();
    let path = home.path().join("news");
    let store = trial.open(&path).expect("a new store");
    let text = "before".repeat(TEXT / 6);
    let before = (1..=30).map(|number| put(1_000 + number, &text)).collect();
    commit(&store, change(1, vec![], before)).expect("a commit");
    block_on(store.close()).expect("the store closes");
    drop(store);
    let size = fs::metadata(path.join(B::FILE)).expect("there is a file of the data");
    // As large as it is, in the blocks that room is given in.
    let room = size.len().next_multiple_of(512);
    let child = |what: &str| {
        let task = Task::new(what, &path, room);
        Child::start_without_room(trial.test, &task, room).wait(LONGEST)
    };
    let committed = child("commit");
    let answered = committed.said.iter().filter(|said| *said == "ack").count();
    let told = |wrong: String| format!("{wrong}, with {room} bytes of room: {committed:?}");
    if !committed.is_done()
        || committed.said.get(answered).map(String::as_str) != Some("closed full")
    {
        return Err(told("it was not closed for lack of room".to_owned()));
    }
    for _ in 0..2 {
        let opened = child("open");
        if opened.said != ["refused full", "done"] {
            return Err(told(format!("it was opened without room: {opened:?}")));
        }
    }
    let store = trial.open(&path);
    let store = store.map_err(|error| told(format!("it does not open: {error}")))?;
    let verified = trial.backend.verify(&store);
    verified.map_err(|error| told(format!("it is not in order: {error}")))?;
    let there = block_on(store.changes(Seq::ZERO, 1)).map_err(|error| told(error.to_string()))?;
    if there.as_of != Seq(1 + answered as u64) {
        return Err(told(format!("there are {} commits", there.as_of)));
    }
    commit(&store, change(2, vec![], vec![put(1, "more")]))
        .map_err(|error| told(format!("it takes no commit: {error}")))?;
    block_on(store.close()).map_err(|error| told(format!("it does not close: {error}")))?;
    Ok(answered as u64)
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
