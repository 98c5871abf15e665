//! How a database is opened: one function, through which every opening goes.

use std::fs::File;
use std::path::Path;

use cmss_core::store::StoreError;
use cmss_keyed::{Engine, MAX_VALUE, compaction, error};
use sled::{Config, Db};

use crate::directory;
use crate::engine::{self, Barrier, SledEngine, failed};

/// Larger than sled's own, and it cannot be changed after creation.
///
/// A leaf of sled's tree above a quarter of a segment would become a file that sled never syncs.
pub(crate) const SEGMENT: usize = 8 * 1024 * 1024;

/// How many values a leaf of sled's tree holds before it is split.
const LEAF: usize = 17;

const _: () = assert!(LEAF * MAX_VALUE < SEGMENT / 4);

/// How often sled's own thread looks for segments to free. Nothing durable relies on it, but the
/// size of the data file does: at sled's own 500 ms, large documents that are written over and over
/// are not freed as fast as they come, and the file grows with all that was ever written.
const CLEAN_EVERY_MS: u64 = 100;

/// Of what may be kept in memory, the part that is for answers of the store.
const ANSWERS: u64 = 8;

/// Opens or creates the database in a directory.
pub(crate) fn open(
    path: &Path,
    cache_capacity: u64,
    barrier: Barrier,
) -> Result<SledEngine, StoreError> {
    let room = cache_capacity / ANSWERS;
    let settings = || settings(cache_capacity.saturating_sub(room));
    let room = usize::try_from(room).unwrap_or(usize::MAX);
    open_as(&settings, path, room, barrier)
}

/// How sled is set up.
pub(crate) fn settings(cache_capacity: u64) -> Config {
    Config::new()
        .segment_size(SEGMENT)
        .use_compression(false)
        .flush_every_ms(Some(CLEAN_EVERY_MS))
        .cache_capacity(cache_capacity)
}

/// The same with other settings, and room for so many bytes of answers, which a test may choose.
pub(crate) fn open_as(
    settings: &dyn Fn() -> Config,
    path: &Path,
    room: usize,
    barrier: Barrier,
) -> Result<SledEngine, StoreError> {
    compaction::recover(path)?;
    directory::prepare(path)?;
    if directory::ready(path, &barrier)? {
        read_log(settings, path, &barrier)?;
    }
    let (db, data) = start(settings, path)?;
    let engine = SledEngine::new(db, data, barrier, path.to_owned(), room);
    match directory::sync(path).and_then(|()| engine.settle()) {
        Ok(()) => Ok(engine),
        Err(error) => {
            engine.let_go();
            Err(error)
        }
    }
}

/// Lets sled read its log and write down what is in it, in a snapshot, and no more than that; makes
/// the snapshot durable.
///
/// Opening as a whole, sled goes on at once and writes over segments that the snapshot does not
/// need. But without the snapshot it may need them to find the end of its log, and the name of the
/// snapshot is not durable before the directory is synced: a loss of power between could leave
/// neither, and with them all that was ever committed. sled looks into `blobs` in between, and ends
/// where that is not a directory.
fn read_log(
    settings: &dyn Fn() -> Config,
    path: &Path,
    barrier: &Barrier,
) -> Result<(), StoreError> {
    directory::block(path)?;
    let read = start(settings, path);
    directory::unblock(path)?;
    match read {
        // Nothing is in the log.
        Ok((db, _)) => drop(db),
        // It ended where it should; or opening ends there again, and says why.
        Err(StoreError::Unavailable { .. } | StoreError::Corrupt { .. }) => {}
        Err(error) => return Err(error),
    }
    // What it has begun ends a little later.
    let data = directory::open_data(path).map_err(|source| error::io("while opening", source))?;
    engine::wait_until_free(&data);
    directory::sync(path)?;
    barrier(&data).map_err(|source| error::io("while syncing", source))
}

/// Starts sled on a directory.
fn start(settings: &dyn Fn() -> Config, path: &Path) -> Result<(Db, File), StoreError> {
    let config = settings().path(path);
    let opened = error::contained("while opening", || {
        config.open().map_err(|source| refused(path, source))
    });
    let data = directory::open_data(path)
        .map_err(|source| error::unreachable("the data file cannot be opened", source));
    match (opened, data) {
        (Ok(db), Ok(data)) => Ok((db, data)),
        (Err(error), data) => {
            // What it has begun ends a little later.
            if let (StoreError::Corrupt { .. }, Ok(data)) = (&error, data) {
                engine::wait_until_free(&data);
            }
            Err(error)
        }
        (Ok(_), Err(error)) => Err(error),
    }
}

/// What sled says when it does not open.
fn refused(path: &Path, source: sled::Error) -> StoreError {
    let shown = path.display();
    match source {
        // What sled makes of a lock that is held; `sled` is pinned, and a test holds it to this.
        sled::Error::Io(source) if source.to_string().starts_with("could not acquire lock") => {
            directory::held(path)
        }
        sled::Error::Io(source) => error::unreachable(format!("{shown} cannot be opened"), source),
        sled::Error::Unsupported(_) => StoreError::Unavailable {
            what: format!("{shown} holds a sled database with other settings than a store's"),
            source: Some(Box::new(source)),
        },
        source => failed("while opening", source),
    }
}
