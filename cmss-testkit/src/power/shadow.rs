//! What of a directory is on the device: what was synced, and what a loss of power leaves.

mod tree;

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::chance::Chance;
use tree::{Entries, Identity, Tree};

/// The least that a device writes at once.
const SECTOR: usize = 512;

/// What a system writes at once, mostly.
const PAGE: usize = 4096;

/// When the content of a file becomes durable; that of a directory are the names in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Content {
    /// At each sync of it that is told of.
    Synced,
    /// Likewise; and it is made longer before anything is written there, so that its length is found
    /// as it was or as it is, and nothing in between.
    Sized,
    /// Likewise; and it is the journal, which has [moments](super::Moment) of its own.
    Journal,
    /// Before the file has its name.
    Before,
    /// Never.
    Never,
}

/// When the content of a file or a directory becomes durable, by its path from the root on.
pub type Rules = fn(&Path) -> Content;

type Bytes = Arc<Vec<u8>>;

/// A directory of files, and what of it is on the device.
#[derive(Clone, Debug)]
pub struct Shadow {
    root: PathBuf,
    rules: Rules,
    durable: Durable,
}

/// What is on the device: the names in each directory, and what is in each file. A name does not
/// become durable with what has it, and that not with its name.
#[derive(Clone, Debug, Default)]
struct Durable {
    names: Tree,
    contents: BTreeMap<Identity, Bytes>,
}

/// What a loss of power leaves of a directory: the directories below it, and its files, by their paths.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Image {
    directories: BTreeSet<PathBuf>,
    files: BTreeMap<PathBuf, Vec<u8>>,
}

/// What of a directory is durable, where its files hold more: a process has ended, and the power stayed.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    durable: Durable,
    /// What was found where when it ended.
    places: BTreeMap<PathBuf, Identity>,
}

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

impl Shadow {
    /// Begins with a directory that is durable with all it holds.
    #[must_use]
    pub fn of(root: &Path, rules: Rules) -> Self {
        let names = Tree::of(root);
        let contents = names.files().into_iter();
        let contents = contents.filter_map(|(path, file)| Some((file, read(&root.join(path))?)));
        Self {
            root: root.to_owned(),
            rules,
            durable: Durable {
                contents: contents.collect(),
                names,
            },
        }
    }

    /// Begins with a directory that holds what a process left that ended, and of which this is durable.
    pub(super) fn of_kept(root: &Path, rules: Rules, kept: &Kept) -> Self {
        let now: BTreeMap<_, _> = Tree::of(root).places().into_iter().collect();
        let known = kept.places.iter();
        let known = known.filter_map(|(path, was)| Some((*was, *now.get(path)?)));
        let known: BTreeMap<Identity, Identity> = known.collect();
        // What is not there has no other.
        let known = |was: Identity| known.get(&was).copied().unwrap_or(was.gone());
        let contents = kept.durable.contents.iter();
        Self {
            root: root.to_owned(),
            rules,
            durable: Durable {
                names: kept.durable.names.known(known),
                contents: contents
                    .map(|(was, bytes)| (known(*was), bytes.clone()))
                    .collect(),
            },
        }
    }

    /// What is left when the process ends now, and the power stays.
    pub(super) fn end(&self) -> (Image, Kept) {
        let live = Tree::of(&self.root);
        let mut image = Image::default();
        for (path, identity) in live.places() {
            if live.names(identity).is_some() {
                image.directories.insert(path);
            } else if let Some(bytes) = read(&self.root.join(&path)) {
                image.files.insert(path, bytes.to_vec());
            }
        }
        let kept = Kept {
            durable: self.durable.clone(),
            places: live.places().into_iter().collect(),
        };
        (image, kept)
    }

    /// What is written to a file is durable, or the names in a directory are, by its rule; and nothing
    /// else.
    pub fn sync(&mut self, file: &File) {
        let live = Tree::of(&self.root);
        let told = Identity::of(file);
        // What has no name, nobody finds again.
        let Some(path) = live.path_of(told) else {
            return;
        };
        if (self.rules)(&path) == Content::Never {
            return;
        }
        match live.names(told) {
            Some(names) => {
                for (name, identity) in names {
                    let path = path.join(name);
                    if (self.rules)(&path) == Content::Before {
                        self.keep(*identity, &path);
                    }
                }
                self.durable.names.set(told, names, &live);
            }
            None => self.keep(told, &path),
        }
        let there = self.durable.names.all().chain(live.all()).collect();
        self.durable.forget_but(&there);
    }

    fn keep(&mut self, identity: Identity, path: &Path) {
        if let Some(bytes) = read(&self.root.join(path)) {
            self.durable.contents.insert(identity, bytes);
        }
    }

    /// When the content of a file or a directory becomes durable, if it is one of these.
    #[must_use]
    pub fn rule(&self, file: &File) -> Option<Content> {
        let path = Tree::of(&self.root).path_of(Identity::of(file));
        path.map(|path| (self.rules)(&path))
    }

    /// What is left when the power goes now: what is durable, and of the rest whatever chance
    /// leaves.
    #[must_use]
    pub fn cut(&self, chance: &mut Chance) -> Image {
        loop {
            let live = Tree::of(&self.root);
            let left = Left::of(self, &live, chance).image;
            // A directory that is moved meanwhile is looked for where it no longer is.
            if Tree::of(&self.root).directories() == live.directories() {
                return left;
            }
        }
    }

    /// What is found in a file at a path, which now stands at another, if anywhere.
    fn content(
        &self,
        path: &Path,
        now: Option<&PathBuf>,
        file: Identity,
        chance: &mut Chance,
    ) -> Vec<u8> {
        let durable = self.durable.contents.get(&file).map(|bytes| &***bytes);
        let at = now.map(|now| self.root.join(now));
        let at = at.filter(|at| Identity::at(at) == Some(file));
        let written = at.and_then(|at| read(&at));
        match (written, (self.rules)(path)) {
            (Some(written), Content::Before) => written.to_vec(),
            (Some(written), rule) => {
                let durable = durable.unwrap_or_default();
                let mut found = mixed(durable, &written, chance);
                if rule == Content::Sized && found.len() != written.len() {
                    found.resize(durable.len(), 0);
                }
                found
            }
            (None, _) => durable.unwrap_or_default().to_vec(),
        }
    }
}

impl Durable {
    fn forget_but(&mut self, there: &BTreeSet<Identity>) {
        self.contents.retain(|identity, _| there.contains(identity));
        self.names.retain(there);
    }
}

/// What a loss of power leaves, as far as it has been looked at.
struct Left<'a> {
    shadow: &'a Shadow,
    live: &'a Tree,
    /// Where everything now is.
    places: BTreeMap<Identity, PathBuf>,
    /// The directories that have been moved, and whether that is found: a move is kept or lost as a
    /// whole, as systems do.
    moved: BTreeMap<Identity, bool>,
    image: Image,
}

impl<'a> Left<'a> {
    fn of(shadow: &'a Shadow, live: &'a Tree, chance: &mut Chance) -> Self {
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
fn mixed(durable: &[u8], written: &[u8], chance: &mut Chance) -> Vec<u8> {
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

impl Image {
    /// Writes all of it into an empty directory.
    ///
    /// # Panics
    /// When there is no room for it.
    pub fn write(&self, root: &Path) {
        for path in &self.directories {
            // The root is there.
            fs::create_dir_all(root.join(path)).expect("a directory is made");
        }
        for (path, bytes) in &self.files {
            sparse(&root.join(path), bytes).expect("a file is written");
        }
    }

    /// The length of each file.
    #[must_use]
    pub fn lengths(&self) -> Vec<(&Path, usize)> {
        let files = self.files.iter();
        files.map(|(path, bytes)| (&**path, bytes.len())).collect()
    }
}

/// Writes a file with holes where it is zero.
fn sparse(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.set_len(bytes.len() as u64)?;
    for (number, part) in bytes.chunks(PAGE).enumerate() {
        if part != &[0; PAGE][..part.len()] {
            file.seek(SeekFrom::Start((number * PAGE) as u64))?;
            file.write_all(part)?;
        }
    }
    Ok(())
}

/// The content of a file, unless it has gone away, or a directory has come to stand there.
fn read(path: &Path) -> Option<Bytes> {
    match fs::read(path) {
        Ok(bytes) => Some(Arc::new(bytes)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::IsADirectory) => None,
        Err(error) => panic!("{}: {error}", path.display()),
    }
}

#[cfg(test)]
mod tests;
