//! A file that one process writes at a time.

use std::fs::{self, File, OpenOptions};
use std::path::Path;

use cmss_keyed::directory;

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
    if directory::hold(&file, path).map_err(Failure::unwritable(path))? {
        return Ok(file);
    }
    let shown = shown.display();
    Err(Failure::refused(format!(
        "{shown} is being written by another process, or was this moment: wait until that is over"
    )))
}
