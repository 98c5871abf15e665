//! The public site as files: the very bytes it serves.

mod claims;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::{PageKind, Site, SitePage};
use crate::kernel::Error;
use crate::values::{Coded as _, Slug};
use claims::Claims;

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
/// [`Served::to_json`](super::Served::to_json) gives. A file `.cmss-site` names them all: what it does
/// not name is somebody else's.
#[derive(Clone, Debug)]
pub struct SiteFolder {
    dir: PathBuf,
}

/// Why the files of a site were not written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SiteFolderError {
    /// The directory holds what no site has written there.
    #[error("{} holds something, and no site of cmss: give a new or an empty directory", dir.display())]
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
    /// [`SiteFolderError::Foreign`] for a directory with anything else in it, whatever its names, and
    /// [`SiteFolderError::File`] where it cannot be read.
    pub fn at(dir: impl Into<PathBuf>) -> Result<Self, SiteFolderError> {
        let dir = dir.into();
        claims::check(&dir)?;
        Ok(Self { dir })
    }

    /// Writes every page that is here, and the index last; answers how many pages there are. Pages
    /// written before that are not on the site any more go, other files stay, in the folders of pages too.
    ///
    /// Files are written by whoever polls, who is blocked meanwhile. A reader finds each file as it
    /// was or as it is, never half of it. Fifty pages are held in memory at a time, and the
    /// addresses of all; `progress` is told after each fifty how many pages have been written.
    ///
    /// # Errors
    /// [`SiteFolderError::File`] and [`SiteFolderError::Site`]; [`SiteFolderError::Foreign`] when the
    /// directory has become somebody else's, or a file of somebody has the name of a page. What was
    /// written until then stays, and writing again completes it.
    pub async fn write(
        &self,
        site: &Site,
        mut progress: impl FnMut(usize) + Send,
    ) -> Result<usize, SiteFolderError> {
        fs::create_dir_all(&self.dir).map_err(at(&self.dir))?;
        let mut claims = Claims::of(&self.dir)?;
        for kind in PageKind::ALL {
            let folder = self.dir.join(folder(*kind));
            fs::create_dir_all(&folder).map_err(at(&folder))?;
        }
        claims.claim([INDEX.to_owned()])?;
        let mut index = Unfinished::create(self.dir.join(INDEX))?;
        index.write("[")?;
        let mut written = BTreeSet::new();
        let mut after = None;
        loop {
            let some = site.everything(PAGE, after.as_ref()).await?;
            claims.claim(some.pages.iter().map(|page| name(page.kind, &page.slug)))?;
            for SitePage { kind, slug, page } in some.pages {
                let text = page.to_json();
                let name = name(kind, &slug);
                let mut file = Unfinished::create(self.dir.join(&name))?;
                file.write(&text)?;
                file.finish()?;
                if !written.is_empty() {
                    index.write(",")?;
                }
                index.write(&text)?;
                written.insert(name);
            }
            progress(written.len());
            after = some.next;
            if after.is_none() {
                break;
            }
        }
        index.write("]")?;
        let pages = written.len();
        written.insert(INDEX.to_owned());
        claims.keep(&written)?;
        index.finish()?;
        Ok(pages)
    }
}

/// The file of a page, in the directory.
fn name(kind: PageKind, slug: &Slug) -> String {
    format!("{}/{slug}.json", folder(kind))
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
