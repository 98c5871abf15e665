//! `export`: a store as a file.

use std::path::{Path, PathBuf};

use cmss::store::{Export, Exported, Intake, Line, Seq, Store};
use serde_json::json;

use crate::failure::Failure;
use crate::progress::Progress;
use crate::report::Report;
use crate::unfinished::Unfinished;
use crate::{kind, source};

pub(crate) async fn run(
    dir: &Path,
    file: &Path,
    since: &[PathBuf],
    report: Report,
) -> Result<(), Failure> {
    let store = kind::open(dir)?.1.store;
    let after = match since {
        [] => Seq::ZERO,
        since => reached(&*store, since).await?,
    };
    let mut out = Unfinished::create(file)?;
    let (exported, bytes) = write(&*store, after, &mut out).await?;
    out.sync()?;
    store.close().await?;
    let mut files = since.to_vec();
    files.push(out.under().to_owned());
    read_back(&files).map_err(|failure| {
        failure
            .before("what was written cannot be loaded as it is")
            .about(file)
    })?;
    out.finish()?;
    let Exported {
        seq,
        docs,
        records,
        digest,
        gone: _,
    } = exported;
    let json = json!({
        "file": file.display().to_string(),
        "after": after,
        "commit": seq,
        "documents": docs,
        "records": records,
        "bytes": bytes,
        "digest": digest,
    });
    let text = format!(
        "{}: {docs} documents and {records} log records as of commit {seq}, {bytes} bytes, read \
         back and whole\nIt holds everything private, in the clear.",
        file.display()
    );
    report.say(&json, &text)
}

/// The last commit that exports tell of, which must be one of this store.
async fn reached(store: &dyn Store, files: &[PathBuf]) -> Result<Seq, Failure> {
    let mut last = None;
    for line in source::lines(files)? {
        if let Line::Record(record) = line? {
            last = Some(record);
        }
    }
    let Some(last) = last else {
        return Ok(Seq::ZERO);
    };
    let before = Seq(last.seq.0.saturating_sub(1));
    let found = store.changes(before, 1).await?.records;
    if found.first().is_none_or(|found| found.chain != last.chain) {
        return Err(Failure::faulty(
            "the exports given with --since are not of this store, or of a later state of it",
        ));
    }
    Ok(last.seq)
}

async fn write(
    store: &dyn Store,
    after: Seq,
    out: &mut Unfinished,
) -> Result<(Exported, u64), Failure> {
    let mut progress = Progress::of("lines written");
    let mut export = Export::after(store, after);
    while let Some(lines) = export.next().await? {
        out.write(&lines)?;
        progress.add(lines.lines().count() as u64);
    }
    let exported = export.exported();
    let exported = exported.ok_or_else(|| Failure::failed("the export has not ended"))?;
    Ok((exported, export.progress().bytes))
}

/// Checks that the files say what a load needs, all of it.
fn read_back(files: &[PathBuf]) -> Result<(), Failure> {
    let mut intake = Intake::new();
    for line in source::lines(files)? {
        intake.take(&line?)?;
    }
    intake.finish()?;
    Ok(())
}
