//! A file that takes its name when it is whole.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// A new file that nobody else may read, under another name until it is finished. One that is not
/// finished goes; where the process is killed it stays under that name, and nobody takes it for
/// what it was to be.
pub(crate) struct Unfinished {
    file: File,
    path: PathBuf,
    /// Where it is until then.
    under: PathBuf,
    is_finished: bool,
}

impl Unfinished {
    /// Begins a file that is not there, and that nobody else is writing.
    pub(crate) fn create(path: &Path) -> Result<Self, Failure> {
        let mut under = path.as_os_str().to_owned();
        under.push(".unfinished");
        let under = PathBuf::from(under);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&under).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => {
                let shown = under.display();
                Failure::refused(format!(
                    "{shown} is there already: it is being written, or was left by one that was \
                     stopped, and may be removed"
                ))
            }
            _ => Failure::unwritable(path)(error),
        })?;
        let unfinished = Self {
            file,
            path: path.to_owned(),
            under,
            is_finished: false,
        };
        // Only now, since whoever writes it has taken the other name first.
        unfinished.check()?;
        Ok(unfinished)
    }

    /// Refuses to take a name that something has.
    fn check(&self) -> Result<(), Failure> {
        match fs::symlink_metadata(&self.path) {
            Ok(_) => {
                let there = io::ErrorKind::AlreadyExists.into();
                Err(Failure::unwritable(&self.path)(there))
            }
            Err(_) => Ok(()),
        }
    }

    /// Where it can be read until it is finished.
    pub(crate) fn under(&self) -> &Path {
        &self.under
    }

    pub(crate) fn write(&mut self, text: &str) -> Result<(), Failure> {
        let written = self.file.write_all(text.as_bytes());
        written.map_err(Failure::unwritable(&self.path))
    }

    /// Forces what was written to the device.
    pub(crate) fn sync(&self) -> Result<(), Failure> {
        let synced = self.file.sync_all();
        synced.map_err(Failure::unwritable(&self.path))
    }

    /// Gives it its name, for good.
    pub(crate) fn finish(mut self) -> Result<(), Failure> {
        self.check()?;
        let named = fs::rename(&self.under, &self.path);
        named.map_err(Failure::unwritable(&self.path))?;
        self.is_finished = true;
        sync_name(&self.path).map_err(Failure::unwritable(&self.path))
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if !self.is_finished {
            // It is ours, and holds half of something private. Why it is not finished is told.
            let _ = fs::remove_file(&self.under);
        }
    }
}

/// Makes the name of a file durable, where the system lets a directory be opened.
fn sync_name(file: &Path) -> io::Result<()> {
    if cfg!(unix) {
        let dir = match file.parent() {
            Some(dir) if !dir.as_os_str().is_empty() => dir,
            _ => Path::new("."),
        };
        File::open(dir)?.sync_all()?;
    }
    Ok(())
}
