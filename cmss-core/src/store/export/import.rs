//! What a load takes, made of the files of an export.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use super::source::Source;
use super::spelling::{Spelled, longest};
use super::{Exported, corrupt};
use crate::store::load::Tally;
use crate::store::{Digest, DocRef, Limits, Line, Lines, Seq, StoreError, Stored};

/// The lines that [`Store::load`](crate::store::Store::load) takes, from a whole export and the
/// exports of what changed since, each beginning where the one before it ends.
///
/// Each file is read from its beginning twice: here, whole, on the calling thread, where it is
/// checked against its end line; and again line by line as the load asks for them, on whichever
/// thread the load does so. Memory grows with the number of documents that were written to while
/// the export ran, or since: a place and an offset for each. A line may be as long as the limits of
/// the store to be filled allow.
///
/// # Errors
/// [`StoreError::Corrupt`] names the line of a file that is cut short, damaged, out of order, not
/// finished or not an export, and never shows what it holds; also where the files do not follow
/// each other. [`StoreError::Unavailable`] for a newer format, and a file that cannot be read. The
/// load then checks the documents against the log.
pub fn import<R>(files: impl IntoIterator<Item = R>, limits: &Limits) -> Result<Lines, StoreError>
where
    R: Read + Seek + Send + 'static,
{
    let mut merge = Merge {
        files: Vec::new(),
        later: BTreeMap::new(),
        next: None,
        current: 0,
        stage: Stage::Documents,
        tally: Tally::default(),
    };
    let mut seq = None;
    for (file, number) in files.into_iter().zip(1..) {
        let mut source = Source::new(file, number, longest(limits));
        let scanned = scan(&mut source, merge.files.len(), seq, &mut merge.later)?;
        seq = Some(scanned.seq);
        source.begin()?;
        merge.files.push((source, scanned));
    }
    if seq.is_none() {
        return Err(corrupt("there is no export to be read"));
    }
    Ok(Box::new(merge))
}

/// Where the last line about each document stands that does not come in order: which file, and
/// where in it; `None` when the document is gone.
type Later = BTreeMap<DocRef, Option<(usize, u64)>>;

/// What a file holds. Counts go down as the lines are read again.
struct Scanned {
    /// The last commit.
    seq: Seq,
    /// Documents at the beginning, in order.
    base: u64,
    /// Lines about documents, after those.
    rest: u64,
    records: u64,
    digest: Digest,
}

/// Reads a file whole, and checks it.
fn scan<R: Read + Seek>(
    source: &mut Source<R>,
    index: usize,
    ends: Option<Seq>,
    later: &mut Later,
) -> Result<Scanned, StoreError> {
    let after = source.begin()?;
    check_beginning(&source.name(), after, ends)?;
    let mut found = Exported {
        seq: after,
        docs: 0,
        gone: 0,
        records: 0,
        digest: Digest::ZERO,
    };
    let mut base = 0_u64;
    let mut last = None;
    // Only the first file has documents that need no second look.
    let mut in_order = ends.is_none();
    loop {
        let offset = source.offset();
        match source.next()? {
            Some(Spelled::Doc(stored)) if found.records == 0 => {
                found.docs = found.docs.saturating_add(1);
                in_order &= last.as_ref().is_none_or(|last| *last < stored.at);
                if in_order {
                    base = base.saturating_add(1);
                    last = Some(stored.at);
                } else {
                    later.insert(stored.at, Some((index, offset)));
                }
            }
            Some(Spelled::Gone(gone)) if found.records == 0 => {
                found.gone = found.gone.saturating_add(1);
                in_order = false;
                later.insert(gone.at, None);
            }
            Some(Spelled::Record(record)) => {
                found.records = found.records.saturating_add(1);
                found.seq = record.seq;
            }
            Some(Spelled::End(_)) => break,
            Some(_) => return Err(source.fault("is out of place")),
            None => {
                let name = source.name();
                return Err(corrupt(format!(
                    "{name} has no end line: it was not finished"
                )));
            }
        }
    }
    found.digest = source.digest();
    if !source.reads(&Spelled::End(found))? {
        return Err(source.fault("does not fit the lines before it"));
    }
    if source.advance()? {
        return Err(source.fault("comes after the end line"));
    }
    Ok(Scanned {
        seq: found.seq,
        base,
        rest: found.docs.saturating_add(found.gone).saturating_sub(base),
        records: found.records,
        digest: found.digest,
    })
}

/// Refuses a file that does not begin where the one before it ends.
fn check_beginning(name: &str, after: Seq, ends: Option<Seq>) -> Result<(), StoreError> {
    match ends {
        None if after == Seq::ZERO => Ok(()),
        None => Err(corrupt(format!(
            "{name} begins after commit {after}: a whole one has to come before it"
        ))),
        Some(ends) if after == ends => Ok(()),
        Some(ends) => Err(corrupt(format!(
            "{name} begins after commit {after}, the one before it ends with commit {ends}"
        ))),
    }
}

/// The second reading: documents in order, the last line about each; then the records.
struct Merge<R> {
    files: Vec<(Source<R>, Scanned)>,
    later: Later,
    /// The next document of those in order.
    next: Option<Stored>,
    /// Whose records are being read.
    current: usize,
    stage: Stage,
    tally: Tally,
}

enum Stage {
    Documents,
    Records,
    Over,
}

impl<R: Read + Seek> Merge<R> {
    fn advance(&mut self) -> Result<Option<Line>, StoreError> {
        if matches!(self.stage, Stage::Documents) {
            if let Some(stored) = self.document()? {
                self.tally.doc(&stored)?;
                return Ok(Some(Line::Doc(stored)));
            }
            self.stage = Stage::Records;
        }
        while matches!(self.stage, Stage::Records) {
            let Some((source, left)) = self.files.get_mut(self.current) else {
                self.stage = Stage::Over;
                return Ok(Some(Line::End(self.tally.end())));
            };
            while left.rest > 0 {
                left.rest = left.rest.saturating_sub(1);
                source.advance()?;
            }
            if left.records > 0 {
                left.records = left.records.saturating_sub(1);
                let Some(Spelled::Record(record)) = source.next()? else {
                    return Err(source.changed());
                };
                self.tally.record(&record)?;
                return Ok(Some(Line::Record(record)));
            }
            source.advance()?;
            if source.digest() != left.digest {
                return Err(source.changed());
            }
            self.current = self.current.saturating_add(1);
        }
        Ok(None)
    }

    /// The next document, where the last line about it stands.
    fn document(&mut self) -> Result<Option<Stored>, StoreError> {
        loop {
            if self.next.is_none() {
                self.next = self.in_order()?;
            }
            let later = match (&self.next, self.later.first_key_value()) {
                (Some(next), Some((at, _))) => *at <= next.at,
                (None, Some(_)) => true,
                (_, None) => false,
            };
            if !later {
                return Ok(self.next.take());
            }
            let Some((at, place)) = self.later.pop_first() else {
                return Ok(self.next.take());
            };
            self.next = self.next.take().filter(|next| next.at != at);
            if let Some((index, offset)) = place
                && let Some((source, _)) = self.files.get_mut(index)
            {
                return match source.at(offset)? {
                    Spelled::Doc(stored) if stored.at == at => Ok(Some(stored)),
                    _ => Err(source.changed()),
                };
            }
        }
    }

    /// The next of the documents that come in order.
    fn in_order(&mut self) -> Result<Option<Stored>, StoreError> {
        let Some((source, left)) = self.files.first_mut().filter(|(_, left)| left.base > 0) else {
            return Ok(None);
        };
        left.base = left.base.saturating_sub(1);
        match source.next()? {
            Some(Spelled::Doc(stored)) => Ok(Some(stored)),
            _ => Err(source.changed()),
        }
    }
}

impl<R: Read + Seek> Iterator for Merge<R> {
    type Item = Result<Line, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        let line = self.advance();
        if line.is_err() {
            self.stage = Stage::Over;
        }
        line.transpose()
    }
}
