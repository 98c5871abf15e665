//! The kinds of stores there are.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ValueEnum;
use cmss::store::{Seq, Store, StoreError};
use cmss::verify::{Compacted, Compacting, Examined, Unverified, Verified, recover};
use cmss::{RedbStore, SledStore};
use cmss_keyed::directory::keeps;

use crate::failure::Failure;
use crate::owner;

/// The name in a store's directory that may be a directory.
const BLOBS: &str = "blobs";

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
    /// The files without which there is no store.
    files: &'static [&'static str],
    /// Whether a name in a store's directory is this kind's, and no other's.
    owns: fn(&str) -> bool,
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
                owns: |name| {
                    [BLOBS, "closed", "conf", "db"].contains(&name) || name.starts_with("snap.")
                },
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
                owns: |name| name == "db.redb",
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

    /// Whether a directory holds a store of this kind, as far as can be seen.
    fn is_in(self, dir: &Path) -> bool {
        let is_there = |name| fs::metadata(dir.join(name)).is_ok_and(|found| found.is_file());
        self.about().files.iter().all(is_there)
    }

    fn owns(self, name: &str) -> bool {
        (self.about().owns)(name)
    }

    /// Refuses a store of this kind that is another user's, or the beginning of one.
    pub(crate) fn check_owner(self, dir: &Path) -> Result<(), Failure> {
        let mut files = self.about().files.iter();
        files.try_for_each(|file| owner::check(&dir.join(file)))
    }

    /// What a store of this kind cannot be without, and is: no file, or nothing in it.
    fn lack(self, names: &Names) -> Option<Lack> {
        let lack = |file: &&'static str| match names.files.get(*file) {
            Some(0) => Some((*file, "is empty")),
            Some(_) => None,
            None => Some((*file, "is not there")),
        };
        self.about().files.iter().find_map(lack)
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
    let opened = opened.map_err(|failure| failure.about(dir).advised_to_load());
    Ok((kind, opened?))
}

/// Refuses a store to which nothing was committed: a load that was stopped leaves one.
pub(crate) async fn check_filled(store: &dyn Store, dir: &Path) -> Result<(), Failure> {
    let found = store.get(&[]).await.map_err(Failure::of_store(dir))?;
    if found.as_of != Seq::ZERO {
        return Ok(());
    }
    let shown = dir.display();
    Err(
        Failure::not_opened(format!("{shown} holds no newsroom: the store is empty"))
            .with_advice("`cmss-tool load` fills it with a backup"),
    )
}

/// The kind of the store that a directory holds.
pub(crate) fn of(dir: &Path) -> Result<Kind, Failure> {
    // It may be back only once it has been looked at.
    let found = look(dir)?;
    let is_dir = fs::metadata(dir)
        .map_err(Failure::unreadable(dir))?
        .is_dir();
    let shown = dir.display();
    match found {
        Found::Store(kind) => kind.check_owner(dir).map(|()| kind),
        Found::Left(what) => Err(Failure::faulty(what).about(dir).with_advice(
            "put the files back that belong to it, or `cmss-tool load` makes a new store of a backup, \
             in a new directory",
        )),
        Found::Begun(_, (file, how)) => Err(Failure::not_opened(format!(
            "{shown} holds no store any more, or not yet: {} {how}",
            dir.join(file).display()
        ))
        .with_advice("`cmss-tool load` fills it with a backup")),
        Found::Nothing if !is_dir => Err(Failure::not_opened(format!(
            "{shown} is a file: give the directory of a store"
        ))),
        Found::Nothing => {
            let kinds = Kind::value_variants().iter();
            let kinds: Vec<_> = kinds.map(ToString::to_string).collect();
            let kinds = kinds.join(" or ");
            Err(Failure::not_opened(format!(
                "{shown} holds no store of a kind known here: {kinds}"
            ))
            .with_advice("give the directory of a store, or make a new one of a backup: `cmss-tool load`"))
        }
    }
}

/// Refuses a new file or directory that would stand in the directory of a store.
pub(crate) fn check_outside(path: &Path) -> Result<(), Failure> {
    for around in place(path).ancestors().skip(1) {
        let kinds = Kind::value_variants();
        if let Some(kind) = kinds.iter().find(|kind| kind.is_in(around)) {
            let (shown, around) = (path.display(), around.display());
            let what = format!("{shown} would stand in {around}, which holds a store on {kind}");
            return Err(Failure::refused(what).with_advice("give a place outside of it"));
        }
    }
    Ok(())
}

/// Where a path leads to, whether that is there yet or not.
fn place(path: &Path) -> PathBuf {
    let mut ancestors = path.ancestors();
    let found = ancestors.find_map(|above| {
        let named = match above.as_os_str().is_empty() {
            true => Path::new("."),
            false => above,
        };
        let found = fs::canonicalize(named).ok()?;
        Some(found.join(path.strip_prefix(above).ok()?))
    });
    found.unwrap_or_else(|| path.to_owned())
}

/// What a directory holds, going by the names in it.
#[derive(Debug)]
pub(crate) enum Found {
    /// Nothing that tells of a store, or nothing at all.
    Nothing,
    /// A store, whole or not.
    Store(Kind),
    /// What a creation leaves that was cut short, and what it lacks: opened, it would become a store.
    Begun(Kind, Lack),
    /// What is left of a store, and of which: opened, it would be begun anew.
    Left(String),
}

/// A file, and how it is not what it should be.
type Lack = (&'static str, &'static str);

/// Looks at what is in a directory, and changes nothing in it.
pub(crate) fn look(dir: &Path) -> Result<Found, Failure> {
    // A compaction that was killed may have left the store beside its place.
    recover(dir)?;
    let names = Names::of(dir)?;
    let mut known = None;
    for kind in Kind::value_variants() {
        match kind.lack(&names) {
            None => return Ok(Found::Store(*kind)),
            Some(lack) if known.is_none() && names.any(|name| kind.owns(name)) => {
                known = Some((*kind, lack));
            }
            Some(_) => {}
        }
    }
    let is_known = |name: &str| keeps(name) || known.is_some_and(|(kind, _)| kind.owns(name));
    let has_others = names.has_others || names.any(|name| !is_known(name));
    // These are begun when the files of the engine are there.
    let has_kept = names.any(keeps);
    Ok(match known {
        Some((kind, (file, how))) if has_kept => {
            Found::Left(format!("what is left of a store on {kind}: {file} {how}"))
        }
        Some((kind, lack)) if !has_others => Found::Begun(kind, lack),
        // Beside other things, a file of so plain a name is somebody's.
        None if has_kept && !has_others => {
            let left: Vec<&str> = names.files.keys().map(String::as_str).collect();
            let left = left.join(", ");
            Found::Left(format!(
                "what is left of a store of which the data files are gone: {left}"
            ))
        }
        _ => Found::Nothing,
    })
}

/// The names in a directory.
#[derive(Default)]
struct Names {
    /// Those of files, and how long they are.
    files: BTreeMap<String, u64>,
    /// Whether there are others, which are no store's.
    has_others: bool,
}

impl Names {
    /// None where there is no directory.
    fn of(dir: &Path) -> Result<Self, Failure> {
        let mut names = Self::default();
        let is_none = |error: &io::Error| {
            matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
        };
        let entries = match fs::read_dir(dir) {
            Err(error) if is_none(&error) => return Ok(names),
            entries => entries.map_err(Failure::unreadable(dir))?,
        };
        for entry in entries {
            let entry = entry.map_err(Failure::unreadable(dir))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            match fs::metadata(entry.path()) {
                Ok(found) if found.is_file() || name == BLOBS => {
                    names.files.insert(name, found.len());
                }
                Ok(_) => names.has_others = true,
                // A link that leads nowhere.
                Err(error) if is_none(&error) => names.has_others = true,
                Err(error) => return Err(Failure::unreadable(&entry.path())(error)),
            }
        }
        Ok(names)
    }

    fn any(&self, is: impl Fn(&str) -> bool) -> bool {
        self.files.keys().any(|name| is(name))
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.about().name)
    }
}

#[cfg(test)]
mod tests {
    use tempfile::tempdir;

    use super::*;

    #[test]
    fn every_file_in_a_store_is_known_by_its_kind_and_by_no_other() {
        for kind in Kind::value_variants() {
            let home = tempdir().unwrap();
            // Opened again, a store on sled has a snapshot.
            for _ in 0..2 {
                let opened = kind.open(home.path()).unwrap();
                pollster::block_on(opened.store.close()).unwrap();
            }
            let names = Names::of(home.path()).unwrap();
            assert!(!names.has_others);
            for name in names.files.keys() {
                let owners = Kind::value_variants().iter();
                let owners: Vec<_> = owners.filter(|kind| kind.owns(name)).collect();
                assert!(keeps(name) ^ (owners == [kind]), "{name} is of {owners:?}");
            }
            assert!(names.any(keeps));
        }
    }
}
