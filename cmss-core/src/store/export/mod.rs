//! Moving house out of a store that goes on working: backup, another backend, repair.
//!
//! An [`Export`] hands out the lines of a file, and [`import`] makes of such files what
//! [`Store::load`] takes. The format stands in `docs/export.md`, field by field.
//!
//! **An export holds everything private**: names, addresses, notes and drafts, in the clear. Keep
//! and send it as you would the store itself.

mod import;
mod source;
mod spelling;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Change, Digest, DocRef, LogRecord, Seq, Store, StoreError, Stored};
use spelling::{FORMAT, Gone, Header, Spelled};

pub use import::import;

/// How many documents or records are read at a time.
const PAGE: usize = 32;

/// Everything a store holds, or what has changed in it since, as the lines of a file.
///
/// Commits may go on meanwhile. What comes out in the end is the state of the store at one commit:
/// all documents are walked, and then the log is followed, and each document that was touched
/// handed out again, until there is nothing more in the log. Where commits come faster than they
/// can be followed this does not end; [`Export::progress`] shows it.
///
/// It reads the store as its polls do and writes nothing: where the lines go, and whether that
/// blocks, is its caller's choice. It holds one page of the store in memory at a time, at most 32
/// documents or records, or what one commit wrote.
///
/// An export that was not handed out to its end has no end line, and [`import`] refuses it.
///
/// # Examples
///
/// A backup, and later what has changed since, put together in another store:
///
/// ```
/// # use std::io::Cursor;
/// # use cmss_core::store::StoreError;
/// use cmss_core::store::{Export, Seq, Store, import};
///
/// async fn backup(store: &dyn Store, after: Seq) -> Result<(Seq, Vec<u8>), StoreError> {
///     let mut file = Vec::new(); // or a file, written to as the host does
///     let mut export = Export::after(store, after);
///     while let Some(lines) = export.next().await? {
///         file.extend_from_slice(lines.as_bytes());
///     }
///     let seq = export.exported().map_or(after, |exported| exported.seq);
///     Ok((seq, file))
/// }
///
/// async fn move_house(from: &dyn Store, to: &dyn Store) -> Result<Seq, StoreError> {
///     let (seq, whole) = backup(from, Seq::ZERO).await?;
///     let (_, since) = backup(from, seq).await?;
///     let files = [whole, since].map(Cursor::new);
///     to.load(import(files, &to.limits())?).await
/// }
/// ```
#[derive(Debug)]
pub struct Export<'a> {
    store: &'a dyn Store,
    after: Seq,
    stage: Stage,
    progress: Progress,
    hasher: blake3::Hasher,
}

/// How far an export has come.
#[derive(Clone, Debug)]
enum Stage {
    /// The header is to come.
    Heading,
    /// All documents, those after this one; the log has to be followed from the first page on.
    Walking(Option<(DocRef, Seq)>),
    /// What the commits after this one touched.
    Following(Seq),
    /// The records after `seen`, to the last.
    Logging { seen: Seq, until: Seq },
    /// The end line is out.
    Over(Exported),
}

/// How much of an export has been handed out.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Progress {
    /// Lines with a document; one that is written to meanwhile has several.
    pub docs: u64,
    /// Lines that tell of a document that is gone.
    pub gone: u64,
    /// Log records.
    pub records: u64,
    /// Bytes.
    pub bytes: u64,
}

/// What an export came to, as its end line says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exported {
    /// The commit whose state it is.
    pub seq: Seq,
    /// How many lines hold a document.
    pub docs: u64,
    /// How many lines tell of a document that is gone.
    pub gone: u64,
    /// How many log records there are.
    pub records: u64,
    /// BLAKE3 over every byte before the end line.
    pub digest: Digest,
}

/// Some lines on their way out.
#[derive(Default)]
struct Chunk {
    text: String,
    progress: Progress,
}

impl Chunk {
    fn doc(&mut self, stored: Stored) -> Result<(), StoreError> {
        self.progress.docs = self.progress.docs.saturating_add(1);
        Spelled::Doc(stored).write(&mut self.text)
    }

    fn gone(&mut self, at: DocRef, version: Seq) -> Result<(), StoreError> {
        self.progress.gone = self.progress.gone.saturating_add(1);
        Spelled::Gone(Gone { at, version }).write(&mut self.text)
    }

    fn record(&mut self, record: LogRecord) -> Result<(), StoreError> {
        self.progress.records = self.progress.records.saturating_add(1);
        Spelled::Record(record).write(&mut self.text)
    }
}

impl<'a> Export<'a> {
    /// Everything there is.
    #[must_use]
    pub fn whole(store: &'a dyn Store) -> Self {
        Self::after(store, Seq::ZERO)
    }

    /// What has changed after a commit: the documents written since as they are now, those that are
    /// gone, and the log from there on. After [`Seq::ZERO`] it is everything.
    #[must_use]
    pub fn after(store: &'a dyn Store, after: Seq) -> Self {
        Self {
            store,
            after,
            stage: Stage::Heading,
            progress: Progress::default(),
            hasher: blake3::Hasher::new(),
        }
    }

    /// The next lines, whole ones, each with its end; `None` after the end line.
    ///
    /// # Errors
    /// Those of the store's reads; asked again, it goes on from where it was.
    /// [`StoreError::Malformed`] when the commit to begin after has not happened, and
    /// [`StoreError::Corrupt`] when what the store answers does not fit together.
    ///
    /// # Cancellation
    /// Safe: lines that were not handed out are read again.
    pub async fn next(&mut self) -> Result<Option<String>, StoreError> {
        loop {
            let (mut chunk, stage) = match self.stage.clone() {
                Stage::Heading => self.heading()?,
                Stage::Walking(last) => self.walk(last).await?,
                Stage::Following(seen) => self.follow(seen).await?,
                Stage::Logging { seen, until } if seen < until => self.log(seen, until).await?,
                Stage::Logging { until, .. } => self.end(until)?,
                Stage::Over(_) => return Ok(None),
            };
            self.hasher.update(chunk.text.as_bytes());
            self.progress.docs = self.progress.docs.saturating_add(chunk.progress.docs);
            self.progress.gone = self.progress.gone.saturating_add(chunk.progress.gone);
            self.progress.records = self.progress.records.saturating_add(chunk.progress.records);
            let bytes = chunk.text.len() as u64;
            self.progress.bytes = self.progress.bytes.saturating_add(bytes);
            self.stage = stage;
            if bytes > 0 {
                return Ok(Some(std::mem::take(&mut chunk.text)));
            }
        }
    }

    /// How much has been handed out.
    #[must_use]
    pub const fn progress(&self) -> Progress {
        self.progress
    }

    /// What it came to, once the end line has been handed out.
    #[must_use]
    pub const fn exported(&self) -> Option<Exported> {
        match self.stage {
            Stage::Over(exported) => Some(exported),
            _ => None,
        }
    }

    fn heading(&self) -> Result<(Chunk, Stage), StoreError> {
        let mut chunk = Chunk::default();
        let header = Header {
            format: FORMAT,
            after: self.after,
        };
        Spelled::Export(header).write(&mut chunk.text)?;
        let stage = match self.after {
            Seq::ZERO => Stage::Walking(None),
            after => Stage::Following(after),
        };
        Ok((chunk, stage))
    }

    async fn walk(&self, last: Option<(DocRef, Seq)>) -> Result<(Chunk, Stage), StoreError> {
        let (after, began) = last.unzip();
        let walked = self.store.walk(after.as_ref(), PAGE).await?;
        let began = began.unwrap_or(walked.as_of);
        let last = walked.docs.last().map(|stored| stored.at.clone());
        if walked.more && last <= after {
            return Err(corrupt("a walk of the store stands still"));
        }
        let mut chunk = Chunk::default();
        for stored in walked.docs {
            chunk.doc(stored)?;
        }
        let stage = match last.filter(|_| walked.more) {
            Some(last) => Stage::Walking(Some((last, began))),
            None => Stage::Following(began),
        };
        Ok((chunk, stage))
    }

    /// Follows the log by one commit.
    ///
    /// A document that a later commit has touched again is left to that one. So nothing has to be
    /// remembered, and when the log holds no more, the last line about each document is its state
    /// at the last commit: had it been written after that commit, the log would hold more.
    async fn follow(&self, seen: Seq) -> Result<(Chunk, Stage), StoreError> {
        let mut chunk = Chunk::default();
        let changes = self.store.changes(seen, 1).await?;
        let Some(record) = changes.records.into_iter().next() else {
            return match changes.as_of {
                as_of if as_of < seen => Err(StoreError::Malformed {
                    what: "export after a commit that has not happened",
                }),
                as_of if as_of > seen => Err(corrupt(format!("the log ends at {seen}"))),
                _ => Ok((chunk, self.logging(seen))),
            };
        };
        follows(&record, seen)?;
        for touched in record.touched {
            match touched.change {
                Change::Removed => chunk.gone(touched.at, record.seq)?,
                Change::Put(_) => match self.whole_document(&touched.at).await? {
                    Some(stored) if stored.version < record.seq => {
                        let (at, seq) = (stored.at, record.seq);
                        return Err(corrupt(format!("{at} is older than log record {seq}")));
                    }
                    Some(stored) if stored.version == record.seq => chunk.doc(stored)?,
                    _ => {}
                },
            }
        }
        Ok((chunk, Stage::Following(record.seq)))
    }

    const fn logging(&self, until: Seq) -> Stage {
        Stage::Logging {
            seen: self.after,
            until,
        }
    }

    /// A document with its card and entries, which only a walk hands out.
    async fn whole_document(&self, at: &DocRef) -> Result<Option<Stored>, StoreError> {
        // No id is nil (C6), so there is always one before.
        let before = DocRef {
            collection: at.collection.clone(),
            id: Uuid::from_u128(at.id.as_u128().saturating_sub(1)),
        };
        let walked = self.store.walk(Some(&before), 1).await?;
        let found = walked.docs.into_iter().next();
        Ok(found.filter(|stored| stored.at == *at))
    }

    async fn log(&self, mut seen: Seq, until: Seq) -> Result<(Chunk, Stage), StoreError> {
        let mut chunk = Chunk::default();
        let changes = self.store.changes(seen, PAGE).await?;
        if changes.records.is_empty() {
            return Err(corrupt(format!("the log ends at {seen}")));
        }
        for record in changes.records {
            follows(&record, seen)?;
            if record.seq > until {
                break;
            }
            seen = record.seq;
            chunk.record(record)?;
        }
        Ok((chunk, Stage::Logging { seen, until }))
    }

    fn end(&self, seq: Seq) -> Result<(Chunk, Stage), StoreError> {
        let Progress {
            docs,
            gone,
            records,
            bytes: _,
        } = self.progress;
        let exported = Exported {
            seq,
            docs,
            gone,
            records,
            digest: Digest(*self.hasher.finalize().as_bytes()),
        };
        let mut chunk = Chunk::default();
        Spelled::End(exported).write(&mut chunk.text)?;
        Ok((chunk, Stage::Over(exported)))
    }
}

/// Refuses a record that is not the next one.
fn follows(record: &LogRecord, seen: Seq) -> Result<(), StoreError> {
    if record.seq == seen.next() {
        return Ok(());
    }
    let seq = record.seq;
    Err(corrupt(format!("log record {seq} does not follow {seen}")))
}

/// What was read contradicts itself.
fn corrupt(what: impl Into<String>) -> StoreError {
    StoreError::Corrupt {
        what: what.into(),
        source: None,
    }
}

#[cfg(test)]
mod tests;
