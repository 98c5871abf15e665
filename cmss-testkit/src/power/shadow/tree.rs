//! Directories, and the names in them.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// A file or a directory, by what stays the same when it is renamed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub(super) struct Identity {
    device: u64,
    number: u64,
    /// A number is given away again; few are in the same moment.
    born: Option<SystemTime>,
    is_directory: bool,
    /// None has this that is there.
    is_gone: bool,
}

impl Identity {
    pub(super) fn of(file: &File) -> Self {
        Self::from(&file.metadata().expect("a file is open"))
    }

    /// What is at a path, if anything is.
    pub(super) fn at(path: &Path) -> Option<Self> {
        fs::metadata(path).ok().as_ref().map(Self::from)
    }

    pub(super) const fn is_directory(self) -> bool {
        self.is_directory
    }

    /// The same, when it is gone.
    pub(super) const fn gone(self) -> Self {
        Self {
            is_gone: true,
            ..self
        }
    }
}

impl From<&Metadata> for Identity {
    fn from(found: &Metadata) -> Self {
        Self {
            device: found.dev(),
            number: found.ino(),
            born: found.created().ok(),
            is_directory: found.is_dir(),
            is_gone: false,
        }
    }
}

/// The names in a directory, and what has them.
pub(super) type Entries = BTreeMap<OsString, Identity>;

/// A directory, and those below it.
#[derive(Clone, Debug, Default)]
pub(super) struct Tree {
    root: Identity,
    directories: BTreeMap<Identity, Entries>,
}

impl Tree {
    /// What is below a directory. What goes away meanwhile may be there or not.
    pub(super) fn of(root: &Path) -> Self {
        // It has gone away too, where its test is over.
        let identity = Identity::at(root).unwrap_or_default();
        let mut found = Self {
            root: identity,
            directories: BTreeMap::new(),
        };
        let mut open = vec![(root.to_owned(), identity)];
        while let Some((directory, identity)) = open.pop() {
            let mut names = Entries::new();
            for (name, identity) in entries(&directory) {
                if identity.is_directory() {
                    open.push((directory.join(&name), identity));
                }
                names.insert(name, identity);
            }
            found.directories.insert(identity, names);
        }
        found
    }

    pub(super) const fn root(&self) -> Identity {
        self.root
    }

    /// Those in a directory, if it is one of these.
    pub(super) fn names(&self, directory: Identity) -> Option<&Entries> {
        self.directories.get(&directory)
    }

    /// The names in a directory are these from now on, of another tree.
    pub(super) fn set(&mut self, directory: Identity, names: &Entries, of: &Self) {
        for within in names.values().filter(|within| of.names(**within).is_some()) {
            self.directories.entry(*within).or_default();
        }
        self.directories.insert(directory, names.clone());
    }

    /// Something has its name from now on, which it has in another tree.
    pub(super) fn add(&mut self, found: Identity, of: &Self) {
        let mut within = of.within().filter(|(within, _)| *within == found);
        if let Some((_, (directory, name))) = within.next()
            && let Some(names) = self.directories.get_mut(&directory)
        {
            names.insert(name.clone(), found);
        }
    }

    /// Forgets what is in all other directories.
    pub(super) fn retain(&mut self, directories: &BTreeSet<Identity>) {
        let there = |identity: &Identity| directories.contains(identity);
        self.directories.retain(|identity, _| there(identity));
    }

    /// The same tree of what is called otherwise.
    pub(super) fn known(&self, by: impl Fn(Identity) -> Identity) -> Self {
        let names = |names: &Entries| {
            let names = names.iter();
            names
                .map(|(name, identity)| (name.clone(), by(*identity)))
                .collect()
        };
        let directories = self.directories.iter();
        Self {
            root: by(self.root),
            directories: directories
                .map(|(identity, found)| (by(*identity), names(found)))
                .collect(),
        }
    }

    /// Everything, by its path, the root first.
    pub(super) fn places(&self) -> Vec<(PathBuf, Identity)> {
        let mut found = vec![(PathBuf::new(), self.root)];
        let mut looked = 0;
        while let Some((path, identity)) = found.get(looked).cloned() {
            looked += 1;
            for (name, identity) in self.names(identity).into_iter().flatten() {
                found.push((path.join(name), *identity));
            }
        }
        found
    }

    /// Where something is found.
    pub(super) fn path_of(&self, identity: Identity) -> Option<PathBuf> {
        let mut places = self.places().into_iter();
        places.find_map(|(path, found)| (found == identity).then_some(path))
    }

    pub(super) fn files(&self) -> Vec<(PathBuf, Identity)> {
        let mut places = self.places();
        places.retain(|(_, found)| !found.is_directory());
        places
    }

    pub(super) fn directories(&self) -> Vec<(PathBuf, Identity)> {
        let mut places = self.places();
        places.retain(|(_, found)| found.is_directory());
        places
    }

    /// Everything.
    pub(super) fn all(&self) -> impl Iterator<Item = Identity> {
        self.places().into_iter().map(|(_, found)| found)
    }

    /// Everything but the root, with the directory it is in and its name there.
    pub(super) fn within(&self) -> impl Iterator<Item = (Identity, (Identity, &OsString))> {
        self.directories.iter().flat_map(|(directory, names)| {
            let names = names.iter();
            names.map(move |(name, found)| (*found, (*directory, name)))
        })
    }
}

/// What is in a directory; nothing, where it has gone away or never was one.
fn entries(directory: &Path) -> Vec<(OsString, Identity)> {
    let is_gone =
        |error: &io::Error| matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory);
    let found = match fs::read_dir(directory) {
        Err(error) if is_gone(&error) => return Vec::new(),
        found => found.expect("a directory is read"),
    };
    let found = found.filter_map(|entry| {
        let entry = entry.expect("a name is read");
        match entry.metadata() {
            Ok(found) => Some((entry.file_name(), Identity::from(&found))),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => panic!("{}: {error}", entry.path().display()),
        }
    });
    found.collect()
}
