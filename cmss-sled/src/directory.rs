//! The directory a store lives in: what may be opened, what is created, and what must be synced.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use cmss_core::store::StoreError;
use cmss_keyed::error;

/// Everything that sled puts into a directory begins so.
const OWN: [&str; 4] = ["blobs", "conf", "db", "snap."];

/// Creates the directory unless it is there, and refuses one that holds anything but a store.
pub(crate) fn prepare(path: &Path) -> Result<(), StoreError> {
    let shown = path.display();
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => {}
        Ok(_) => {
            let what = format!("{shown} is not a directory: give the path of one");
            return Err(error::unavailable(what));
        }
        Err(source) if source.kind() == ErrorKind::NotFound => {
            return create(path).map_err(|source| {
                error::unreachable(format!("{shown} cannot be created"), source)
            });
        }
        Err(source) => {
            return Err(error::unreachable(
                format!("{shown} cannot be reached"),
                source,
            ));
        }
    }
    let names = names(path)
        .map_err(|source| error::unreachable(format!("{shown} cannot be read"), source))?;
    let has = |name: &str| names.iter().any(|found| found == name);
    let is_own = |name: &String| OWN.iter().any(|own| name.starts_with(own));
    if (has("conf") && has("db")) || names.iter().all(is_own) {
        Ok(())
    } else {
        Err(error::foreign(shown))
    }
}

/// Another process, or another handle in this one, has the directory open.
pub(crate) fn held(path: &Path) -> StoreError {
    let lock = data_path(path);
    error::unavailable(format!(
        "the lock on {} is held by another handle or process: close the store there first; one \
         process at a time can have a directory open",
        lock.display()
    ))
}

/// Before sled reads an existing data file: it must be free, and what an earlier process wrote and
/// did not sync must be on the device, since sled will sync conclusions it draws from it.
///
/// A snapshot that an earlier opening did not finish is taken away: sled would read it.
pub(crate) fn ready(path: &Path) -> Result<(), StoreError> {
    let shown = path.display();
    let cannot = |source| error::unreachable(format!("{shown} cannot be made ready"), source);
    let data = match open_data(path) {
        Ok(data) => data,
        Err(source) if source.kind() == ErrorKind::NotFound => return Ok(()),
        Err(source) => return Err(cannot(source)),
    };
    match data.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(held(path)),
        Err(TryLockError::Error(source)) => return Err(cannot(source)),
    }
    data.sync_data().map_err(cannot)?;
    for name in names(path).map_err(cannot)? {
        if name.starts_with("snap.") && name.ends_with(".generating") {
            fs::remove_file(path.join(name)).map_err(cannot)?;
        }
    }
    data.unlock().map_err(cannot)
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
    (|| {
        File::open(path.join("conf"))?.sync_all()?;
        sync_names(path)?;
        sync_names(parent(path))
    })()
    .map_err(|source| error::io("while syncing the directory", source))
}

fn data_path(path: &Path) -> PathBuf {
    path.join("db")
}

fn names(path: &Path) -> io::Result<Vec<String>> {
    fs::read_dir(path)?
        .map(|item| Ok(item?.file_name().to_string_lossy().into_owned()))
        .collect()
}

/// Creates a directory and whatever of its parents is missing, durably.
fn create(path: &Path) -> io::Result<()> {
    let missing = path
        .ancestors()
        .take_while(|ancestor| !ancestor.as_os_str().is_empty() && !ancestor.exists());
    let missing: Vec<&Path> = missing.collect();
    fs::create_dir_all(path)?;
    missing.into_iter().map(parent).try_for_each(sync_names)
}

fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        Some(_) => Path::new("."),
        None => path,
    }
}

/// Syncs the names in a directory, where the system lets a directory be opened.
#[cfg(unix)]
fn sync_names(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

#[cfg(not(unix))]
fn sync_names(_: &Path) -> io::Result<()> {
    Ok(())
}
