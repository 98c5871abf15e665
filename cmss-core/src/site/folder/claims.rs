//! Which files in a directory are a site's: those that a file of its own names.
//!
//! A name stands there, durably, before a file takes it, so that a writer that is stopped anywhere
//! leaves nothing that the next one does not know as its own.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use super::{INDEX, SiteFolderError, Unfinished, at, folder, unfinished};
use crate::site::PageKind;
use crate::values::Coded as _;

/// The file that names the others.
const CLAIMS: &str = ".cmss-site";

/// What it begins with.
const FIRST: &str = "cmss site 1: cmss writes over what is named here, and removes it";

/// The names that a site has in a directory, by their paths in it, and where more are claimed.
pub(super) struct Claims {
    dir: PathBuf,
    names: BTreeSet<String>,
    file: File,
}

/// Refuses a directory that holds anything, unless it is a site's.
pub(super) fn check(dir: &Path) -> Result<(), SiteFolderError> {
    read(dir).map(drop)
}

/// What is named in a directory; nothing where nothing was begun.
fn read(dir: &Path) -> Result<Option<BTreeSet<String>>, SiteFolderError> {
    let claims = dir.join(CLAIMS);
    let foreign = || SiteFolderError::Foreign {
        dir: dir.to_owned(),
    };
    match fs::read_to_string(&claims) {
        Ok(text) => {
            let mut lines = text.lines();
            match lines.next() {
                Some(FIRST) => Ok(Some(lines.map(str::to_owned).collect())),
                _ => Err(foreign()),
            }
        }
        Err(error) if error.kind() == ErrorKind::InvalidData => Err(foreign()),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let mut entries = match fs::read_dir(dir) {
                Ok(entries) => entries,
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(at(dir)(error)),
            };
            // A writer may have been stopped before it had named anything.
            let begun = unfinished(CLAIMS);
            let is_vacant = entries.try_fold(true, |so_far, entry| {
                entry.map(|entry| so_far && entry.file_name() == *begun)
            });
            match is_vacant.map_err(at(dir))? {
                true => Ok(None),
                false => Err(foreign()),
            }
        }
        Err(error) => Err(at(&claims)(error)),
    }
}

/// Writes the names down in place of those that were there.
fn write<'a>(
    dir: &Path,
    names: impl IntoIterator<Item = &'a String>,
) -> Result<(), SiteFolderError> {
    let mut file = Unfinished::create(dir.join(CLAIMS))?;
    file.write(FIRST)?;
    for name in names {
        file.write("\n")?;
        file.write(name)?;
    }
    file.write("\n")?;
    file.finish()
}

impl Claims {
    /// Those of a directory, which is refused unless it is a site's, or vacant and becomes one.
    pub(super) fn of(dir: &Path) -> Result<Self, SiteFolderError> {
        let names = read(dir)?.unwrap_or_default();
        // Also after one whose last name was cut short.
        write(dir, &names)?;
        let path = dir.join(CLAIMS);
        let file = OpenOptions::new().append(true).open(&path);
        Ok(Self {
            dir: dir.to_owned(),
            names,
            file: file.map_err(at(&path))?,
        })
    }

    /// Claims names that are written next; refuses those that somebody else's files have.
    pub(super) fn claim(
        &mut self,
        names: impl IntoIterator<Item = String>,
    ) -> Result<(), SiteFolderError> {
        let mut lines = String::new();
        for name in names {
            if self.names.contains(&name) {
                continue;
            }
            for path in [name.clone(), unfinished(&name)].map(|name| self.dir.join(name)) {
                match fs::symlink_metadata(&path) {
                    Err(error) if error.kind() == ErrorKind::NotFound => {}
                    Err(error) => return Err(at(&path)(error)),
                    Ok(_) => {
                        return Err(SiteFolderError::Foreign {
                            dir: self.dir.clone(),
                        });
                    }
                }
            }
            lines.push_str(&name);
            lines.push('\n');
            self.names.insert(name);
        }
        if lines.is_empty() {
            return Ok(());
        }
        let written = self.file.write_all(lines.as_bytes());
        let synced = written.and_then(|()| self.file.sync_data());
        synced.map_err(at(&self.dir.join(CLAIMS)))
    }

    /// Takes away every file that is named and was not written now, and its name then.
    pub(super) fn keep(self, written: &BTreeSet<String>) -> Result<(), SiteFolderError> {
        let Self { dir, names, file } = self;
        drop(file);
        for name in names.difference(written).filter(|name| is_file(name)) {
            for path in [name.clone(), unfinished(name)].map(|name| dir.join(name)) {
                match fs::remove_file(&path) {
                    Err(error) if error.kind() != ErrorKind::NotFound => {
                        return Err(at(&path)(error));
                    }
                    _ => {}
                }
            }
        }
        write(&dir, written)
    }
}

/// Whether a site may name a file so: no line leads out of the directory.
fn is_file(name: &str) -> bool {
    let is_page = |(place, file): (&str, &str)| {
        let mut kinds = PageKind::ALL.iter();
        kinds.any(|kind| place == folder(*kind)) && !file.contains(['/', '\\'])
    };
    name == INDEX || name.ends_with(".json") && name.split_once('/').is_some_and(is_page)
}
