//! `load`: a new store from an export.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::failure::Failure;
use crate::kind::Kind;
use crate::report::Report;
use crate::source::{self, is_vacant};

pub(crate) async fn run(
    files: &[PathBuf],
    dir: &Path,
    kind: Kind,
    report: Report,
) -> Result<(), Failure> {
    check(dir, kind)?;
    // The files are read to their ends before anything is created.
    let lines = source::lines(files)?;
    let store = kind.open(dir)?.store;
    let loaded = store.load(lines).await;
    let closed = store.close().await;
    let seq = loaded.map_err(|error| Failure::from(error).about(dir))?;
    closed?;
    let files: Vec<String> = files
        .iter()
        .map(|file| file.display().to_string())
        .collect();
    let (from, dir) = (files.join(", "), dir.display().to_string());
    let text = format!("{dir}: a store on {kind}, filled from {from} as of commit {seq}");
    let json = json!({ "files": files, "dir": dir, "store": kind.to_string(), "commit": seq });
    report.say(&json, &text)
}

/// Refuses a directory that holds anything but a store of this kind; whether that one is empty it
/// says itself.
fn check(dir: &Path, kind: Kind) -> Result<(), Failure> {
    if is_vacant(dir)? {
        return Ok(());
    }
    let shown = dir.display();
    match Kind::of(dir) {
        Some(found) if found == kind => Ok(()),
        Some(found) => Err(Failure::refused(format!(
            "{shown} holds a store on {found}"
        ))),
        None => Err(Failure::refused(format!(
            "{shown} holds something: give a new or an empty directory"
        ))),
    }
}
