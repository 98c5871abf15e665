//! A directory that takes its name when it is whole.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::held;
use crate::source::is_vacant;

/// An empty file of this name says who has made the directory in which it stands; it is held by the
/// process that writes there.
const MARK: &str = "written-by-cmss-tool";

/// What becomes the directory stands beside the mark under this name.
const INSIDE: &str = "site";

/// A new directory `OUT`, which is `OUT.unfinished/site` until it is finished. One that was left by a
/// process that was stopped is gone on with, and nothing else that has that name is touched.
pub(crate) struct UnfinishedFolder {
    path: PathBuf,
    under: PathBuf,
    _held: File,
}

impl UnfinishedFolder {
    /// Begins a directory that is not there, or is empty, and that nobody else is writing; or goes on
    /// with it.
    pub(crate) fn begin(path: &Path) -> Result<Self, Failure> {
        let path = &place(path)?;
        let under = unfinished(path)?;
        check_ours(&under)?;
        fs::create_dir_all(&under).map_err(Failure::unwritable(&under))?;
        let held = held::hold(&under.join(MARK), &under)?;
        let folder = Self {
            path: path.clone(),
            under,
            _held: held,
        };
        // Only now, since whoever writes it holds the mark until it has its name.
        check(path)?;
        folder.make()?;
        Ok(folder)
    }

    /// The directory to be filled; who might not look into the one it replaces may not look into it.
    fn make(&self) -> Result<(), Failure> {
        let inside = self.inside();
        let failed = Failure::unwritable(&inside);
        match fs::create_dir(&inside) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(failed(error)),
            _ => {}
        }
        match fs::metadata(&self.path) {
            Ok(found) => fs::set_permissions(&inside, found.permissions()).map_err(failed),
            Err(_) => Ok(()),
        }
    }

    /// Where it can be filled until it is finished.
    pub(crate) fn inside(&self) -> PathBuf {
        self.under.join(INSIDE)
    }

    /// Gives it its name.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        let Self { path, under, .. } = &self;
        check(path)?;
        // This replaces an empty directory, and nothing else.
        fs::rename(self.inside(), path).map_err(Failure::unwritable(path))?;
        let mark = under.join(MARK);
        fs::remove_file(&mark).map_err(Failure::unwritable(&mark))?;
        // What somebody has put there meanwhile stays, and so does the directory.
        let _ = fs::remove_dir(under);
        Ok(())
    }
}

/// Refuses to take a name that something has, or that cannot be taken.
pub(crate) fn check(path: &Path) -> Result<(), Failure> {
    if is_vacant(&place(path)?)? {
        return Ok(());
    }
    let shown = path.display();
    Err(Failure::refused(format!(
        "{shown} holds something: give a new or an empty directory"
    )))
}

/// The directory that a path leads to; or that is to be made there.
fn place(path: &Path) -> Result<PathBuf, Failure> {
    let shown = path.display();
    match fs::canonicalize(path) {
        Ok(found) if std::env::current_dir().is_ok_and(|here| here == found) => {
            Err(Failure::refused(format!(
                "{shown} is where this runs, and would be replaced: give another directory"
            )))
        }
        Ok(found) if is_mounted(&found).map_err(Failure::unwritable(path))? => {
            Err(Failure::refused(format!(
                "{shown} is a file system of its own, and cannot be replaced: give a directory in it"
            )))
        }
        Ok(found) => Ok(found),
        Err(_) if fs::symlink_metadata(path).is_ok() => {
            Err(Failure::refused(format!("{shown} leads nowhere")))
        }
        Err(_) => Ok(path.to_owned()),
    }
}

/// What it is called until it is finished.
fn unfinished(path: &Path) -> Result<PathBuf, Failure> {
    let Some(name) = path.file_name() else {
        let shown = path.display();
        return Err(Failure::misused(format!(
            "{shown} has no name beside which something could stand: give the path with its name"
        )));
    };
    let mut name: OsString = name.to_owned();
    name.push(".unfinished");
    Ok(path.with_file_name(name))
}

/// Refuses a directory that is neither empty nor left by one that was stopped.
fn check_ours(under: &Path) -> Result<(), Failure> {
    let in_the_way = || {
        let shown = under.display();
        Failure::refused(format!("{shown} is in the way: move it elsewhere"))
    };
    match fs::symlink_metadata(under) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Failure::unwritable(under)(error)),
        Ok(found) if !found.is_dir() => return Err(in_the_way()),
        Ok(_) => {}
    }
    let entries = fs::read_dir(under).map_err(Failure::unwritable(under))?;
    let names = entries.map(|entry| Ok(entry?.file_name()));
    let names: io::Result<Vec<OsString>> = names.collect();
    let names = names.map_err(Failure::unwritable(under))?;
    let is_marked = fs::symlink_metadata(under.join(MARK))
        .is_ok_and(|found| found.is_file() && found.len() == 0);
    let is_known = |name: &OsString| name == MARK || name == INSIDE;
    if names.is_empty() || is_marked && names.iter().all(is_known) {
        Ok(())
    } else {
        Err(in_the_way())
    }
}

/// Whether a directory stands on another device than the one around it.
#[cfg(unix)]
fn is_mounted(dir: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;
    match dir.parent() {
        Some(around) => Ok(fs::metadata(dir)?.dev() != fs::metadata(around)?.dev()),
        None => Ok(true),
    }
}

#[cfg(not(unix))]
fn is_mounted(dir: &Path) -> io::Result<bool> {
    Ok(dir.parent().is_none())
}
