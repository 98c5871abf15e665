//! Compaction that is stopped at every point.

use std::cell::RefCell;
use std::fs;
use std::mem::discriminant;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use tempfile::tempdir;

use super::files::{FILES, Home, open};
use crate::compaction::swap::Places;
use crate::compaction::{compact, recover, run};

/// How a run is stopped.
struct Stopped;

/// Runs something that tells of points, and stops it at one of them, as the death of the process
/// would; answers how many points there were until then.
fn stopped_at<T>(point: usize, run: impl FnOnce(&mut dyn FnMut()) -> T) -> (usize, Option<T>) {
    let mut points = 0;
    let mut reach = || {
        points += 1;
        if points == point {
            resume_unwind(Box::new(Stopped));
        }
    };
    let ran = catch_unwind(AssertUnwindSafe(|| run(&mut reach)));
    match ran {
        Ok(done) => (points, Some(done)),
        Err(stopped) if stopped.is::<Stopped>() => (points, None),
        Err(other) => resume_unwind(other),
    }
}

/// Compacts, and stops at a point.
fn compact_until(home: &Home, point: usize) -> (usize, bool) {
    let (points, done) = stopped_at(point, |reach| {
        let reach = RefCell::new(reach);
        let mut last = None;
        let mut progress = |step| {
            // Once in each stage is enough.
            let stage = Some(discriminant(&step));
            if last != stage {
                last = stage;
                (reach.borrow_mut())();
            }
        };
        let mut reached = |_| (reach.borrow_mut())();
        run(&home.news(), &FILES, &mut progress, &mut reached).unwrap();
    });
    (points, done.is_some())
}

#[test]
fn stopped_at_any_point_and_again_while_recovering_it_is_the_old_store_or_the_new_one_and_whole() {
    let held = Home::filled().held();
    let (points, done) = compact_until(&Home::filled(), usize::MAX);
    assert!(done && points > 9, "{points}");
    let (mut recovered, mut stops) = (0, 0);
    for point in 1..=points {
        for second in 1.. {
            let home = Home::filled();
            compact_until(&home, point);
            let places = Places::of(&home.news()).unwrap();
            let (_, done) = stopped_at(second, |reach| {
                places.recover(&mut |_| reach()).unwrap();
            });
            stops += 1;
            if done.is_none() {
                recovered += 1;
                // And a third time, at once.
                let _ = stopped_at(1, |reach| places.recover(&mut |_| reach()));
            }
            home.assert_left_alone(&held);
            if done.is_some() {
                home.compact().unwrap();
                home.assert_left_alone(&held);
                break;
            }
        }
    }
    assert!(recovered > 8, "{recovered} of {stops}");
}

#[test]
fn a_torn_mark_is_cleared_and_a_file_that_is_none_is_left() {
    let home = Home::filled();
    let mark = home.parent.path().join("news.compact");
    let whole = b"a compaction of the store beside this is under way\n";
    for torn in [
        &whole[..],
        &whole[..9],
        &[0; 51],
        &[&whole[..9], &[0; 42]].concat(),
        b"",
    ] {
        fs::write(&mark, torn).unwrap();
        recover(&home.news()).unwrap();
        assert!(!mark.exists(), "{torn:?}");
    }
    for other in [
        &b"a letter"[..],
        &[0; 52],
        &[&whole[..9], &[0; 10], b"x"].concat(),
    ] {
        fs::write(&mark, other).unwrap();
        recover(&home.news()).unwrap();
        assert_eq!(fs::read(&mark).unwrap(), other);
    }
}

#[test]
#[cfg(unix)]
fn a_link_to_a_store_stays_and_what_it_leads_to_is_compacted() {
    let home = Home::filled();
    let held = home.held();
    let elsewhere = tempdir().unwrap();
    let link = elsewhere.path().join("link");
    std::os::unix::fs::symlink(home.news(), &link).unwrap();
    compact(&link, &FILES, |_| ()).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    home.assert_left_alone(&held);
    for point in 1.. {
        let (_, done) = stopped_at(point, |reach| {
            compact(&link, &FILES, |_| reach()).unwrap();
        });
        // Through the link, while what it leads to may be aside.
        open(&link).unwrap();
        home.assert_left_alone(&held);
        if done.is_some() {
            break;
        }
    }
}
