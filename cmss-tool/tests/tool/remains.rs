//! Directories in which a store is no more: files of it are gone, and others are there.

use super::*;

/// A copy of a store as `left`, without these files, or with nothing in them.
fn leave(home: &Home, from: &str, lost: &[&str], is_emptied: bool) {
    let _ = fs::remove_dir_all(home.path("left"));
    fs::create_dir(home.path("left")).unwrap();
    for (name, bytes) in home.files(from) {
        let is_lost = lost.iter().any(|lost| Path::new(lost) == name);
        let path = home.path("left").join(name);
        match (is_lost, is_emptied) {
            (true, true) => fs::write(path, "").unwrap(),
            (true, false) => {}
            (false, _) => fs::write(path, bytes).unwrap(),
        }
    }
}

/// The snapshot among the files of a store on sled.
fn snapshot(home: &Home) -> String {
    let names = home.files("data").into_keys();
    let mut names = names.map(|name| name.into_os_string().into_string().unwrap());
    names.find(|name| name.starts_with("snap.")).unwrap()
}

#[test]
fn a_store_of_which_files_are_gone_is_told_as_damaged_and_left_as_it_is() {
    let home = Home::new();
    home.done(&["export", "data", "backup.ndjson"]);
    home.done(&["load", "backup.ndjson", "other", "--store", "redb"]);
    let snapshot = snapshot(&home);
    let (sled, nameless) = ("store on sled", "store of which the data files are gone");
    for (from, lost, is_emptied, told) in [
        ("data", &["conf"][..], false, sled),
        ("data", &["conf"], true, sled),
        ("data", &["db"], false, sled),
        ("data", &["db"], true, sled),
        ("data", &["conf", "db", "witness"], false, sled),
        ("data", &["conf", "db", "closed", "journal"], false, sled),
        (
            "data",
            &["conf", "db", "closed", &snapshot],
            false,
            nameless,
        ),
        ("other", &["db.redb"], true, "store on redb"),
        ("other", &["db.redb"], false, nameless),
        ("other", &["db.redb", "journal"], false, nameless),
    ] {
        leave(&home, from, lost, is_emptied);
        let before = home.files("left");
        let told = format!("what is left of a {told}: ");
        for args in reading("left") {
            let error = home.fails(1, &args);
            let (what, advice) = error.trim_end().split_once('\n').unwrap();
            assert!(what.contains(&format!("left: {told}")), "{error}");
            assert!(advice.contains("put the files back"), "{error}");
            assert!(advice.contains("`cmss-tool load`"), "{error}");
            assert_eq!(home.files("left"), before, "{args:?} {lost:?}");
        }
        let load = ["load", "backup.ndjson", "left"];
        let asked = ["sled", "redb"].map(|kind| [&load[..], &["--store", kind]].concat());
        for args in [&load[..], &asked[0], &asked[1]] {
            let error = home.fails(4, args);
            assert!(error.contains(&told), "{error}");
            assert!(
                error.contains("give a new or an empty directory"),
                "{error}"
            );
            assert_eq!(home.files("left"), before, "{args:?} {lost:?}");
        }
    }
    assert!(!home.path("again.ndjson").exists() && !home.path("public").exists());
}

#[test]
fn a_store_is_whole_again_when_its_files_are_put_back() {
    let home = Home::new();
    for name in ["conf", "db"] {
        leave(&home, "data", &[name], false);
        for args in reading("left") {
            home.fails(1, &args);
        }
        fs::copy(home.path("data").join(name), home.path("left").join(name)).unwrap();
        let said = home.done(&["verify", "left"]);
        assert!(said.contains("whole, as of commit 4"), "{said}");
    }
}

#[test]
fn a_journal_among_letters_and_plain_names_of_somebody_else_are_no_store() {
    let home = Home::new();
    for names in [
        &["journal", "letter.txt"][..],
        &["db", "letter.txt"],
        &["conf/settings", "db/tables", "journal"],
    ] {
        let _ = fs::remove_dir_all(home.path("left"));
        for name in names {
            let path = home.path("left").join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "dear all").unwrap();
        }
        let before = home.files("left");
        for args in reading("left") {
            let error = home.fails(3, &args);
            assert!(error.contains("left holds no store of a kind"), "{error}");
        }
        assert_eq!(home.files("left"), before);
    }
}
