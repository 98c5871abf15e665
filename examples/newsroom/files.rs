//! The public site as files: the very bytes it serves.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use cmss::{Addressed, PageKind, Site};

use crate::story::Failure;

/// What the directory of a site holds, beside its index.
const FOLDERS: [(PageKind, &str); 3] = [
    (PageKind::Article, "articles"),
    (PageKind::Event, "events"),
    (PageKind::Project, "projects"),
];
const INDEX: &str = "index.json";
/// Under this ending a file is written, before it takes its name.
const UNFINISHED: &str = "unfinished";

/// Every page there is, by kind, then address.
pub(crate) async fn pages(site: &Site) -> Result<Vec<Addressed>, Failure> {
    let mut all = Vec::new();
    let mut after = None;
    loop {
        let some = site.everything(100, after.as_ref()).await?;
        all.extend(some.pages);
        match some.next {
            None => return Ok(all),
            next => after = next,
        }
    }
}

/// Refuses a directory that holds something, and no site.
pub(crate) fn may_write(dir: &Path) -> Result<(), Failure> {
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(format!("--site {}: {error}", dir.display()).into()),
    };
    let names = entries.map(|entry| Ok(entry?.file_name()));
    let names: Vec<_> = names.collect::<Result<_, std::io::Error>>()?;
    // A run that was stopped may have left the folders without their index.
    let own = |name: &OsString| FOLDERS.iter().any(|(_, folder)| name == folder);
    if names.iter().any(|name| name == INDEX) || names.iter().all(own) {
        return Ok(());
    }
    let what = "holds something, and no site: give a new or an empty directory";
    Err(format!("--site {} {what}", dir.display()).into())
}

/// Writes every page to a file of its own, and all of them to the index, which comes last; takes
/// away what was written before and is not on the site any more.
pub(crate) fn write(dir: &Path, pages: &[Addressed]) -> Result<(), Failure> {
    for (kind, folder) in FOLDERS {
        let folder = dir.join(folder);
        fs::create_dir_all(&folder)?;
        let mut names = BTreeSet::new();
        for page in pages.iter().filter(|page| page.kind == kind) {
            let name = format!("{}.json", page.slug);
            put(&folder, &name, &page.page.to_json())?;
            names.insert(name);
        }
        for entry in fs::read_dir(&folder)? {
            let name = entry?.file_name();
            let name = name.to_string_lossy();
            let written = name.ends_with(".json") || name.ends_with(UNFINISHED);
            if written && !names.contains(name.as_ref()) {
                fs::remove_file(folder.join(name.as_ref()))?;
            }
        }
    }
    let texts: Vec<_> = pages.iter().map(|page| page.page.to_json()).collect();
    put(dir, INDEX, &format!("[{}]", texts.join(",")))
}

/// Writes a file under another name first, so that nobody reads half of it.
fn put(dir: &Path, name: &str, text: &str) -> Result<(), Failure> {
    let unfinished = dir.join(format!("{name}.{UNFINISHED}"));
    fs::write(&unfinished, text)?;
    Ok(fs::rename(unfinished, dir.join(name))?)
}
