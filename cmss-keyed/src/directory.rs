//! The directory a store lives in: created durably, refused when it holds something else.

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock, Weak};

use cmss_core::store::{Seq, StoreError};

use crate::error;
use crate::witness::Witness;

/// The file in which a store opened by [`KeyedStore::open_in`](crate::KeyedStore::open_in) writes
/// down which commits are durable.
pub const WITNESS: &str = "witness";

/// The file in which what is committed to a store opened by
/// [`KeyedStore::open_in`](crate::KeyedStore::open_in) is durable before the engine has it. Like the
/// others here, it is the store's: an engine gives its own files other names.
pub const JOURNAL: &str = "journal";

/// The file in which a store opened by [`KeyedStore::open_in`](crate::KeyedStore::open_in) sorts what
/// it is loaded with, where that is more than fits into memory. It is there for a moment only, unless
/// a process dies in it; what is left then, the next opening removes. So it has a name that nobody
/// gives to a file of another kind.
pub const SORTING: &str = "cmss.sorting";

/// Whether a file of this name is one that a store opened by
/// [`KeyedStore::open_in`](crate::KeyedStore::open_in) keeps beside the engine's own.
#[must_use]
pub fn keeps(name: &str) -> bool {
    [JOURNAL, SORTING, WITNESS].contains(&name)
}

/// Creates a directory, durably and with its parents, unless it is there; refuses one that holds
/// anything but a store, going by the names in it. On Unix nobody but its owner may look into the new
/// one; its parents, and one that is there, are as the system or somebody has made them. What an earlier process wrote into the
/// [witness](WITNESS) is durable afterwards.
///
/// An empty directory is a store's as well, and so must be what a creation leaves behind that did
/// not finish.
///
/// # Errors
/// [`StoreError::Unavailable`], and [`StoreError::Full`] where there is no room to create it.
pub fn prepare(path: &Path, is_store: impl FnOnce(&[String]) -> bool) -> Result<(), StoreError> {
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
            let what = format!("{shown} cannot be reached");
            return Err(error::unreachable(what, source));
        }
    }
    let names = names(path)
        .map_err(|source| error::unreachable(format!("{shown} cannot be read"), source))?;
    if !names.is_empty() && !is_store(&names) {
        return Err(error::foreign(shown));
    }
    match File::open(path.join(WITNESS)).and_then(|witness| sync_file(&witness)) {
        Err(source) if source.kind() != ErrorKind::NotFound => {
            let what = format!("{shown}/{WITNESS} cannot be synced");
            Err(error::unreachable(what, source))
        }
        _ => Ok(()),
    }
}

/// Refuses a directory in which the engine has no data, and a [witness](WITNESS) has seen commits, or
/// there is a [journal](JOURNAL), which is begun only when the engine has some: for engines that write
/// as soon as they are opened, before they are.
///
/// # Errors
/// [`StoreError::Corrupt`], also when the witness is damaged, and [`StoreError::Unavailable`] when one
/// of them cannot be read.
pub fn check_new(path: &Path) -> Result<(), StoreError> {
    let shown = path.display().to_string();
    Witness::read(path)?.check_age(&shown, Seq::ZERO)?;
    let journal = path.join(JOURNAL);
    let cannot = |source| error::unreachable(format!("{shown} cannot be read"), source);
    if !journal.try_exists().map_err(cannot)? {
        return Ok(());
    }
    let journal = journal.display();
    Err(error::corrupt(format!(
        "{shown} holds no data, and {journal} is of a store that did: put the files back that belong to \
         it; or, to begin anew, remove it"
    )))
}

/// Lets the system forget what it holds in memory of the files in a directory, of which one could not
/// be synced.
///
/// Linux takes what it could not write for written, and hands it out until it needs the memory: whoever
/// opens the files again would take for durable what is not on the device. What cannot be forgotten
/// stays, and so does all of it on another system.
pub fn forget(path: &Path) {
    #[cfg(target_os = "linux")]
    for entry in fs::read_dir(path).into_iter().flatten().flatten() {
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_file && let Ok(file) = File::open(entry.path()) {
            let _ = rustix::fs::fadvise(&file, 0, None, rustix::fs::Advice::DontNeed);
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = path;
}

/// The names in a directory.
///
/// # Errors
/// Those of the file system.
pub fn names(path: &Path) -> io::Result<Vec<String>> {
    fs::read_dir(path)?
        .map(|item| Ok(item?.file_name().to_string_lossy().into_owned()))
        .collect()
}

/// Makes the names in a directory durable, and its own.
///
/// # Errors
/// Those of the file system.
pub fn sync(path: &Path) -> io::Result<()> {
    sync_names(path)?;
    sync_name(path)
}

/// Makes the name of a file or directory durable, where the system lets a directory be synced.
///
/// # Errors
/// Those of the file system.
pub fn sync_name(path: &Path) -> io::Result<()> {
    sync_names(parent(path))
}

/// Makes durable what was written to a file that is neither the engine's nor the journal.
///
/// # Errors
/// Those of the file system.
pub fn sync_file(file: &File) -> io::Result<()> {
    tell(file);
    file.sync_data()
}

/// Holds an open file against other processes, until it is closed; answers whether it does. It does not
/// where another process holds it, or has taken its name away meanwhile: the one to be held is another
/// then, or none.
///
/// # Errors
/// Those of the file system.
pub fn hold(file: &File, path: &Path) -> io::Result<bool> {
    match file.try_lock() {
        Ok(()) => is_at(file, path),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(source)) => Err(source),
    }
}

/// Whether an open file is still the one of this path.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;
    let held = file.metadata()?;
    match fs::symlink_metadata(path) {
        Ok(found) => Ok((found.dev(), found.ino()) == (held.dev(), held.ino())),
        Err(source) if source.kind() == ErrorKind::NotFound => Ok(false),
        Err(source) => Err(source),
    }
}

#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> io::Result<bool> {
    path.try_exists()
}

/// Who is told of a file, or a directory, that is about to be synced or to lose its name.
type Told = dyn Fn(&File) + Send + Sync;

static TOLD: RwLock<Vec<Weak<Told>>> = RwLock::new(Vec::new());

/// Tells of each sync of a directory, and of a file that is neither the engine's nor the journal,
/// right before it, and of the file in which a load is [sorted](SORTING) while it has its name, as long
/// as somebody else keeps this: for tests, which lose what was not synced.
#[doc(hidden)]
pub fn told(told: &Arc<Told>) {
    let mut all = TOLD.write().unwrap_or_else(PoisonError::into_inner);
    all.retain(|told| told.strong_count() > 0);
    all.push(Arc::downgrade(told));
}

pub(crate) fn tell(file: &File) {
    let all = TOLD.read().unwrap_or_else(PoisonError::into_inner).clone();
    for told in all.iter().filter_map(Weak::upgrade) {
        told(file);
    }
}

/// Creates a directory and whatever of its parents is missing, each durably before anything is made in
/// it.
fn create(path: &Path) -> io::Result<()> {
    let missing = path
        .ancestors()
        .take_while(|ancestor| !ancestor.as_os_str().is_empty() && !ancestor.exists());
    let missing: Vec<&Path> = missing.collect();
    // What is there, a process may have made that ended before its name was durable. Mostly it is
    // somebody else's, who need not let us sync it.
    let _ = missing.last().map(|first| sync_name(parent(first)));
    for directory in missing.into_iter().rev() {
        let created = match directory == path {
            true => create_private(directory),
            false => fs::create_dir(directory),
        };
        match created {
            Err(source) if source.kind() == ErrorKind::AlreadyExists && directory.is_dir() => {}
            created => created?,
        }
        sync_name(directory)?;
    }
    Ok(())
}

/// Creates a directory that nobody but its owner may look into, where the system knows that.
pub(crate) fn create_private(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// The directory that a path stands in.
pub(crate) fn parent(path: &Path) -> &Path {
    path.parent().map_or(path, named)
}

/// A directory by a name that can be opened: the empty path is where the process works.
pub(crate) fn named(path: &Path) -> &Path {
    if path.as_os_str().is_empty() {
        Path::new(".")
    } else {
        path
    }
}

/// Syncs the names in a directory, where the system lets a directory be opened.
#[cfg(unix)]
pub(crate) fn sync_names(path: &Path) -> io::Result<()> {
    let directory = File::open(path)?;
    tell(&directory);
    directory.sync_all()
}

#[cfg(not(unix))]
pub(crate) fn sync_names(_: &Path) -> io::Result<()> {
    Ok(())
}
