//! Killed at any moment it goes on from what it had answered, and ends the same.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use cmss::store::{CommitId, Seq, Store};
use cmss::{Actor, Cms, Error, NewPerson, SeededIds, SetClock, SledStore};

use crate::example::{alone, files, newsroom, site, started, told};

/// How a program is started on a directory, to write its site into another.
type Program = fn(&Path, &Path) -> Command;

fn example(data: &Path, site: &Path) -> Command {
    newsroom([Path::new("--data"), data, Path::new("--site"), site])
}

/// Runs a program on a directory until it has acknowledged so many commands, kills it, and answers
/// every key it had acknowledged.
fn killed_after(program: Program, acks: usize, data: &Path, site: &Path) -> Vec<CommitId> {
    let mut command = program(data, site);
    command.arg("--acks");
    command.stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = started(&mut command);
    let mut said = BufReader::new(child.stderr.take().unwrap());
    let mut lines = std::iter::from_fn(|| {
        let mut line = String::new();
        said.read_line(&mut line).unwrap();
        // A line that the kill has cut short says nothing; no other is without its end.
        line.strip_suffix('\n').map(str::to_owned)
    });
    let mut keys: Vec<String> = lines.by_ref().take(acks).collect();
    child.kill().unwrap();
    // What it still said before it was dead counts as well.
    keys.extend(lines);
    child.wait().unwrap();
    let key = |line: &String| line.strip_prefix("ack ")?.parse().ok().map(CommitId);
    let parsed = keys.iter().map(key);
    parsed
        .collect::<Option<_>>()
        .unwrap_or_else(|| panic!("{keys:?}"))
}

/// How many commits there are, once each of these has its receipt.
fn receipts(keys: &[CommitId], data: &Path) -> u64 {
    let _alone = alone();
    pollster::block_on(async {
        let store = SledStore::open(data).unwrap();
        for key in keys {
            let receipt = store.receipt(*key).await.unwrap();
            assert!(receipt.is_some(), "{key} was acknowledged and is lost");
        }
        let changes = store.changes(Seq::ZERO, 1).await.unwrap();
        store.close().await.unwrap();
        changes.as_of.0
    })
}

fn completes(program: Program, data: &Path, site_dir: &Path) {
    told(&mut program(data, site_dir));
    assert_eq!(&files(site_dir), site(), "its site is another");
}

/// The commits of a run that nobody kills.
fn whole(program: Program, home: &Path) -> u64 {
    let data = home.join("whole");
    completes(program, &data, &home.join("whole-site"));
    receipts(&[], &data)
}

fn goes_on_when_it_is_killed_once(program: Program) {
    let home = tempfile::tempdir().unwrap();
    let whole = whole(program, home.path());
    let mut kills = 0_u64;
    for acks in (0..=75).step_by(3) {
        let data = home.path().join(format!("data-{acks}"));
        let site = home.path().join(format!("site-{acks}"));
        let keys = killed_after(program, acks, &data, &site);
        assert!(keys.len() >= acks, "{acks}: {keys:?}");
        assert!(receipts(&keys, &data) >= keys.len() as u64);
        completes(program, &data, &site);
        assert_eq!(receipts(&keys, &data), whole, "killed after {acks}");
        kills += 1;
    }
    cmss_testkit::ran(kills, "kills");
}

fn goes_on_when_it_is_killed_again_and_again(program: Program) {
    let home = tempfile::tempdir().unwrap();
    let whole = whole(program, home.path());
    let (data, site) = (home.path().join("data"), home.path().join("site"));
    let (mut answered, mut commits, mut kills) = (Vec::new(), 0, 0_u64);
    for acks in (0..=76).step_by(4) {
        answered.extend(killed_after(program, acks, &data, &site));
        let there = receipts(&answered, &data);
        assert!(there >= commits, "{commits} commits became {there}");
        commits = there;
        kills += 1;
    }
    completes(program, &data, &site);
    assert_eq!(receipts(&answered, &data), whole, "killed {kills} times");
    cmss_testkit::ran(kills, "kills");
}

#[test]
fn killed_once_on_a_fresh_directory_it_goes_on_to_the_same_end() {
    goes_on_when_it_is_killed_once(example);
}

#[test]
fn killed_again_and_again_on_one_directory_it_loses_nothing_it_had_answered() {
    goes_on_when_it_is_killed_again_and_again(example);
}

/// The example, with a step more when it goes on, of which the key follows from how far it had come.
fn without_a_key(data: &Path, site: &Path) -> Command {
    if data.exists() {
        let _alone = alone();
        pollster::block_on(one_more(data));
    }
    example(data, site)
}

async fn one_more(data: &Path) {
    let store = Arc::new(SledStore::open(data).unwrap());
    let reached = store.changes(Seq::ZERO, 1).await.unwrap().as_of;
    let key = format!("after {reached}");
    let clock = SetClock::at("2026-03-02T07:05:00Z".parse().unwrap());
    let builder = Cms::builder(store.clone()).clock(Arc::new(clock));
    match builder.ids(Arc::new(SeededIds::new(&key))).open().await {
        Ok(cms) => {
            let ada = cms.account("ada.almgren@login.example.org").await.unwrap();
            let admin = cms.desk(Actor::new(ada.unwrap()).admin());
            let desk = admin.once(CommitId::named(&key));
            desk.put_person(None, &NewPerson::named("Ebba Ek"))
                .await
                .unwrap();
        }
        // It was killed before it had done anything.
        Err(Error::NotFounded) => {}
        Err(error) => panic!("{error}"),
    }
    store.close().await.unwrap();
}

/// The example, that answers and keeps nothing.
fn in_memory(_: &Path, site: &Path) -> Command {
    newsroom([
        Path::new("--store"),
        Path::new("memory"),
        Path::new("--site"),
        site,
    ])
}

/// The example, that leaves its site as it is when it goes on.
fn without_its_site(data: &Path, site: &Path) -> Command {
    if !data.exists() {
        return example(data, site);
    }
    std::fs::create_dir_all(site).unwrap();
    newsroom([Path::new("--data"), data])
}

#[test]
#[should_panic(expected = "failed: killed after")]
fn a_step_that_is_done_again_under_another_key_is_caught() {
    goes_on_when_it_is_killed_once(without_a_key);
}

#[test]
#[should_panic(expected = "failed: killed 20 times")]
fn steps_that_are_done_again_under_other_keys_are_caught() {
    goes_on_when_it_is_killed_again_and_again(without_a_key);
}

#[test]
#[should_panic(expected = "was acknowledged and is lost")]
fn an_answer_that_is_kept_nowhere_is_caught() {
    goes_on_when_it_is_killed_once(in_memory);
}

#[test]
#[should_panic(expected = "was acknowledged and is lost")]
fn an_answer_that_is_kept_nowhere_is_caught_again_and_again() {
    goes_on_when_it_is_killed_again_and_again(in_memory);
}

#[test]
#[should_panic(expected = "its site is another")]
fn a_site_that_is_forgotten_after_a_kill_is_caught() {
    goes_on_when_it_is_killed_once(without_its_site);
}
