//! Where a command reads from: the directory of a store, or an export.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cmss::MemoryStore;
use cmss::store::{Limits, Lines, Store, StoreError, import};

use crate::args::From;
use crate::failure::Failure;
use crate::kind;
use crate::progress::Progress;

pub(crate) enum Source {
    /// A store, opened.
    Store(Arc<dyn Store>),
    /// An export, and those of what has changed since.
    Files(Vec<PathBuf>),
}

impl Source {
    pub(crate) fn open(asked: &From) -> Result<Self, Failure> {
        let From { from, then } = asked;
        let found = fs::metadata(from).map_err(Failure::unreadable(from))?;
        if !found.is_dir() {
            let files = std::iter::once(from).chain(then);
            return Ok(Self::Files(files.cloned().collect()));
        }
        if !then.is_empty() {
            let shown = from.display();
            return Err(Failure::misused(format!(
                "--then goes with an export, and {shown} is a directory"
            )));
        }
        let opened = kind::open(from)?;
        Ok(Self::Store(opened.1.store))
    }

    /// A store with what there is: the one that was opened, or one in memory.
    pub(crate) async fn store(self) -> Result<Arc<dyn Store>, Failure> {
        match self {
            Self::Store(store) => Ok(store),
            Self::Files(paths) => {
                let store = MemoryStore::new();
                let loaded = store.load(lines(&paths)?).await;
                loaded.map_err(in_files(&paths))?;
                Ok(Arc::new(store))
            }
        }
    }

    /// How what went wrong with it is told.
    pub(crate) fn told(&self, asked: &From) -> impl Fn(cmss::Error) -> Failure + use<> {
        let (dir, files) = match self {
            Self::Store(_) => (Some(asked.from.clone()), String::new()),
            Self::Files(paths) => (None, shown(paths)),
        };
        move |error| match &dir {
            Some(dir) => Failure::of_store(dir)(error),
            None => Failure::from(error).before(&files),
        }
    }
}

/// Names the files that something went wrong with; which of them, the error tells by its number.
pub(crate) fn in_files(paths: &[PathBuf]) -> impl Fn(StoreError) -> Failure {
    let shown = shown(paths);
    move |error| Failure::from(error).before(&shown)
}

/// Paths for people.
pub(crate) fn shown(paths: &[PathBuf]) -> String {
    let shown: Vec<String> = paths
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    shown.join(", ")
}

/// What an export tells, and the exports of what has changed since, checked as files.
pub(crate) fn lines(paths: &[PathBuf]) -> Result<Lines, Failure> {
    let checked = Arc::new(Mutex::new(Some(Progress::of_bytes("kB checked"))));
    let open = |path: &PathBuf| {
        let file = File::open(path).map_err(Failure::unreadable(path))?;
        let about = file.metadata().map_err(Failure::unreadable(path))?;
        if about.is_dir() {
            let shown = path.display();
            return Err(Failure::not_opened(format!(
                "{shown} is a directory: give the file of an export"
            )));
        }
        let checked = checked.clone();
        Ok::<_, Failure>(Watched { file, checked })
    };
    let files = paths.iter().map(open).collect::<Result<Vec<_>, _>>()?;
    let lines = import(files, &Limits::default());
    drop(lock(&checked).take());
    let lines = lines.map_err(in_files(paths))?;
    let mut progress = Progress::of("lines read");
    Ok(Box::new(lines.inspect(move |_| progress.add(1))))
}

/// A file that says how much of it has been checked, before it is read again for what it tells.
struct Watched {
    file: File,
    checked: Checked,
}

/// Nothing once all is checked.
type Checked = Arc<Mutex<Option<Progress>>>;

fn lock(checked: &Checked) -> MutexGuard<'_, Option<Progress>> {
    checked.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        if let Some(progress) = &mut *lock(&self.checked) {
            progress.add(read as u64);
        }
        Ok(read)
    }
}

impl Seek for Watched {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

/// Whether a directory is not there yet, or holds nothing.
pub(crate) fn is_vacant(dir: &Path) -> Result<bool, Failure> {
    match fs::read_dir(dir) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(true),
        Err(_) if dir.is_file() => {
            let shown = dir.display();
            Err(Failure::refused(format!(
                "{shown} is a file: give a new or an empty directory"
            )))
        }
        Err(error) => Err(Failure::unwritable(dir)(error)),
    }
}
