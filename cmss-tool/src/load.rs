//! `load`: a new store from an export.

use std::path::{Path, PathBuf};

use cmss::store::StoreError;
use serde_json::json;

use crate::failure::Failure;
use crate::kind::{self, Found, Kind};
use crate::report::Report;
use crate::source::{self, is_vacant};

pub(crate) async fn run(
    files: &[PathBuf],
    dir: &Path,
    kind: Kind,
    report: Report,
) -> Result<(), Failure> {
    let is_ours = check(dir, kind)?;
    // The files are read to their ends before anything is created.
    let lines = source::lines(files)?;
    // Also where a load that was killed has begun to create it.
    let opened = kind.open(dir).map_err(Failure::from);
    let opened = opened.map_err(|failure| match is_ours {
        true => failure.about(dir),
        false => Failure::refused(failure.to_string()),
    });
    let store = opened?.store;
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

/// Refuses a directory that holds a store of another kind, or what is left of one. Whether a store of
/// this kind is empty it says itself. Answers whether what is there is none of somebody else's.
fn check(dir: &Path, kind: Kind) -> Result<bool, Failure> {
    let shown = dir.display();
    match kind::look(dir)? {
        Found::Nothing => is_vacant(dir),
        Found::Store(found) | Found::Begun(found, _) if found != kind => Err(Failure::refused(
            format!("{shown} holds a store on {found}: give a new or an empty directory"),
        )),
        Found::Store(_) | Found::Begun(..) => Ok(true),
        Found::Left(what) => Err(Failure::refused(format!(
            "{shown} holds {what}; give a new or an empty directory"
        ))),
    }
}
