//! What a commit takes, and the bounds of it.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use uuid::Uuid;

use super::doc::Shown;
use super::{
    CommitId, Digest, DocRef, Entry, Line, LogRecord, Range, Salt, Seq, StoreError, Stored,
};

/// A change to the store: what it was decided on, and what it writes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Changeset {
    /// The name of this attempt: the same id never commits twice.
    pub id: CommitId,
    /// What must hold before, or nothing happens.
    pub expect: Vec<Expect>,
    /// What is written, at least one.
    pub writes: Vec<Write>,
    /// The audit record: JSON text of ids and facts, never content.
    pub note: Arc<str>,
    /// What the same id must carry when it comes again.
    pub digest: Digest,
}

/// A condition on the state before a commit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Expect {
    /// There is no such document.
    Absent(DocRef),
    /// The document is there, at this version.
    At(DocRef, Seq),
    /// Exactly these documents have an entry in the range; none means it is vacant.
    ///
    /// A document with several entries in the range counts once; the order does not matter.
    Members {
        /// The stretch of an index.
        range: Range,
        /// The documents in it.
        docs: BTreeSet<DocRef>,
    },
}

/// A write of one document. Its `Debug` shows how long its texts are, and nothing of them.
#[derive(Clone, PartialEq, Eq)]
pub enum Write {
    /// The document is this from now on.
    Put {
        /// Where it stands.
        at: DocRef,
        /// Sixteen unguessable bytes for its digest.
        salt: Salt,
        /// JSON text.
        body: Arc<str>,
        /// A small value that a scan can return.
        card: Option<Arc<str>>,
        /// Its whole set of entries.
        entries: Vec<Entry>,
    },
    /// The document is gone.
    Remove {
        /// Where it stood.
        at: DocRef,
    },
}

impl Write {
    /// The document written.
    #[must_use]
    pub const fn at(&self) -> &DocRef {
        match self {
            Self::Put { at, .. } | Self::Remove { at } => at,
        }
    }
}

impl fmt::Debug for Write {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Put {
                at,
                salt,
                body,
                card,
                entries,
            } => f
                .debug_struct("Put")
                .field("at", at)
                .field("salt", salt)
                .field("body", &Shown(body))
                .field("card", &card.as_deref().map(Shown))
                .field("entries", entries)
                .finish(),
            Self::Remove { at } => f.debug_struct("Remove").field("at", at).finish(),
        }
    }
}

/// What a committed changeset is answered with, each time it is sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Receipt {
    /// The number of the commit.
    pub seq: Seq,
    /// The id it was sent with.
    pub id: CommitId,
    /// The digest it was sent with.
    pub digest: Digest,
}

/// The bounds of a store.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Longest body, in bytes.
    pub body: usize,
    /// Longest card, in bytes.
    pub card: usize,
    /// Longest key, in bytes.
    pub key: usize,
    /// Most entries of one document.
    pub entries: usize,
    /// Longest note, in bytes.
    pub note: usize,
    /// Most writes of one changeset.
    pub writes: usize,
    /// Most expectations of one changeset, each document of a `Members` counted.
    pub expectations: usize,
    /// Most bytes of one changeset: bodies, cards, keys and note together.
    pub changeset: usize,
    /// Most hits, documents or records of one page.
    pub page: usize,
}

impl Default for Limits {
    /// What every store takes at least: 1 MB bodies, 2 kB cards, 160 B keys, 64 entries a
    /// document, 64 kB notes, 1,000 writes and 20,000 expectations and 4 MB a changeset, 1,000 a
    /// page.
    fn default() -> Self {
        Self {
            body: 1_000_000,
            card: 2_000,
            key: 160,
            entries: 64,
            note: 64_000,
            writes: 1_000,
            expectations: 20_000,
            changeset: 4_000_000,
            page: 1_000,
        }
    }
}

impl Limits {
    /// Whether a page of this size may be asked for.
    ///
    /// # Errors
    /// [`StoreError::Limit`] for 0 or above [`Limits::page`].
    pub const fn check_page(&self, limit: usize) -> Result<(), StoreError> {
        if limit == 0 || limit > self.page {
            return Err(StoreError::Limit {
                what: "page",
                limit: self.page,
                given: limit,
            });
        }
        Ok(())
    }
}

impl Limits {
    /// Refuses ids that bound ranges.
    fn check_id(at: &DocRef) -> Result<(), StoreError> {
        if at.id.is_nil() || at.id == Uuid::max() {
            return Err(StoreError::Malformed {
                what: "nil or all-ones id",
            });
        }
        Ok(())
    }

    /// Refuses what no commit is: one without writes, or with too many of them, or such a note.
    fn check_commit(&self, writes: usize, note: &str) -> Result<(), StoreError> {
        if writes == 0 {
            return Err(StoreError::Malformed {
                what: "changeset without writes",
            });
        }
        within("writes", writes, self.writes)?;
        within("note", note.len(), self.note)?;
        without_nul("U+0000 in a note", note)
    }

    /// Refuses a document that no store keeps; answers its size.
    fn check_document(
        &self,
        body: &str,
        card: Option<&str>,
        entries: &[Entry],
    ) -> Result<usize, StoreError> {
        within("body", body.len(), self.body)?;
        without_nul("U+0000 in a body", body)?;
        let mut size = body.len();
        if let Some(card) = card {
            within("card", card.len(), self.card)?;
            without_nul("U+0000 in a card", card)?;
            size = size.saturating_add(card.len());
        }
        within("entries", entries.len(), self.entries)?;
        for entry in entries {
            within("key", entry.key().0.len(), self.key)?;
            size = size.saturating_add(entry.key().0.len());
        }
        Ok(size)
    }
}

impl Line {
    /// Everything a store can refuse of a line without looking at its state, or at the other lines
    /// (M2): what no commit could have put there.
    ///
    /// # Errors
    /// [`StoreError::Malformed`] and [`StoreError::Limit`] as for a changeset;
    /// [`StoreError::Corrupt`] when the entries of a document, or the documents that a log record
    /// names, are not sorted, each once.
    pub fn check(&self, limits: &Limits) -> Result<(), StoreError> {
        match self {
            Self::Doc(stored) => stored.check(limits),
            Self::Record(record) => record.check(limits),
            Self::End(_) => Ok(()),
        }
    }
}

impl Stored {
    fn check(&self, limits: &Limits) -> Result<(), StoreError> {
        Limits::check_id(&self.at)?;
        limits.check_document(&self.body, self.card.as_deref(), &self.entries)?;
        if !self.entries.is_sorted_by(|a, b| a < b) {
            return Err(disordered(format!("the entries of {}", self.at)));
        }
        Ok(())
    }
}

impl LogRecord {
    fn check(&self, limits: &Limits) -> Result<(), StoreError> {
        limits.check_commit(self.touched.len(), &self.note)?;
        for touched in &self.touched {
            Limits::check_id(&touched.at)?;
        }
        if !self.touched.is_sorted_by(|a, b| a.at < b.at) {
            let what = format!("the documents of log record {}", self.seq);
            return Err(disordered(what));
        }
        Ok(())
    }
}

fn disordered(what: String) -> StoreError {
    StoreError::Corrupt {
        what: format!("{what} are not in order"),
        source: None,
    }
}

/// Refuses what exceeds a limit.
const fn within(what: &'static str, given: usize, limit: usize) -> Result<(), StoreError> {
    if given > limit {
        return Err(StoreError::Limit { what, limit, given });
    }
    Ok(())
}

/// Refuses text with U+0000, which not every engine can keep.
fn without_nul(what: &'static str, text: &str) -> Result<(), StoreError> {
    // In UTF-8 a 0 is never part of another character.
    if memchr::memchr(0, text.as_bytes()).is_some() {
        return Err(StoreError::Malformed { what });
    }
    Ok(())
}

impl Changeset {
    /// Everything a store can refuse without looking at its state (C6).
    ///
    /// # Errors
    /// [`StoreError::Malformed`] and [`StoreError::Limit`].
    pub fn check(&self, limits: &Limits) -> Result<(), StoreError> {
        limits.check_commit(self.writes.len(), &self.note)?;
        let expectations = self.expect.iter().map(|expect| match expect {
            Expect::Absent(_) | Expect::At(..) => 1,
            Expect::Members { docs, .. } => docs.len().saturating_add(1),
        });
        within("expectations", expectations.sum(), limits.expectations)?;

        let mut size = self.note.len();
        let mut written = BTreeSet::new();
        let mut claimed = BTreeSet::new();
        for write in &self.writes {
            let at = write.at();
            Limits::check_id(at)?;
            if !written.insert(at) {
                return Err(StoreError::Malformed {
                    what: "document written twice",
                });
            }
            let Write::Put {
                body,
                card,
                entries,
                ..
            } = write
            else {
                continue;
            };
            size = size.saturating_add(limits.check_document(body, card.as_deref(), entries)?);
            let own: BTreeSet<_> = entries.iter().filter(|entry| entry.is_unique()).collect();
            for entry in own {
                if !claimed.insert(entry) {
                    return Err(StoreError::Malformed {
                        what: "unique key claimed twice",
                    });
                }
            }
        }
        within("changeset", size, limits.changeset)
    }
}
