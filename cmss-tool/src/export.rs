//! `export`: a store as a file.

use std::path::{Path, PathBuf};

use cmss::store::{Export, Exported, Intake, Line, Seq, Store};
use serde_json::json;

use crate::claims::Claims;
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
    if file == Path::new("-") {
        let what = "- is the name of no file: what is exported is read back, so give it one";
        return Err(Failure::misused(what));
    }
    kind::check_outside(file)?;
    let store = kind::open(dir)?.1.store;
    kind::check_filled(&*store, dir).await?;
    let after = match since {
        [] => Seq::ZERO,
        since => reached(&*store, dir, since).await?,
    };
    let mut out = Unfinished::create(file)?;
    let (exported, bytes) = write(&*store, dir, after, &mut out).await?;
    store.close().await.map_err(Failure::of_store(dir))?;
    let mut files = since.to_vec();
    files.push(out.under().to_owned());
    read_back(&files).map_err(|failure| {
        failure
            .before("what was written cannot be loaded as it is")
            .about(file)
            .advised(dir)
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
async fn reached(store: &dyn Store, dir: &Path, files: &[PathBuf]) -> Result<Seq, Failure> {
    let in_files = source::in_files(files);
    let mut last = None;
    for line in source::lines(files)? {
        if let Line::Record(record) = line.map_err(&in_files)? {
            last = Some(record);
        }
    }
    let Some(last) = last else {
        return Ok(Seq::ZERO);
    };
    let before = Seq(last.seq.0.saturating_sub(1));
    let found = store.changes(before, 1).await;
    let found = found.map_err(Failure::of_store(dir))?.records;
    if found.first().is_none_or(|found| found.chain != last.chain) {
        let shown = dir.display();
        let told = format!(
            "given with --since, and not of the store in {shown}, or of a later state of it"
        );
        return Err(Failure::refused(told)
            .before(&source::shown(files))
            .with_advice(
                "give an export of this store as it was, or leave --since out to write everything",
            ));
    }
    Ok(last.seq)
}

async fn write(
    store: &dyn Store,
    dir: &Path,
    after: Seq,
    out: &mut Unfinished,
) -> Result<(Exported, u64), Failure> {
    let mut progress = Progress::of("lines written");
    let mut export = Export::after(store, after);
    let of_store = Failure::of_store(dir);
    while let Some(lines) = export.next().await.map_err(&of_store)? {
        out.write(&lines)?;
        progress.add(lines.lines().count() as u64);
    }
    let exported = export.exported();
    let exported = exported.ok_or_else(|| Failure::failed("the export has not ended"))?;
    Ok((exported, export.progress().bytes))
}

/// Checks that the files say what a load needs, all of it, and nothing that it refuses.
fn read_back(files: &[PathBuf]) -> Result<(), Failure> {
    let (mut intake, mut claims) = (Intake::new(), Claims::default());
    for line in source::lines(files)? {
        let line = line?;
        intake.take(&line)?;
        claims.take(&line)?;
    }
    intake.finish()?;
    claims.finish()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use cmss::MemoryStore;
    use cmss::store::{
        Changeset, Collection, CommitId, Digest, DocRef, Entry, Index, Key, Salt, Write,
    };
    use pollster::block_on;
    use tempfile::tempdir;
    use uuid::Uuid;

    use super::*;

    /// An export of two documents, with the unique keys 0x0a0a and 0x0b0b.
    async fn exported() -> String {
        let store = MemoryStore::new();
        for number in [10, 11] {
            let write = Write::Put {
                at: DocRef {
                    collection: Collection::new("note"),
                    id: Uuid::from_u128(number),
                },
                salt: Salt([7; 16]),
                body: "1".into(),
                card: None,
                entries: vec![Entry::Unique {
                    index: Index::new("slug"),
                    key: Key(vec![number as u8; 2]),
                }],
            };
            let changeset = Changeset {
                id: CommitId(Uuid::from_u128(number)),
                expect: vec![],
                writes: vec![write],
                note: "[]".into(),
                digest: Digest::of(b""),
            };
            store.commit(changeset).await.unwrap();
        }
        let mut file = String::new();
        let mut export = Export::whole(&store);
        while let Some(lines) = export.next().await.unwrap() {
            file += &lines;
        }
        file
    }

    /// A file that says this, with a digest that fits.
    fn sealed(file: &str) -> String {
        let (lines, end) = file.trim_end().rsplit_once('\n').unwrap();
        let (end, _) = end.split_once("\"digest\":").unwrap();
        let digest = Digest::of(format!("{lines}\n").as_bytes());
        format!("{lines}\n{end}\"digest\":\"{digest}\"}}}}\n")
    }

    #[test]
    fn what_each_line_is_fine_with_and_all_of_them_are_not_is_found_when_it_is_read_back() {
        let home = tempdir().unwrap();
        let files = [home.path().join("backup.ndjson")];
        let read_back = |text: &str| {
            fs::write(&files[0], text).unwrap();
            read_back(&files).map_err(|failure| failure.to_string())
        };
        let whole = block_on(exported());
        assert_eq!(sealed(&whole), whole);
        assert_eq!(read_back(&whole), Ok(()));
        let forged = sealed(&whole.replace("0b0b", "0a0a"));
        assert_ne!(forged, whole);
        assert!(read_back(&forged).unwrap_err().contains("same unique key"));
    }
}
