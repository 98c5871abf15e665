//! How a database is opened: one function, through which every opening goes.

use std::fs::File;
use std::path::Path;

use cmss_core::store::StoreError;
use cmss_keyed::{MAX_VALUE, compaction, error};
use sled::{Config, Db};

use crate::directory::{self, Gate, Log};
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
    open_as(Settings::of(cache_capacity), path, barrier)
}

/// How sled is set up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    /// Bytes of a segment, as they are when the database is created.
    pub(crate) segment: usize,
    /// Bytes that sled may keep in memory, and for answers of the store.
    pub(crate) cache: u64,
    pub(crate) answers: usize,
}

impl Settings {
    /// Those of a store that may keep so many bytes in memory.
    pub(crate) fn of(cache_capacity: u64) -> Self {
        let answers = cache_capacity / ANSWERS;
        Self {
            segment: SEGMENT,
            cache: cache_capacity.saturating_sub(answers),
            answers: usize::try_from(answers).unwrap_or(usize::MAX),
        }
    }

    fn config(self, path: &Path) -> Config {
        Config::new()
            .path(path)
            .segment_size(self.segment)
            .use_compression(false)
            .flush_every_ms(Some(CLEAN_EVERY_MS))
            .cache_capacity(self.cache)
    }
}

/// The same with settings that a test may choose.
pub(crate) fn open_as(
    settings: Settings,
    path: &Path,
    barrier: Barrier,
) -> Result<SledEngine, StoreError> {
    compaction::recover(path)?;
    directory::prepare(path)?;
    let gate = Gate::enter(path).map_err(|source| directory::unready(path, source))?;
    let _gate = gate.ok_or_else(|| directory::held(path))?;
    if directory::ready(path, &barrier)? == Log::Unread {
        read_log(settings, path, &barrier)?;
    }
    let (db, data) = start(settings, path)?;
    Ok(SledEngine::new(db, data, barrier, settings, path))
}

/// Lets sled read its log and write down what is in it, in a snapshot, and no more than that; makes
/// the snapshot durable.
///
/// Opening as a whole, sled goes on at once and writes over segments that the snapshot does not
/// need. But without the snapshot it may need them to find the end of its log, and the name of the
/// snapshot is not durable before the directory is synced: a loss of power between could leave
/// neither, and with them all that was ever committed. sled looks into `blobs` in between, and ends
/// where that is not a directory.
pub(crate) fn read_log(
    settings: Settings,
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
fn start(settings: Settings, path: &Path) -> Result<(Db, File), StoreError> {
    let opened = error::contained("while opening", || {
        settings
            .config(path)
            .open()
            .map_err(|source| refused(path, source))
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
        // sled asks for the settings it has found there, which would lead astray.
        sled::Error::Unsupported(_) => error::unavailable(format!(
            "{shown}/conf has other settings than a store's: it is damaged, and the right file or a backup \
             helps; or the database is another program's"
        )),
        source => failed("while opening", source),
    }
}
