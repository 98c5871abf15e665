//! What a loss of power leaves: names as they were or as they are, and of each file some of what was
//! written since.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::tree::{Entries, Identity, Tree};
use super::{Image, PAGE, Shadow};
use crate::power::chance::Chance;

/// The least that a device writes at once.
const SECTOR: usize = 512;

/// Which of the unsynced parts of a file survive.
#[derive(Clone, Copy, Debug)]
enum Survive {
    Nothing,
    Everything,
    /// Each with this chance in eight.
    Each(usize),
    /// All but a run of them.
    AllButRun,
    /// A run of them alone.
    Run,
}

/// What a loss of power leaves, as far as it has been looked at.
pub(super) struct Left<'a> {
    shadow: &'a Shadow,
    live: &'a Tree,
    /// Where everything now is.
    places: BTreeMap<Identity, PathBuf>,
    /// The directories that have been moved, and whether that is found: a move is kept or lost as a
    /// whole, as systems do.
    moved: BTreeMap<Identity, bool>,
    pub(super) image: Image,
}

impl<'a> Left<'a> {
    pub(super) fn of(shadow: &'a Shadow, live: &'a Tree, chance: &mut Chance) -> Self {
        let places = live.places().into_iter();
        let mut left = Self {
            shadow,
            live,
            places: places.map(|(path, identity)| (identity, path)).collect(),
            moved: moved(&shadow.durable.names, live, chance),
            image: Image::default(),
        };
        left.look(live.root(), Path::new(""), chance);
        left
    }

    /// Looks at a directory that is found at a path.
    fn look(&mut self, directory: Identity, at: &Path, chance: &mut Chance) {
        let none = Entries::new();
        let durable = self.shadow.durable.names.names(directory).unwrap_or(&none);
        let written = self.live.names(directory).unwrap_or(&none);
        let names: BTreeSet<&OsString> = durable.keys().chain(written.keys()).collect();
        for name in names {
            let Some(found) = self.found(durable.get(name), written.get(name), chance) else {
                continue;
            };
            let path = at.join(name);
            if found.is_directory() {
                self.look(found, &path, chance);
                self.image.directories.insert(path);
            } else {
                let now = self.places.get(&found);
                let bytes = self.shadow.content(&path, now, found, chance);
                self.image.files.insert(path, bytes);
            }
        }
    }

    /// What is found under a name.
    fn found(
        &self,
        durable: Option<&Identity>,
        written: Option<&Identity>,
        chance: &mut Chance,
    ) -> Option<Identity> {
        if durable == written {
            return durable.copied();
        }
        let has_moved = |found: Option<&Identity>| found.and_then(|found| self.moved.get(found));
        let durable = durable.filter(|_| has_moved(durable) != Some(&true));
        let written = written.filter(|_| has_moved(written) != Some(&false));
        match (durable, written) {
            (_, Some(written)) if has_moved(Some(written)).is_some() => Some(*written),
            (Some(durable), _) if has_moved(Some(durable)).is_some() => Some(*durable),
            // Replaced, or removed, or new: the old name or the new one is found, or none.
            (Some(durable), _) if chance.one_in(2) => Some(*durable),
            (_, Some(written)) if chance.one_in(2) => Some(*written),
            _ => None,
        }
    }
}

/// The directories that stand elsewhere than they durably do, and whether they are found there.
fn moved(durable: &Tree, live: &Tree, chance: &mut Chance) -> BTreeMap<Identity, bool> {
    let was: BTreeMap<Identity, (Identity, &OsString)> = durable.within().collect();
    let is: BTreeMap<Identity, (Identity, &OsString)> = live.within().collect();
    let differs = |(found, was): &(&Identity, &(Identity, &OsString))| {
        found.is_directory() && is.get(found).is_some_and(|is| is != *was)
    };
    let moved = was.iter().filter(differs);
    let mut moved: BTreeMap<_, _> = moved.map(|(found, _)| (*found, chance.one_in(2))).collect();
    // Where one has stayed no other can have come.
    let is_blocked = |found: &Identity, moved: &BTreeMap<Identity, bool>| {
        let (within, name) = is.get(found)?;
        let stayed = durable.names(*within)?.get(*name)?;
        (moved.get(stayed) == Some(&false)).then_some(*found)
    };
    while let Some(blocked) = moved
        .iter()
        .find_map(|(found, goes)| is_blocked(found, &moved).filter(|_| *goes))
    {
        moved.insert(blocked, false);
    }
    moved
}

/// Puts together what is found of a file: what was durable, and some of what was written since.
pub(super) fn mixed(durable: &[u8], written: &[u8], chance: &mut Chance) -> Vec<u8> {
    if durable == written {
        return durable.to_vec();
    }
    let size = if chance.one_in(2) { SECTOR } else { PAGE };
    let differs = |at: &usize| part(durable, *at, size) != part(written, *at, size);
    let longer = durable.len().max(written.len());
    let parts: Vec<usize> = (0..longer).step_by(size).filter(differs).collect();
    let survive = match chance.below(8) {
        0 => Survive::Nothing,
        1 => Survive::Everything,
        2 => Survive::AllButRun,
        3 => Survive::Run,
        _ => Survive::Each(1 + chance.below(7)),
    };
    // Mostly short.
    let run = chance.below(parts.len());
    let longest = 1 << chance.below(12);
    let run = run..run + 1 + chance.below(longest);
    let mut found = durable.to_vec();
    for (number, at) in parts.iter().enumerate() {
        let survives = match survive {
            Survive::Nothing => false,
            Survive::Everything => true,
            Survive::Each(eighths) => chance.below(8) < eighths,
            Survive::AllButRun => !run.contains(&number),
            Survive::Run => run.contains(&number),
        };
        if survives {
            let bytes = part(written, *at, size);
            let end = at + bytes.len();
            if found.len() < end {
                found.resize(end, 0);
            }
            found[*at..end].copy_from_slice(bytes);
        }
    }
    // A length may survive without the bytes, and be lost where the file was made shorter.
    match (survive, written.len() < durable.len()) {
        (Survive::Nothing, _) => {}
        (Survive::Everything, _) => found.resize(written.len(), 0),
        (_, true) if chance.one_in(2) => found.truncate(written.len()),
        (_, false) if chance.one_in(2) => found.resize(written.len(), 0),
        _ => {}
    }
    found
}

/// So many bytes from a place on, or what there is of them.
fn part(bytes: &[u8], at: usize, size: usize) -> &[u8] {
    let rest = bytes.get(at..).unwrap_or_default();
    rest.get(..size).unwrap_or(rest)
}
