//! What a sync of one file or directory makes durable, and what not.

use std::io::Write as _;

use tempfile::{TempDir, tempdir};

use super::*;

/// A directory with two files that were written after it was durable.
struct Written {
    home: TempDir,
    data: File,
    journal: File,
    shadow: Shadow,
}

fn rules(_: &Path) -> Content {
    Content::Synced
}

fn file(home: &TempDir, name: &str) -> File {
    let mut file = File::create_new(home.path().join(name)).unwrap();
    file.write_all(&[1; PAGE]).unwrap();
    file
}

impl Written {
    fn new() -> Self {
        let home = tempdir().unwrap();
        let shadow = Shadow::of(home.path(), rules);
        Self {
            data: file(&home, "db"),
            journal: file(&home, "journal"),
            home,
            shadow,
        }
    }

    fn at(&self, path: &str) -> PathBuf {
        self.home.path().join(path)
    }

    /// The names in a directory are durable.
    fn sync_names(&mut self, path: &str) {
        let directory = File::open(self.at(path)).unwrap();
        self.shadow.sync(&directory);
    }

    /// What many cuts leave.
    fn cuts(&self) -> impl Iterator<Item = Image> {
        let mut chance = Chance::new(7);
        (0..100).map(move |_| self.shadow.cut(&mut chance))
    }

    /// Whether each of them leaves a file as it is now.
    fn is_durable(&self, name: &str) -> bool {
        let written = fs::read(self.at(name)).unwrap();
        self.cuts()
            .all(|left| left.files.get(Path::new(name)) == Some(&written))
    }

    /// Which of these are found together, each in order.
    fn found<const N: usize>(&self, paths: [&str; N]) -> BTreeSet<[bool; N]> {
        let is_there = |left: &Image, path: &str| {
            let path = Path::new(path);
            left.files.contains_key(path) || left.directories.contains(path)
        };
        self.cuts()
            .map(|left| paths.map(|path| is_there(&left, path)))
            .collect()
    }
}

/// Each of both may be there or not.
fn any_of_two() -> BTreeSet<[bool; 2]> {
    [[false; 2], [false, true], [true, false], [true; 2]].into()
}

#[test]
fn a_sync_makes_that_file_durable_and_no_name_and_no_other_file() {
    let mut written = Written::new();
    written.shadow.sync(&written.data);
    assert_eq!(written.found(["db", "journal"]), any_of_two());
    let whole = vec![1; PAGE];
    let is_whole = |left: Image| (left.files.get(Path::new("db"))).is_none_or(|db| *db == whole);
    assert!(written.cuts().all(is_whole));
    written.sync_names("");
    assert!(written.is_durable("db"));
    assert!(!written.is_durable("journal"));
}

#[test]
fn a_sync_of_a_directory_makes_its_names_durable_and_nothing_above_or_below() {
    let mut written = Written::new();
    fs::create_dir_all(written.at("desk/news")).unwrap();
    fs::rename(written.at("db"), written.at("desk/news/db")).unwrap();
    written.shadow.sync(&written.data);
    written.sync_names("desk/news");
    written.sync_names("");
    assert_eq!(
        written.found(["desk", "desk/news"]),
        [[true, false], [true, true]].into(),
    );
    written.sync_names("desk");
    assert!(written.is_durable("desk/news/db"));
    assert_eq!(written.found(["journal"]), [[true]].into());
    assert!(!written.is_durable("journal"));
}

#[test]
fn a_directory_that_is_never_durable_loses_its_names() {
    let mut written = Written::new();
    written.shadow.rules = |_| Content::Never;
    written.sync_names("");
    assert_eq!(written.found(["db", "journal"]), any_of_two());
}

#[test]
fn what_is_written_after_a_sync_may_be_lost() {
    let mut written = Written::new();
    written.sync_names("");
    for file in [&written.data, &written.journal] {
        written.shadow.sync(file);
    }
    written.journal.write_all(&[2; PAGE]).unwrap();
    assert!(written.is_durable("db"));
    assert!(!written.is_durable("journal"));
}

#[test]
fn a_file_that_is_renamed_or_removed_is_found_as_before_until_its_directory_is_synced() {
    let mut written = Written::new();
    written.shadow.sync(&written.data);
    written.sync_names("");
    fs::rename(written.at("db"), written.at("data")).unwrap();
    fs::remove_file(written.at("journal")).unwrap();
    assert_eq!(written.found(["db", "journal"]), any_of_two());
    assert_eq!(written.found(["db", "data"]), any_of_two());
    written.sync_names("");
    assert_eq!(
        written.found(["db", "data", "journal"]),
        [[false, true, false]].into()
    );
    assert!(written.is_durable("data"));
}

#[test]
fn a_directory_is_found_where_it_was_or_where_it_is_with_all_it_held() {
    let mut written = Written::new();
    fs::create_dir(written.at("new")).unwrap();
    fs::rename(written.at("db"), written.at("new/db")).unwrap();
    written.shadow.sync(&written.data);
    written.sync_names("new");
    written.sync_names("");
    fs::rename(written.at("new"), written.at("live")).unwrap();
    assert_eq!(
        written.found(["new/db", "live/db"]),
        [[false, true], [true, false]].into(),
    );
}

#[test]
fn no_directory_comes_to_stand_where_another_has_stayed() {
    let mut written = Written::new();
    for name in ["live", "new"] {
        fs::create_dir(written.at(name)).unwrap();
    }
    fs::rename(written.at("db"), written.at("live/db")).unwrap();
    written.sync_names("live");
    written.sync_names("");
    fs::rename(written.at("live"), written.at("old")).unwrap();
    fs::rename(written.at("new"), written.at("live")).unwrap();
    // None of the two, the first, or both.
    assert_eq!(
        written.found(["live/db", "live", "new", "old"]),
        [
            [true, true, true, false],
            [false, false, true, true],
            [false, true, false, true],
        ]
        .into(),
    );
}

#[test]
fn what_is_removed_with_its_directory_is_lost_name_by_name() {
    let mut written = Written::new();
    fs::create_dir(written.at("old")).unwrap();
    fs::rename(written.at("db"), written.at("old/db")).unwrap();
    written.sync_names("old");
    written.sync_names("");
    fs::remove_dir_all(written.at("old")).unwrap();
    assert_eq!(
        written.found(["old", "old/db"]),
        [[false, false], [true, false], [true, true]].into(),
    );
    written.sync_names("");
    assert_eq!(written.found(["old"]), [[false]].into());
}

#[test]
fn what_a_process_leaves_that_ended_is_as_durable_as_before() {
    let mut written = Written::new();
    written.shadow.sync(&written.data);
    written.sync_names("");
    fs::rename(written.at("db"), written.at("data")).unwrap();
    let (image, kept) = written.shadow.end();
    let home = tempdir().unwrap();
    image.write(home.path());
    let mut next = Written {
        shadow: Shadow::of_kept(home.path(), rules, &kept),
        home,
        ..written
    };
    assert_eq!(next.found(["db", "data"]), any_of_two());
    next.sync_names("");
    assert!(next.is_durable("data"));
    assert!(!next.is_durable("journal"));
}
