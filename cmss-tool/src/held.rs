//! A file that one process writes at a time.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;

use crate::failure::Failure;

/// Opens a file to read and to write, or makes one that nobody else may read, and holds it, unless
/// another process does or has taken its name away meanwhile. `shown` is what that process writes.
pub(crate) fn hold(path: &Path, shown: &Path) -> Result<File, Failure> {
    hold_as(OpenOptions::new().create(true).truncate(false), path, shown)
}

/// The same with a new file, in the place of one that is held.
pub(crate) fn hold_anew(path: &Path, shown: &Path) -> Result<File, Failure> {
    let left = hold(path, shown)?;
    fs::remove_file(path).map_err(Failure::unwritable(path))?;
    let new = hold_as(OpenOptions::new().create_new(true), path, shown);
    // Until now, nobody else has begun.
    drop(left);
    new
}

fn hold_as(options: &mut OpenOptions, path: &Path, shown: &Path) -> Result<File, Failure> {
    options.read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
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
