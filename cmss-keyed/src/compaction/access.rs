//! Who may look into a store that is written anew: whoever might look into the old one.

use std::fs::{self, Metadata};
use std::io;
use std::path::Path;

use crate::directory;

/// Mode and owner of a store's directory, and of its files.
///
/// Its files are as the file of the data is, also those of which the old store has none.
pub(super) struct Access {
    directory: Metadata,
    file: Metadata,
}

impl Access {
    /// That of the store in a directory, of which one file is that of the data.
    pub(super) fn of(directory: &Path, data: &str) -> io::Result<Self> {
        Ok(Self {
            directory: fs::metadata(directory)?,
            file: fs::metadata(directory.join(data))?,
        })
    }

    /// Makes a directory that only its owner may look into until it is [given](Self::give) away;
    /// refuses where that could not be done, before anything is in it.
    pub(super) fn make(&self, path: &Path) -> io::Result<()> {
        directory::create_private(path)?;
        // Whose the files are, the directory may be too.
        own(path, &self.file)?;
        own(path, &self.directory)
    }

    /// Gives a directory and all it holds the modes and the owners.
    pub(super) fn give(&self, path: &Path) -> io::Result<()> {
        for item in fs::read_dir(path)? {
            let item = item?;
            if item.file_type()?.is_dir() {
                self.give(&item.path())?;
            } else {
                like(&item.path(), &self.file)?;
            }
        }
        like(path, &self.directory)
    }
}

/// The owner first: whoever is given a file loses special bits of its mode.
fn like(path: &Path, other: &Metadata) -> io::Result<()> {
    own(path, other)?;
    fs::set_permissions(path, other.permissions())
}

#[cfg(unix)]
fn own(path: &Path, other: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, chown};
    let wanted = (other.uid(), other.gid());
    let found = fs::metadata(path)?;
    if (found.uid(), found.gid()) == wanted {
        return Ok(());
    }
    chown(path, Some(wanted.0), Some(wanted.1)).map_err(|source| {
        let (user, group) = wanted;
        let what = format!("it cannot be given to user {user} and group {group}: {source}");
        io::Error::new(source.kind(), what)
    })
}

#[cfg(not(unix))]
fn own(_: &Path, _: &Metadata) -> io::Result<()> {
    Ok(())
}
