//! What is killed in its midst, and run again.

use super::*;
use crate::terminal::start;

#[test]
fn an_export_that_was_killed_is_no_backup_and_says_so() {
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
        let error = home.fails(4, &export);
        assert!(error.contains("left by one that was stopped"), "{error}");
        fs::remove_file(&unfinished).unwrap();
    }
    home.done(&export);
    assert!(!unfinished.exists());
    let [again, backup] =
        ["again.ndjson", "backup.ndjson"].map(|name| fs::read(home.path(name)).unwrap());
    assert!(again == backup);
}
