//! Rewriting a store, so that its files hold what it holds and nothing else.
//!
//! For backends whose stores are directories. The store is looked at, copied key by key into a
//! directory beside its own, held against the old one, and takes its place; a process that dies at
//! any moment leaves either the old or the new store, whole, and the next opening cleans up.

mod access;
mod copy;
mod swap;

use std::fs::{self, File};
use std::io;
use std::path::Path;

use cmss_core::store::StoreError;

use crate::engine::Engine;
use crate::store::KeyedStore;
use crate::verify::{Examined, Unverified, Verified};
use crate::{directory, error};
use access::Access;
use swap::{Mark, Places, Reached, Step};

/// What compaction has to know of a backend.
#[derive(Debug)]
pub struct Housing<E: Engine> {
    /// Opens the store in a directory, or creates it there, and keeps its journal and witness in it
    /// ([`KeyedStore::open_in`]).
    pub open: fn(&Path) -> Result<KeyedStore<E>, StoreError>,
    /// The file in the directory that is locked while the store is open.
    pub lock: &'static str,
    /// Whether a name in the directory is one of those the backend makes there, the witness and the journal
    /// included.
    pub owns: fn(&str) -> bool,
}

/// How far a compaction has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Compacting {
    /// The store is looked at, as [`KeyedStore::verify`] does.
    Verifying(Examined),
    /// It is written anew.
    Writing {
        /// Values so far, of those that were looked at.
        values: u64,
    },
    /// The new store is held against the old one.
    Comparing {
        /// Values so far.
        values: u64,
    },
    /// The new store holds the same, value for value, and is durable.
    Written,
    /// The old store has been moved aside: from here on the new one counts.
    Aside,
    /// The new store is in place.
    InPlace,
}

/// What a compaction came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Compacted {
    /// What was looked at in the old store. The new one holds the same, value for value.
    pub verified: Verified,
    /// Bytes of the files before.
    pub before: u64,
    /// Bytes of the files now.
    pub after: u64,
}

/// Finishes or undoes a compaction of this directory that its process did not end. A backend calls
/// it before it opens a store, and before it looks whether the directory is there.
///
/// # Errors
/// [`StoreError::Unavailable`] when the directory is being compacted, or somebody has changed what
/// the compaction had left.
pub fn recover(directory: &Path) -> Result<(), StoreError> {
    match Places::of(directory) {
        Ok(places) => places.recover(&mut |_| ()),
        // Nothing can stand beside it, so nothing does.
        Err(_) => Ok(()),
    }
}

/// Refuses a directory that is being compacted, by who has the lock on its files.
pub(crate) fn check_unmarked(directory: &Path) -> Result<(), StoreError> {
    match Places::of(directory) {
        Ok(places) => places.check_unmarked(),
        Err(_) => Ok(()),
    }
}

/// Rewrites the store in a directory, which nobody has open.
///
/// The new store stands beside the directory until it takes its place: there must be room for both,
/// and the directory that both stand in must be writable. On Unix the new one has the owner and the
/// mode of the old one, and its files those of the file of the data; until it is whole, only its owner
/// may look into it. Access lists and other attributes are not carried over. Memory is bounded,
/// whatever the store holds.
///
/// This reads and writes on the calling thread and one more. When it fails, and when `progress`
/// panics, the store is as it was, or as it is when this succeeds.
///
/// # Errors
/// [`Unverified::Corrupt`] with the first thing that is wrong in the store, which is left as it is;
/// [`Unverified::Unread`] when it is open elsewhere, or there is no store, or no room, or the new one
/// could not be given to the owner of the old one; [`Unverified::InTheWay`] when files of somebody else
/// are in it or beside it.
pub fn compact<E: Engine>(
    directory: &Path,
    housing: &Housing<E>,
    mut progress: impl FnMut(Compacting),
) -> Result<Compacted, Unverified> {
    run(directory, housing, &mut progress, &mut |_| ())
}

fn run<E: Engine>(
    directory: &Path,
    housing: &Housing<E>,
    progress: &mut dyn FnMut(Compacting),
    reached: Reached<'_>,
) -> Result<Compacted, Unverified> {
    let places = Places::of(directory)?;
    places.recover(reached)?;
    let before = own_size(&places.live, housing)?;
    let old = (housing.open)(&places.live)?;
    let mark = places.begin(reached)?;
    let written = rewrite(&places, housing, old, progress);
    let verified = match written {
        Ok(verified) => verified,
        Err(error) => {
            // What went wrong says more than how it is cleaned up; the next opening does that too.
            let _ = mark.clear(reached);
            return Err(error);
        }
    };
    let after = own_size(&places.new, housing)?;
    exchange(&places, housing, mark, progress, reached)?;
    Ok(Compacted {
        verified,
        before,
        after,
    })
}

/// Writes the store anew, beside itself, and closes both.
fn rewrite<E: Engine>(
    places: &Places,
    housing: &Housing<E>,
    old: KeyedStore<E>,
    progress: &mut dyn FnMut(Compacting),
) -> Result<Verified, Unverified> {
    let verified = old.verify(|examined| progress(Compacting::Verifying(*examined)))?;
    let beside = |source| error::unreachable("no directory can be made beside it", source);
    let access = Access::of(&places.live, housing.lock).map_err(beside)?;
    access.make(&places.new).map_err(beside)?;
    let new = (housing.open)(&places.new)?;
    copy::write(&old, &new, |values| {
        progress(Compacting::Writing { values })
    })?;
    let are_same = copy::compare(old.shared(), new.shared(), |values| {
        progress(Compacting::Comparing { values });
    })?;
    if !are_same {
        return Err(Unverified::Unread(StoreError::Backend {
            what: "the store that was written anew is not the same".to_owned(),
            source: None,
        }));
    }
    new.shut()?;
    drop(new);
    old.shut()?;
    (access.give(&places.new))
        .map_err(|source| error::io("while giving the new store to its owner", source))?;
    sync_all(&places.new).map_err(|source| error::io("while syncing the new store", source))?;
    progress(Compacting::Written);
    Ok(verified)
}

/// Puts the new store in place of the old one.
fn exchange<E: Engine>(
    places: &Places,
    housing: &Housing<E>,
    mark: Mark,
    progress: &mut dyn FnMut(Compacting),
    reached: Reached<'_>,
) -> Result<(), StoreError> {
    let lock = places.live.join(housing.lock);
    // Nobody opens the old files while they move; who tries now finds the mark and lets go.
    let held = File::open(&lock).map(|file| file.try_lock().map(|()| file));
    let swapped = match held {
        Ok(Ok(_held)) => mark.swap(&mut |step| {
            reached(step);
            match step {
                Step::OldAside => progress(Compacting::Aside),
                Step::NewInPlace => progress(Compacting::InPlace),
                _ => {}
            }
        }),
        Ok(Err(_)) => Err(error::held(lock.display())),
        Err(source) => Err(error::io("while locking the old store", source)),
    };
    let cleared = mark.clear(reached);
    swapped.and(cleared)
}

/// The bytes of a store's files; refuses a directory that holds anything else.
fn own_size<E: Engine>(directory: &Path, housing: &Housing<E>) -> Result<u64, Unverified> {
    let shown = directory.display();
    let cannot = |source| error::unreachable(format!("{shown} cannot be read"), source);
    let names = directory::names(directory).map_err(cannot)?;
    if !names.iter().any(|name| name == housing.lock) {
        return Err(error::unavailable(format!("{shown} holds no store")).into());
    }
    let mut size = 0_u64;
    for name in names {
        if !(housing.owns)(&name) {
            return Err(Unverified::InTheWay {
                what: format!(
                    "{shown} holds {name}, which is none of the store's files and would be lost: \
                     move it elsewhere"
                ),
            });
        }
        let length = fs::metadata(directory.join(name)).map_err(cannot)?.len();
        size = size.saturating_add(length);
    }
    Ok(size)
}

/// Makes a directory durable with all it holds.
fn sync_all(path: &Path) -> io::Result<()> {
    for item in fs::read_dir(path)? {
        let item = item?;
        if item.file_type()?.is_dir() {
            sync_all(&item.path())?;
        } else {
            File::open(item.path())?.sync_all()?;
        }
    }
    directory::sync(path)
}

#[cfg(test)]
mod tests;
