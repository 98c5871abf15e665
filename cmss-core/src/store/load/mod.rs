//! Moving house: the lines that fill an empty store, and what is checked on the way in.

mod documents;

use serde::{Deserialize, Serialize};

use super::doc::body_digest;
use super::{Digest, DocRef, LogRecord, Seq, StoreError, Stored};
use documents::Documents;

/// The lines of a load, in order: all documents in [`DocRef`] order, all log records from the
/// first on, one end line. An error stops the load.
pub type Lines = Box<dyn Iterator<Item = Result<Line, StoreError>> + Send>;

/// One line of a load.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Line {
    /// A document, whole.
    Doc(Stored),
    /// A log record.
    Record(LogRecord),
    /// The end: nothing may come after it.
    End(End),
}

/// What the lines before it add up to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct End {
    /// How many documents there were.
    pub docs: u64,
    /// How many log records there were.
    pub records: u64,
    /// [`Intake::digest`] over all of them.
    pub digest: Digest,
}

/// Counts lines, and digests them as they are spelled: what an end line is made of.
#[derive(Debug, Default)]
pub(super) struct Tally {
    docs: u64,
    records: u64,
    hasher: blake3::Hasher,
}

impl Tally {
    pub(super) fn doc(&mut self, stored: &Stored) -> Result<(), StoreError> {
        self.feed(stored)?;
        self.docs = self.docs.saturating_add(1);
        Ok(())
    }

    pub(super) fn record(&mut self, record: &LogRecord) -> Result<(), StoreError> {
        self.feed(record)?;
        self.records = self.records.saturating_add(1);
        Ok(())
    }

    pub(super) fn end(&self) -> End {
        End {
            docs: self.docs,
            records: self.records,
            digest: self.digest(),
        }
    }

    fn digest(&self) -> Digest {
        Digest(*self.hasher.finalize().as_bytes())
    }

    /// Feeds the digest with one line as it is spelled.
    fn feed(&mut self, line: &impl Serialize) -> Result<(), StoreError> {
        let spelled = serde_json::to_vec(line).map_err(|source| StoreError::Corrupt {
            what: "a line of a load has no spelling".to_owned(),
            source: Some(Box::new(source)),
        })?;
        self.hasher.update(&(spelled.len() as u64).to_be_bytes());
        self.hasher.update(&spelled);
        Ok(())
    }
}

/// Checks the lines of a load as they come in: order, contiguity, the chain, that each document
/// is what the last record that touched it says, and the end line's counts and digest.
///
/// It keeps some sixty bytes of each document, up to twice that while they come: a load's memory grows
/// with the number of documents, not with their size.
#[derive(Debug, Default)]
pub struct Intake {
    tally: Tally,
    last: Option<DocRef>,
    documents: Documents,
    seq: Seq,
    chain: Option<Digest>,
    ended: bool,
}

impl Intake {
    /// Nothing taken in yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes one line in.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] where it contradicts the lines before it.
    pub fn take(&mut self, line: &Line) -> Result<(), StoreError> {
        if self.ended {
            return Err(corrupt("a line after the end line"));
        }
        match line {
            Line::Doc(stored) => self.take_doc(stored),
            Line::Record(record) => self.take_record(record),
            Line::End(end) => self.take_end(end),
        }
    }

    /// The digest over what has been taken in so far: what an end line must carry.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.tally.digest()
    }

    /// The end line that would seal what has been taken in so far.
    #[must_use]
    pub fn end(&self) -> End {
        self.tally.end()
    }

    /// The last commit of what was taken in, once the end line has come.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when there was no end line.
    pub fn finish(self) -> Result<Seq, StoreError> {
        if self.ended {
            Ok(self.seq)
        } else {
            Err(corrupt("the end line is missing"))
        }
    }

    fn take_doc(&mut self, stored: &Stored) -> Result<(), StoreError> {
        if self.chain.is_some() {
            return Err(corrupt("a document after the first log record"));
        }
        if self.last.as_ref().is_some_and(|last| last >= &stored.at) {
            return Err(corrupt(format!("{} is out of order", stored.at)));
        }
        self.tally.doc(stored)?;
        self.last = Some(stored.at.clone());
        let digest = body_digest(stored.salt, &stored.body);
        (self.documents).push(&stored.at, stored.version, digest);
        Ok(())
    }

    fn take_record(&mut self, record: &LogRecord) -> Result<(), StoreError> {
        if record.seq != self.seq.next() {
            return Err(corrupt(format!(
                "log record {} does not follow {}",
                record.seq, self.seq
            )));
        }
        if !record.follows(self.chain.unwrap_or(Digest::ZERO)) {
            return Err(corrupt(format!(
                "log record {} breaks the chain",
                record.seq
            )));
        }
        self.tally.record(record)?;
        for touched in &record.touched {
            self.documents.tell(record.seq, touched)?;
        }
        self.seq = record.seq;
        self.chain = Some(record.chain);
        Ok(())
    }

    fn take_end(&mut self, end: &End) -> Result<(), StoreError> {
        if *end != self.end() {
            return Err(corrupt("the end line does not fit the lines before it"));
        }
        self.documents.finish()?;
        self.ended = true;
        Ok(())
    }
}

/// A load that contradicts itself.
fn corrupt(what: impl Into<String>) -> StoreError {
    StoreError::Corrupt {
        what: what.into(),
        source: None,
    }
}
