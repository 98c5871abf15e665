//! Stores whose process died: what was committed last is in their journals alone.

use std::env;
use std::process::Command;

use cmss::RedbStore;

use super::*;
use crate::home::{event, founded};

/// The directory in which a child of this program leaves a store.
const LEAVE: &str = "CMSS_TOOL_LEAVE";

/// In a child, founds a newsroom with two events, of which one is public, and dies with all of that
/// in the journal.
fn leave_when_asked() {
    let Some(dir) = env::var_os(LEAVE) else {
        return;
    };
    let dir = Path::new(&dir);
    let store: std::sync::Arc<dyn Store> = match dir.extension() {
        Some(_) => std::sync::Arc::new(RedbStore::open(dir).unwrap()),
        None => std::sync::Arc::new(SledStore::open(dir).unwrap()),
    };
    block_on(async {
        let (_cms, editor) = founded(store).await;
        let public = editor.put_event(None, &event("Öppet hus")).await.unwrap();
        editor.publish_record(public).await.unwrap();
        editor.put_event(None, &event("Hemligt hus")).await.unwrap();
        std::process::abort();
    });
}

/// A copy of a directory, without some of its files.
fn copy(home: &Home, from: &str, to: &str, without: &[&str]) {
    let _ = fs::remove_dir_all(home.path(to));
    fs::create_dir(home.path(to)).unwrap();
    for (name, bytes) in home.files(from) {
        if !without.iter().any(|left_out| Path::new(left_out) == name) {
            fs::write(home.path(to).join(name), bytes).unwrap();
        }
    }
}

/// Lets a child of this test leave a store in a directory, the journal of which has all there is.
fn left(home: &Home, test: &str, dir: &str) {
    // The process may be stopped for as long as the journal waits.
    for _ in 0..20 {
        let _ = fs::remove_dir_all(home.path(dir));
        let mut child = Command::new(env::current_exe().unwrap());
        child.args([test, "--exact", "--nocapture"]);
        child.env(LEAVE, home.path(dir)).current_dir(home.0.path());
        let ended = child.output().unwrap();
        assert_eq!(ended.status.code(), None, "{ended:?}");
        copy(home, dir, "bare", &["journal", "witness"]);
        if home.done(&["info", "bare"]).contains("commits    none") {
            return;
        }
    }
    panic!("the engine always has something");
}

#[test]
fn every_command_sees_what_the_journal_alone_has() {
    leave_when_asked();
    let home = Home::new();
    for dir in ["sled", "a.redb"] {
        let test = "unclosed::every_command_sees_what_the_journal_alone_has";
        left(&home, test, dir);
        let again = || copy(&home, dir, "left", &[]);
        let json = |args: &[&str]| -> Value {
            again();
            serde_json::from_str(&home.done(&[args, &["--json"]].concat())).unwrap()
        };
        let info = json(&["info", "left"]);
        assert_eq!([&info["commits"], &info["documents"]["event"]], [4, 2]);
        assert_eq!(info["newsroom"], "Öppen stad");
        let verified = json(&["verify", "left"]);
        assert_eq!([&verified["commit"], &verified["records"]], [4, 4]);
        let compacted = json(&["compact", "left"]);
        assert_eq!(compacted["commit"], 4, "{compacted}");
        home.done(&["verify", "left"]);
        assert_eq!(json(&["upgrade", "left"])["upgraded"], 0);
        again();
        assert_eq!(home.done(&["changes", "left"]).lines().count(), 4);
        assert_eq!(json(&["site", "left", "public"])["pages"], 1);
        assert_eq!(json(&["export", "left", "left.ndjson"])["commit"], 4);
        let export = fs::read_to_string(home.path("left.ndjson")).unwrap();
        assert!(export.contains(PRIVATE) && export.contains("Hemligt hus"));
        fs::remove_dir_all(home.path("public")).unwrap();
        fs::remove_file(home.path("left.ndjson")).unwrap();
    }
}

#[test]
fn a_damaged_journal_is_named_and_what_can_be_done() {
    leave_when_asked();
    let home = Home::new();
    for dir in ["sled", "a.redb"] {
        let test = "unclosed::a_damaged_journal_is_named_and_what_can_be_done";
        left(&home, test, dir);
        let journal = home.path(dir).join("journal");
        let whole = fs::read(&journal).unwrap();
        // In its first page, and in the first of its records.
        for place in [13, 4096 + 200] {
            let mut bytes = whole.clone();
            bytes[place] ^= 1;
            fs::write(&journal, bytes).unwrap();
            for args in [
                &["info", dir][..],
                &["verify", dir],
                &["upgrade", dir],
                &["compact", dir],
                &["export", dir, "left.ndjson"],
                &["changes", dir],
                &["site", dir, "public"],
            ] {
                let error = home.fails(1, args);
                let (what, advice) = error.trim_end().split_once('\n').unwrap();
                assert!(what.starts_with(&format!("cmss-tool: {dir}: ")), "{error}");
                let named = format!("{dir}/journal is damaged");
                assert!(what.contains(&named), "{error}");
                assert!(
                    what.contains("put the right file back; or, to lose"),
                    "{error}"
                );
                assert!(advice.contains("`cmss-tool load"), "{error}");
            }
            assert!(!home.path("left.ndjson").exists() && !home.path("public").exists());
        }
        // Nothing was made of it meanwhile.
        fs::write(&journal, whole).unwrap();
        assert!(
            home.done(&["verify", dir])
                .contains("whole, as of commit 4")
        );
    }
}
