//! Stores in directories that are watched: with a witness beside them, and compacted.

use std::io;
use std::ops::Bound;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use cmss_core::store::StoreError;
use cmss_keyed::KeyedStore;
use cmss_keyed::compaction::Housing;
use cmss_testkit::durable::{RULES, losses};
use cmss_testkit::power::shadow::Content;
use cmss_testkit::power::trial::Trial;
use cmss_testkit::power::{Moment, Past, Synced, Watched, cases, compaction, unasked};
use redb::backends::FileBackend;
use redb::{BackendError, StorageBackend};

use crate::engine::RedbEngine;
use crate::opening;

const CACHE: u64 = 4 * 1024 * 1024;

/// A file that tells of its syncs, in their place.
struct Told {
    file: FileBackend,
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
        (self.synced)();
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

/// redb sets the length of its file, and takes any other for damage. The witness and the mark of a
/// compaction are synced once, as far as this knows.
fn rules(path: &Path) -> Content {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    match &*name {
        opening::FILE => Content::Sized,
        "witness" | "news.compact" => Content::Once,
        _ => Content::Never,
    }
}

fn open(path: &Path, synced: Synced) -> Result<KeyedStore<RedbEngine>, StoreError> {
    let engine = opening::open_on(path, CACHE, |file| Told { file, synced })?;
    KeyedStore::open_in(engine, path)
}

/// A planted fault: nobody hears of its syncs, as if there were none.
fn never_synced(path: &Path, _: Synced) -> Result<KeyedStore<RedbEngine>, StoreError> {
    open(path, unasked())
}

const STORE: Trial<KeyedStore<RedbEngine>> = Trial {
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

/// Enough for several batches of a load.
const FULL: Trial<KeyedStore<RedbEngine>> = Trial {
    lengths: &[Some(150_000)],
    notes: 80,
    writes: 30,
    ..STORE
};

const HOUSING: Housing<RedbEngine> = Housing {
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
fn a_store_that_never_syncs_is_caught() {
    let trial = Trial {
        open: never_synced,
        ..STORE
    };
    trial.run(40, &Past::default()).unwrap_err();
}

#[test]
fn a_load_is_whole_or_absent_after_a_cut() {
    let tally = FULL.load(cases(2), &FULL.past(6)).unwrap();
    assert!(tally.there > 0 && tally.gone > 0, "{tally}");
}

#[test]
fn a_load_that_is_never_synced_is_caught() {
    let trial = Trial {
        open: never_synced,
        ..FULL
    };
    trial.load(40, &FULL.past(6)).unwrap_err();
}

#[test]
fn a_store_is_whole_after_a_cut_while_it_is_compacted() {
    let tally = STORE.compact(cases(4), &STORE.past(8), &HOUSING).unwrap();
    assert!(tally.acknowledged > 0, "{tally}");
}

#[test]
fn a_compaction_into_a_store_that_never_syncs_is_caught() {
    let housing = Housing {
        open: |path| never_synced(path, compaction::told()),
        ..HOUSING
    };
    let wrong = STORE.compact(40, &STORE.past(8), &housing).unwrap_err();
    assert!(wrong.contains("went at AfterSync"), "{wrong}");
}

#[test]
fn what_was_answered_to_many_threads_outlives_a_loss_of_power() {
    let mut watched = Watched::new(open, rules, cases(4));
    for rule in RULES.iter().filter(|rule| rule.family == "losses") {
        rule.judge(&mut watched).unwrap();
    }
}

#[test]
fn a_store_that_never_syncs_is_caught_by_what_it_answered_to_many_threads() {
    let mut watched = Watched::new(never_synced, rules, 40);
    let lost = || losses::what_was_committed_outlives_a_loss_of_power(&mut watched);
    catch_unwind(AssertUnwindSafe(lost)).unwrap_err();
}
