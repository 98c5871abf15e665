//! What has changed since an export, in a file of its own.

use cmss::store::{Changeset, Collection, CommitId, DocRef, Salt, Write};
use uuid::Uuid;

use super::*;

/// Writes something into the newsroom's store.
fn write(home: &Home, number: u128) {
    let store = reopened(&home.path("data"));
    let write = Write::Put {
        at: DocRef {
            collection: Collection::new("note"),
            id: Uuid::from_u128(7 + number % 2),
        },
        salt: Salt([7; 16]),
        body: format!("[{number}]").into(),
        card: None,
        entries: vec![],
    };
    let changeset = Changeset {
        id: CommitId(Uuid::from_u128(number)),
        expect: vec![],
        writes: vec![write],
        note: "[]".into(),
        digest: Digest::of(&number.to_be_bytes()),
    };
    block_on(store.commit(changeset)).unwrap();
}

/// A whole export, and two of what changed since, in `whole`, `first` and `second`.
fn in_three_files() -> Home {
    let home = Home::new();
    home.done(&["export", "data", "whole"]);
    write(&home, 1);
    write(&home, 2);
    home.done(&["export", "data", "first", "--since", "whole"]);
    write(&home, 3);
    home.done(&[
        "export", "data", "second", "--since", "whole", "--since", "first",
    ]);
    home
}

#[test]
fn what_has_changed_since_an_export_is_written_and_loaded_after_it() {
    let home = in_three_files();
    let said = home.done(&[
        "load", "whole", "copy", "--then", "first", "--then", "second",
    ]);
    assert!(said.contains("filled from whole, first, second"), "{said}");
    assert_eq!(exported(&home.path("copy")), exported(&home.path("data")));
    let size = |name| fs::metadata(home.path(name)).unwrap().len();
    assert!(size("second") < size("first") && size("first") < size("whole"));
}

#[test]
fn what_has_changed_is_for_scripts_too() {
    let home = in_three_files();
    write(&home, 4);
    let args = ["--json", "export", "data", "third", "--since", "whole"];
    let said: Value = serde_json::from_str(&home.done(&args)).unwrap();
    let last = commits(&home.path("data"));
    assert_eq!(said["commit"], json!(last));
    assert_eq!(said["after"], json!(last - 4));
    assert_eq!(said["documents"], json!(2));
}

#[test]
fn nothing_new_is_a_file_as_well() {
    let home = Home::new();
    home.done(&["export", "data", "whole"]);
    home.done(&["export", "data", "since", "--since", "whole"]);
    home.done(&["load", "whole", "copy", "--then", "since"]);
    assert_eq!(exported(&home.path("copy")), exported(&home.path("data")));
}

#[test]
fn what_has_changed_is_read_after_the_export_as_if_it_were_loaded() {
    let home = in_three_files();
    let since = ["--then", "first", "--then", "second"];
    let changes = home.done(&[&["changes", "whole"], &since[..]].concat());
    assert_eq!(changes, home.done(&["changes", "data"]));
    assert_eq!(changes.lines().count() as u64, commits(&home.path("data")));
    home.done(&["site", "data", "public"]);
    home.done(&[&["site", "whole", "again"], &since[..]].concat());
    assert_eq!(home.files("public"), home.files("again"));
    let late = [&["changes", "whole", "--after", "6"], &since[..]].concat();
    assert_eq!(home.done(&late).lines().count(), 1);

    home.fails(1, &["changes", "whole", "--then", "second"]);
    home.fails(1, &["changes", "first"]);
    let error = home.fails(2, &["changes", "data", "--then", "first"]);
    assert!(error.contains("--then goes with an export"), "{error}");
}

#[test]
fn files_that_do_not_follow_each_other_are_refused() {
    let home = in_three_files();
    let error = home.fails(1, &["load", "whole", "copy", "--then", "second"]);
    assert!(error.contains("second"), "{error}");
    assert!(!home.path("copy").exists());
    home.fails(1, &["load", "first", "copy"]);
    home.fails(1, &["export", "data", "more", "--since", "first"]);
    assert!(!home.path("more").exists());
}

#[test]
fn an_export_of_another_newsroom_is_no_beginning_and_is_refused_as_such() {
    let home = in_three_files();
    let other = Home::new();
    fs::copy(home.path("whole"), other.path("whole")).unwrap();
    // It is older than what the file tells of, or has another history.
    let error = other.fails(4, &["export", "data", "since", "--since", "whole"]);
    assert!(error.starts_with("cmss-tool: whole: "), "{error}");
    assert!(error.contains("the store in data"), "{error}");
    assert!(error.contains("\ngive an export of this store"), "{error}");
    assert!(!other.path("since").exists());
    let later = in_three_files();
    fs::copy(home.path("whole"), later.path("theirs")).unwrap();
    let error = later.fails(4, &["export", "data", "since", "--since", "theirs"]);
    assert!(error.contains("\ngive an export of this store"), "{error}");
    assert!(!later.path("since").exists());
}
