//! The kinds of stores there are.

use std::fmt;
use std::path::Path;
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

    /// The kind of the store in a directory, if it holds one.
    pub(crate) fn of(dir: &Path) -> Option<Self> {
        let has_all = |kind: &&Self| {
            let mut files = kind.about().files.iter();
            files.all(|file| dir.join(file).is_file())
        };
        Self::value_variants().iter().find(has_all).copied()
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
    let found = std::fs::metadata(dir).map_err(Failure::unreadable(dir))?;
    if !found.is_dir() {
        let shown = dir.display();
        return Err(Failure::not_opened(format!(
            "{shown} is a file: give the directory of a store"
        )));
    }
    Kind::of(dir).ok_or_else(|| {
        let kinds = Kind::value_variants().iter();
        let kinds: Vec<_> = kinds.map(ToString::to_string).collect();
        let (shown, kinds) = (dir.display(), kinds.join(" or "));
        Failure::not_opened(format!(
            "{shown} holds no store of a kind known here: {kinds}"
        ))
    })
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.about().name)
    }
}
