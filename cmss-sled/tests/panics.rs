//! What is made of a snapshot over which sled panics.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "all of this file is part of tests"
)]

use std::fs;
use std::path::Path;
use std::time::Duration;

use cmss_core::store::{Store, StoreError};
use cmss_sled::SledStore;
use cmss_testkit::children::{Child, Task, say, serve};
use cmss_testkit::notes::{body, change, commit, put};
use tempfile::{TempDir, tempdir};

/// A closed store whose snapshot lost so many bytes at its end, and says under a checksum that this
/// is all: sled panics over some of them.
fn with_a_cut_snapshot(lost: usize) -> TempDir {
    let home = tempdir().unwrap();
    let store = SledStore::open(home.path()).unwrap();
    commit(&store, change(1, vec![], vec![put(1, "x")])).unwrap();
    pollster::block_on(store.close()).unwrap();
    // sled makes it when it opens.
    let store = SledStore::open(home.path()).unwrap();
    pollster::block_on(store.close()).unwrap();
    let mut files = home.path().read_dir().unwrap().map(Result::unwrap);
    let snapshot = files.find(|file| file.file_name().to_string_lossy().starts_with("snap."));
    let snapshot = snapshot.unwrap().path();
    let whole = fs::read(&snapshot).unwrap();
    let (content, ending) = whole.split_at(whole.len() - 12);
    let mut cut = content[..content.len() - lost].to_vec();
    let checksum = crc32fast::hash(&cut);
    cut.extend(&ending[..8]);
    cut.extend(checksum.to_le_bytes());
    fs::write(snapshot, cut).unwrap();
    home
}

#[test]
fn a_panic_of_sled_while_it_opens_is_told_as_damage_and_lets_go_of_the_lock() {
    serve("open cut snapshots", |_, _| {
        for lost in 0..20 {
            let home = with_a_cut_snapshot(lost);
            for _ in 0..2 {
                match SledStore::open(home.path()) {
                    Ok(store) => assert_eq!(body(&store, 1).as_deref(), Some("x")),
                    Err(error) => {
                        assert!(matches!(error, StoreError::Corrupt { .. }), "{error}");
                        say(&error.to_string());
                    }
                }
            }
        }
    });
    let test = "a_panic_of_sled_while_it_opens_is_told_as_damage_and_lets_go_of_the_lock";
    let task = Task::new("open cut snapshots", Path::new(""), "");
    let ran = Child::start(test, &task).wait(Duration::from_secs(120));
    assert!(ran.is_done(), "{ran:?}");
    let panicked = ran
        .said
        .iter()
        .filter(|said| said.contains("the engine panicked"));
    assert!(panicked.count() > 1, "{ran:?}");
}
