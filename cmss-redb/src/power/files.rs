//! Stores in directories that are watched: with a journal and a witness beside them, and compacted.

mod planted;

use std::fs::{self, File};
use std::io;
use std::ops::Bound;
use std::path::Path;
use std::sync::{Arc, Mutex};

use cmss_core::store::StoreError;
use cmss_keyed::compaction::Housing;
use cmss_keyed::{KeyedStore, directory};
use cmss_testkit::durable::RULES;
use cmss_testkit::power::chance::Chance;
use cmss_testkit::power::shadow::{Content, Rules, Shadow};
use cmss_testkit::power::trial::Trial;
use cmss_testkit::power::{Moment, Past, Synced, Syncing, Watched, cases, compaction, unasked};
use redb::backends::FileBackend;
use redb::{BackendError, StorageBackend};
use tempfile::tempdir;

use self::planted::{never_named, never_named_above};
use crate::engine::RedbEngine;
use crate::opening;

const CACHE: u64 = 4 * 1024 * 1024;

/// What a few small commits come to.
const FEW: usize = 10_000;

type Store = KeyedStore<Syncing<RedbEngine>>;

/// A file that tells of its syncs, in their place.
struct Told {
    file: FileBackend,
    /// The same.
    data: File,
    synced: Synced,
}

impl std::fmt::Debug for Told {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.file.fmt(f)
    }
}

/// What redb asks of a file beyond reading and writing: locks on parts of it.
macro_rules! locks_as_it_does {
    ($($name:ident -> $answer:ty;)+) => {
        $(
            fn $name(&self, start: Bound<u64>, end: Bound<u64>) -> Result<$answer, BackendError> {
                self.file.$name(start, end)
            }
        )+
    };
}

impl StorageBackend for Told {
    fn len(&self) -> io::Result<u64> {
        self.file.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.file.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.file.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        (self.synced)(&self.data);
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.file.write(offset, data)
    }

    fn close(&self) -> io::Result<()> {
        self.file.close()
    }

    locks_as_it_does! {
        try_lock_range -> bool;
        try_lock_shared_range -> bool;
        lock_range -> ();
        lock_shared_range -> ();
        unlock_range -> ();
        query_lock_range -> bool;
    }
}

/// redb sets the length of its file, and takes any other for damage. The root is without a name.
fn rules(path: &Path) -> Content {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    match &*name {
        opening::FILE => Content::Sized,
        "" | "desk" | "news" | "news.compact-new" => Content::Synced,
        "witness" | "news.compact" => Content::Synced,
        "journal" => Content::Journal,
        _ => Content::Never,
    }
}

/// What becomes of the syncs of a store.
struct Syncs {
    data: Synced,
    journal: Synced,
}

/// No more than so many bytes of commits are left to the journal alone.
fn open_with(path: &Path, syncs: Syncs, pending: usize) -> Result<Store, StoreError> {
    let on = |file| {
        let data = File::open(path.join(opening::FILE)).unwrap();
        // Opening has made it durable.
        (syncs.data)(&data);
        Told {
            file,
            data,
            synced: syncs.data,
        }
    };
    let engine = Syncing::told(opening::open_on(path, CACHE, on)?, syncs.journal);
    KeyedStore::open_with(engine, path, pending)
}

fn all(synced: Synced) -> Syncs {
    Syncs {
        data: synced.clone(),
        journal: synced,
    }
}

/// Carried only where it is closed.
fn open(path: &Path, synced: Synced) -> Result<Store, StoreError> {
    open_with(path, all(synced), usize::MAX)
}

/// The journal is begun again every few commits.
fn carried(path: &Path, synced: Synced) -> Result<Store, StoreError> {
    open_with(path, all(synced), FEW)
}

const STORE: Trial<Store> = Trial {
    open,
    reopen: |path| open(path, unasked()),
    verify: |store| {
        let verified = store.verify(|_| ());
        verified.map(drop).map_err(|error| error.to_string())
    },
    rules,
    lengths: &[Some(300), Some(300), Some(20_000), Some(200_000), None],
    notes: 12,
    writes: 4,
};

/// Small documents, where the journal is begun again and again.
const LAPS: Trial<Store> = Trial {
    open: carried,
    lengths: &[Some(300), Some(300), Some(2_000), None],
    ..STORE
};

/// Enough for several batches of a load.
const FULL: Trial<Store> = Trial {
    lengths: &[Some(150_000)],
    notes: 80,
    writes: 30,
    ..STORE
};

const HOUSING: Housing<Syncing<RedbEngine>> = Housing {
    open: |path| open(path, compaction::told()),
    lock: opening::FILE,
    owns: opening::owns,
};

#[test]
fn a_cut_at_any_time_loses_no_acknowledged_commit_and_tears_none_beside_a_witness() {
    let tally = STORE.run(cases(6), &Past::default()).unwrap();
    assert!(
        tally.acknowledged > 0 && tally.there + tally.gone > 0,
        "{tally}"
    );
    for moment in [Moment::Open, Moment::BeforeSync, Moment::AfterSync] {
        assert!(tally.cuts.contains_key(&moment), "{tally}");
    }
}

#[test]
fn a_cut_while_the_journal_is_carried_and_begun_again_loses_no_acknowledged_commit() {
    let tally = LAPS.run(cases(8), &Past::default()).unwrap();
    assert!(tally.acknowledged > 0 && tally.there > 0 && tally.gone > 0);
    for moment in [
        Moment::BeforeJournaled,
        Moment::AfterJournaled,
        Moment::BeforeSync,
        Moment::AfterSync,
    ] {
        assert!(tally.cuts.contains_key(&moment), "{tally}");
    }
}

/// Whether a store is there after each of many cuts, once it is open, where this has been made before,
/// durably or not.
fn is_created(rules: Rules, durable: &str, begun: &str) -> bool {
    let home = tempdir().unwrap();
    fs::create_dir_all(home.path().join(durable)).unwrap();
    let shadow = Arc::new(Mutex::new(Shadow::of(home.path(), rules)));
    fs::create_dir_all(home.path().join(begun)).unwrap();
    let synced: Synced = {
        let shadow = shadow.clone();
        Arc::new(move |file| shadow.lock().unwrap().sync(file))
    };
    directory::told(&synced);
    let _open = open(&home.path().join("desk/news"), synced.clone()).unwrap();
    let mut chance = Chance::new(7);
    (0..20).all(|_| {
        let left = tempdir().unwrap();
        shadow.lock().unwrap().cut(&mut chance).write(left.path());
        left.path().join("desk/news/journal").exists()
    })
}

#[test]
fn a_store_is_created_durably_wherever_a_process_has_ended_that_had_begun_to() {
    for (durable, begun) in [("", ""), ("", "desk"), ("desk", "desk/news")] {
        assert!(is_created(rules, durable, begun), "{begun}");
        assert!(!is_created(never_named, durable, begun), "{begun}");
        assert!(!is_created(never_named_above, durable, begun), "{begun}");
    }
}

#[test]
fn a_load_is_whole_or_absent_after_a_cut() {
    let tally = FULL.load(cases(2), &FULL.past(6)).unwrap();
    assert!(tally.there > 0 && tally.gone > 0, "{tally}");
}

#[test]
fn a_store_is_whole_after_a_cut_while_it_is_compacted() {
    let tally = STORE.compact(cases(4), &STORE.past(8), &HOUSING).unwrap();
    assert!(tally.acknowledged > 0, "{tally}");
}

#[test]
fn what_was_answered_to_many_threads_outlives_a_loss_of_power() {
    let mut watched = Watched::new(open, rules, cases(4));
    for rule in RULES.iter().filter(|rule| rule.family == "losses") {
        rule.judge(&mut watched).unwrap();
    }
}
