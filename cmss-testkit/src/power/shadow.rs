//! What of a directory is on the device: what was synced, and what a loss of power leaves.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Seek, SeekFrom, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::chance::Chance;

/// The least that a device writes at once.
const SECTOR: usize = 512;

/// What a system writes at once, mostly.
const PAGE: usize = 4096;

/// When the content of a file becomes durable.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Content {
    /// At each sync of it that the store tells of. Every name is durable by then.
    Synced,
    /// Likewise; and it is made longer before anything is written there, so that its length is found
    /// as it was or as it is, and nothing in between.
    Sized,
    /// At each sync of it that the store tells of, and nothing else becomes durable then: no name but
    /// its own, which is from the second sync on. Who makes such a file syncs it, and then its
    /// directory.
    Beside,
    /// Once: at the first sync of a file that is not beside the others.
    Once,
    /// Before the file has its name.
    Before,
    /// Never.
    Never,
}

/// When the content of a file becomes durable, by its path from the root on.
pub type Rules = fn(&Path) -> Content;

type Bytes = Arc<Vec<u8>>;

/// A file, by what stays the same when it is renamed.
type Identity = (u64, u64);

/// A directory of files, and what of it is on the device.
#[derive(Clone, Debug)]
pub struct Shadow {
    root: PathBuf,
    rules: Rules,
    names: BTreeMap<PathBuf, Identity>,
    contents: BTreeMap<Identity, Bytes>,
}

/// What a loss of power leaves of a directory: its files, by their paths.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Image {
    files: BTreeMap<PathBuf, Vec<u8>>,
}

/// What of a directory is durable, where its files hold more: a process has ended, and the power stayed.
#[derive(Clone, Debug)]
pub(super) struct Kept(Vec<Durable>);

#[derive(Clone, Debug)]
struct Durable {
    path: PathBuf,
    bytes: Bytes,
    /// So is the name.
    is_named: bool,
    /// The file of this name is that one still.
    is_there: bool,
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
        let mut shadow = Self {
            root: root.to_owned(),
            rules,
            names: BTreeMap::new(),
            contents: BTreeMap::new(),
        };
        for (path, identity) in names(root) {
            let bytes = read(&root.join(&path)).unwrap_or_default();
            shadow.contents.insert(identity, bytes);
            shadow.names.insert(path, identity);
        }
        shadow
    }

    /// Begins with a directory that holds what a process left that ended, and of which this is durable.
    pub(super) fn of_kept(root: &Path, rules: Rules, kept: &Kept) -> Self {
        let live = names(root);
        let mut shadow = Self {
            root: root.to_owned(),
            rules,
            names: BTreeMap::new(),
            contents: BTreeMap::new(),
        };
        for (durable, number) in kept.0.iter().zip(0..) {
            let found = live.get(&durable.path).filter(|_| durable.is_there);
            // No device has this number: what is not there has no identity.
            let identity = found.map_or((u64::MAX, number), |found| *found);
            shadow.contents.insert(identity, durable.bytes.clone());
            if durable.is_named {
                shadow.names.insert(durable.path.clone(), identity);
            }
        }
        shadow
    }

    /// What is left when the process ends now, and the power stays.
    pub(super) fn end(&self) -> (Image, Kept) {
        let live = names(&self.root);
        let bytes_of = |path: &PathBuf| read(&self.root.join(path));
        let files = live.keys();
        let files = files.filter_map(|path| Some((path.clone(), bytes_of(path)?.to_vec())));
        let named = self.names.iter().map(|(path, identity)| Durable {
            path: path.clone(),
            bytes: self.contents.get(identity).cloned().unwrap_or_default(),
            is_named: true,
            is_there: live.get(path) == Some(identity),
        });
        let is_new =
            |(path, identity): &(&PathBuf, &Identity)| self.names.get(*path) != Some(*identity);
        let unnamed = live.iter().filter(is_new).filter_map(|(path, identity)| {
            Some(Durable {
                path: path.clone(),
                bytes: self.contents.get(identity)?.clone(),
                is_named: false,
                is_there: true,
            })
        });
        let kept = named.chain(unnamed).collect();
        let files = files.collect();
        (Image { files }, Kept(kept))
    }

    /// What is written to a file is durable, by the rules; and so are names.
    pub fn sync(&mut self, file: &File) {
        let names = names(&self.root);
        let told = identity(file);
        let Some(path) = path_of(&names, told) else {
            // It has no name, so nobody finds it again.
            return;
        };
        if (self.rules)(path) != Content::Beside {
            self.become_durable(|rule, identity, known| match rule {
                Content::Synced | Content::Sized => identity == told,
                Content::Once | Content::Before => !known,
                Content::Beside | Content::Never => false,
            });
            return;
        }
        if let Some(bytes) = read(&self.root.join(path)) {
            let is_first = self.contents.insert(told, bytes).is_none();
            if !is_first && path_of(&self.names, told).is_none() {
                self.names.insert(path.clone(), told);
            }
        }
    }

    /// When the content of a file becomes durable, if it is one of these.
    #[must_use]
    pub fn rule(&self, file: &File) -> Option<Content> {
        path_of(&names(&self.root), identity(file)).map(|path| (self.rules)(path))
    }

    /// Every name is durable, and nothing more of what is in the files.
    pub fn sync_names(&mut self) {
        self.become_durable(|rule, _, known| rule == Content::Before && !known);
    }

    /// Every name; and the content of each file of which this is said, by its rule, by itself, and by
    /// whether it ever was.
    fn become_durable(&mut self, synced: impl Fn(Content, Identity, bool) -> bool) {
        let names = names(&self.root);
        for (path, identity) in &names {
            let known = self.contents.contains_key(identity);
            if synced((self.rules)(path), *identity, known)
                && let Some(bytes) = read(&self.root.join(path))
            {
                self.contents.insert(*identity, bytes);
            }
        }
        let there: BTreeSet<Identity> = names.values().copied().collect();
        self.contents.retain(|identity, _| there.contains(identity));
        self.names = names;
    }

    /// What is left when the power goes now: what is durable, and of the rest whatever chance
    /// leaves.
    #[must_use]
    pub fn cut(&self, chance: &mut Chance) -> Image {
        let live = names(&self.root);
        let paths: BTreeSet<&PathBuf> = self.names.keys().chain(live.keys()).collect();
        let files = paths.into_iter().filter_map(|path| {
            let durable = self.names.get(path);
            let written = live.get(path);
            let bytes = match (durable, written) {
                (Some(durable), Some(written)) if durable == written => {
                    self.content(path, *written, chance)
                }
                // Replaced, or removed, or new: the old name or the new one is found.
                (Some(durable), _) if chance.one_in(2) => self.content(path, *durable, chance),
                (_, Some(written)) if chance.one_in(2) => self.content(path, *written, chance),
                _ => return None,
            };
            Some((path.clone(), bytes))
        });
        Image {
            files: files.collect(),
        }
    }

    /// What is found in a file.
    fn content(&self, path: &Path, identity: Identity, chance: &mut Chance) -> Vec<u8> {
        let durable = self.contents.get(&identity).map(|bytes| &***bytes);
        let at = self.root.join(path);
        let is_it = fs::metadata(&at).is_ok_and(|found| is(&found) == identity);
        let written = read(&at).filter(|_| is_it);
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
    /// Writes the files into an empty directory.
    ///
    /// # Panics
    /// When there is no room for them.
    pub fn write(&self, root: &Path) {
        for (path, bytes) in &self.files {
            let path = root.join(path);
            let parent = path.parent().expect("a file is in a directory");
            fs::create_dir_all(parent).expect("a directory is made");
            sparse(&path, bytes).expect("a file is written");
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

fn is(found: &fs::Metadata) -> Identity {
    (found.dev(), found.ino())
}

fn identity(file: &File) -> Identity {
    is(&file.metadata().expect("a file is open"))
}

/// Where a file is found.
fn path_of(names: &BTreeMap<PathBuf, Identity>, file: Identity) -> Option<&PathBuf> {
    let mut names = names.iter();
    names.find_map(|(path, identity)| (*identity == file).then_some(path))
}

/// Every file below a directory. What goes away meanwhile may be there or not.
fn names(root: &Path) -> BTreeMap<PathBuf, Identity> {
    let mut found = BTreeMap::new();
    let mut open = vec![PathBuf::new()];
    while let Some(directory) = open.pop() {
        let entries = match fs::read_dir(root.join(&directory)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => panic!("{}: {error}", directory.display()),
        };
        for entry in entries {
            let entry = entry.expect("a name is read");
            let path = directory.join(entry.file_name());
            match entry.metadata() {
                Ok(entry) if entry.is_dir() => open.push(path),
                Ok(entry) => _ = found.insert(path, is(&entry)),
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => panic!("{}: {error}", path.display()),
            }
        }
    }
    found
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
