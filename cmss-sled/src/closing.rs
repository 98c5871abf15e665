//! How a database is left, so that it opens in one step.
//!
//! Opening reads sled's log, and [`opening`](crate::opening) does so twice, unless nothing was written
//! since it was read. So whoever closes a database reads it, while nobody waits for it, and leaves a
//! mark that says so. Whoever opens it takes the mark away, durably, before sled sees the directory: a
//! mark that is found is true.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use cmss_keyed::directory;

use crate::directory::{SNAPSHOT, is_snapshot};

/// The file of the mark.
pub(crate) const MARK: &str = "closed";

/// Marks a directory of which the log was read, and what was read is durable.
pub(crate) fn mark(path: &Path, data: &File) -> io::Result<()> {
    let mut mark = File::create(path.join(MARK))?;
    mark.write_all(state(path, data)?.as_bytes())?;
    directory::sync_file(&mark)?;
    directory::sync(path)
}

/// Takes the mark away, durably; answers whether there was one, of this state. Fails where somebody
/// else's file has its name, which stays.
pub(crate) fn unmark(path: &Path, data: &File) -> io::Result<bool> {
    let mark = path.join(MARK);
    let found = match fs::read(&mark) {
        Ok(found) => found,
        Err(source) if source.kind() == ErrorKind::NotFound => return Ok(false),
        Err(source) => return Err(source),
    };
    if !is_mark(&found) {
        let what = format!(
            "{} is none of the store's files: move it elsewhere",
            mark.display()
        );
        return Err(io::Error::new(ErrorKind::AlreadyExists, what));
    }
    let state = state(path, data)?;
    fs::remove_file(mark)?;
    directory::sync(path)?;
    Ok(found == state.as_bytes())
}

/// Whether a file that says this can be a mark, of whatever state and however torn.
fn is_mark(says: &[u8]) -> bool {
    says.first()
        .is_none_or(|byte| matches!(byte, 0 | b'0'..=b'9'))
        && says.iter().all(|byte| {
            matches!(byte, 0 | b'0'..=b'9' | b'A'..=b'F' | b' ' | b'\n')
                || SNAPSHOT.as_bytes().contains(byte)
        })
}

/// What a mark says: how long the data file is, and which snapshots of it there are, which are named
/// after the end of the log they were made of.
fn state(path: &Path, data: &File) -> io::Result<String> {
    let mut names = directory::names(path)?;
    // One that is not finished is never read.
    names.retain(|name| is_snapshot(name));
    names.sort();
    Ok(format!("{} {}\n", data.metadata()?.len(), names.join(" ")))
}
