//! An engine that comes back older than what was answered, or as another.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "all of this file is part of tests"
)]

mod support;

use std::fs;
use std::path::Path;

use cmss_core::store::{Seq, Store, StoreError};
use cmss_keyed::{Batch, Engine, KeyedStore, error};
use cmss_testkit::notes::{change, commit, documents, lines, load, put};
use support::{Disk, Map, MapEngine};
use tempfile::{TempDir, tempdir};

type MapStore = KeyedStore<MapEngine>;

struct Home {
    disk: Disk,
    directory: TempDir,
}

impl Home {
    fn new() -> Self {
        Self {
            disk: Disk::default(),
            directory: tempdir().unwrap(),
        }
    }

    fn path(&self) -> &Path {
        self.directory.path()
    }

    fn witness(&self) -> std::path::PathBuf {
        self.path().join("witness")
    }

    fn open(&self) -> Result<MapStore, StoreError> {
        KeyedStore::open_in(self.disk.engine(), self.path())
    }

    fn map(&self) -> Map {
        self.disk.underneath(|map| map.clone())
    }

    fn turn_back(&self, to: &Map) {
        self.disk.underneath(|map| *map = to.clone());
    }

    #[track_caller]
    fn refusal(&self) -> String {
        match self.open() {
            Err(StoreError::Corrupt { what, .. }) => what,
            other => panic!("{other:?}"),
        }
    }
}

fn write(store: &MapStore, number: u128) {
    commit(store, change(number, vec![], vec![put(number, "x")])).unwrap();
}

/// A home after five commits, and what the engine held after each.
fn lived() -> (Home, Vec<Map>) {
    let home = Home::new();
    drop(home.open().unwrap());
    let mut maps = vec![home.map()];
    for number in 1..=5 {
        // The engine has what was committed when the store is closed.
        write(&home.open().unwrap(), number);
        maps.push(home.map());
    }
    (home, maps)
}

#[test]
fn a_store_that_comes_back_as_it_was_opens() {
    let (home, maps) = lived();
    for _ in 0..3 {
        let store = home.open().unwrap();
        assert_eq!(documents(&store).len(), 5);
        pollster::block_on(store.close()).unwrap();
    }
    assert_eq!(home.map(), maps[5]);
}

#[test]
fn a_store_that_comes_back_older_is_refused_and_both_commits_are_named() {
    let (home, maps) = lived();
    for (number, older) in maps.iter().enumerate().take(5) {
        home.turn_back(older);
        // Each time, and nothing is written.
        for _ in 0..2 {
            let what = home.refusal();
            let place = home.path().display();
            assert_eq!(
                what,
                format!(
                    "{place} holds commits up to {number}, and its witness has seen commit 5: the \
                     store came back older than what was answered. Put the newer files back; or, \
                     to go on with the older ones and lose what came after, remove {place}/witness"
                )
            );
        }
        assert_eq!(home.map(), *older);
    }
    home.turn_back(&maps[5]);
    home.open().unwrap();
}

#[test]
fn an_engine_that_lost_everything_is_not_taken_for_a_new_one() {
    let (home, _) = lived();
    home.turn_back(&Map::new());
    assert!(home.refusal().contains("holds commits up to 0"));
    assert_eq!(home.map(), Map::new(), "nothing was founded");
}

#[test]
fn who_removes_the_witness_goes_on_with_the_older_store() {
    let (home, maps) = lived();
    home.turn_back(&maps[3]);
    fs::remove_file(home.witness()).unwrap();
    let store = home.open().unwrap();
    write(&store, 77);
    drop(store);
    // From then on that is what was seen.
    let store = home.open().unwrap();
    assert_eq!(documents(&store).len(), 4);
    drop(store);
    home.turn_back(&maps[3]);
    home.refusal();
    home.turn_back(&maps[5]);
    let place = home.path().display();
    assert_eq!(
        home.refusal(),
        format!(
            "commit 4 in {place} is not the one its witness has seen: these are files of another \
             history. Put the right files back; or, to go on with these, remove {place}/witness"
        )
    );
}

#[test]
fn a_store_that_never_had_a_witness_opens_and_has_one_from_then_on() {
    let disk = Disk::default();
    let store: MapStore = KeyedStore::open(disk.engine(), "the map").unwrap();
    write(&store, 1);
    write(&store, 2);
    drop(store);
    let older = Disk::default();
    let home = Home {
        disk,
        directory: tempdir().unwrap(),
    };
    home.open().unwrap();
    home.turn_back(&older.underneath(|map| map.clone()));
    assert!(home.refusal().contains("has seen commit 2"));
}

#[test]
fn either_slot_alone_is_enough_to_notice() {
    let (home, maps) = lived();
    let store = home.open().unwrap();
    write(&store, 6);
    write(&store, 7);
    drop(store);
    home.turn_back(&maps[5]);
    let whole = fs::read(home.witness()).unwrap();
    let tear = |place: usize| {
        let mut torn = whole.clone();
        torn[place] ^= 4;
        fs::write(home.witness(), torn).unwrap();
    };
    tear(4096 + 30);
    assert!(home.refusal().contains("has seen commit 7"));
    // With the newer slot torn, the older one counts, which has seen commit 5.
    tear(30);
    home.turn_back(&maps[4]);
    assert!(home.refusal().contains("has seen commit 5"));
    let mut torn = whole;
    torn[30] ^= 4;
    torn[4096 + 30] ^= 4;
    fs::write(home.witness(), torn).unwrap();
    assert!(home.refusal().contains("is damaged"));
}

#[test]
fn a_process_that_is_killed_leaves_a_witness_of_all_that_was_answered() {
    let (home, maps) = lived();
    let store = home.open().unwrap();
    write(&store, 6);
    // The answer comes first, then the witness: once another answer is here, the one before it is
    // written down.
    write(&store, 7);
    let killed = tempdir().unwrap();
    let copy = Home {
        disk: Disk::default(),
        directory: killed,
    };
    fs::copy(home.witness(), copy.witness()).unwrap();
    let journal = fs::read(home.path().join("journal")).unwrap();
    copy.turn_back(&maps[5]);
    let what = copy.refusal();
    assert!(
        what.contains("has seen commit 6") || what.contains("has seen commit 7"),
        "{what}"
    );
    fs::write(copy.path().join("journal"), journal).unwrap();
    assert_eq!(documents(&copy.open().unwrap()).len(), 7);
}

#[test]
fn a_load_is_witnessed_and_one_that_failed_is_not() {
    let (from, _) = lived();
    let from = from.open().unwrap();
    let home = Home::new();
    let store = home.open().unwrap();
    let before = home.map();
    let mut cut = lines(&from);
    cut.pop();
    load(&store, cut).unwrap_err();
    drop(store);
    let store = home.open().unwrap();
    assert_eq!(load(&store, lines(&from)).unwrap(), Seq(5));
    drop(store);
    home.open().unwrap();
    home.turn_back(&before);
    assert!(home.refusal().contains("has seen commit 5"));
}

#[test]
fn a_load_cut_short_is_cleared_and_a_mark_from_before_a_load_is_refused() {
    let (from, _) = lived();
    let from = from.open().unwrap();
    let home = Home::new();
    let store = home.open().unwrap();
    let marked = std::sync::Arc::new(std::sync::Mutex::new(None));
    let (disk, mark) = (home.disk.clone(), marked.clone());
    let spied = lines(&from).into_iter().map(move |line| {
        *mark.lock().unwrap() = Some(disk.underneath(|map| map.clone()));
        Ok(line)
    });
    pollster::block_on(store.load(Box::new(spied))).unwrap();
    drop(store);
    let marked = marked.lock().unwrap().take().unwrap();
    home.turn_back(&marked);
    assert!(home.refusal().contains("has seen commit 5"));
    assert_eq!(home.map(), marked, "nothing was cleared");

    fs::remove_file(home.witness()).unwrap();
    assert_eq!(documents(&home.open().unwrap()), vec![]);
}

#[test]
fn a_witness_that_cannot_be_kept_is_told_when_the_store_opens() {
    let home = Home::new();
    fs::create_dir(home.witness()).unwrap();
    let refused = home.open().unwrap_err();
    assert!(
        matches!(refused, StoreError::Unavailable { .. }),
        "{refused}"
    );
    assert_eq!(home.map(), Map::new());
}
