//! The files sled keeps in a directory: which of them are a store's, and what must be synced.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use cmss_core::store::StoreError;
use cmss_keyed::{directory, error};

use crate::closing;
use crate::engine::Barrier;

/// Everything in a store's directory but snapshots: what sled puts there, and what the store does.
const OWN: [&str; 4] = [BLOBS, closing::MARK, CONF, DATA];

/// The file of the data, which sled locks.
pub(crate) const DATA: &str = "db";

/// The directory of what does not fit into the data file.
const BLOBS: &str = "blobs";

/// The file of sled's settings.
const CONF: &str = "conf";

/// The bytes of the header of a segment: a checksum of the rest, and two numbers.
const HEADER: usize = 20;

/// What sled takes for a snapshot, whatever follows: it reads the last of these, and removes the
/// others.
pub(crate) const SNAPSHOT: &str = "snap.";

/// The settings that sled writes when it creates a store, but for their checksum: the same in every
/// store.
const SETTINGS: &[u8] = b"segment_size: 8388608\nuse_compression: false\nversion: 0.34\n";

/// Creates the directory unless it is there, and refuses one that holds anything but a store.
pub(crate) fn prepare(path: &Path) -> Result<(), StoreError> {
    directory::prepare(path, |names| {
        let has = |name: &str| names.iter().any(|found| found == name);
        // A journal is begun when the other files are there: alone, it is somebody else's.
        let is_alone = names.iter().all(|name| name == directory::JOURNAL);
        (has(CONF) && has(DATA)) || (names.iter().all(|name| owns(name)) && !is_alone)
    })
}

/// Whether a name is one of those in a store's directory.
pub(crate) fn owns(name: &str) -> bool {
    OWN.contains(&name)
        || directory::keeps(name)
        || is_snapshot(name)
        || is_unfinished_snapshot(name)
}

/// Whether sled names a snapshot so: after the end of the log it was made of.
pub(crate) fn is_snapshot(name: &str) -> bool {
    let end = name.strip_prefix(SNAPSHOT);
    end.is_some_and(|end| {
        let digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'A'..=b'F');
        end.len() == 16 && end.bytes().all(digit)
    })
}

fn is_unfinished_snapshot(name: &str) -> bool {
    name.strip_suffix(".generating").is_some_and(is_snapshot)
}

/// Held by who opens or closes a directory, while sled does not hold its lock all the time: only one
/// can.
#[derive(Debug)]
pub(crate) struct Gate(Option<File>);

impl Drop for Gate {
    /// Closing the directory would not do: a child that was forked meanwhile has it open until it runs
    /// its program.
    fn drop(&mut self) {
        if let Some(directory) = &self.0 {
            // Or it is free when the last one closes it.
            let _ = directory.unlock();
        }
    }
}

impl Gate {
    /// `None` when another has it.
    ///
    /// Where the system does not let a directory be opened, everybody gets it; what two do at once may
    /// then fail for both, and nothing more.
    pub(crate) fn enter(path: &Path) -> io::Result<Option<Self>> {
        if !cfg!(unix) {
            return Ok(Some(Self(None)));
        }
        let directory = File::open(path)?;
        match directory.try_lock() {
            Ok(()) => Ok(Some(Self(Some(directory)))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(source)) => Err(source),
        }
    }
}

/// Another process, or another handle in this one, has the directory open.
pub(crate) fn held(path: &Path) -> StoreError {
    error::held(data_path(path).display())
}

/// What sled has to read when it opens a database.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Log {
    /// Nothing is in it.
    Empty,
    /// It was read when the database was closed, and nothing was written since.
    Read,
    Unread,
}

/// Before sled reads an existing data file: it must be free, and what an earlier process wrote and
/// did not sync must be on the device, since sled will sync conclusions it draws from it.
///
/// A snapshot that an earlier opening did not finish is taken away: sled would read it. So are
/// settings that a loss of power has torn while the store was created: sled would not open, and
/// writes them again. A file of somebody else that sled would take for a snapshot is refused, or
/// for data of which the settings are gone; and so is a file of data in which nothing is, where a
/// witness has seen commits.
pub(crate) fn ready(path: &Path, barrier: &Barrier) -> Result<Log, StoreError> {
    let cannot = |source| unready(path, source);
    let mut data = match open_data(path) {
        Ok(data) => data,
        Err(source) if source.kind() == ErrorKind::NotFound => {
            directory::check_new(path)?;
            if !has_torn_settings(path).map_err(cannot)? {
                return Ok(Log::Empty);
            }
            create_data(path).map_err(cannot)?
        }
        Err(source) => return Err(cannot(source)),
    };
    match data.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(held(path)),
        Err(TryLockError::Error(source)) => return Err(cannot(source)),
    }
    let names = directory::names(path).map_err(cannot)?;
    if let Some(name) = (names.iter()).find(|name| name.starts_with(SNAPSHOT) && !owns(name)) {
        return Err(error::unavailable(format!(
            "{} holds {name}, which is none of the store's files, and which sled would take for one \
             and remove: move it elsewhere",
            path.display()
        )));
    }
    let is_empty = data.metadata().map_err(cannot)?.len() == 0;
    if is_empty {
        directory::check_new(path)?;
    }
    let is_torn = has_torn_settings(path).map_err(cannot)?;
    let has_settings = !is_torn && names.iter().any(|name| name == CONF);
    if !has_settings && !can_be_data(&mut data).map_err(cannot)? {
        return Err(error::foreign(data_path(path).display()));
    }
    let was_closed = closing::unmark(path, &data).map_err(cannot)?;
    if let Err(source) = barrier(&data) {
        directory::forget(path);
        return Err(cannot(source));
    }
    if is_torn {
        fs::remove_file(path.join(CONF)).map_err(cannot)?;
    }
    for name in names.iter().filter(|name| is_unfinished_snapshot(name)) {
        fs::remove_file(path.join(name)).map_err(cannot)?;
    }
    unblock(path)?;
    data.unlock().map_err(cannot)?;
    Ok(match was_closed {
        true => Log::Read,
        false if is_empty => Log::Empty,
        false => Log::Unread,
    })
}

/// Whether the settings are there in part: their beginning, and nothing or zeros behind it.
fn has_torn_settings(path: &Path) -> io::Result<bool> {
    let found = match fs::read(path.join(CONF)) {
        Ok(found) => found,
        Err(source) if source.kind() == ErrorKind::NotFound => return Ok(false),
        Err(source) => return Err(source),
    };
    let written = found.iter().rposition(|byte| *byte != 0);
    let written = written.map_or(0, |last| last.saturating_add(1));
    let (begin, _) = found.split_at_checked(written).unwrap_or_default();
    let whole = SETTINGS.len().saturating_add(4);
    let is_cut = found.len() < whole && begin.starts_with(SETTINGS);
    Ok(is_cut || (found.len() <= whole && SETTINGS.starts_with(begin)))
}

/// Whether a file can be sled's data: it begins with the header of a segment, or with zeros, where
/// none has been written, or is empty. All else sled would write zeros over.
fn can_be_data(data: &mut File) -> io::Result<bool> {
    let mut header = Vec::new();
    data.seek(SeekFrom::Start(0))?;
    data.take(HEADER as u64).read_to_end(&mut header)?;
    let is_zero = header.iter().all(|byte| *byte == 0);
    let is_header = (header.split_first_chunk()).is_some_and(|(sum, rest)| {
        header.len() == HEADER && u32::from_le_bytes(*sum) == !crc32fast::hash(rest)
    });
    Ok(is_zero || is_header)
}

/// Refuses a directory in which sled has put a value into a file of its own, which it never syncs.
pub(crate) fn no_blobs(path: &Path) -> Result<(), StoreError> {
    let blobs = path.join(BLOBS);
    let is_empty = match fs::read_dir(&blobs) {
        Ok(mut found) => found.next().is_none(),
        Err(source) => matches!(
            source.kind(),
            ErrorKind::NotFound | ErrorKind::NotADirectory
        ),
    };
    if is_empty {
        return Ok(());
    }
    Err(error::corrupt(format!(
        "{} is not empty: sled has put there what it does not sync, and no store of this release \
         makes it do that",
        blobs.display()
    )))
}

/// Puts an empty file where sled looks for the directory of its blobs; not where that holds any.
pub(crate) fn block(path: &Path) -> Result<(), StoreError> {
    let blobs = path.join(BLOBS);
    match fs::remove_dir(&blobs) {
        Ok(()) => {}
        Err(source) if source.kind() == ErrorKind::NotFound => {}
        Err(source)
            if matches!(
                source.kind(),
                ErrorKind::DirectoryNotEmpty | ErrorKind::NotADirectory
            ) =>
        {
            return Ok(());
        }
        Err(source) => return Err(unready(path, source)),
    }
    match File::create_new(blobs) {
        Err(source) if source.kind() != ErrorKind::AlreadyExists => Err(unready(path, source)),
        _ => Ok(()),
    }
}

/// Puts the directory in its place again, also after a process that did not.
pub(crate) fn unblock(path: &Path) -> Result<(), StoreError> {
    let blobs = path.join(BLOBS);
    match fs::symlink_metadata(&blobs) {
        Ok(found) if found.is_file() => fs::remove_file(&blobs)
            .and_then(|()| fs::create_dir(&blobs))
            .map_err(|source| unready(path, source)),
        _ => Ok(()),
    }
}

pub(crate) fn unready(path: &Path, source: io::Error) -> StoreError {
    error::unreachable(format!("{} cannot be made ready", path.display()), source)
}

/// Our own handle of the data file.
pub(crate) fn open_data(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .open(data_path(path))
}

/// Makes the directory's files durable as such: sled syncs neither its settings nor any name.
pub(crate) fn sync(path: &Path) -> Result<(), StoreError> {
    File::open(path.join(CONF))
        .and_then(|settings| directory::sync_file(&settings))
        .and_then(|()| directory::sync(path))
        .map_err(|source| error::io("while syncing the directory", source))
}

fn create_data(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    let options = options.read(true).write(true).create(true).truncate(false);
    options.open(data_path(path))
}

fn data_path(path: &Path) -> PathBuf {
    path.join(DATA)
}

#[cfg(test)]
mod tests {
    use tempfile::tempdir;

    use super::*;

    #[test]
    #[cfg(unix)]
    fn a_gate_is_open_again_though_a_child_has_inherited_it() {
        let home = tempdir().unwrap();
        let gate = Gate::enter(home.path()).unwrap().unwrap();
        // As a child has it that was forked.
        let inherited = gate.0.as_ref().unwrap().try_clone().unwrap();
        assert!(Gate::enter(home.path()).unwrap().is_none());
        drop(gate);
        assert!(Gate::enter(home.path()).unwrap().is_some());
        drop(inherited);
    }
}
