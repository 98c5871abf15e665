//! Rooms depend downward only: what stands directly under `src` names rooms of lower floors.
#![allow(clippy::unwrap_used, reason = "helpers of tests are no tests")]

use std::fs;
use std::path::Path;

/// From the top down, one floor a line. What stands on one floor does not name each other either.
const FLOORS: &str = "lib stored_forms
upkeep
cms
command audit allowed machines
consent edition
publication
occasion assignment article
record claim
desk
newsroom address
site
kernel
values
ids
store fault";

/// On which floor a room stands; none where it is no room, but a name of the root.
fn floor(room: &str) -> Option<usize> {
    let is_on = |floor: &str| floor.split(' ').any(|other| other == room);
    FLOORS.lines().position(is_on)
}

/// What the code of a room names that does not stand below it; comments may name anything.
fn climbs(room: &str, source: &str) -> Vec<String> {
    let lines = source.lines().flat_map(|line| line.split("//").next());
    let code: String = lines.collect();
    let named = code.split("crate::").skip(1).flat_map(|path| {
        let most = if path.starts_with('{') { 99 } else { 1 };
        let path = path.split('}').next().unwrap_or_default();
        let words = path.split(|c: char| !c.is_alphanumeric() && c != '_');
        words.filter(|word| !word.is_empty()).take(most)
    });
    let climbs = named.filter(|name| *name != room && floor(name) <= floor(room));
    climbs.map(str::to_owned).collect()
}

/// Whatever does not stand below what names it, in the sources of a directory but those of tests.
fn check(directory: &Path, room: Option<&str>) {
    for path in fs::read_dir(directory).unwrap() {
        let path = path.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let room = room.unwrap_or(name);
        if path.is_dir() && name != "tests" {
            check(&path, Some(room));
        } else if path.is_file() && name != "tests" && floor(room) != Some(0) {
            assert!(floor(room).is_some(), "{room} stands on no floor");
            let climbs = climbs(room, &fs::read_to_string(&path).unwrap());
            let path = path.display();
            assert!(climbs.is_empty(), "{path} names {climbs:?}, not below it");
        }
    }
}

#[test]
fn no_room_names_one_that_does_not_stand_below_it() {
    check(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), None);
}

#[test]
fn a_name_from_above_is_seen_in_every_spelling() {
    assert_eq!(climbs("kernel", "use crate::site::Press;"), ["site"]);
    assert_eq!(climbs("desk", "use crate::{\n record, site};"), ["record"]);
    assert_eq!(climbs("record", "(c: &crate::Command)"), ["Command"]);
    assert_eq!(climbs("article", "crate::assignment::f()"), ["assignment"]);
    assert_eq!(climbs("site", "use crate::kernel; // crate::desk"), [""; 0]);
}
