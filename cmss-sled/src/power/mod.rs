//! What is found after the power has gone: what was synced, and of the rest of sled's files any
//! mixture of sectors.
//!
//! `CMSS_CASES` is the number of lives in each test.
#![allow(clippy::unwrap_used, reason = "all of this is part of tests")]

mod planted;

use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::{Arc, Mutex};

use cmss_core::store::StoreError;
use cmss_keyed::compaction::Housing;
use cmss_keyed::{Engine, KeyedStore};
use cmss_testkit::durable::RULES;
use cmss_testkit::notes::{change, commit, put};
use cmss_testkit::power::chance::Chance;
use cmss_testkit::power::shadow::{Content, Shadow};
use cmss_testkit::power::trial::Trial;
use cmss_testkit::power::{Moment, Past, Synced, Syncing, Watched, cases, compaction, unasked};
use tempfile::tempdir;

use crate::engine::{Barrier, SledEngine};
use crate::opening::{self, Settings};
use crate::{closing, directory};

const CACHE: u64 = 4 * 1024 * 1024;

/// Small enough that a short life fills some, and frees some. Only small texts fit then.
const SMALL_SEGMENT: usize = 256 * 1024;

/// Texts of some twenty kilobytes fit.
const MIDDLE_SEGMENT: usize = 2 * 1024 * 1024;

/// More is never left to the journal than this, when it is carried only where a store is closed.
const ALL: usize = usize::MAX;

/// What a few small commits come to.
const FEW: usize = 10_000;

/// sled syncs a snapshot before it names it; what it writes into `blobs` it never syncs. The root is
/// without a name.
fn rules(path: &Path) -> Content {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    match &*name {
        "" | "desk" | "news" | "news.compact-new" => Content::Synced,
        "closed" | "conf" | "db" | "witness" | "news.compact" => Content::Synced,
        "journal" => Content::Journal,
        name if name.starts_with("snap.") && !name.ends_with(".generating") => Content::Before,
        _ => Content::Never,
    }
}

fn barrier(synced: Synced) -> Barrier {
    Box::new(move |data| {
        synced(data);
        Ok(())
    })
}

/// A store as a test wants it.
#[derive(Clone, Copy)]
struct Kind {
    segment: usize,
    /// Bytes of commits that are left to the journal alone.
    pending: usize,
}

const USUAL: Kind = Kind {
    segment: opening::SEGMENT,
    pending: ALL,
};

/// The journal is begun again every few commits.
const CARRIED: Kind = Kind {
    pending: FEW,
    ..USUAL
};

fn open<E: Engine>(
    path: &Path,
    kind: Kind,
    barrier: Barrier,
    alter: impl FnOnce(SledEngine) -> E,
) -> Result<KeyedStore<E>, StoreError> {
    KeyedStore::open_with(alter(engine(path, kind, barrier)?), path, kind.pending)
}

fn engine(path: &Path, kind: Kind, barrier: Barrier) -> Result<SledEngine, StoreError> {
    let settings = Settings {
        segment: kind.segment,
        ..Settings::of(CACHE)
    };
    opening::open_as(settings, path, barrier)
}

fn verify<E: Engine>(store: &KeyedStore<E>) -> Result<(), String> {
    let verified = store.verify(|_| ());
    verified.map(drop).map_err(|error| error.to_string())
}

type Told = KeyedStore<Syncing<SledEngine>>;

/// As it is.
fn opened(path: &Path, kind: Kind, synced: Synced) -> Result<Told, StoreError> {
    open(path, kind, barrier(synced.clone()), |engine| {
        Syncing::told(engine, synced)
    })
}

/// Small documents, in a store as it is.
const SMALL: Trial<Told> = Trial {
    open: |path, synced| opened(path, USUAL, synced),
    reopen: |path| opened(path, USUAL, unasked()),
    verify,
    rules,
    lengths: &[Some(300), Some(300), Some(2_000), None],
    notes: 12,
    writes: 4,
};

/// The same, where the journal is begun again and again.
const LAPS: Trial<Told> = Trial {
    open: |path, synced| opened(path, CARRIED, synced),
    ..SMALL
};

/// Large ones.
const LARGE: Trial<Told> = Trial {
    lengths: &[Some(300), Some(20_000), Some(200_000), Some(900_000), None],
    ..SMALL
};

const REUSED: Kind = Kind {
    segment: SMALL_SEGMENT,
    ..CARRIED
};

/// So many that segments are freed and used again, several in one life.
const MANY: Trial<Told> = Trial {
    open: |path, synced| opened(path, REUSED, synced),
    reopen: |path| opened(path, REUSED, unasked()),
    lengths: &[Some(300), Some(600)],
    notes: 150,
    writes: 40,
    ..SMALL
};

const MIDDLE: Kind = Kind {
    segment: MIDDLE_SEGMENT,
    ..USUAL
};

/// Enough for several batches of a load.
const FULL: Trial<Told> = Trial {
    open: |path, synced| opened(path, MIDDLE, synced),
    reopen: |path| opened(path, MIDDLE, unasked()),
    lengths: &[Some(28_000)],
    notes: 500,
    writes: 80,
    ..SMALL
};

#[test]
fn a_cut_at_any_time_loses_no_acknowledged_commit_of_small_documents_and_tears_none() {
    let tally = SMALL.run(cases(8), &Past::default()).unwrap();
    assert!(tally.acknowledged > 0 && tally.there > 0 && tally.gone > 0);
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

#[test]
fn a_cut_at_any_time_loses_no_acknowledged_commit_of_large_documents_and_tears_none() {
    let tally = LARGE.run(cases(5), &Past::default()).unwrap();
    assert!(tally.acknowledged > 0 && tally.there > 0 && tally.gone > 0);
}

#[test]
fn a_cut_while_segments_are_used_again_loses_no_acknowledged_commit_and_tears_none() {
    let tally = MANY.run(cases(5), &MANY.past(30)).unwrap();
    assert!(tally.acknowledged > 0 && tally.gone > 0);
}

#[test]
fn a_load_is_whole_or_absent_after_a_cut() {
    let tally = FULL.load(cases(2), &FULL.past(14)).unwrap();
    assert!(tally.there > 0 && tally.gone > 0, "{tally}");
}

/// How many snapshots there are in a directory, and the first segment.
fn begin(home: &Path) -> (usize, Vec<u8>) {
    let names = cmss_keyed::directory::names(home).unwrap();
    let snapshots = names.iter().filter(|name| name.starts_with("snap."));
    let mut segment = vec![0; opening::SEGMENT];
    let mut data = File::open(home.join(directory::DATA)).unwrap();
    data.read_exact(&mut segment).unwrap();
    (snapshots.count(), segment)
}

/// What was seen of a directory while the store in it was opened.
#[derive(Default)]
struct Seen {
    /// At each sync, how many snapshots there were, and whether the first segment was as before.
    syncs: Vec<(usize, bool)>,
    /// It was written over when the store was open.
    is_used: bool,
}

/// Opens a store of so many large commits once more, as it was left open or closed.
fn seen_while_opening(commits: u128, is_closed: bool) -> Seen {
    let (home, left) = (tempdir().unwrap(), tempdir().unwrap());
    // Without a journal: all of it is in the engine, whenever it is looked at.
    let unused = engine(home.path(), USUAL, barrier(unasked())).unwrap();
    let store = KeyedStore::open(unused, "the store").unwrap();
    for number in 1..=commits {
        let text = "x".repeat(900_000);
        commit(&store, change(number, vec![], vec![put(1, &text)])).unwrap();
    }
    if is_closed {
        drop(store);
        copy(home.path(), left.path());
    } else {
        copy(home.path(), left.path());
        drop(store);
    }
    let (snapshots, before) = begin(left.path());
    assert_eq!(snapshots, usize::from(is_closed));
    let syncs = Arc::new(Mutex::new(Vec::new()));
    let synced: Synced = {
        let (syncs, path, before) = (syncs.clone(), left.path().to_owned(), before.clone());
        Arc::new(move |file: &File| {
            let at = fs::metadata(path.join(directory::DATA)).unwrap();
            if at.ino() != file.metadata().unwrap().ino() {
                return;
            }
            assert!(!path.join(closing::MARK).exists());
            let (snapshots, segment) = begin(&path);
            syncs.lock().unwrap().push((snapshots, segment == before));
        })
    };
    let _open = (LARGE.open)(left.path(), synced).unwrap();
    let syncs = syncs.lock().unwrap().clone();
    Seen {
        syncs,
        is_used: begin(left.path()).1 != before,
    }
}

/// The files of a store, as they are.
fn copy(from: &Path, to: &Path) {
    for file in fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        if file.file_type().unwrap().is_file() {
            fs::copy(file.path(), to.join(file.file_name())).unwrap();
        }
    }
}

/// Whether a segment is free depends on when sled's cleaner came by.
fn is_used_at_last(is_closed: bool, syncs: &[(usize, bool)]) -> bool {
    (12..40).any(|commits| {
        let seen = seen_while_opening(commits, is_closed);
        assert_eq!(seen.syncs, syncs);
        seen.is_used
    })
}

#[test]
fn what_is_free_is_written_over_when_the_snapshot_is_durable() {
    // Before sled begins, and when it has read its log.
    assert!(is_used_at_last(false, &[(0, true), (1, true)]));
}

#[test]
fn a_store_that_was_closed_opens_in_one_step_when_its_mark_is_gone() {
    assert!(is_used_at_last(true, &[(1, true)]));
}

#[test]
fn a_mark_that_is_taken_away_is_gone_for_good_before_sled_writes() {
    let home = tempdir().unwrap();
    drop(opened(home.path(), USUAL, unasked()).unwrap());
    assert!(home.path().join(closing::MARK).exists());
    let shadow = Mutex::new(Shadow::of(home.path(), rules));
    let comes_back = Arc::new(Mutex::new(Vec::new()));
    let synced: Synced = {
        let (comes_back, data) = (comes_back.clone(), home.path().join(directory::DATA));
        Arc::new(move |file: &File| {
            let mut shadow = shadow.lock().unwrap();
            if file.metadata().unwrap().ino() == fs::metadata(&data).unwrap().ino() {
                let mut chance = Chance::new(7);
                let mark = Path::new(closing::MARK);
                let is_left = (0..20).any(|_| {
                    let left = shadow.cut(&mut chance);
                    left.lengths().iter().any(|(path, _)| *path == mark)
                });
                comes_back.lock().unwrap().push(is_left);
            }
            shadow.sync(file);
        })
    };
    cmss_keyed::directory::told(&synced);
    let _open = opened(home.path(), USUAL, synced).unwrap();
    assert_eq!(comes_back.lock().unwrap().first(), Some(&false));
}

/// How a store is opened to be compacted.
const HOUSING: Housing<Syncing<SledEngine>> = Housing {
    open: |path| opened(path, USUAL, compaction::told()),
    lock: directory::DATA,
    owns: directory::owns,
};

#[test]
fn a_store_is_whole_after_a_cut_while_it_is_compacted() {
    let tally = LARGE.compact(cases(4), &LARGE.past(8), &HOUSING).unwrap();
    assert!(tally.acknowledged > 0, "{tally}");
}

#[test]
fn what_was_answered_to_many_threads_outlives_a_loss_of_power() {
    let mut watched = Watched::new(SMALL.open, rules, cases(4));
    for rule in RULES.iter().filter(|rule| rule.family == "losses") {
        rule.judge(&mut watched).unwrap();
    }
}
