//! The kinds of stores there are.

use std::fmt;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ValueEnum;
use cmss::store::{Store, StoreError};
use cmss::verify::{Compacted, Compacting, Examined, Unverified, Verified, recover};
use cmss::{RedbStore, SledStore};

use crate::failure::Failure;

/// A kind of store that lives in a directory.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Kind {
    /// On sled.
    Sled,
    /// On redb.
    Redb,
}

/// An open store, and what only its kind can do.
pub(crate) struct Opened {
    pub(crate) store: Arc<dyn Store>,
    verify: Verify,
}

type Verify = Box<dyn Fn(&mut dyn FnMut(&Examined)) -> Result<Verified, Unverified>>;

impl Opened {
    /// Looks at everything it holds, and whether it belongs together.
    pub(crate) fn verify(
        &self,
        progress: &mut dyn FnMut(&Examined),
    ) -> Result<Verified, Unverified> {
        (self.verify)(progress)
    }
}

/// What is to be known about a kind.
struct About {
    name: &'static str,
    /// The files by which its directory is recognised.
    files: &'static [&'static str],
    open: fn(&Path) -> Result<Opened, StoreError>,
    compact: Compact,
}

type Compact = fn(&Path, &mut dyn FnMut(Compacting)) -> Result<Compacted, Unverified>;

impl Kind {
    const fn about(self) -> About {
        match self {
            Self::Sled => About {
                name: "sled",
                files: &["conf", "db"],
                open: |dir| {
                    let store = Arc::new(SledStore::open(dir)?);
                    let verify = Box::new({
                        let store = store.clone();
                        move |progress: &mut dyn FnMut(&Examined)| store.verify(progress)
                    });
                    Ok(Opened { store, verify })
                },
                compact: |dir, progress| SledStore::compact(dir, progress),
            },
            Self::Redb => About {
                name: "redb",
                files: &["db.redb"],
                open: |dir| {
                    let store = Arc::new(RedbStore::open(dir)?);
                    let verify = Box::new({
                        let store = store.clone();
                        move |progress: &mut dyn FnMut(&Examined)| store.verify(progress)
                    });
                    Ok(Opened { store, verify })
                },
                compact: |dir, progress| RedbStore::compact(dir, progress),
            },
        }
    }

    /// The kind of the store in a directory, if it holds one, whole or not.
    pub(crate) fn of(dir: &Path) -> Result<Option<Self>, Failure> {
        for kind in Self::value_variants() {
            if kind.has_files(dir)? {
                return Ok(Some(*kind));
            }
        }
        Ok(None)
    }

    fn files(self, dir: &Path) -> impl Iterator<Item = PathBuf> {
        self.about().files.iter().map(move |name| dir.join(name))
    }

    fn has_files(self, dir: &Path) -> Result<bool, Failure> {
        for file in self.files(dir) {
            match fs::metadata(&file) {
                Ok(found) if found.is_file() => {}
                Ok(_) => return Ok(false),
                Err(error) => match error.kind() {
                    ErrorKind::NotFound | ErrorKind::NotADirectory => return Ok(false),
                    _ => return Err(Failure::unreadable(&file)(error)),
                },
            }
        }
        Ok(true)
    }

    /// Refuses files in which nothing is: opened, they would become a store.
    fn check_filled(self, dir: &Path) -> Result<(), Failure> {
        for file in self.files(dir) {
            let found = fs::metadata(&file).map_err(Failure::unreadable(&file))?;
            if found.len() == 0 {
                let (shown, file) = (dir.display(), file.display());
                return Err(Failure::not_opened(format!(
                    "{shown} holds no store any more, or not yet: {file} is empty"
                )));
            }
        }
        Ok(())
    }

    /// Rewrites the store in a directory, which nobody has open.
    pub(crate) fn compact(
        self,
        dir: &Path,
        progress: &mut dyn FnMut(Compacting),
    ) -> Result<Compacted, Unverified> {
        (self.about().compact)(dir, progress)
    }

    /// Opens the store in a directory, or creates it there.
    pub(crate) fn open(self, dir: &Path) -> Result<Opened, StoreError> {
        (self.about().open)(dir)
    }
}

/// Opens the store that a directory holds, whichever kind it is; creates none.
pub(crate) fn open(dir: &Path) -> Result<(Kind, Opened), Failure> {
    let kind = of(dir)?;
    let opened = kind.open(dir).map_err(Failure::from);
    Ok((kind, opened.map_err(|failure| failure.about(dir))?))
}

/// The kind of the store that a directory holds.
pub(crate) fn of(dir: &Path) -> Result<Kind, Failure> {
    // A compaction that was killed may have left the store beside its place.
    recover(dir)?;
    let found = fs::metadata(dir).map_err(Failure::unreadable(dir))?;
    if !found.is_dir() {
        let shown = dir.display();
        return Err(Failure::not_opened(format!(
            "{shown} is a file: give the directory of a store"
        )));
    }
    if let Some(kind) = Kind::of(dir)? {
        kind.check_filled(dir)?;
        return Ok(kind);
    }
    let kinds = Kind::value_variants().iter();
    let kinds: Vec<_> = kinds.map(ToString::to_string).collect();
    let (shown, kinds) = (dir.display(), kinds.join(" or "));
    Err(Failure::not_opened(format!(
        "{shown} holds no store of a kind known here: {kinds}"
    )))
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.about().name)
    }
}
