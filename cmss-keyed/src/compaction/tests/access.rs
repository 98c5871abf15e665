//! Who may look into a compacted store.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::Path;

use tempfile::tempdir;

use super::files::{FILES, Home, open};
use crate::compaction::access::Access;
use crate::compaction::{Compacting, compact};

/// Mode, owner and group of a directory, or of a file in it.
fn access(path: &Path) -> (u32, u32, u32) {
    let found = fs::metadata(path).unwrap();
    (found.mode() & 0o7777, found.uid(), found.gid())
}

fn set(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// Who may give files away does so here.
#[test]
fn modes_and_owners_are_those_of_the_old_store() {
    for (directory, file) in [(0o755, 0o600), (0o750, 0o640), (0o700, 0o644)] {
        let home = Home::filled();
        let news = home.news();
        let files = ["data", "witness"].map(|name| news.join(name));
        for path in [&files[0], &files[1], &news] {
            let _ = chown(path, Some(65_534), Some(65_533));
            set(path, file);
        }
        set(&news, directory);
        let before = [&news, &files[0], &files[1]].map(|path| access(path));
        compact(&news, &FILES, |_| ()).unwrap();
        let after = [&news, &files[0], &files[1]].map(|path| access(path));
        assert_eq!(after, before);
        home.held();
    }
}

#[test]
fn nobody_else_looks_into_the_new_store_while_it_is_written() {
    let home = Home::filled();
    set(&home.news(), 0o755);
    let new = home.parent.path().join("news.compact-new");
    let mut looked = 0;
    compact(&home.news(), &FILES, |step| match step {
        Compacting::Writing { .. } | Compacting::Comparing { .. } => {
            assert_eq!(access(&new).0, 0o700);
            looked += 1;
        }
        _ => {}
    })
    .unwrap();
    assert!(looked > 1, "{looked}");
    assert_eq!(access(&home.news()).0, 0o755);
}

#[test]
fn files_that_the_old_store_has_not_are_as_its_data() {
    let home = Home::filled();
    fs::remove_file(home.news().join("witness")).unwrap();
    let data = home.news().join("data");
    set(&data, 0o600);
    compact(&home.news(), &FILES, |_| ()).unwrap();
    assert_eq!(access(&home.news().join("witness")), access(&data));
    drop(open(&home.news()).unwrap());
}

/// Said of what belongs to the system; who may give it everything is not refused.
#[test]
fn an_owner_to_whom_nothing_can_be_given_is_refused_before_anything_is_written() {
    let home = tempdir().unwrap();
    let theirs = Access::of(Path::new("/"), "etc").unwrap();
    let new = home.path().join("new");
    match theirs.make(&new) {
        Ok(()) => assert_eq!(access(&new), (0o700, 0, 0)),
        Err(error) => {
            assert!(error.to_string().contains("given to user 0"), "{error}");
            assert_eq!(fs::read_dir(&new).unwrap().count(), 0);
        }
    }
}
