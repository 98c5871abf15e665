//! `load`: a new store from an export.

use std::path::{Path, PathBuf};

use cmss::store::StoreError;
use serde_json::json;

use crate::failure::Failure;
use crate::kind::{Kind, Opened};
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
    let store = open(dir, kind)?.store;
    let loaded = store.load(lines).await;
    let closed = store.close().await;
    let seq = loaded.map_err(|error| match error {
        // Of a store that was empty, only what fills it can contradict itself.
        error @ StoreError::Corrupt { .. } => source::in_files(files)(error),
        error => Failure::from(error).about(dir),
    })?;
    closed.map_err(|error| Failure::from(error).about(dir))?;
    let files: Vec<String> = files
        .iter()
        .map(|file| file.display().to_string())
        .collect();
    let (from, dir) = (files.join(", "), dir.display().to_string());
    let text = format!("{dir}: a store on {kind}, filled from {from} as of commit {seq}");
    let json = json!({ "files": files, "dir": dir, "store": kind.to_string(), "commit": seq });
    report.say(&json, &text)
}

/// Refuses a directory that holds a store of another kind. Whether a store of this kind is empty it
/// says itself.
fn check(dir: &Path, kind: Kind) -> Result<(), Failure> {
    match Kind::of(dir)? {
        Some(found) if found != kind => {
            let shown = dir.display();
            Err(Failure::refused(format!(
                "{shown} holds a store on {found}: give a new or an empty directory"
            )))
        }
        _ => Ok(()),
    }
}

/// Opens the store, or creates it: also where a load that was killed has begun to.
fn open(dir: &Path, kind: Kind) -> Result<Opened, Failure> {
    let is_store = is_vacant(dir)? || Kind::of(dir)?.is_some();
    let opened = kind.open(dir).map_err(Failure::from);
    // What holds something else is somebody's.
    opened.map_err(|failure| match is_store {
        true => failure.about(dir),
        false => Failure::refused(failure.to_string()),
    })
}
