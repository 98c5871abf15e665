//! Where a command reads from: the directory of a store, or an export.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cmss::MemoryStore;
use cmss::store::{Limits, Lines, Store, import};

use crate::failure::Failure;
use crate::kind;
use crate::progress::Progress;

pub(crate) enum Source {
    /// A store, opened.
    Store(Arc<dyn Store>),
    /// An export.
    File(PathBuf),
}

impl Source {
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        let found = fs::metadata(path).map_err(Failure::unreadable(path))?;
        if found.is_dir() {
            Ok(Self::Store(kind::open(path)?.1.store))
        } else {
            Ok(Self::File(path.to_owned()))
        }
    }

    /// A store with what there is: the one that was opened, or one in memory.
    pub(crate) async fn store(self) -> Result<Arc<dyn Store>, Failure> {
        match self {
            Self::Store(store) => Ok(store),
            Self::File(path) => {
                let store = MemoryStore::new();
                store.load(lines(&[path])?).await?;
                Ok(Arc::new(store))
            }
        }
    }
}

/// What an export tells, and the exports of what has changed since, checked as files.
pub(crate) fn lines(paths: &[PathBuf]) -> Result<Lines, Failure> {
    let open = |path: &PathBuf| File::open(path).map_err(Failure::unreadable(path));
    let files = paths.iter().map(open).collect::<Result<Vec<_>, _>>()?;
    let lines = import(files, &Limits::default());
    // An error tells files by their numbers.
    let shown: Vec<String> = paths
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    let lines = lines.map_err(|error| Failure::from(error).before(&shown.join(", ")))?;
    let mut progress = Progress::of("lines read");
    Ok(Box::new(lines.inspect(move |_| progress.add(1))))
}

/// Whether a directory is not there yet, or holds nothing.
pub(crate) fn is_vacant(dir: &Path) -> Result<bool, Failure> {
    match fs::read_dir(dir) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(true),
        Err(error) => Err(Failure::unwritable(dir)(error)),
    }
}
