//! What a sync of one file makes durable, and what not.

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

fn rules(path: &Path) -> Content {
    match path.to_str() {
        Some("journal") => Content::Beside,
        _ => Content::Synced,
    }
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

    /// Whether each of many cuts leaves a file as it is now.
    fn is_durable(&self, name: &str) -> bool {
        let written = fs::read(self.home.path().join(name)).unwrap();
        let mut chance = Chance::new(7);
        (0..100).all(|_| {
            let left = self.shadow.cut(&mut chance);
            left.files.get(Path::new(name)) == Some(&written)
        })
    }
}

#[test]
fn a_sync_makes_that_file_durable_and_all_names_and_no_other_file() {
    let mut written = Written::new();
    written.shadow.sync(&written.data);
    assert!(written.is_durable("db"));
    assert!(!written.is_durable("journal"));
    assert!(written.shadow.names.contains_key(Path::new("journal")));
}

#[test]
fn a_sync_of_a_file_beside_makes_only_that_durable_and_its_name_when_it_is_the_second() {
    let mut written = Written::new();
    written.shadow.sync(&written.journal);
    assert!(!written.is_durable("journal"), "it may have no name");
    written.journal.write_all(&[2; PAGE]).unwrap();
    written.shadow.sync(&written.journal);
    assert!(written.is_durable("journal"));
    assert!(!written.is_durable("db"));
    assert!(!written.shadow.names.contains_key(Path::new("db")));
}

#[test]
fn what_is_written_after_a_sync_may_be_lost() {
    let mut written = Written::new();
    for file in [&written.data, &written.journal, &written.journal] {
        written.shadow.sync(file);
    }
    written.journal.write_all(&[2; PAGE]).unwrap();
    assert!(written.is_durable("db"));
    assert!(!written.is_durable("journal"));
}
