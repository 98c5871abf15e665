//! How one directory takes the place of another, whole at every moment.
//!
//! Beside the directory `news` stand, while it is compacted, the mark `news.compact`, held by the
//! process that does it, the new directory `news.compact-new`, and in the end, for a moment, the old
//! one as `news.compact-old`. What has to be done when that process died follows from which of them
//! are there:
//!
//! | `news` | `-new` | `-old` | |
//! |---|---|---|---|
//! | yes | yes | no | the new one may be unfinished: it is removed |
//! | no | yes | yes | the new one is whole: it takes the place, and the old one is removed |
//! | yes | no | yes | the new one is in place: the old one is removed |
//! | no | no | yes | the old one takes its place back |
//!
//! The mark is made first and removed last; without it, nothing of these names is touched. A file of
//! its name that says something else is somebody's, and none.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write as _};
use std::path::{Path, PathBuf};

use cmss_core::store::StoreError;

use crate::verify::Unverified;
use crate::{directory, error};

/// What the mark says. One that says less was cut short when it was made.
const MARK: &[u8] = b"a compaction of the store beside this is under way\n";

/// Whether a file that says this is a mark, whole or torn: a kill leaves its beginning, and a loss of
/// power leaves zeros where what was written is not yet on the device.
fn is_mark(says: &[u8]) -> bool {
    let written = says.iter().rposition(|byte| *byte != 0);
    let (written, _) = says.split_at(written.map_or(0, |last| last.saturating_add(1)));
    says.len() <= MARK.len() && MARK.starts_with(written)
}

/// A point of a swap, told of when it has been reached.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Step {
    Marked,
    OldAside,
    NewInPlace,
    NewRemoved,
    OldRemoved,
    OldBack,
    Unmarked,
}

/// What is told of points.
pub(crate) type Reached<'a> = &'a mut dyn FnMut(Step);

/// A directory, and the names beside it.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    pub(crate) live: PathBuf,
    pub(crate) new: PathBuf,
    pub(crate) old: PathBuf,
    mark: PathBuf,
    parent: PathBuf,
}

impl Places {
    /// Those of a directory, whether it is there or not. A link is followed: it stays, and what it
    /// leads to is swapped.
    pub(crate) fn of(path: &Path) -> Result<Self, StoreError> {
        let mut live = followed(path)?;
        if live.file_name().is_none()
            && let Ok(found) = fs::canonicalize(&live)
        {
            live = found;
        }
        let (Some(name), Some(parent)) = (live.file_name(), live.parent()) else {
            let shown = path.display();
            return Err(error::unavailable(format!(
                "{shown} has no name beside which something could stand: give the path with its name"
            )));
        };
        let beside = |ending: &str| {
            let mut name: OsString = name.to_owned();
            name.push(ending);
            parent.join(name)
        };
        Ok(Self {
            new: beside(".compact-new"),
            old: beside(".compact-old"),
            mark: beside(".compact"),
            parent: directory::named(parent).to_owned(),
            live,
        })
    }

    /// Refuses what is compacted at this moment, and what somebody has left there.
    pub(crate) fn check_unmarked(&self) -> Result<(), StoreError> {
        match self.marked()? {
            Some(_) => Err(self.under_way()),
            None => Ok(()),
        }
    }

    /// The mark, if there is one.
    fn marked(&self) -> Result<Option<File>, StoreError> {
        let is_file = match fs::symlink_metadata(&self.mark) {
            Ok(found) => found.is_file(),
            Err(source) if is_absent(&source) => false,
            Err(source) => return Err(self.cannot(source)),
        };
        if !is_file {
            return Ok(None);
        }
        let mut file = match File::open(&self.mark) {
            Ok(file) => file,
            Err(source) if source.kind() == ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(self.cannot(source)),
        };
        let mut says = Vec::new();
        let most = MARK.len() as u64 + 1;
        let read = Read::by_ref(&mut file).take(most).read_to_end(&mut says);
        read.map_err(|source| self.cannot(source))?;
        Ok(is_mark(&says).then_some(file))
    }

    /// Finishes or undoes what another process has begun and left; does nothing where nothing was
    /// begun.
    pub(crate) fn recover(&self, reached: Reached<'_>) -> Result<(), StoreError> {
        match self.marked()? {
            Some(file) => self.hold(file)?.clear(reached),
            None => Ok(()),
        }
    }

    /// Makes the mark, and holds it.
    pub(crate) fn begin(&self, reached: Reached<'_>) -> Result<Mark, Unverified> {
        let mut options = OpenOptions::new();
        let made = options.write(true).create_new(true).open(&self.mark);
        let file = match made {
            Ok(file) => file,
            Err(source) if source.kind() == ErrorKind::AlreadyExists => {
                self.check_unmarked()?;
                return Err(in_the_way(&self.mark));
            }
            Err(source) => return Err(self.cannot(source).into()),
        };
        let mark = self.hold(file)?;
        (&mark.held)
            .write_all(MARK)
            .and_then(|()| directory::sync_file(&mark.held))
            .map_err(|source| self.cannot(source))?;
        // Without a mark these are not ours.
        for path in [&self.new, &self.old] {
            if self.is(path)? {
                mark.unmark(reached)?;
                return Err(in_the_way(path));
            }
        }
        directory::sync_names(&self.parent).map_err(|source| self.cannot(source))?;
        reached(Step::Marked);
        Ok(mark)
    }

    /// Holds the mark, unless another process does, or has removed it meanwhile.
    fn hold(&self, file: File) -> Result<Mark, StoreError> {
        if directory::hold(&file, &self.mark).map_err(|source| self.cannot(source))? {
            Ok(Mark {
                places: self.clone(),
                held: file,
            })
        } else {
            Err(self.under_way())
        }
    }

    fn is(&self, path: &Path) -> Result<bool, StoreError> {
        match fs::symlink_metadata(path) {
            Ok(_) => Ok(true),
            Err(source) if is_absent(&source) => Ok(false),
            Err(source) => Err(self.cannot(source)),
        }
    }

    fn under_way(&self) -> StoreError {
        error::unavailable(format!(
            "{} is being compacted by another process, or was this moment: wait until that is over",
            self.live.display()
        ))
    }

    fn cannot(&self, source: io::Error) -> StoreError {
        let what = format!("{} cannot be swapped", self.live.display());
        error::unreachable(what, source)
    }
}

/// A swap that this process has begun, or has to end. Dropped, it is left as it is for the next
/// opening.
pub(crate) struct Mark {
    places: Places,
    held: File,
}

impl Mark {
    /// Puts the new directory in the place of the old one, which is closed. The new one is durable
    /// with all it holds.
    ///
    /// When this fails, either one is in place and [`Mark::clear`] tells which.
    pub(crate) fn swap(&self, reached: Reached<'_>) -> Result<(), StoreError> {
        self.rename(&self.places.live, &self.places.old)?;
        reached(Step::OldAside);
        self.rename(&self.places.new, &self.places.live)?;
        reached(Step::NewInPlace);
        Ok(())
    }

    /// Ends what was begun, so that one directory is left in place, and takes the mark away.
    pub(crate) fn clear(self, reached: Reached<'_>) -> Result<(), StoreError> {
        let Places { live, new, old, .. } = &self.places;
        let there = |path| self.places.is(path);
        match (there(live)?, there(new)?, there(old)?) {
            (true, true, false) => {
                self.remove(new)?;
                reached(Step::NewRemoved);
            }
            (false, true, true) => {
                self.rename(new, live)?;
                reached(Step::NewInPlace);
                self.remove(old)?;
                reached(Step::OldRemoved);
            }
            (true, false, true) => {
                self.remove(old)?;
                reached(Step::OldRemoved);
            }
            (false, false, true) => {
                self.rename(old, live)?;
                reached(Step::OldBack);
            }
            (_, false, false) => {}
            // Somebody has taken a hand in it.
            (true, true, true) | (false, true, false) => {
                return Err(error::unavailable(format!(
                    "it cannot be told which of {}, {} and {} holds the store, after a compaction \
                     that did not end: look at them, put the right one in place, and remove the \
                     others and {}",
                    live.display(),
                    new.display(),
                    old.display(),
                    self.places.mark.display()
                )));
            }
        }
        self.unmark(reached)
    }

    fn unmark(self, reached: Reached<'_>) -> Result<(), StoreError> {
        let cannot = |source| self.places.cannot(source);
        fs::remove_file(&self.places.mark).map_err(cannot)?;
        directory::sync_names(&self.places.parent).map_err(cannot)?;
        reached(Step::Unmarked);
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> Result<(), StoreError> {
        fs::rename(from, to)
            .and_then(|()| directory::sync_names(&self.places.parent))
            .map_err(|source| self.places.cannot(source))
    }

    fn remove(&self, path: &Path) -> Result<(), StoreError> {
        fs::remove_dir_all(path)
            .and_then(|()| directory::sync_names(&self.places.parent))
            .map_err(|source| self.places.cannot(source))
    }
}

/// Whether this says that nothing has the name, also because what it would stand in is a file.
fn is_absent(source: &io::Error) -> bool {
    matches!(
        source.kind(),
        ErrorKind::NotFound | ErrorKind::NotADirectory
    )
}

fn in_the_way(path: &Path) -> Unverified {
    let shown = path.display();
    Unverified::InTheWay {
        what: format!("{shown} is in the way: move it elsewhere"),
    }
}

/// Where a path leads when its last name is a link, or a link to one.
fn followed(path: &Path) -> Result<PathBuf, StoreError> {
    let mut path = path.to_owned();
    // As many as systems follow.
    for _ in 0..40 {
        match fs::read_link(&path) {
            Ok(to) => path = directory::parent(&path).join(to),
            // Not a link, or nothing.
            Err(_) => return Ok(path),
        }
    }
    let shown = path.display();
    Err(error::unavailable(format!("{shown} leads nowhere")))
}

#[cfg(test)]
mod tests;
