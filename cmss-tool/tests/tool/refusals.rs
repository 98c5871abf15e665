//! What is refused, and the exit code that says so.

use cmss::RedbStore;

use super::*;
use crate::home::file_of;

#[test]
fn a_newsroom_that_runs_is_named_by_its_lock_and_left_alone() {
    let home = Home::new();
    let running = SledStore::open(home.path("data")).unwrap();
    for args in reading("data") {
        let error = home.fails(3, &args);
        assert!(error.contains("lock on data/db is held"), "{error}");
    }
    drop(running);
    assert_eq!(fs::read_dir(home.0.path()).unwrap().count(), 1);
    assert_eq!(commits(&home.path("data")), 4);
}

/// Who is not root cannot give files away, and tries nothing.
#[cfg(unix)]
#[test]
fn a_store_of_another_user_is_left_alone() {
    let home = Home::new();
    let file = home.path("data/db");
    if let Err(error) = std::os::unix::fs::chown(&file, Some(7), None) {
        println!("not tried, since this user cannot give a file away: {error}");
        return;
    }
    let before = home.files("data");
    for args in reading("data") {
        let error = home.fails(3, &args);
        assert!(error.contains("data/db belongs to user 7"), "{error}");
        assert!(error.contains("sudo -u '#7'"), "{error}");
    }
    assert_eq!(home.files("data"), before);
    assert_eq!(fs::read_dir(home.0.path()).unwrap().count(), 1);

    let other = Home::new();
    other.done(&["export", "data", "backup.ndjson"]);
    let backup = other.path("backup.ndjson");
    fs::create_dir(home.path("empty")).unwrap();
    std::os::unix::fs::chown(home.path("empty"), Some(7), None).unwrap();
    for dir in ["data", "empty"] {
        let error = home.fails(3, &["load", backup.to_str().unwrap(), dir]);
        assert!(error.contains("belongs to user 7"), "{error}");
    }
    assert_eq!(home.files("data"), before);
    assert_eq!(home.files("empty").len(), 0);
}

#[test]
fn a_store_that_is_open_elsewhere_is_not_filled_by_a_load() {
    let home = Home::new();
    home.done(&["export", "data", "backup.ndjson"]);
    let redb: fn(&Path) -> Box<dyn Store> = |dir| Box::new(RedbStore::open(dir).unwrap());
    let sled: fn(&Path) -> Box<dyn Store> = |dir| Box::new(SledStore::open(dir).unwrap());
    for (kind, open, lock) in [("sled", sled, "db"), ("redb", redb, "db.redb")] {
        // Whether it holds a newsroom or waits for one.
        for (dir, exit_code) in [("waiting", 0), ("working", 4)] {
            let dir = format!("{kind}-{dir}");
            let load = ["load", "backup.ndjson", &dir, "--store", kind];
            if exit_code == 4 {
                home.done(&load);
            }
            let running = open(&home.path(&dir));
            let before = block_on(file_of(&*running));
            let error = home.fails(3, &load);
            let told = format!("lock on {dir}/{lock} is held");
            assert!(error.contains(&told), "{error}");
            assert_eq!(block_on(file_of(&*running)), before);
            block_on(running.close()).unwrap();
            drop(running);
            // Nothing stands in the way of another try.
            let again = home.run(load);
            assert_eq!(again.status.code(), Some(exit_code), "{dir}");
        }
    }
}

#[test]
fn nothing_is_written_over() {
    let home = Home::new();
    home.done(&["export", "data", "backup.ndjson"]);
    for name in ["mine.ndjson", "public/index.json"] {
        fs::create_dir_all(home.path(name).parent().unwrap()).unwrap();
        fs::write(home.path(name), "mine").unwrap();
    }
    for args in [
        ["export", "data", "mine.ndjson"],
        ["site", "data", "public"],
        ["load", "backup.ndjson", "public"],
        ["load", "backup.ndjson", "data"],
    ] {
        home.fails(4, &args);
    }
    for name in ["mine.ndjson", "public/index.json"] {
        assert_eq!(fs::read_to_string(home.path(name)).unwrap(), "mine");
    }
    assert_eq!(home.files("public").len(), 1);
    assert_eq!(commits(&home.path("data")), 4);
}

#[test]
fn an_export_is_a_file_that_can_be_read_back() {
    let home = Home::new();
    let error = home.fails(2, &["export", "data", "-"]);
    assert!(error.contains("give it one"), "{error}");
    assert!(!home.path("-").exists());
}

#[test]
fn what_has_changed_since_is_not_loaded_alone() {
    let home = Home::new();
    home.done(&["export", "data", "backup.ndjson"]);
    home.done(&["export", "data", "since.ndjson", "--since", "backup.ndjson"]);
    let error = home.fails(1, &["load", "since.ndjson", "other"]);
    assert!(error.contains("`--then`"), "{error}");
    assert!(!home.path("other").exists());
}

#[test]
fn what_holds_no_store_is_not_made_one() {
    let home = Home::new();
    fs::create_dir(home.path("empty")).unwrap();
    for dir in ["empty", "nowhere"] {
        for args in [
            &["info", dir][..],
            &["export", dir, "backup.ndjson"],
            &["changes", dir],
            &["site", dir, "public"],
        ] {
            home.fails(3, args);
        }
    }
    home.fails(3, &["load", "nowhere", "moved"]);
    assert_eq!(fs::read_dir(home.path("empty")).unwrap().count(), 0);
    // Only `data` and `empty`.
    assert_eq!(fs::read_dir(home.0.path()).unwrap().count(), 2);
}

/// Empty files are what a full disk, or a copy that failed, leaves.
#[test]
fn files_with_nothing_in_them_are_no_store_and_are_not_made_one() {
    let home = Home::new();
    for files in [&["db.redb"][..], &["db", "conf"], &["db"], &["blobs"]] {
        let dir = home.path("lost");
        fs::create_dir(&dir).unwrap();
        for name in files {
            fs::write(dir.join(name), "").unwrap();
        }
        let before = home.files("lost");
        for args in reading("lost") {
            let error = home.fails(3, &args);
            let told = match files.len() {
                2 => "lost/conf is empty",
                _ if files[0] == "db.redb" => "lost/db.redb is empty",
                _ => "lost/conf is not there",
            };
            assert!(error.contains(told), "{error}");
            assert_eq!(home.files("lost"), before);
        }
        fs::remove_dir_all(dir).unwrap();
    }
    assert_eq!(fs::read_dir(home.0.path()).unwrap().count(), 1);
}

/// A process that may read everything is not refused.
#[test]
#[cfg(unix)]
fn a_directory_that_may_not_be_looked_into_is_said_to_be_one() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = Home::new();
    let data = home.path("data");
    fs::set_permissions(&data, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read_dir(&data).is_err() {
        let error = home.fails(3, &["info", "data"]);
        assert!(error.contains("ermission denied"), "{error}");
        assert!(error.contains("data: "), "{error}");
    }
    fs::set_permissions(&data, fs::Permissions::from_mode(0o700)).unwrap();
    home.done(&["info", "data"]);
}

#[test]
fn whoever_mistakes_a_file_for_a_directory_is_told_which_is_wanted() {
    let home = Home::new();
    home.done(&["export", "data", "backup.ndjson"]);
    for args in [
        &["info", "backup.ndjson"][..],
        &["verify", "backup.ndjson"],
        &["export", "backup.ndjson", "again.ndjson"],
    ] {
        let error = home.fails(3, args);
        let told = "backup.ndjson is a file: give the directory of a store";
        assert!(error.contains(told), "{error}");
    }
    for args in [
        &["load", "data", "moved"][..],
        &["load", "backup.ndjson", "moved", "--then", "data"],
        &["export", "data", "since.ndjson", "--since", "data"],
    ] {
        let error = home.fails(3, args);
        let told = "data is a directory: give the file of an export";
        assert!(error.contains(told), "{error}");
    }
    for args in [
        &["load", "backup.ndjson", "backup.ndjson"][..],
        &["site", "data", "backup.ndjson"],
    ] {
        let error = home.fails(4, args);
        let told = "backup.ndjson is a file: give a new or an empty directory";
        assert!(error.contains(told), "{error}");
    }
    // Only `data` and the export.
    assert_eq!(fs::read_dir(home.0.path()).unwrap().count(), 2);
}

#[test]
fn a_wrong_command_line_is_2_and_the_codes_are_written_down() {
    let home = Home::new();
    for args in [
        &["copy"][..],
        &["info"],
        &["load", "a", "b", "--store", "paper"],
    ] {
        home.fails(2, args);
    }
    let help = home.done(&["--help"]);
    for code in 0..=6 {
        assert!(help.contains(&format!("\n  {code}  ")), "{help}");
    }
}

#[test]
fn who_names_several_files_at_once_is_told_how_they_are_named() {
    let home = Home::new();
    for (args, option) in [
        (
            &["export", "data", "new", "--since", "a", "b"][..],
            "--since",
        ),
        (&["load", "a", "moved", "--then", "b", "c"], "--then"),
    ] {
        let error = home.fails(2, args);
        let tip = format!("each of several files has a {option} of its own");
        assert!(error.contains(&tip), "{error}");
    }
    let error = home.fails(2, &["info", "data", "more"]);
    assert!(!error.contains("each of several"), "{error}");
}

#[test]
fn nothing_is_written_into_the_directory_of_a_store() {
    let home = Home::new();
    home.done(&["export", "data", "backup.ndjson"]);
    home.done(&["load", "backup.ndjson", "other", "--store", "redb"]);
    let data = home.path("data").into_os_string().into_string().unwrap();
    let mut places = vec![format!("{data}/inside"), "data/../data/inside".to_owned()];
    for dir in ["data", "other"] {
        fs::create_dir(home.path(dir).join("mine")).unwrap();
        let within = ["inside", "mine", "mine/inside", "nowhere/inside"];
        places.extend(within.map(|name| format!("{dir}/{name}")));
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("data", home.path("link")).unwrap();
        std::os::unix::fs::symlink("other/mine", home.path("leads-inside")).unwrap();
        places.push("link/inside".to_owned());
        places.push("leads-inside/new".to_owned());
        places.push("leads-inside".to_owned());
    }
    let before = ["data", "other"].map(|dir| home.files(dir));
    for place in &places {
        for args in [
            ["export", "data", place],
            ["site", "other", place],
            ["site", "backup.ndjson", place],
        ] {
            let error = home.fails(4, &args);
            assert!(error.contains("which holds a store on "), "{error}");
            assert!(error.ends_with("\ngive a place outside of it\n"), "{error}");
            assert_eq!(["data", "other"].map(|dir| home.files(dir)), before);
        }
    }
    // Beside it, also where it is where this runs.
    let mut beside = home.command(["export", ".", "../beside.ndjson"]);
    let beside = beside.current_dir(home.path("data")).output().unwrap();
    assert!(beside.status.success(), "{beside:?}");
    let mut here = home.command(["export", ".", "inside"]);
    let here = here.current_dir(home.path("data")).output().unwrap();
    assert_eq!(here.status.code(), Some(4), "{here:?}");
}

#[test]
fn what_lies_in_the_directory_of_a_store_is_not_lost_by_compacting_it() {
    let home = Home::new();
    fs::write(home.path("data/letter.txt"), "mine").unwrap();
    let error = home.fails(4, &["compact", "data"]);
    // And names the directory once.
    assert!(
        error.starts_with("cmss-tool: data holds letter.txt"),
        "{error}"
    );
    fs::remove_file(home.path("data/letter.txt")).unwrap();
    fs::write(home.path("data.compact"), "mine").unwrap();
    let error = home.fails(4, &["compact", "data"]);
    assert!(
        error.starts_with("cmss-tool: data.compact is in the way"),
        "{error}"
    );
    assert_eq!(commits(&home.path("data")), 4);
}

#[test]
fn scripts_are_told_in_json_what_went_wrong() {
    let home = Home::new();
    home.done(&["export", "data", "backup.ndjson"]);
    fs::write(home.path("damaged.ndjson"), "{}\n").unwrap();
    for (kind, code, args) in [
        ("damaged", 1, &["changes", "damaged.ndjson", "--json"][..]),
        ("misused", 2, &["info", "--json"]),
        ("misused", 2, &["--json", "changes", "data", "--then", "a"]),
        ("not_opened", 3, &["info", "nowhere", "--json"]),
        ("refused", 4, &["export", "data", "backup.ndjson", "--json"]),
    ] {
        let error = home.fails(code, args);
        let told: Value = serde_json::from_str(&error).unwrap();
        assert_eq!(
            (&told["kind"], &told["exit_code"]),
            (&json!(kind), &json!(code)),
            "{told}"
        );
        let plain: Vec<_> = args
            .iter()
            .filter(|arg| **arg != "--json")
            .copied()
            .collect();
        let plain = home.fails(code, &plain);
        let message = told["message"].as_str().unwrap();
        assert!(!message.is_empty() && plain.contains(message), "{plain}");
    }
}

#[test]
fn whoever_names_what_is_not_there_is_advised() {
    let home = Home::new();
    home.done(&["export", "data", "backup.ndjson"]);
    fs::create_dir(home.path("empty")).unwrap();
    let path = "give a path that leads somewhere";
    for (code, advice, args) in [
        (3, path, &["info", "nowhere"][..]),
        (3, path, &["info", "backup.ndjson/news"]),
        (3, path, &["compact", "backup.ndjson/news"]),
        (3, path, &["verify", "nowhere"]),
        (3, path, &["changes", "nowhere"]),
        (3, path, &["load", "nowhere", "moved"]),
        (
            3,
            path,
            &["load", "backup.ndjson", "moved", "--then", "nowhere"],
        ),
        (3, path, &["export", "data", "more", "--since", "nowhere"]),
        (3, "give the directory of a store", &["info", "empty"]),
        (
            5,
            "make the directory first",
            &["export", "data", "nowhere/more"],
        ),
        (
            5,
            "make the directory first",
            &["load", "backup.ndjson", "backup.ndjson/news"],
        ),
    ] {
        let told = home.fails(code, &[args, &["--json"]].concat());
        let told: Value = serde_json::from_str(&told).unwrap();
        let told = told["advice"].as_str().unwrap_or_default();
        assert!(told.starts_with(advice), "{args:?} {told}");
    }
    assert!(!home.path("moved").exists() && !home.path("more").exists());
}
