//! `load`: what it costs to fill a store, and to compact it.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use cmss_core::store::{Line, Store, Stored};
use cmss_keyed::Batch;
use cmss_redb::RedbStore;
use cmss_sled::SledStore;
use pollster::block_on;
use tempfile::tempdir;

use crate::Failure;
use crate::engines::{Pair, RawRedb, RawSled, SqliteValues, open_sled};
use crate::multiplied::Multiplied;
use crate::open::wait_until_free;
use crate::reads::{SHORT, TEXT};
use crate::rounds::{printed, ratios};

/// Bytes of one batch of a load, as a store has it.
const BATCH: usize = 4_000_000;

/// `load`: an empty store is filled.
pub(crate) fn load(quick: bool, million: bool) -> Result<(), Failure> {
    let mut sizes = vec![if quick {
        (1_000, TEXT)
    } else {
        (100_000, TEXT)
    }];
    if million {
        sizes.push((1_000_000, SHORT));
    }
    let mut lines = Vec::new();
    for (articles, bytes) in sizes {
        let newsroom = Arc::new(Multiplied::newsroom(articles, bytes)?);
        let ((documents, logical), making) = timed("the lines, made once", || {
            let (mut documents, mut logical) = (0_u64, 0_u64);
            for line in newsroom.lines()? {
                logical += match line? {
                    Line::Doc(doc) => {
                        documents += 1;
                        size(&doc)
                    }
                    Line::Record(record) => record.note.len() as u64,
                    Line::End(_) => 0,
                };
            }
            Ok((documents, logical))
        })?;

        let (ours, raws) = (tempdir()?, tempdir()?);
        let store = SledStore::open(ours.path())?;
        let (_, loading) = timed("cmss-sled, lines and all, loaded", || {
            Ok(block_on(store.load(newsroom.lines()?))?)
        })?;
        let loading = loading.saturating_sub(making);
        block_on(store.close())?;

        let written = open_sled(ours.path())?;
        let raw = RawSled::open(raws.path())?;
        let items = written.iter().map(|item| {
            let (key, value) = item?;
            Ok((key.to_vec(), value.to_vec()))
        });
        let ((kept, copying), _) = timed("raw sled, read and all, filled", || {
            in_batches(items, |batch| raw.apply([batch].into_iter()))
        })?;
        drop((written, raw));
        wait_until_free(ours.path())?;
        wait_until_free(raws.path())?;

        let (disk, raw_disk) = (on_disk(ours.path())?, on_disk(raws.path())?);
        drop(raws);
        let (_, compacting) = timed("cmss-sled, compacted", || {
            Ok(SledStore::compact(ours.path(), |_| ())?)
        })?;
        let compacted = on_disk(ours.path())?;
        printed(&format!(
            "A load of {articles} articles, {documents} documents, {:.0} MB of texts, cards, keys \
             and notes\n\n\
             making the lines      {:>8.1} s\n\
             cmss-sled: load       {:>8.1} s beyond that, {:.0} documents a second\n\
             raw sled: same values {:>8.1} s\n\
             cmss-sled: compact    {:>8.1} s\n\
             cmss-sled on disk     {:>8.0} MB, {:.0} MB compacted\n\
             raw sled on disk      {:>8.0} MB, of {:.0} MB of keys and values",
            mega(logical),
            making.as_secs_f64(),
            loading.as_secs_f64(),
            documents as f64 / loading.as_secs_f64(),
            copying.as_secs_f64(),
            compacting.as_secs_f64(),
            mega(disk),
            mega(compacted),
            mega(raw_disk),
            mega(kept),
        ))?;
        drop(ours);
        let redb = on_redb(&newsroom, making)?;
        let over = |one: u64, other: u64| one as f64 / other as f64;
        lines.push((
            format!("load.{articles}.time.of-raw-sled"),
            loading.as_secs_f64() / copying.as_secs_f64(),
        ));
        lines.push((
            format!("load.{articles}.disk.of-logical"),
            over(disk, logical),
        ));
        lines.push((
            format!("load.{articles}.disk-compacted.of-logical"),
            over(compacted, logical),
        ));
        lines.push((
            format!("load.{articles}.disk.of-keys-and-values"),
            over(disk, kept),
        ));
        lines.push((
            format!("load.{articles}.disk.of-raw-sled"),
            over(disk, raw_disk),
        ));
        let (loading, copying) = (loading.as_secs_f64(), redb.copying.as_secs_f64());
        let in_sqlite = redb.in_sqlite.as_secs_f64();
        lines.push((
            format!("load.{articles}.time.of-sqlite"),
            loading / in_sqlite,
        ));
        let on_redb = redb.loading.as_secs_f64();
        for (name, ratio) in [
            ("time.of-raw-redb", on_redb / copying),
            ("time.of-sled", on_redb / loading),
            ("time.of-sqlite", on_redb / in_sqlite),
            ("disk.of-logical", over(redb.disk, logical)),
            ("disk-compacted.of-logical", over(redb.compacted, logical)),
            ("disk.of-raw-redb", over(redb.disk, redb.raw_disk)),
        ] {
            lines.push((format!("load.{articles}.redb.{name}"), ratio));
        }
    }
    let lines: Vec<_> = lines
        .iter()
        .map(|(name, value)| (&**name, *value))
        .collect();
    ratios(&lines)
}

/// What a load of a store on redb came to, and of raw redb and a table of SQLite with the same values.
struct OnRedb {
    loading: Duration,
    copying: Duration,
    in_sqlite: Duration,
    disk: u64,
    compacted: u64,
    raw_disk: u64,
}

/// The same load, on redb; `making` is what the lines take.
fn on_redb(newsroom: &Arc<Multiplied>, making: Duration) -> Result<OnRedb, Failure> {
    let (ours, raws, sqlites) = (tempdir()?, tempdir()?, tempdir()?);
    let store = RedbStore::open(ours.path())?;
    let (_, loading) = timed("cmss-redb, lines and all, loaded", || {
        Ok(block_on(store.load(newsroom.lines()?))?)
    })?;
    let loading = loading.saturating_sub(making);
    block_on(store.close())?;

    let written = RawRedb::open(ours.path())?;
    let raw = RawRedb::open(raws.path())?;
    let mut sqlite = SqliteValues::open(sqlites.path())?;
    let ((_, copying), _) = timed("raw redb, read and all, filled", || {
        in_batches(written.items()?, |batch| raw.apply([batch].into_iter()))
    })?;
    let ((_, in_sqlite), _) = timed("SQLite, read and all, filled", || {
        in_batches(written.items()?, |batch| sqlite.apply(batch))
    })?;
    drop((written, raw, sqlite));
    let (disk, raw_disk) = (on_disk(ours.path())?, on_disk(raws.path())?);
    let sqlite_disk = on_disk(sqlites.path())?;
    drop((raws, sqlites));
    let (_, compacting) = timed("cmss-redb, compacted", || {
        Ok(RedbStore::compact(ours.path(), |_| ())?)
    })?;
    let compacted = on_disk(ours.path())?;
    printed(&format!(
        "The same on redb, and in a table of SQLite\n\n\
         cmss-redb: load       {:>8.1} s\n\
         raw redb: same values {:>8.1} s\n\
         SQLite: same values   {:>8.1} s\n\
         cmss-redb: compact    {:>8.1} s\n\
         cmss-redb on disk     {:>8.0} MB, {:.0} MB compacted\n\
         raw redb on disk      {:>8.0} MB\n\
         SQLite on disk        {:>8.0} MB",
        loading.as_secs_f64(),
        copying.as_secs_f64(),
        in_sqlite.as_secs_f64(),
        compacting.as_secs_f64(),
        mega(disk),
        mega(compacted),
        mega(raw_disk),
        mega(sqlite_disk),
    ))?;
    Ok(OnRedb {
        loading,
        copying,
        in_sqlite,
        disk,
        compacted,
        raw_disk,
    })
}

/// Times a piece of work that takes long, and says on the way when it is done.
fn timed<T>(
    what: &str,
    work: impl FnOnce() -> Result<T, Failure>,
) -> Result<(T, Duration), Failure> {
    let begun = Instant::now();
    let done = work()?;
    let took = begun.elapsed();
    writeln!(io::stderr(), "{what} in {:.1} s", took.as_secs_f64())?;
    Ok((done, took))
}

/// Hands these keys and values over in batches, as a load has them; answers their bytes, and the time
/// of what is done with them.
fn in_batches(
    items: impl Iterator<Item = Pair>,
    mut apply: impl FnMut(&Batch) -> Result<(), Failure>,
) -> Result<(u64, Duration), Failure> {
    let (mut bytes, mut took) = (0, Duration::ZERO);
    let mut items = items.peekable();
    while items.peek().is_some() {
        let mut batch = Batch::new();
        let mut waiting = 0;
        while waiting < BATCH
            && let Some(item) = items.next()
        {
            let (key, value) = item?;
            waiting += key.len() + value.len();
            batch.insert(key, Some(value));
        }
        bytes += waiting as u64;
        let begun = Instant::now();
        apply(&batch)?;
        took += begun.elapsed();
    }
    Ok((bytes, took))
}

/// What a document says, each thing once.
fn size(doc: &Stored) -> u64 {
    let keys: usize = doc.entries.iter().map(|entry| entry.key().0.len()).sum();
    (doc.body.len() + doc.card.as_ref().map_or(0, |card| card.len()) + keys) as u64
}

fn mega(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

/// The bytes of the files in a directory.
fn on_disk(path: &Path) -> Result<u64, Failure> {
    let mut bytes = 0;
    for item in fs::read_dir(path)? {
        let item = item?;
        bytes += if item.file_type()?.is_dir() {
            on_disk(&item.path())?
        } else {
            item.metadata()?.len()
        };
    }
    Ok(bytes)
}
