//! Which directories a store is opened in, and which are refused untouched.

use std::fs;
use std::path::Path;

use cmss_core::store::{Store, StoreError};
use cmss_keyed::directory::{JOURNAL, SORTING};
use cmss_memory::MemoryStore;
use pollster::block_on;

use super::{Backend, Trial};
use crate::notes::{body, change, commit, lines, load, put};

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

/// What is somebody else's in the directory of a store is named by compaction, and stays: these files
/// and directories, of which each name is much like one that the store makes there, and no more.
///
/// # Panics
/// When it is not refused, or anything of it is gone.
pub fn what_is_only_named_alike_is_not_lost<B: Backend>(backend: &B, names: &[&str]) {
    let home = tempfile::tempdir().expect("there is room for a store");
    let home = home.path();
    let store = backend.open(home).expect("the store opens");
    commit(&store, change(1, vec![], vec![put(1, "x")])).expect("a commit");
    block_on(store.close()).expect("the store closes");
    drop(store);
    for name in names {
        let path = home.join(name);
        let is_directory = name.ends_with('/');
        let (file, name) = match name.strip_suffix('/') {
            Some(name) => (path.join("letter.txt"), name),
            None => (path.clone(), *name),
        };
        fs::create_dir_all(file.parent().unwrap_or(home)).expect("a directory is made");
        fs::write(&file, "dear all").expect("a file is written");
        let refused = backend.compact(home, &mut |_| ());
        let error = refused.expect_err(name).to_string();
        assert!(error.contains(&format!("holds {name},")), "{error}");
        assert_eq!(fs::read(&file).expect(name), b"dear all");
        match is_directory {
            true => fs::remove_dir_all(&path).expect("it is removed"),
            false => fs::remove_file(&path).expect("it is removed"),
        }
    }
    backend
        .compact(home, &mut |_| ())
        .expect("nothing else is there");
    let store = backend.open(home).expect("the store opens");
    assert_eq!(body(&store, 1).as_deref(), Some("x"));
}

/// H1: the lock is that of the file of the data; the first handle goes on.
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

/// H2: the file of the data stands in it then.
pub fn a_missing_directory_is_created_with_its_parents<B: Backend>(trial: &Trial<'_, B>) {
    let home = trial.home();
    let path = home.path().join("a/b/newsroom");
    drop(trial.open(&path).expect("the store opens"));
    assert!(path.join(B::FILE).is_file());
}

/// H2: nobody but its owner may look into it; one that is there stays as open as it is, and so do the
/// parents of a new one.
#[cfg(unix)]
pub fn a_new_directory_is_its_owners_alone<B: Backend>(trial: &Trial<'_, B>) {
    use std::os::unix::fs::PermissionsExt;

    let mode = |path: &Path| {
        let found = fs::metadata(path).expect("the directory is there");
        found.permissions().mode() & 0o777
    };
    let home = trial.home();
    let [given, made, new] = ["given", "made", "a/new"].map(|name| home.path().join(name));
    fs::create_dir(&given).expect("a directory is made");
    fs::create_dir(&made).expect("a directory is made");
    let open = fs::Permissions::from_mode(0o755);
    fs::set_permissions(&given, open).expect("the mode is set");
    for (path, bits) in [(&given, 0o755), (&new, 0o700)] {
        drop(trial.open(path).expect("the store opens"));
        assert_eq!(mode(path), bits, "{}", path.display());
    }
    assert_eq!(mode(&home.path().join("a")), mode(&made), "parents");
}

/// H3: somebody else's files are not touched, and nothing is put beside them; not even where one has
/// the name of the file of the data.
pub fn a_directory_of_other_things_is_refused_and_left_as_it_was<B: Backend>(trial: &Trial<'_, B>) {
    for name in ["letter.txt", B::FILE] {
        let home = trial.home();
        let home = home.path();
        let text = "dear all ".repeat(1_000);
        fs::write(home.join(name), &text).expect("a file is written");
        let what = unavailable(home, trial.backend);
        assert!(what.contains("something else than a store"), "{what}");
        let found = fs::read_dir(home).expect("the directory is read");
        let found = found.map(|entry| entry.expect("a name is read").file_name());
        assert_eq!(found.collect::<Vec<_>>(), [name]);
        let found = fs::read_to_string(home.join(name)).expect("the file is read");
        assert!(found == text, "it is written over");
    }
}

/// H3: a name that others give as well: it is refused, beside a store and alone, and nothing writes
/// over it.
pub fn a_file_of_somebody_else_named_journal_stays<B: Backend>(trial: &Trial<'_, B>) {
    let home = trial.home();
    let [filled, alone] = ["filled", "alone"].map(|name| home.path().join(name));
    let store = trial.open(&filled).expect("the store opens");
    commit(&store, change(1, vec![], vec![put(1, "x")])).expect("a commit");
    block_on(store.close()).expect("the store closes");
    drop(store);
    fs::create_dir(&alone).expect("a directory is made");
    for path in [&filled, &alone] {
        let theirs = path.join(JOURNAL);
        fs::write(&theirs, "dear all").expect("a file is written");
        for _ in 0..2 {
            trial.open(path).map(drop).expect_err("it is no journal");
            let compacted = trial.backend.compact(path, &mut |_| ());
            compacted.expect_err("it is no journal");
        }
        let text = fs::read_to_string(&theirs).expect("the file is read");
        assert_eq!(text, "dear all");
    }
    let beside = fs::read_dir(&alone).expect("the directory is read").count();
    assert_eq!(beside, 1, "nothing is put beside it");
    fs::remove_file(filled.join(JOURNAL)).expect("it is removed");
    let store = trial.open(&filled).expect("the store opens");
    assert_eq!(body(&store, 1).as_deref(), Some("x"));
}

/// H4, H3: a file like it of somebody else's is no load's.
pub fn what_a_load_left_that_died_is_removed_and_in_nobodys_way<B: Backend>(trial: &Trial<'_, B>) {
    let home = trial.home();
    let home = home.path();
    let store = trial.open(home).expect("the store opens");
    commit(&store, change(1, vec![], vec![put(1, "x")])).expect("a commit");
    drop(store);
    let (left, theirs) = (home.join(SORTING), home.join("sorting"));
    fs::write(&left, "half of it").expect("a file is written");
    fs::write(&theirs, "dear all").expect("a file is written");
    let store = trial.open(home).expect("the store opens");
    assert_eq!(body(&store, 1).as_deref(), Some("x"));
    assert!(!left.exists(), "it stays");
    drop(store);
    let compact = || trial.backend.compact(home, &mut |_| ());
    compact().expect_err("a file of somebody else is in the way");
    let text = fs::read_to_string(&theirs).expect("the file is read");
    assert_eq!(text, "dear all");
    fs::remove_file(&theirs).expect("it is removed");
    fs::write(&left, "half of it").expect("a file is written");
    compact().expect("nothing of somebody else's is there");
    assert!(!left.exists());
}

/// M3, H4: more than is sorted in memory.
pub fn a_large_load_is_whole_and_leaves_no_file<B: Backend>(trial: &Trial<'_, B>) {
    let source = MemoryStore::new();
    let text = "x".repeat(900_000);
    for number in 1..=80 {
        commit(&source, change(number, vec![], vec![put(number, &text)])).expect("a commit");
    }
    let all = lines(&source);
    drop(source);
    let home = trial.home();
    let store = trial.open(home.path()).expect("the store opens");
    let count = || {
        fs::read_dir(home.path())
            .expect("the directory is read")
            .count()
    };
    let before = count();
    load(&store, all.clone()).expect("the store is loaded");
    assert_eq!(count(), before, "files in the directory");
    assert!(lines(&store) == all, "what is there is not what was loaded");
    trial.backend.verify(&store).expect("the store is whole");
}

/// H3: also as the parent of a store.
pub fn a_file_is_refused<B: Backend>(trial: &Trial<'_, B>) {
    let home = trial.home();
    let path = home.path().join("letter.txt");
    fs::write(&path, "dear all").expect("a file is written");
    assert!(unavailable(&path, trial.backend).contains("is not a directory"));
    assert!(unavailable(&path.join("store"), trial.backend).contains("cannot be"));
    let text = fs::read_to_string(&path).expect("the file is read");
    assert_eq!(text, "dear all");
}

/// F1, H1: then the directory can be opened again.
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
