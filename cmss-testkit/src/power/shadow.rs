//! What of a directory is on the device: what was synced, and what a loss of power leaves.

mod left;
mod tree;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::chance::Chance;
use left::{Left, mixed};
use tree::{Identity, Tree};

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
    /// else. Of a file that is told of all the same, the name is.
    pub fn sync(&mut self, file: &File) {
        let live = Tree::of(&self.root);
        let told = Identity::of(file);
        // What has no name, nobody finds again.
        let Some(path) = live.path_of(told) else {
            return;
        };
        match (live.names(told), (self.rules)(&path)) {
            (Some(_), Content::Never) => return,
            (None, Content::Never) => self.durable.names.add(told, &live),
            (Some(names), _) => {
                for (name, identity) in names {
                    let path = path.join(name);
                    if (self.rules)(&path) == Content::Before {
                        self.keep(*identity, &path);
                    }
                }
                self.durable.names.set(told, names, &live);
            }
            (None, _) => self.keep(told, &path),
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
