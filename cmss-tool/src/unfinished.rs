//! A file that takes its name when it is whole.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use cmss_keyed::directory;

use crate::failure::Failure;
use crate::held;

/// With this, every export begins.
const BEGINNING: &[u8] = b"{\"export\":";

/// A new export, which nobody else may read: `FILE.unfinished` until it is finished. One that is not
/// finished goes. Where the process is killed it stays under that name, nobody takes it for what it
/// was to be, and the next one is written over it.
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
        check_ours(&under)?;
        // What has been left there others may read, or it has another name besides.
        let file = held::hold_anew(&under, &under)?;
        let unfinished = Self {
            file,
            path: path.to_owned(),
            under,
            is_finished: false,
        };
        // Only now, since whoever writes it holds the other name until it has this one.
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

    /// Makes what was written durable, and gives it its name, for good.
    pub(crate) fn finish(mut self) -> Result<(), Failure> {
        directory::sync_file(&self.file).map_err(Failure::unwritable(&self.path))?;
        // A second name takes nothing away from whoever has taken it this moment.
        match fs::hard_link(&self.under, &self.path) {
            Ok(()) => {
                self.is_finished = true;
                let removed = fs::remove_file(&self.under);
                removed.map_err(Failure::unwritable(&self.under))?;
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                return Err(Failure::unwritable(&self.path)(error));
            }
            // Not every file system gives a file two names.
            Err(_) => {
                self.check()?;
                let named = fs::rename(&self.under, &self.path);
                named.map_err(Failure::unwritable(&self.path))?;
                self.is_finished = true;
            }
        }
        directory::sync_name(&self.path).map_err(Failure::unwritable(&self.path))
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

/// Refuses a file that is not what an export leaves when it is stopped.
fn check_ours(under: &Path) -> Result<(), Failure> {
    match fs::symlink_metadata(under) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Failure::unwritable(under)(error)),
        Ok(found) if !found.is_file() => return Err(in_the_way(under)),
        Ok(_) => {}
    }
    let mut found = Vec::new();
    let file = File::open(under).map_err(Failure::unwritable(under))?;
    let read = file.take(BEGINNING.len() as u64).read_to_end(&mut found);
    read.map_err(Failure::unwritable(under))?;
    if BEGINNING.starts_with(&found) {
        Ok(())
    } else {
        Err(in_the_way(under))
    }
}

fn in_the_way(under: &Path) -> Failure {
    let shown = under.display();
    Failure::refused(format!("{shown} is in the way: move it elsewhere"))
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::MetadataExt as _;
    use std::sync::{Arc, Mutex};

    use tempfile::tempdir;

    use super::*;

    #[test]
    fn a_file_is_durable_before_it_has_its_name_and_its_name_when_it_is_finished() {
        let home = tempdir().unwrap();
        let (parent, path) = (home.path().to_owned(), home.path().join("backup"));
        let under = home.path().join("backup.unfinished");
        // Of each sync, whether it is of the directory, and whether the name is there.
        let syncs = Arc::new(Mutex::new(Vec::new()));
        let heard: Arc<dyn Fn(&File) + Send + Sync> = {
            let (syncs, path) = (syncs.clone(), path.clone());
            Arc::new(move |file: &File| {
                let found = file.metadata().unwrap().ino();
                let is = |path| fs::metadata(path).is_ok_and(|at| at.ino() == found);
                if is(&parent) || is(&under) {
                    let mut syncs = syncs.lock().unwrap();
                    syncs.push((is(&parent), fs::exists(&path).unwrap()));
                }
            })
        };
        directory::told(&heard);
        let mut unfinished = Unfinished::create(&path).unwrap();
        unfinished.write("{\"a\":1}\n").unwrap();
        unfinished.finish().unwrap();
        assert_eq!(*syncs.lock().unwrap(), [(false, false), (true, true)]);
    }
}
