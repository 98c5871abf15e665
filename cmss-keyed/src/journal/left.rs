//! What a journal was left with, when the store was not closed.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use cmss_core::store::{Digest, Seq, StoreError};

use super::{FORMAT, HEADER, MAGIC, PAGE, Secret, hash, open, path};
use crate::codec::Reader;
use crate::directory;
use crate::engine::{Batch, Engine};
use crate::error;
use crate::reads::Tip;
use crate::staged::Staged;

/// A journal is never as large. It is read whole.
const MOST: u64 = 1 << 30;

/// The bytes of a journal that was left.
#[derive(Debug, Default)]
pub(crate) struct Left {
    path: PathBuf,
    /// None where no journal was ever begun.
    secret: Option<Secret>,
    bytes: Vec<u8>,
}

/// A record, as it stands in the file.
struct Record<'a> {
    before: Tip,
    after: Tip,
    body: &'a [u8],
    /// Where the next one begins.
    end: usize,
}

impl Left {
    /// Reads the journal of a directory, as what an earlier process wrote last: which is durable when
    /// this returns.
    pub(crate) fn read<E: Engine>(directory: &Path, engine: &E) -> Result<Self, StoreError> {
        let path = path(directory);
        let shown = path.display();
        let cannot = |source| error::unreachable(format!("{shown} cannot be read"), source);
        let damaged = |how: &str| {
            error::corrupt(format!(
                "{shown} {how}, so it is not known what was committed last: put the right file \
                 back; or, to lose what was committed last, remove it"
            ))
        };
        let length = match fs::metadata(&path) {
            Ok(found) => found.len(),
            Err(source) if source.kind() == ErrorKind::NotFound => {
                return Ok(Self {
                    path,
                    ..Self::default()
                });
            }
            Err(source) => return Err(cannot(source)),
        };
        if length > MOST {
            return Err(damaged("is larger than a journal can be"));
        }
        let bytes = fs::read(&path).map_err(cannot)?;
        let (first, pages) = bytes.split_at_checked(PAGE).unwrap_or((&bytes, &[]));
        match read_first_page(first) {
            Some((FORMAT, secret)) => {
                if pages.is_empty() || pages.iter().any(|byte| *byte != 0) {
                    // Whoever wrote it may have ended before it was durable, or was told that it was
                    // not: what the system holds in memory it does not write again by itself.
                    let mut file = open(&path).map_err(cannot)?;
                    file.write_all(&bytes).map_err(cannot)?;
                    engine.sync(&file).map_err(cannot)?;
                    directory::sync(directory).map_err(cannot)?;
                }
                Ok(Self {
                    bytes,
                    secret: Some(secret),
                    path,
                })
            }
            Some((format, _)) => Err(error::unavailable(format!(
                "{shown} is written in format {format}, this release reads format {FORMAT}: use \
                 the release that wrote it, or a newer one"
            ))),
            // It was never finished, or not begun: the first record comes after it.
            None if is_begun(first) && pages.iter().all(|byte| *byte == 0) => Ok(Self {
                path,
                ..Self::default()
            }),
            None => Err(damaged("is damaged")),
        }
    }

    pub(super) const fn secret(&self) -> Option<Secret> {
        self.secret
    }

    /// What was committed after a tip.
    pub(crate) fn after(&self, tip: Tip) -> Result<Staged, StoreError> {
        let (mut staged, mut last) = (Staged::new(), tip);
        let (mut at, mut before) = (PAGE, None);
        while let Some(record) = self.record(at)
            && before.is_none_or(|before| record.before == before)
        {
            if record.after.seq > tip.seq {
                if record.before != last {
                    return Err(self.of_another(tip, &record));
                }
                let batch = read_body(record.body);
                staged.absorb_batch(batch.ok_or_else(|| self.damaged(tip, last))?);
                last = record.after;
            }
            before = Some(record.after);
            at = record.end;
        }
        // What was finished later was durable later.
        let starts = (at..self.bytes.len()).step_by(PAGE);
        let mut later = starts.filter_map(|start| self.record(start));
        if later.any(|record| record.after.seq > last.seq) {
            return Err(self.damaged(tip, last));
        }
        Ok(staged)
    }

    /// What to say of an engine that was given a part of what was committed after its tip, and of which
    /// this has not the rest; `None` where there is no place for a journal.
    pub(crate) fn lacks(&self, tip: Tip) -> Option<StoreError> {
        (!self.path.as_os_str().is_empty()).then(|| {
            error::corrupt(format!(
                "the store has a part of what was committed after commit {}, and {}, which had all of \
                 it, is damaged or not there: put the right file back; without it, only a copy of the \
                 store helps",
                tip.seq,
                self.path.display()
            ))
        })
    }

    /// Refuses to go with a store in which no commit is, when any is here.
    pub(crate) fn check_empty(&self, place: &str) -> Result<(), StoreError> {
        if self.after(Tip::ZERO).is_ok_and(|staged| staged.is_empty()) {
            return Ok(());
        }
        Err(error::corrupt(format!(
            "{place} holds no commits, and {} does: put the files back that belong to it; or, to \
             begin anew, remove it",
            self.path.display()
        )))
    }

    /// The record that begins there, when there is a whole one.
    fn record(&self, at: usize) -> Option<Record<'_>> {
        let secret = self.secret.as_ref()?;
        let (header, rest) = self.bytes.get(at..)?.split_at_checked(HEADER)?;
        let (said, hashed) = header.split_last_chunk()?;
        (hash(secret, said) == *hashed).then_some(())?;
        let mut reader = Reader::new(said);
        let length = usize::try_from(reader.u64()?).ok()?;
        let (before, after) = (read_tip(&mut reader)?, read_tip(&mut reader)?);
        let body = rest.get(..length)?;
        (hash(secret, body) == reader.array()?).then_some(())?;
        let length = HEADER.checked_add(length)?.checked_next_multiple_of(PAGE)?;
        Some(Record {
            before,
            after,
            body,
            end: at.checked_add(length)?,
        })
    }

    fn damaged(&self, tip: Tip, last: Tip) -> StoreError {
        error::corrupt(format!(
            "{} is damaged after commit {}, and what was committed later cannot be read: put the \
             right file back; or, to lose what came after commit {}, remove it",
            self.path.display(),
            last.seq,
            tip.seq
        ))
    }

    fn of_another(&self, tip: Tip, record: &Record<'_>) -> StoreError {
        error::corrupt(format!(
            "the store holds commits up to {}, and {} goes on from commit {} of another history: \
             put the right files back; or, to go on with what the store holds, remove it",
            tip.seq,
            self.path.display(),
            record.before.seq
        ))
    }
}

/// The format and the secret, where the page is whole.
fn read_first_page(page: &[u8]) -> Option<(u32, Secret)> {
    let mut reader = Reader::new(page);
    (reader.array()? == *MAGIC).then_some(())?;
    let (format, secret) = (reader.u32()?, reader.array()?);
    let said = page.get(..MAGIC.len() + 4 + size_of::<Secret>())?;
    (reader.u32()? == crc32fast::hash(said)).then_some((format, secret))
}

/// Whether a page can be what is there of a first page that was not finished.
fn is_begun(page: &[u8]) -> bool {
    (page.iter().zip(MAGIC)).all(|(byte, magic)| *byte == 0 || byte == magic)
}

fn read_tip(reader: &mut Reader<'_>) -> Option<Tip> {
    Some(Tip {
        seq: Seq(reader.u64()?),
        chain: Digest(reader.array()?),
    })
}

fn read_body(body: &[u8]) -> Option<Batch> {
    let mut reader = Reader::new(body);
    let mut batch = Batch::new();
    while let Some(key) = reader.bytes() {
        let value = match reader.u8()? {
            0 => None,
            _ => Some(reader.bytes()?.to_vec()),
        };
        batch.insert(key.to_vec(), value);
    }
    reader.end()?;
    Some(batch)
}
