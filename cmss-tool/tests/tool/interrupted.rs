//! What is killed in its midst, and run again.

use cmss::store::Write;

use super::*;
use crate::large::{Content, content, opened, past_the_library, respelled};
use crate::terminal::start;

/// How many documents are not what they are to be, are missing, or too many.
fn left(kind: &str, dir: &Path, wanted: &Content) -> usize {
    let store = opened(kind, dir);
    block_on(async {
        let found = content(&*store).await;
        store.close().await.unwrap();
        let differ = wanted.iter().filter(|(at, is)| found.get(at) != Some(is));
        let strays = found.keys().filter(|at| !wanted.contains_key(at));
        differ.count() + strays.count()
    })
}

/// Kills an upgrade as soon as it has shown so often how far it is; whether it was still at work.
fn kill(home: &Home, dir: &str, looks: usize) -> bool {
    let (mut child, mut shown) = start(home, ["upgrade", dir]);
    shown.wait("documents looked at", looks).unwrap();
    child.kill().unwrap();
    child.wait().unwrap().code().is_none()
}

fn is_resumed_when_it_is_killed(kind: &str) {
    let (home, wanted) = Home::older();
    let mut in_the_midst = 0;
    // One that is done before the kill reaches it is looked at like any other, and is not counted.
    for number in 0..30 {
        let dir = format!("data-{number}");
        home.done(&["load", "backup.ndjson", &dir, "--store", kind]);
        let path = home.path(&dir);
        let all = left(kind, &path, &wanted);
        assert!(all > 1_500, "{all}");

        let (mut before, mut at_work) = (all, true);
        for looks in [1, 4] {
            at_work &= kill(&home, &dir, looks);
            let now = left(kind, &path, &wanted);
            assert!(now <= before, "{now} of {before}");
            // The first may have come so far, before the kill reached it, that the second had only looked.
            at_work &= now < before;
            before = now;
        }

        let said = home.done(&["upgrade", &dir, "--json"]);
        let said: Value = serde_json::from_str(&said).unwrap();
        let written = said["upgraded"].as_u64().unwrap() + said["public_written"].as_u64().unwrap();
        assert_eq!(
            (written, &said["public_removed"]),
            (before as u64, &json!(0))
        );
        assert_eq!(left(kind, &path, &wanted), 0);
        home.done(&["verify", &dir]);
        fs::remove_dir_all(path).unwrap();

        in_the_midst += usize::from(at_work && before > 0);
        if in_the_midst == 2 {
            return;
        }
    }
    panic!("{in_the_midst} were killed in their midst");
}

#[test]
fn an_upgrade_of_a_store_on_sled_goes_on_where_it_was_killed() {
    is_resumed_when_it_is_killed("sled");
}

#[test]
fn an_upgrade_of_a_store_on_redb_goes_on_where_it_was_killed() {
    is_resumed_when_it_is_killed("redb");
}

#[test]
fn a_document_that_an_upgrade_has_lost_or_left_as_it_was_is_noticed() {
    let (home, wanted) = Home::older();
    home.done(&["load", "backup.ndjson", "data"]);
    home.done(&["upgrade", "data"]);
    let path = home.path("data");
    assert_eq!(left("sled", &path, &wanted), 0);
    let store = opened("sled", &path);
    let docs = block_on(store.walk(None, 3)).unwrap().docs;
    let [lost, older, _] = &docs[..] else {
        panic!("it is large");
    };
    let lost = Write::Remove {
        at: lost.at.clone(),
    };
    let older = respelled(older.clone());
    block_on(store.commit(past_the_library(1_000, vec![lost, older]))).unwrap();
    block_on(store.close()).unwrap();
    drop(store);
    assert_eq!(left("sled", &path, &wanted), 2);
}

#[test]
fn an_export_that_was_killed_is_no_backup_and_is_simply_run_again() {
    let home = Home::large();
    let export = ["export", "data", "again.ndjson"];
    let unfinished = home.path("again.ndjson.unfinished");
    for what in ["lines written", "kB checked"] {
        // One that is done before the kill reaches it shows nothing.
        let was_killed = (0..30).any(|_| {
            let (mut child, mut shown) = start(&home, export);
            shown.wait(what, 1).unwrap();
            child.kill().unwrap();
            let is_done = child.wait().unwrap().success();
            if is_done {
                fs::remove_file(home.path("again.ndjson")).unwrap();
            }
            !is_done
        });
        assert!(was_killed, "{what}");
        assert!(!home.path("again.ndjson").exists());
        assert!(unfinished.exists());
    }
    home.done(&export);
    assert!(!unfinished.exists());
    let [again, backup] =
        ["again.ndjson", "backup.ndjson"].map(|name| fs::read(home.path(name)).unwrap());
    assert!(again == backup);
}

#[test]
fn an_export_writes_over_nothing_but_what_an_export_has_left() {
    let home = Home::new();
    let export = ["export", "data", "again.ndjson"];
    let unfinished = home.path("again.ndjson.unfinished");
    for theirs in ["notes", "{\"exports\":1}", " "] {
        fs::write(&unfinished, theirs).unwrap();
        let error = home.fails(4, &export);
        assert!(error.contains("is in the way"), "{error}");
        assert_eq!(fs::read_to_string(&unfinished).unwrap(), theirs);
    }
    for ours in [
        "",
        "{\"ex",
        "{\"export\":{\"format\":1,\"after\":0}}\n{\"doc\":{",
    ] {
        fs::write(&unfinished, ours).unwrap();
        home.done(&export);
        assert!(!unfinished.exists());
        fs::rename(home.path("again.ndjson"), home.path("last.ndjson")).unwrap();
    }
    fs::write(&unfinished, "").unwrap();
    let held = fs::File::open(&unfinished).unwrap();
    held.lock().unwrap();
    let error = home.fails(4, &export);
    assert!(
        error.contains("is being written by another process"),
        "{error}"
    );
}

#[test]
fn what_an_export_has_left_is_not_written_into_since_others_may_have_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = Home::new();
    let export = ["export", "data", "again.ndjson"];
    let [unfinished, last, again] =
        ["again.ndjson.unfinished", "last.ndjson", "again.ndjson"].map(|name| home.path(name));
    // Killed when it had both names, of which somebody has changed one.
    home.done(&export);
    let whole = fs::read(&again).unwrap();
    fs::rename(&again, &last).unwrap();
    fs::hard_link(&last, &unfinished).unwrap();
    fs::set_permissions(&last, fs::Permissions::from_mode(0o644)).unwrap();
    home.done(&export);
    assert!(!unfinished.exists());
    assert!(fs::read(&last).unwrap() == whole && fs::read(&again).unwrap() == whole);
    let mode = fs::metadata(&again).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}
