//! Which directories a store is opened in, and which are refused untouched.

use std::fs;
use std::path::Path;

use cmss_core::store::{Store, StoreError};
use pollster::block_on;

use super::{Backend, Trial};
use crate::notes::{body, change, commit, put};

/// Why a directory cannot be opened.
///
/// # Panics
/// When it can be, or when another error says so than [`StoreError::Unavailable`].
#[must_use]
pub fn unavailable<B: Backend>(path: &Path, backend: &B) -> String {
    match backend.open(path) {
        Err(StoreError::Unavailable { what, .. }) => what,
        Err(other) => panic!("expected another refusal: {other}"),
        Ok(_) => panic!("{} is opened", path.display()),
    }
}

/// The lock is that of the file of the data; the first handle goes on.
pub fn a_second_opening_is_refused_and_names_the_lock<B: Backend>(trial: &Trial<'_, B>) {
    let home = trial.home();
    let home = home.path();
    let store = trial.open(home).expect("the store opens");
    commit(&store, change(1, vec![], vec![put(1, "x")])).expect("a commit");
    for _ in 0..2 {
        let what = unavailable(home, trial.backend);
        let lock = home.join(B::FILE);
        let lock = format!("the lock on {}", lock.display());
        assert!(what.contains(&lock), "{what}");
    }
    commit(&store, change(2, vec![], vec![put(2, "x")])).expect("a commit");
    drop(store);
    let store = trial.open(home).expect("the store opens again at once");
    assert_eq!(body(&store, 2).as_deref(), Some("x"));
}

/// The file of the data stands in it then.
pub fn a_missing_directory_is_created_with_its_parents<B: Backend>(trial: &Trial<'_, B>) {
    let home = trial.home();
    let path = home.path().join("a/b/newsroom");
    drop(trial.open(&path).expect("the store opens"));
    assert!(path.join(B::FILE).is_file());
}

/// Somebody else's files are not touched, and nothing is put beside them.
pub fn a_directory_of_other_things_is_refused_and_left_as_it_was<B: Backend>(trial: &Trial<'_, B>) {
    let home = trial.home();
    let home = home.path();
    fs::write(home.join("letter.txt"), "dear all").expect("a file is written");
    let what = unavailable(home, trial.backend);
    assert!(what.contains("something else than a store"), "{what}");
    let found = fs::read_dir(home).expect("the directory is read");
    let found = found.map(|entry| entry.expect("a name is read").file_name());
    assert_eq!(found.collect::<Vec<_>>(), ["letter.txt"]);
}

/// Also as the parent of a store.
pub fn a_file_is_refused<B: Backend>(trial: &Trial<'_, B>) {
    let home = trial.home();
    let path = home.path().join("letter.txt");
    fs::write(&path, "dear all").expect("a file is written");
    assert!(unavailable(&path, trial.backend).contains("is not a directory"));
    assert!(unavailable(&path.join("store"), trial.backend).contains("cannot be"));
    let text = fs::read_to_string(&path).expect("the file is read");
    assert_eq!(text, "dear all");
}

/// Then the directory can be opened again.
pub fn a_closed_store_answers_closed<B: Backend>(trial: &Trial<'_, B>) {
    let home = trial.home();
    let home = home.path();
    let store = trial.open(home).expect("the store opens");
    for _ in 0..2 {
        block_on(store.close()).expect("the store closes");
    }
    let refused = commit(&store, change(1, vec![], vec![put(1, "x")]));
    assert!(matches!(refused, Err(StoreError::Closed)));
    let refused = block_on(store.get(&[]));
    assert!(matches!(refused, Err(StoreError::Closed)));
    drop(trial.open(home).expect("the store opens again at once"));
}
