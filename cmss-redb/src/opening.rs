//! How a database is opened: one function, through which every opening goes.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use cmss_core::store::StoreError;
use cmss_keyed::{Engine, compaction, directory, error};
use redb::{DatabaseError, StorageBackend, StorageError, backends::FileBackend};

use crate::creation::{self, Found};
use crate::engine::{RedbEngine, failed};

/// The one file of a store.
pub(crate) const FILE: &str = "db.redb";

/// Whether a name is one of those in a store's directory.
pub(crate) fn owns(name: &str) -> bool {
    name == FILE || directory::keeps(name)
}

/// Opens or creates the database in a directory.
pub(crate) fn open(path: &Path, cache_capacity: u64) -> Result<RedbEngine, StoreError> {
    open_on(path, cache_capacity, |file| file)
}

/// The same on what a test makes of the file.
pub(crate) fn open_on<B: StorageBackend>(
    path: &Path,
    cache_capacity: u64,
    on: impl FnOnce(FileBackend) -> B,
) -> Result<RedbEngine, StoreError> {
    compaction::recover(path)?;
    directory::prepare(path, |names| names.iter().any(|name| name == FILE))?;
    let file = path.join(FILE);
    ready(path, &file)?;
    let engine = error::contained("while opening", || {
        let opened = data(&file).map_err(DatabaseError::from);
        opened
            .and_then(FileBackend::new)
            .and_then(|backend| RedbEngine::open(on(backend), cache_capacity))
            .map_err(|source| refused(&file, source))
    })?;
    match directory::sync(path) {
        Ok(()) => Ok(engine),
        Err(source) => {
            engine.let_go();
            Err(error::io("while syncing the directory", source))
        }
    }
}

/// Before redb reads a data file: it must be free and a database, or become one; and what an
/// earlier process wrote and did not sync must be on the device, since redb concludes from it what
/// was committed. Where there is nothing in it, nothing may have been there.
fn ready(path: &Path, file: &Path) -> Result<(), StoreError> {
    let shown = file.display();
    let cannot = |source| error::unreachable(format!("{shown} cannot be made ready"), source);
    let mut data = data(file).map_err(cannot)?;
    match data.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(error::held(shown)),
        Err(TryLockError::Error(source)) => return Err(cannot(source)),
    }
    match creation::inspect(&mut data).map_err(cannot)? {
        Found::Database => {}
        Found::Nothing => directory::check_new(path)?,
        Found::Unfinished => {
            directory::check_new(path)?;
            data.set_len(0).map_err(cannot)?;
        }
        Found::Foreign => return Err(error::foreign(shown)),
    }
    if let Err(source) = data.sync_all() {
        directory::forget(path);
        return Err(cannot(source));
    }
    data.unlock().map_err(cannot)
}

/// The data file, which is created unless it is there.
fn data(file: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    options.open(file)
}

/// What redb says when it does not open.
fn refused(file: &Path, source: DatabaseError) -> StoreError {
    let shown = file.display();
    match source {
        DatabaseError::DatabaseAlreadyOpen | DatabaseError::LockProtocolMismatch => {
            error::held(shown)
        }
        DatabaseError::UpgradeRequired(_) => StoreError::Unavailable {
            what: format!("{shown} is written in an older format of redb than a store's"),
            source: Some(Box::new(source)),
        },
        // What redb makes of a later format; a test holds it to this.
        DatabaseError::Storage(StorageError::Corrupted(said))
            if said.starts_with("Expected file format version") =>
        {
            error::unavailable(format!(
                "{shown} is written in a newer format of redb, which says: {said}; use the release \
                 that wrote it, or a newer one"
            ))
        }
        DatabaseError::Storage(StorageError::Io(source)) => {
            error::unreachable(format!("{shown} cannot be opened"), source)
        }
        source => failed("while opening", source.into()),
    }
}
