//! A site that was stopped in its midst, and run again; and what is none of it.

use std::collections::BTreeMap;
use std::fs::{File, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::PathBuf;

use super::*;
use crate::terminal::start;

const SITE: [&str; 3] = ["site", "data", "public"];
const MARK: &str = "public.unfinished/written-by-cmss-tool";

/// Kills the tool while it writes the site of a large newsroom.
fn stopped(home: &Home) {
    let out = home.path("public");
    // One that is done before the kill reaches it is taken away.
    let was_killed = (0..30).any(|_| {
        let (mut child, mut shown) = start(home, SITE);
        shown.wait("pages written", 1).unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        let is_done = out.exists();
        if is_done {
            fs::remove_dir_all(&out).unwrap();
        }
        !is_done
    });
    assert!(was_killed);
}

/// The files of a site that nobody has stopped.
fn undisturbed(home: &Home) -> BTreeMap<PathBuf, Vec<u8>> {
    home.done(&["site", "data", "undisturbed"]);
    home.files("undisturbed")
}

#[test]
fn a_site_that_was_killed_is_not_there_and_is_whole_when_it_is_run_again() {
    let home = Home::large();
    let wanted = undisturbed(&home);
    stopped(&home);
    assert!(!home.path("public").exists());
    assert!(home.files("public.unfinished").len() > 200);
    home.done(&SITE);
    assert_eq!(home.files("public"), wanted);
    assert!(!home.path("public.unfinished").exists());
}

#[test]
fn pages_of_a_site_that_was_killed_are_not_among_those_of_the_next() {
    let (home, small) = (Home::large(), Home::new());
    let wanted = undisturbed(&small);
    stopped(&home);
    let data = small.path("data");
    home.done(&["site", data.to_str().unwrap(), "public"]);
    assert_eq!(home.files("public"), wanted);
}

#[test]
fn wherever_a_site_was_stopped_it_can_be_run_again() {
    let home = Home::new();
    let wanted = undisturbed(&home);
    let [mark, site] = [MARK, "public.unfinished/site"].map(|name| home.path(name));
    let unfinished = home.path("public.unfinished");
    let made: &[fn(&Path, &Path, &Path)] = &[
        |dir, _, _| fs::create_dir(dir).unwrap(),
        |dir, mark, _| {
            fs::create_dir(dir).unwrap();
            fs::write(mark, "").unwrap();
        },
        |dir, mark, site| {
            fs::create_dir(dir).unwrap();
            fs::write(mark, "").unwrap();
            fs::create_dir(site).unwrap();
        },
        // All is written, but has no name yet.
        |dir, mark, site| {
            fs::create_dir(dir).unwrap();
            fs::write(mark, "").unwrap();
            fs::rename(dir.with_file_name("public"), site).unwrap();
        },
    ];
    home.done(&SITE);
    for (number, make) in made.iter().enumerate() {
        if number + 1 < made.len() {
            fs::remove_dir_all(home.path("public")).unwrap();
        }
        make(&unfinished, &mark, &site);
        home.done(&SITE);
        assert_eq!(home.files("public"), wanted, "{number}");
        assert!(!unfinished.exists(), "{number}");
    }
    // It has its name, and its mark is still there.
    fs::create_dir(&unfinished).unwrap();
    fs::write(&mark, "").unwrap();
    home.fails(4, &SITE);
    assert_eq!(home.files("public"), wanted);
    fs::remove_dir_all(home.path("public")).unwrap();
    home.done(&SITE);
    assert!(!unfinished.exists());
}

#[test]
fn what_somebody_keeps_where_a_site_is_written_first_is_left_alone() {
    let home = Home::new();
    let mine = "mine";
    for files in [
        &["public.unfinished"][..],
        &["public.unfinished/notes"],
        &["public.unfinished/site/index.json"],
        &[MARK],
    ] {
        for name in files {
            fs::create_dir_all(home.path(name).parent().unwrap()).unwrap();
            fs::write(home.path(name), mine).unwrap();
        }
        let error = home.fails(4, &SITE);
        assert!(error.contains("public.unfinished is in the way"), "{error}");
        assert!(!home.path("public").exists());
        for name in files {
            assert_eq!(fs::read_to_string(home.path(name)).unwrap(), mine);
        }
        let unfinished = home.path("public.unfinished");
        match unfinished.is_dir() {
            true => fs::remove_dir_all(unfinished).unwrap(),
            false => fs::remove_file(unfinished).unwrap(),
        }
    }
    // In the midst of one that was stopped.
    for name in ["notes", "site/notes"] {
        let name = Path::new("public.unfinished").join(name);
        let name = name.to_str().unwrap();
        fs::create_dir_all(home.path(name).parent().unwrap()).unwrap();
        fs::write(home.path(MARK), "").unwrap();
        fs::write(home.path(name), mine).unwrap();
        home.fails(4, &SITE);
        assert_eq!(fs::read_to_string(home.path(name)).unwrap(), mine);
        fs::remove_file(home.path(name)).unwrap();
    }
    home.done(&SITE);
    assert!(!home.path("public.unfinished").exists());
}

#[test]
fn a_site_that_another_process_writes_is_left_to_it() {
    let home = Home::new();
    fs::create_dir(home.path("public.unfinished")).unwrap();
    let held = File::create(home.path(MARK)).unwrap();
    held.lock().unwrap();
    let error = home.fails(4, &SITE);
    assert!(error.contains("written by another process"), "{error}");
    assert_eq!(home.files("public.unfinished").len(), 1);
    drop(held);
    home.done(&SITE);
}

#[test]
fn an_empty_directory_is_replaced_and_stays_as_closed_as_it_was() {
    let home = Home::new();
    let out = home.path("public");
    fs::create_dir(&out).unwrap();
    fs::set_permissions(&out, Permissions::from_mode(0o700)).unwrap();
    home.done(&["site", "data", "public/"]);
    let mode = fs::metadata(&out).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
    assert!(out.join("index.json").exists());

    // Through a link, which stays.
    fs::create_dir(home.path("there")).unwrap();
    symlink("there", home.path("link")).unwrap();
    home.done(&["site", "data", "link"]);
    assert!(home.path("link").is_symlink());
    assert_eq!(home.files("there"), home.files("public"));
}

#[test]
fn what_cannot_be_replaced_is_refused_before_anything_is_written() {
    let home = Home::new();
    fs::create_dir(home.path("empty")).unwrap();
    symlink("nothing", home.path("lost")).unwrap();
    let here = home
        .command(["site", "../data", "."])
        .current_dir(home.path("empty"))
        .output()
        .unwrap();
    assert_eq!(here.status.code(), Some(4));
    let error = home.fails(4, &["site", "data", "lost"]);
    assert!(error.contains("leads nowhere"), "{error}");
    // Only `data`, `empty` and the link.
    assert_eq!(fs::read_dir(home.0.path()).unwrap().count(), 3);
    assert_eq!(fs::read_dir(home.path("empty")).unwrap().count(), 0);
}
