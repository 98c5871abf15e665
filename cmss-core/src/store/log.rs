//! The log: one record a commit, chained from the first on.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::doc::body_digest;
use super::{Changeset, CommitId, Digest, DocRef, Seq, Write};

/// What one commit did, without any content.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogRecord {
    /// The number of the commit, which is the version of everything it put.
    pub seq: Seq,
    /// The id it was sent with.
    pub id: CommitId,
    /// The digest it was sent with.
    pub digest: Digest,
    /// The audit record.
    pub note: Arc<str>,
    /// The documents it wrote, in [`DocRef`] order.
    pub touched: Vec<Touched>,
    /// The digest of everything above and of the previous record's chain.
    pub chain: Digest,
}

/// One document that a commit wrote.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Touched {
    /// The document.
    pub at: DocRef,
    /// What became of it.
    pub change: Change,
}

/// What became of a document.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// It has been put; the digest of its body under its salt.
    Put(Digest),
    /// It has been removed.
    Removed,
}

impl LogRecord {
    /// The record of a changeset that is committed as `seq`, after a record whose chain is
    /// `previous` ([`Digest::ZERO`] before the first).
    #[must_use]
    pub fn next(previous: Digest, seq: Seq, changeset: &Changeset) -> Self {
        Unchained::of(changeset).chained(previous, seq)
    }

    /// Whether this record follows one whose chain is `previous`.
    #[must_use]
    pub fn follows(&self, previous: Digest) -> bool {
        self.chain == self.chain_after(previous)
    }

    /// The chain this record has after `previous`: every field, its length before it.
    fn chain_after(&self, previous: Digest) -> Digest {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&previous.0);
        hasher.update(&self.seq.0.to_be_bytes());
        hasher.update(self.id.0.as_bytes());
        hasher.update(&self.digest.0);
        part(&mut hasher, self.note.as_bytes());
        part(&mut hasher, &(self.touched.len() as u64).to_be_bytes());
        for Touched { at, change } in &self.touched {
            part(&mut hasher, at.collection.as_str().as_bytes());
            hasher.update(at.id.as_bytes());
            match change {
                Change::Put(digest) => hasher.update(&[1]).update(&digest.0),
                Change::Removed => hasher.update(&[0]),
            };
        }
        Digest(*hasher.finalize().as_bytes())
    }
}

/// What the record of a changeset says, but for its number and chain, which follow from the commit
/// before it.
///
/// The texts are hashed here: most of the work of a record, which a store can so do before it is the
/// changeset's turn.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unchained(LogRecord);

impl Unchained {
    /// What the record of this changeset will say.
    #[must_use]
    pub fn of(changeset: &Changeset) -> Self {
        let touched = changeset.writes.iter().map(|write| match write {
            Write::Put { at, salt, body, .. } => Touched {
                at: at.clone(),
                change: Change::Put(body_digest(*salt, body)),
            },
            Write::Remove { at } => Touched {
                at: at.clone(),
                change: Change::Removed,
            },
        });
        let mut touched: Vec<Touched> = touched.collect();
        touched.sort_by(|a, b| a.at.cmp(&b.at));
        Self(LogRecord {
            seq: Seq::ZERO,
            id: changeset.id,
            digest: changeset.digest,
            note: changeset.note.clone(),
            touched,
            chain: Digest::ZERO,
        })
    }

    /// The record, where the changeset is committed as `seq` after a record whose chain is
    /// `previous` ([`Digest::ZERO`] before the first).
    #[must_use]
    pub fn chained(self, previous: Digest, seq: Seq) -> LogRecord {
        let Self(mut record) = self;
        record.seq = seq;
        record.chain = record.chain_after(previous);
        record
    }
}

/// Feeds bytes with their length before them, so that no two sequences of parts look alike.
fn part(hasher: &mut blake3::Hasher, bytes: &[u8]) {
    hasher.update(&(bytes.len() as u64).to_be_bytes());
    hasher.update(bytes);
}
