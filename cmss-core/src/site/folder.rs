//! The public site as files: the very bytes it serves.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::{PageKind, Site, SitePage};
use crate::kernel::Error;
use crate::values::Coded as _;

/// All pages in one file, by kind and address.
const INDEX: &str = "index.json";
/// Under this ending a file is written, before it takes its name.
const UNFINISHED: &str = "unfinished";
/// How many pages are read at a time.
const PAGE: usize = 50;

/// A directory with the public site as files, for a static site or for looking at.
///
/// Every page is a file, `articles/SLUG.json`, `events/SLUG.json` or `projects/SLUG.json`, and
/// `index.json` is an array of all of them, by kind and address. The bytes are those that
/// [`Served::to_json`](super::Served::to_json) gives.
#[derive(Clone, Debug)]
pub struct SiteFolder {
    dir: PathBuf,
}

/// Why the files of a site were not written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SiteFolderError {
    /// The directory holds what is none of a site's.
    #[error("{} holds something, and no site: give a new or an empty directory", dir.display())]
    Foreign {
        /// The directory.
        dir: PathBuf,
    },
    /// A file or directory could not be read or written.
    #[error("{} cannot be read or written", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the file system said.
        #[source]
        source: io::Error,
    },
    /// The site could not be read.
    #[error(transparent)]
    Site(#[from] Error),
}

/// Names the file that was at fault.
fn at(path: &Path) -> impl Fn(io::Error) -> SiteFolderError {
    let path = path.to_owned();
    move |source| SiteFolderError::File {
        path: path.clone(),
        source,
    }
}

/// The folder of pages of a kind.
fn folder(kind: PageKind) -> String {
    format!("{}s", kind.code())
}

impl SiteFolder {
    /// A directory that is not there yet, is empty, or holds a site that was written before.
    ///
    /// # Errors
    /// [`SiteFolderError::Foreign`] for a directory with anything else in it, and
    /// [`SiteFolderError::File`] where it cannot be read.
    pub fn at(dir: impl Into<PathBuf>) -> Result<Self, SiteFolderError> {
        let dir = dir.into();
        let names = match fs::read_dir(&dir) {
            Ok(entries) => entries.map(|entry| Ok(entry?.file_name())),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self { dir }),
            Err(error) => return Err(at(&dir)(error)),
        };
        let names: Vec<OsString> = names.collect::<Result<_, _>>().map_err(at(&dir))?;
        // A writer that was stopped may have left the folders without their index.
        let own = |name: &OsString| {
            let mut kinds = PageKind::ALL.iter();
            kinds.any(|kind| *name == *folder(*kind)) || *name == *unfinished(INDEX)
        };
        if names.iter().any(|name| name == INDEX) || names.iter().all(own) {
            return Ok(Self { dir });
        }
        Err(SiteFolderError::Foreign { dir })
    }

    /// Writes every page that is here, and the index last; answers how many pages there are. Pages
    /// written before that are not on the site any more go, other files stay.
    ///
    /// Files are written by whoever polls, who is blocked meanwhile. A reader finds each file as it
    /// was or as it is, never half of it. Fifty pages are held in memory at a time, and the
    /// addresses of all; `progress` is told after each fifty how many pages have been written.
    ///
    /// # Errors
    /// [`SiteFolderError::File`] and [`SiteFolderError::Site`]; what was written until then stays,
    /// and writing again completes it.
    pub async fn write(
        &self,
        site: &Site,
        mut progress: impl FnMut(usize) + Send,
    ) -> Result<usize, SiteFolderError> {
        let mut written = BTreeSet::new();
        for kind in PageKind::ALL {
            let folder = self.dir.join(folder(*kind));
            fs::create_dir_all(&folder).map_err(at(&folder))?;
        }
        let mut index = Unfinished::create(self.dir.join(INDEX))?;
        index.write("[")?;
        let mut after = None;
        loop {
            let some = site.everything(PAGE, after.as_ref()).await?;
            for SitePage { kind, slug, page } in some.pages {
                let text = page.to_json();
                let name = format!("{slug}.json");
                let mut file = Unfinished::create(self.dir.join(folder(kind)).join(&name))?;
                file.write(&text)?;
                file.finish()?;
                if !written.is_empty() {
                    index.write(",")?;
                }
                index.write(&text)?;
                written.insert((kind, name));
            }
            progress(written.len());
            after = some.next;
            if after.is_none() {
                break;
            }
        }
        index.write("]")?;
        for kind in PageKind::ALL {
            self.clear(*kind, |name| written.contains(&(*kind, name.to_owned())))?;
        }
        index.finish()?;
        Ok(written.len())
    }

    /// Takes away the pages of a kind that are not to be kept.
    fn clear(&self, kind: PageKind, keep: impl Fn(&str) -> bool) -> Result<(), SiteFolderError> {
        let folder = self.dir.join(folder(kind));
        for entry in fs::read_dir(&folder).map_err(at(&folder))? {
            let name = entry.map_err(at(&folder))?.file_name();
            let name = name.to_string_lossy();
            let own = name.ends_with(".json") || name.ends_with(UNFINISHED);
            if own && !keep(&name) {
                let path = folder.join(name.as_ref());
                fs::remove_file(&path).map_err(at(&path))?;
            }
        }
        Ok(())
    }
}

fn unfinished(name: &str) -> String {
    format!("{name}.{UNFINISHED}")
}

/// A file that takes its name when it is whole.
struct Unfinished {
    path: PathBuf,
    under: PathBuf,
    file: BufWriter<File>,
}

impl Unfinished {
    fn create(path: PathBuf) -> Result<Self, SiteFolderError> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let under = path.with_file_name(unfinished(&name));
        let file = File::create(&under).map_err(at(&under))?;
        Ok(Self {
            path,
            under,
            file: BufWriter::new(file),
        })
    }

    fn write(&mut self, text: &str) -> Result<(), SiteFolderError> {
        let written = self.file.write_all(text.as_bytes());
        written.map_err(at(&self.under))
    }

    fn finish(mut self) -> Result<(), SiteFolderError> {
        self.file.flush().map_err(at(&self.under))?;
        fs::rename(&self.under, &self.path).map_err(at(&self.path))
    }
}
