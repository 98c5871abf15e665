//! What is found when a swap stopped, and what is made of it.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use tempfile::{TempDir, tempdir};

use super::*;

/// The names beside the directory of a store, and what each holds.
const BESIDE: [(&str, &str); 3] = [
    ("news", "old or in place"),
    ("news.compact-new", "new"),
    ("news.compact-old", "old"),
];

fn home(there: [bool; 3], marked: bool) -> TempDir {
    let home = tempdir().unwrap();
    for ((name, holds), there) in BESIDE.into_iter().zip(there) {
        if there {
            let path = home.path().join(name);
            fs::create_dir_all(path.join("within")).unwrap();
            fs::write(path.join("db"), holds).unwrap();
        }
    }
    if marked {
        fs::write(home.path().join("news.compact"), "").unwrap();
    }
    home
}

fn names(home: &TempDir) -> BTreeSet<String> {
    directory::names(home.path()).unwrap().into_iter().collect()
}

fn recover(home: &TempDir) -> Result<(), StoreError> {
    let places = Places::of(&home.path().join("news")).unwrap();
    places.recover(&mut |_| ())
}

#[test]
fn whatever_a_swap_left_one_directory_is_in_place_afterwards() {
    let cases = [
        ([true, false, false], "old or in place"),
        ([true, true, false], "old or in place"),
        ([true, false, true], "old or in place"),
        ([false, true, true], "new"),
        ([false, false, true], "old"),
    ];
    for (there, holds) in cases {
        let home = home(there, true);
        recover(&home).unwrap();
        assert_eq!(names(&home), ["news".to_owned()].into(), "{there:?}");
        let held = fs::read_to_string(home.path().join("news/db")).unwrap();
        assert_eq!(held, holds, "{there:?}");
    }
    let home = home([false; 3], true);
    recover(&home).unwrap();
    assert_eq!(names(&home), BTreeSet::new());
}

#[test]
fn what_no_swap_leaves_is_refused_and_not_touched() {
    for there in [[true, true, true], [false, true, false]] {
        let home = home(there, true);
        let before = names(&home);
        let error = recover(&home).unwrap_err();
        assert!(
            error.to_string().contains("it cannot be told which"),
            "{error}"
        );
        assert_eq!(names(&home), before, "{there:?}");
    }
}

#[test]
#[cfg(unix)]
fn the_names_of_each_step_are_durable_before_the_next() {
    use std::os::unix::fs::MetadataExt;

    let lives = [
        // Swapped, and the old one removed.
        ([true, true, false], true),
        // What was left of others is ended.
        ([true, true, false], false),
        ([false, true, true], false),
        ([true, false, true], false),
        ([false, false, true], false),
    ];
    let mut told = 0;
    for (there, swaps) in lives {
        let home = home(there, true);
        let parent = fs::metadata(home.path()).unwrap().ino();
        let path = home.path().to_owned();
        let durable = Arc::new(Mutex::new(Vec::new()));
        let syncs: Arc<dyn Fn(&File) + Send + Sync> = {
            let durable = durable.clone();
            Arc::new(move |file: &File| {
                if file.metadata().unwrap().ino() == parent {
                    *durable.lock().unwrap() = directory::names(&path).unwrap();
                }
            })
        };
        directory::told(&syncs);
        let places = Places::of(&home.path().join("news")).unwrap();
        let mut reached = |step| {
            let (now, mut durable) = (names(&home), durable.lock().unwrap());
            let durable: BTreeSet<_> = durable.drain(..).collect();
            assert_eq!(durable, now, "{step:?} of {there:?}");
            told += 1;
        };
        let mark = places.hold(File::open(&places.mark).unwrap()).unwrap();
        if swaps {
            mark.swap(&mut reached).unwrap();
        }
        mark.clear(&mut reached).unwrap();
    }
    assert_eq!(told, 13);
}

#[test]
fn without_a_mark_nothing_of_these_names_is_touched() {
    for number in 0..8 {
        let there = [number & 1 != 0, number & 2 != 0, number & 4 != 0];
        let home = home(there, false);
        let before = names(&home);
        recover(&home).unwrap();
        assert_eq!(names(&home), before);
    }
}

#[test]
fn a_mark_that_is_held_is_respected() {
    let home = home([true, true, false], false);
    fs::remove_dir_all(home.path().join("news.compact-new")).unwrap();
    let places = Places::of(&home.path().join("news")).unwrap();
    places.check_unmarked().unwrap();
    let mark = places.begin(&mut |_| ()).unwrap();
    for refused in [
        recover(&home),
        places.check_unmarked(),
        places
            .begin(&mut |_| ())
            .map(drop)
            .map_err(StoreError::from),
    ] {
        let error = refused.unwrap_err();
        assert!(error.to_string().contains("is being compacted"), "{error}");
        assert!(matches!(error, StoreError::Unavailable { .. }));
    }
    drop(mark);
    recover(&home).unwrap();
    places.check_unmarked().unwrap();
}

#[test]
#[cfg(unix)]
fn a_mark_that_another_has_taken_away_meanwhile_is_not_held() {
    let home = home([true, false, false], true);
    let places = Places::of(&home.path().join("news")).unwrap();
    let late = File::open(&places.mark).unwrap();
    recover(&home).unwrap();
    assert!(places.hold(late).is_err());
    // Also when there is a new one by then.
    fs::write(&places.mark, "").unwrap();
    let late = File::open(&places.mark).unwrap();
    fs::remove_file(&places.mark).unwrap();
    fs::write(home.path().join("other"), "").unwrap();
    fs::write(&places.mark, "").unwrap();
    assert!(places.hold(late).is_err());
}

#[test]
fn directories_of_somebody_else_are_not_swapped_over() {
    for (there, name) in [
        ([true, true, false], "news.compact-new"),
        ([true, false, true], "news.compact-old"),
    ] {
        let home = home(there, false);
        let before = names(&home);
        let places = Places::of(&home.path().join("news")).unwrap();
        let error = places.begin(&mut |_| ()).map(drop).unwrap_err();
        let said = error.to_string();
        assert!(
            said.contains(name) && said.contains("is in the way"),
            "{said}"
        );
        assert_eq!(names(&home), before);
    }
}

#[test]
fn a_file_that_has_the_name_of_a_mark_and_is_none_is_left_alone() {
    let says = b"a compact edition of our letters";
    for there in [[true, false, false], [true, true, true]] {
        let home = home(there, false);
        let path = home.path().join("news.compact");
        fs::write(&path, says).unwrap();
        let places = Places::of(&home.path().join("news")).unwrap();
        places.check_unmarked().unwrap();
        places.recover(&mut |_| ()).unwrap();
        let error = places.begin(&mut |_| ()).map(drop).unwrap_err();
        assert!(error.to_string().contains("is in the way"), "{error}");
        assert_eq!(fs::read(&path).unwrap(), says);
        assert_eq!(names(&home).len(), 2 + 2 * usize::from(there[1]));
    }
    let home = home([true, false, false], false);
    fs::create_dir(home.path().join("news.compact")).unwrap();
    recover(&home).unwrap();
    let places = Places::of(&home.path().join("news")).unwrap();
    assert!(places.begin(&mut |_| ()).is_err());
}

#[test]
fn a_mark_whose_making_was_cut_short_is_one() {
    for length in [0, 7, MARK.len()] {
        let home = home([true, false, false], true);
        fs::write(home.path().join("news.compact"), &MARK[..length]).unwrap();
        recover(&home).unwrap();
        assert_eq!(names(&home), ["news".to_owned()].into());
    }
}

#[test]
fn a_path_is_taken_by_the_name_it_ends_with_or_leads_to() {
    assert!(Places::of(Path::new("/")).is_err());
    assert!(Places::of(Path::new("not-there/..")).is_err());
    let places = Places::of(Path::new("news")).unwrap();
    assert_eq!(places.new, Path::new("news.compact-new"));
    assert_eq!(places.parent, Path::new("."));
    let here = std::env::current_dir().unwrap().canonicalize().unwrap();
    assert_eq!(Places::of(Path::new(".")).unwrap().live, here);
}

#[test]
#[cfg(unix)]
fn a_link_is_followed_and_one_that_leads_to_itself_is_refused() {
    use std::os::unix::fs::symlink;
    let home = tempdir().unwrap();
    let at = |name: &str| home.path().join(name);
    symlink("disk/news", at("link")).unwrap();
    symlink(at("link"), at("further")).unwrap();
    let places = Places::of(&at("further")).unwrap();
    assert_eq!(places.live, at("disk/news"));
    assert_eq!(places.new, at("disk/news.compact-new"));
    symlink("round", at("round")).unwrap();
    assert!(Places::of(&at("round")).is_err());
}
