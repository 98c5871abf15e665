//! A file that one process writes at a time.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;

use crate::failure::Failure;

/// Opens a file to read and to write, or makes one that nobody else may read, and holds it, unless
/// another process does or has taken its name away meanwhile. `shown` is what that process writes.
pub(crate) fn hold(path: &Path, shown: &Path) -> Result<File, Failure> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path).map_err(Failure::unwritable(path))?;
    let is_held = match file.try_lock() {
        Ok(()) => is_at(&file, path),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error),
    };
    if is_held.map_err(Failure::unwritable(path))? {
        return Ok(file);
    }
    let shown = shown.display();
    Err(Failure::refused(format!(
        "{shown} is being written by another process, or was this moment: wait until that is over"
    )))
}

/// Whether an open file is still the one of this path.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;
    let held = file.metadata()?;
    match fs::symlink_metadata(path) {
        Ok(found) => Ok((found.dev(), found.ino()) == (held.dev(), held.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> io::Result<bool> {
    path.try_exists()
}
