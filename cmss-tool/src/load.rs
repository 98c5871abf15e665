//! `load`: a new store from an export.

use std::path::{Path, PathBuf};

use cmss::store::StoreError;
use serde_json::json;

use crate::failure::Failure;
use crate::kind::{self, Found, Kind};
use crate::owner;
use crate::report::Report;
use crate::source::{self, is_vacant};

/// What can be done where a directory is not to be filled.
const ANOTHER: &str = "give a new or an empty directory";

pub(crate) async fn run(
    files: &[PathBuf],
    dir: &Path,
    asked: Option<Kind>,
    report: Report,
) -> Result<(), Failure> {
    let (kind, is_ours) = look(dir, asked)?;
    // The files are read to their ends before anything is created.
    let lines = source::lines(files).map_err(|failure| {
        failure.where_damaged(
            "give a whole export first, and those of what has changed since with `--then`, in the order in \
             which they were made; one that is damaged or cut short cannot be loaded: take another",
        )
    })?;
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
        error @ StoreError::NotEmpty => Failure::from(error).about(dir).with_advice(ANOTHER),
        error => Failure::from(error).about(dir),
    })?;
    closed.map_err(|error| Failure::from(error).about(dir))?;
    let files: Vec<String> = files
        .iter()
        .map(|file| file.display().to_string())
        .collect();
    let (from, dir) = (files.join(", "), dir.display().to_string());
    let text = format!(
        "{dir}: a store on {kind}, filled from {from} as of commit {seq}\nWhether what the file told \
         fits together, `cmss-tool verify {dir}` says."
    );
    let json = json!({ "files": files, "dir": dir, "store": kind.to_string(), "commit": seq });
    report.say(&json, &text)
}

/// The kind of store to fill: what is asked for, or is there. Refuses a directory that holds a store of
/// another kind, or what is left of one; whether a store is empty it says itself. Answers, too, whether
/// what is there is none of somebody else's.
fn look(dir: &Path, asked: Option<Kind>) -> Result<(Kind, bool), Failure> {
    let shown = dir.display();
    match (kind::look(dir)?, asked) {
        (Found::Nothing, asked) => {
            let is_ours = is_vacant(dir)?;
            if is_ours {
                owner::check(dir)?;
            }
            Ok((asked.unwrap_or(Kind::Sled), is_ours))
        }
        (Found::Store(found) | Found::Begun(found, _), Some(asked)) if found != asked => {
            let holds = format!("{shown} holds a store on {found}, and none on {asked}");
            Err(Failure::refused(holds).with_advice(format!(
                "if it is empty, it is filled with `--store {found}`; or {ANOTHER}"
            )))
        }
        (Found::Store(found) | Found::Begun(found, _), _) => {
            found.check_owner(dir)?;
            Ok((found, true))
        }
        (Found::Left(what), _) => {
            Err(Failure::refused(format!("{shown} holds {what}")).with_advice(ANOTHER))
        }
    }
}
