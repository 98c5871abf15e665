//! `export`: a store as a file.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use cmss::store::{Export, Exported, Intake, Line, Seq, Store};
use serde_json::json;

use crate::failure::Failure;
use crate::progress::Progress;
use crate::report::Report;
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
    let out = create(file).map_err(Failure::unwritable(file))?;
    let written = write(&*store, after, out, file).await;
    let (exported, bytes) = match written {
        Ok(written) => written,
        Err(failure) => {
            // It is ours, and holds half of something private.
            fs::remove_file(file).map_err(Failure::unwritable(file))?;
            return Err(failure);
        }
    };
    store.close().await?;
    let mut files = since.to_vec();
    files.push(file.to_owned());
    read_back(&files).map_err(|failure| {
        failure
            .before("what was written cannot be loaded as it is")
            .about(file)
    })?;
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

/// A new file that nobody else may read.
fn create(file: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)
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
    mut out: File,
    file: &Path,
) -> Result<(Exported, u64), Failure> {
    let mut progress = Progress::of("lines written");
    let mut export = Export::after(store, after);
    while let Some(lines) = export.next().await? {
        let written = out.write_all(lines.as_bytes());
        written.map_err(Failure::unwritable(file))?;
        progress.add(lines.lines().count() as u64);
    }
    out.sync_all().map_err(Failure::unwritable(file))?;
    sync_name(file).map_err(Failure::unwritable(file))?;
    let exported = export.exported();
    let exported = exported.ok_or_else(|| Failure::failed("the export has not ended"))?;
    Ok((exported, export.progress().bytes))
}

/// Makes the name of a new file durable, where the system lets a directory be opened.
fn sync_name(file: &Path) -> io::Result<()> {
    if cfg!(unix) {
        let dir = match file.parent() {
            Some(dir) if !dir.as_os_str().is_empty() => dir,
            _ => Path::new("."),
        };
        File::open(dir)?.sync_all()?;
    }
    Ok(())
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
