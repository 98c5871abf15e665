//! Killed at any moment it goes on from what it had answered, and ends the same.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

use cmss::SledStore;
use cmss::store::{CommitId, Seq, Store};

use crate::example::{files, newsroom, site, told};

/// Runs the example on a directory until it has acknowledged so many commands, kills it, and
/// answers every key it had acknowledged.
fn killed_after(acks: usize, data: &Path, site: &Path) -> Vec<CommitId> {
    let args = [
        Path::new("--acks"),
        Path::new("--data"),
        data,
        Path::new("--site"),
        site,
    ];
    let mut command = newsroom(args);
    command.stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut keys: Vec<String> = lines.by_ref().take(acks).map(Result::unwrap).collect();
    child.kill().unwrap();
    // What it still said before it was dead counts as well.
    keys.extend(lines.map_while(Result::ok));
    child.wait().unwrap();
    let key = |line: &String| line.strip_prefix("ack ")?.parse().ok().map(CommitId);
    let parsed = keys.iter().map(key);
    parsed
        .collect::<Option<_>>()
        .unwrap_or_else(|| panic!("{keys:?}"))
}

/// How many commits there are, once each of these has its receipt.
fn receipts(keys: &[CommitId], data: &Path) -> u64 {
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

fn completes(data: &Path, site_dir: &Path) {
    let args = [Path::new("--data"), data, Path::new("--site"), site_dir];
    told(&mut newsroom(args));
    assert_eq!(&files(site_dir), site());
}

/// The commits of a run that nobody kills.
fn whole(home: &Path) -> u64 {
    let data = home.join("whole");
    completes(&data, &home.join("whole-site"));
    receipts(&[], &data)
}

#[test]
fn killed_once_on_a_fresh_directory_it_goes_on_to_the_same_end() {
    let home = tempfile::tempdir().unwrap();
    let whole = whole(home.path());
    let mut kills = 0_u64;
    for acks in (0..=75).step_by(3) {
        let data = home.path().join(format!("data-{acks}"));
        let site = home.path().join(format!("site-{acks}"));
        let keys = killed_after(acks, &data, &site);
        assert!(keys.len() >= acks, "{acks}: {keys:?}");
        assert!(receipts(&keys, &data) >= keys.len() as u64);
        completes(&data, &site);
        assert_eq!(receipts(&keys, &data), whole, "killed after {acks}");
        kills += 1;
    }
    cmss_testkit::ran(kills, "kills");
}

#[test]
fn killed_again_and_again_on_one_directory_it_loses_nothing_it_had_answered() {
    let home = tempfile::tempdir().unwrap();
    let whole = whole(home.path());
    let (data, site) = (home.path().join("data"), home.path().join("site"));
    let (mut answered, mut commits, mut kills) = (Vec::new(), 0, 0_u64);
    for acks in (0..=76).step_by(4) {
        answered.extend(killed_after(acks, &data, &site));
        let there = receipts(&answered, &data);
        assert!(there >= commits, "{commits} commits became {there}");
        commits = there;
        kills += 1;
    }
    completes(&data, &site);
    assert_eq!(receipts(&answered, &data), whole);
    cmss_testkit::ran(kills, "kills");
}
