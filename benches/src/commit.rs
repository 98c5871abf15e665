//! `commit`: one durable editorial commit.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Instant;

use cmss_core::store::{CommitId, DocRef, Entry, Index, Key, LogRecord, Salt, Seq, Write};
use cmss_memory::MemoryStore;
use cmss_redb::RedbStore;
use cmss_sled::SledStore;
use tempfile::tempdir;

use crate::Failure;
use crate::editorial::{Editorial, commits};
use crate::engines::{RawRedb, RawSled, Sqlite};
use crate::rounds::{Contender, Measured, alternate, ratios};
use crate::writers::{each, many_each, many_in, many_led, one, one_in};

/// How many write at once, where many do.
const WRITERS: usize = 32;

pub(crate) fn run(quick: bool) -> Result<(), Failure> {
    let (rounds, alone, together, applied) = if quick {
        (9, 20, 640, 500)
    } else {
        (41, 40, 1_280, 500)
    };
    // One round more, which does not count.
    let by_one = commits((rounds + 1) * alone)?;
    let (sled, raw_sled, redb, raw_redb, sqlite) =
        (tempdir()?, tempdir()?, tempdir()?, tempdir()?, tempdir()?);
    let on_sled = SledStore::open(sled.path())?;
    let on_redb = RedbStore::open(redb.path())?;
    let mut raw_on_sled = RawSled::open(raw_sled.path())?;
    let mut raw_on_redb = RawRedb::open(raw_redb.path())?;
    let mut on_sqlite = Sqlite::open(sqlite.path())?;
    let singles = alternate(
        rounds,
        vec![
            Contender::new("cmss-sled, 1 writer", |round| {
                one_in(&on_sled, part(&by_one, round, alone))
            }),
            Contender::new("raw sled, 1 writer", |round| {
                one(&mut raw_on_sled, part(&by_one, round, alone))
            }),
            Contender::new("cmss-redb, 1 writer", |round| {
                one_in(&on_redb, part(&by_one, round, alone))
            }),
            Contender::new("raw redb, 1 writer", |round| {
                one(&mut raw_on_redb, part(&by_one, round, alone))
            }),
            Contender::new("SQLite FULL, 1 writer", |round| {
                one(&mut on_sqlite, part(&by_one, round, alone))
            }),
        ],
    )?;
    drop(by_one);
    drop((on_sled, on_redb, raw_on_sled, raw_on_redb, on_sqlite));

    // A group is many commits, so fewer rounds do. One writer of the same store has so many that they
    // take about as long.
    let rounds = rounds / 2;
    let alone = together / 4;
    let work = commits((rounds + 1) * (together + alone))?;
    let (by_many, by_one) = work.split_at((rounds + 1) * together);
    let (sled, raw_sled, redb, raw_redb) = (tempdir()?, tempdir()?, tempdir()?, tempdir()?);
    let (led, each_own) = (tempdir()?, tempdir()?);
    let on_sled = SledStore::open(sled.path())?;
    let on_redb = RedbStore::open(redb.path())?;
    let mut raw_on_sled = RawSled::open(raw_sled.path())?;
    let mut raw_on_redb = RawRedb::open(raw_redb.path())?;
    let mut led_sqlite = Sqlite::open(led.path())?;
    let mut own_sqlite = Vec::new();
    for _ in 0..WRITERS {
        own_sqlite.push(Sqlite::open(each_own.path())?);
    }
    let many = alternate(
        rounds,
        vec![
            Contender::new("cmss-sled, 32 writers", |round| {
                many_in(&on_sled, WRITERS, part(by_many, round, together))
            }),
            Contender::new("cmss-sled, 1 writer of the same store", |round| {
                one_in(&on_sled, part(by_one, round, alone))
            }),
            Contender::new("raw sled combining, 32 writers", |round| {
                many_led(&mut raw_on_sled, WRITERS, part(by_many, round, together))
            }),
            Contender::new("cmss-redb, 32 writers", |round| {
                many_in(&on_redb, WRITERS, part(by_many, round, together))
            }),
            Contender::new("raw redb combining, 32 writers", |round| {
                many_led(&mut raw_on_redb, WRITERS, part(by_many, round, together))
            }),
            Contender::new("SQLite FULL combining, 32 writers", |round| {
                many_led(&mut led_sqlite, WRITERS, part(by_many, round, together))
            }),
            Contender::new("SQLite FULL one by one, 32 writers", |round| {
                // Ten times slower than the others: a part of the work tells as much.
                let work = part(by_many, round, together);
                many_each(&mut own_sqlite, part(work, 0, WRITERS * 4))
            }),
        ],
    )?;
    drop(work);
    drop((
        on_sled,
        on_redb,
        raw_on_sled,
        raw_on_redb,
        led_sqlite,
        own_sqlite,
    ));

    let stretches = stretches(quick)?;

    let by_memory = commits((rounds + 1) * applied)?;
    let in_memory = MemoryStore::new();
    let mut maps = Maps::default();
    let memory = alternate(
        rounds,
        vec![
            Contender::new("cmss-memory, 1 writer", |round| {
                one_in(&in_memory, part(&by_memory, round, applied))
            }),
            Contender::new("plain BTreeMap inserts", |round| {
                let work = part(&by_memory, round, applied);
                let begun = Instant::now();
                for made in work {
                    maps.insert(made);
                }
                Ok(each(begun, work.len()))
            }),
        ],
    )?;

    let all = singles.join(many).join(memory);
    all.print("One editorial commit: 6 kB text, card, six index entries, audit record")?;
    stretches.print("The same, so many at a stretch that the engine has to keep up")?;
    ratios(&[
        (
            "commit.1.rate.of-raw-sled",
            all.rate_of("cmss-sled, 1 writer", "raw sled, 1 writer")?,
        ),
        (
            "commit.1.rate.of-sqlite",
            all.rate_of("cmss-sled, 1 writer", "SQLite FULL, 1 writer")?,
        ),
        (
            "commit.1.redb.rate.of-raw-redb",
            all.rate_of("cmss-redb, 1 writer", "raw redb, 1 writer")?,
        ),
        (
            "commit.32.rate.of-1",
            all.rate_of(
                "cmss-sled, 32 writers",
                "cmss-sled, 1 writer of the same store",
            )?,
        ),
        (
            "commit.32.rate.of-raw-sled-combining",
            all.rate_of("cmss-sled, 32 writers", "raw sled combining, 32 writers")?,
        ),
        (
            "commit.32.rate.of-sqlite-combining",
            all.rate_of("cmss-sled, 32 writers", "SQLite FULL combining, 32 writers")?,
        ),
        (
            "commit.32.rate.of-sqlite-one-by-one",
            all.rate_of(
                "cmss-sled, 32 writers",
                "SQLite FULL one by one, 32 writers",
            )?,
        ),
        (
            "commit.32.redb.rate.of-raw-redb-combining",
            all.rate_of("cmss-redb, 32 writers", "raw redb combining, 32 writers")?,
        ),
        (
            "commit.1.stretch.rate.of-raw-sled",
            stretches.rate_of("cmss-sled, 1 writer", "raw sled, 1 writer")?,
        ),
        (
            "commit.32.stretch.rate.of-1",
            stretches.rate_of("cmss-sled, 32 writers", "cmss-sled, 1 writer")?,
        ),
        (
            "commit.32.stretch.rate.of-raw-sled-combining",
            stretches.rate_of("cmss-sled, 32 writers", "raw sled combining, 32 writers")?,
        ),
        (
            "commit.32.stretch.rate.of-sqlite-combining",
            stretches.rate_of("cmss-sled, 32 writers", "SQLite FULL combining, 32 writers")?,
        ),
        (
            "commit.32.stretch.redb.rate.of-raw-redb-combining",
            stretches.rate_of("cmss-redb, 32 writers", "raw redb combining, 32 writers")?,
        ),
        (
            "commit.memory.time.of-btreemap",
            all.time_of("cmss-memory, 1 writer", "plain BTreeMap inserts")?,
        ),
    ])
}

/// Many more bytes in each round than a store's journal takes.
fn stretches(quick: bool) -> Result<Measured, Failure> {
    let (rounds, alone, together) = if quick {
        (1, 2_400, 4_800)
    } else {
        (5, 5_000, 10_000)
    };
    let work = commits((rounds + 1) * (alone + together))?;
    let (by_one, by_many) = work.split_at((rounds + 1) * alone);
    let (sled, raw_sled, sqlite) = (tempdir()?, tempdir()?, tempdir()?);
    let (redb, raw_redb) = (tempdir()?, tempdir()?);
    let on_sled = SledStore::open(sled.path())?;
    let raw_on_sled = RefCell::new(RawSled::open(raw_sled.path())?);
    let on_redb = RedbStore::open(redb.path())?;
    let mut raw_on_redb = RawRedb::open(raw_redb.path())?;
    let mut on_sqlite = Sqlite::open(sqlite.path())?;
    alternate(
        rounds,
        vec![
            Contender::new("cmss-sled, 1 writer", |round| {
                one_in(&on_sled, part(by_one, round, alone))
            }),
            Contender::new("raw sled, 1 writer", |round| {
                one(&mut *raw_on_sled.borrow_mut(), part(by_one, round, alone))
            }),
            Contender::new("cmss-sled, 32 writers", |round| {
                many_in(&on_sled, WRITERS, part(by_many, round, together))
            }),
            Contender::new("raw sled combining, 32 writers", |round| {
                let engine = &mut *raw_on_sled.borrow_mut();
                many_led(engine, WRITERS, part(by_many, round, together))
            }),
            Contender::new("cmss-redb, 32 writers", |round| {
                many_in(&on_redb, WRITERS, part(by_many, round, together))
            }),
            Contender::new("raw redb combining, 32 writers", |round| {
                many_led(&mut raw_on_redb, WRITERS, part(by_many, round, together))
            }),
            Contender::new("SQLite FULL combining, 32 writers", |round| {
                many_led(&mut on_sqlite, WRITERS, part(by_many, round, together))
            }),
        ],
    )
}

/// The work of one round.
fn part(work: &[Editorial], round: usize, size: usize) -> &[Editorial] {
    work.chunks(size).nth(round).unwrap_or_default()
}

/// The same documents, entries, receipts and records in ordered maps, with nothing judged, checked
/// or hashed.
#[derive(Default)]
struct Maps {
    documents: BTreeMap<DocRef, Document>,
    entries: BTreeMap<Index, BTreeSet<(Key, DocRef)>>,
    receipts: BTreeMap<CommitId, Seq>,
    records: BTreeMap<Seq, LogRecord>,
}

/// Salt, text and card.
type Document = (Salt, Arc<str>, Option<Arc<str>>);

impl Maps {
    fn insert(&mut self, made: &Editorial) {
        for write in made.changeset.clone().writes {
            let Write::Put {
                at,
                salt,
                body,
                card,
                entries,
            } = write
            else {
                continue;
            };
            for entry in entries {
                let (Entry::Listed { index, key } | Entry::Unique { index, key }) = entry;
                let places = self.entries.entry(index).or_default();
                places.insert((key, at.clone()));
            }
            self.documents.insert(at, (salt, body, card));
        }
        self.receipts.insert(made.record.id, made.record.seq);
        self.records.insert(made.record.seq, made.record.clone());
    }
}
