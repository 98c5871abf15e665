//! A store as a file, and a store from one.

use cmss::RedbStore;

use super::*;

#[test]
fn a_store_is_exported_and_another_filled_from_the_file() {
    let home = Home::new();
    let said = home.done(&["export", "data", "backup.ndjson"]);
    assert!(said.contains("holds everything private"), "{said}");
    let file = fs::read_to_string(home.path("backup.ndjson")).unwrap();
    assert_eq!(file, exported(&home.path("data")));
    assert!(file.contains(PRIVATE));
    home.done(&["load", "backup.ndjson", "moved", "--store", "sled"]);
    assert_eq!(exported(&home.path("moved")), file);
    let [here, there] = ["data", "moved"].map(|dir| home.done(&["info", dir]));
    assert_eq!(here, there);
    assert!(
        here.contains("Öppen stad") && here.contains("2  event"),
        "{here}"
    );
}

#[cfg(unix)]
#[test]
fn an_export_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = Home::new();
    home.done(&["export", "data", "backup.ndjson"]);
    let mode = fs::metadata(home.path("backup.ndjson"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(!home.path("backup.ndjson.unfinished").exists());
}

#[test]
fn a_store_without_anything_is_filled() {
    let home = Home::new();
    home.done(&["export", "data", "backup.ndjson"]);
    drop(SledStore::open(home.path("empty")).unwrap());
    home.done(&["load", "backup.ndjson", "empty"]);
    assert_eq!(commits(&home.path("empty")), 4);
}

#[test]
fn a_store_without_anything_is_filled_whichever_kind_it_is_unless_another_is_asked_for() {
    let home = Home::new();
    home.done(&["export", "data", "backup.ndjson"]);
    drop(SledStore::open(home.path("sled")).unwrap());
    drop(RedbStore::open(home.path("redb")).unwrap());
    // Killed as it began.
    fs::create_dir(home.path("begun")).unwrap();
    fs::write(home.path("begun/db.redb"), "").unwrap();
    for (dir, kind, other) in [
        ("sled", "sled", "redb"),
        ("redb", "redb", "sled"),
        ("begun", "redb", "sled"),
    ] {
        let before = home.files(dir);
        let error = home.fails(4, &["load", "backup.ndjson", dir, "--store", other]);
        let told = format!("{dir} holds a store on {kind}, and none on {other}");
        assert!(error.contains(&told), "{error}");
        let advice = format!("`--store {kind}`; or give a new or an empty directory");
        assert!(error.contains(&advice), "{error}");
        assert_eq!(home.files(dir), before);
        let said = home.done(&["load", "backup.ndjson", dir]);
        assert!(said.contains(&format!("a store on {kind}")), "{said}");
        let error = home.fails(4, &["load", "backup.ndjson", dir]);
        assert!(
            error.contains("give a new or an empty directory"),
            "{error}"
        );
    }
    let said = home.done(&["load", "backup.ndjson", "new"]);
    assert!(said.contains("a store on sled"), "{said}");
}

#[test]
fn what_a_load_has_left_that_was_killed_as_it_began_is_no_hindrance() {
    let home = Home::new();
    home.done(&["export", "data", "backup.ndjson"]);
    for (kind, names) in [
        ("sled", &["blobs"][..]),
        ("sled", &["blobs", "db"]),
        ("redb", &["db.redb"]),
    ] {
        let dir = format!("{kind}-{}", names.len());
        fs::create_dir(home.path(&dir)).unwrap();
        for name in names {
            fs::write(home.path(&dir).join(name), "").unwrap();
        }
        home.done(&["load", "backup.ndjson", &dir, "--store", kind]);
        home.done(&["verify", &dir]);
    }
    // Beside what is somebody's, nothing is put.
    fs::create_dir(home.path("letters")).unwrap();
    fs::write(home.path("letters/first.txt"), "mine").unwrap();
    for kind in ["sled", "redb"] {
        let error = home.fails(4, &["load", "backup.ndjson", "letters", "--store", kind]);
        assert!(error.contains("letters holds"), "{error}");
        assert_eq!(home.files("letters").len(), 1);
    }
}

#[test]
fn a_damaged_file_is_named_by_its_line_and_nothing_comes_of_it() {
    let home = Home::new();
    home.done(&["export", "data", "backup.ndjson"]);
    let file = fs::read_to_string(home.path("backup.ndjson")).unwrap();
    let lines = file.lines().count();
    fs::write(home.path("cut.ndjson"), &file[..file.len() - 1]).unwrap();
    fs::write(
        home.path("other.ndjson"),
        file.replace(PRIVATE, "Ada Almgran"),
    )
    .unwrap();
    fs::write(home.path("none.ndjson"), format!("{PRIVATE}\n")).unwrap();
    for (name, line) in [("cut", lines), ("other", lines), ("none", 1)] {
        let name = format!("{name}.ndjson");
        for args in [
            ["load", &name, "moved"],
            ["site", &name, "public"],
            ["changes", &name, "--json"],
        ] {
            let error = home.fails(1, &args);
            assert!(
                error.contains(&format!("{name}: corrupt: line {line} of")),
                "{error}"
            );
        }
    }
    assert!(!home.path("moved").exists() && !home.path("public").exists());
}

#[test]
fn a_file_that_contradicts_itself_leaves_the_store_empty_for_a_better_one() {
    let home = Home::new();
    home.done(&["export", "data", "backup.ndjson"]);
    let file = fs::read_to_string(home.path("backup.ndjson")).unwrap();
    // Sealed like a whole one, with another log than there was.
    let (before, end) = file.trim_end().rsplit_once('\n').unwrap();
    let forged = format!(
        "{}\n",
        before.replace("record_published", "record_forgotten")
    );
    let (end, _) = end.split_once("\"digest\":").unwrap();
    let digest = Digest::of(forged.as_bytes());
    let forged = format!("{forged}{end}\"digest\":\"{digest}\"}}}}\n");
    fs::write(home.path("forged.ndjson"), forged).unwrap();
    let error = home.fails(1, &["load", "forged.ndjson", "moved"]);
    assert!(error.contains("breaks the chain"), "{error}");
    assert!(
        error.starts_with("cmss-tool: forged.ndjson: corrupt: "),
        "{error}"
    );
    assert_eq!(commits(&home.path("moved")), 0);
    for args in [
        &["site", "forged.ndjson", "public"][..],
        &["changes", "forged.ndjson"],
    ] {
        let args: Vec<_> = args.to_vec();
        let output = home.run(&args);
        let (_, error) = told(&output);
        assert_eq!(output.status.code(), Some(1));
        assert!(
            error.starts_with("cmss-tool: forged.ndjson: corrupt: "),
            "{error}"
        );
    }
    home.done(&["load", "backup.ndjson", "moved"]);
    assert_eq!(exported(&home.path("moved")), file);
}

#[test]
fn a_store_moves_to_the_other_engine_and_back_without_a_change() {
    let home = Home::new();
    home.done(&["export", "data", "backup.ndjson"]);
    home.done(&["load", "backup.ndjson", "other", "--store", "redb"]);
    assert!(home.done(&["info", "other"]).starts_with("store      redb"));
    home.done(&["export", "other", "again.ndjson"]);
    home.done(&["site", "data", "public"]);
    home.done(&["site", "other", "public-again"]);
    assert_eq!(home.files("public"), home.files("public-again"));
    let [file, again] =
        ["backup.ndjson", "again.ndjson"].map(|name| fs::read_to_string(home.path(name)).unwrap());
    assert_eq!(file, again);
    // Each engine's directory is left alone by the other.
    home.fails(4, &["load", "backup.ndjson", "other", "--store", "sled"]);
}
