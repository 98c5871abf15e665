//! Documents and their index entries.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Digest, DocRef, Index, Key, Salt, Seq};

/// A document as it is read. Its `Debug` shows how long its text is, and nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Doc {
    /// Where it stands.
    pub at: DocRef,
    /// The commit that wrote it.
    pub version: Seq,
    /// What its digest in the log is salted with.
    pub salt: Salt,
    /// JSON text, kept byte for byte.
    pub body: Arc<str>,
}

impl Doc {
    /// The digest of the body under its salt, as the log keeps it in a
    /// [`Change::Put`](super::Change::Put).
    #[must_use]
    pub fn digest(&self) -> Digest {
        body_digest(self.salt, &self.body)
    }
}

/// A document with everything that was put with it, as [`Store::walk`](super::Store::walk) hands
/// it out and [`Store::load`](super::Store::load) takes it in. Its `Debug` shows how long its texts are,
/// and nothing of them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stored {
    /// Where it stands.
    pub at: DocRef,
    /// The commit that wrote it.
    pub version: Seq,
    /// What its digest in the log is salted with.
    pub salt: Salt,
    /// JSON text.
    pub body: Arc<str>,
    /// The small value a scan can return without reading the document.
    pub card: Option<Arc<str>>,
    /// Its index entries, sorted, each once.
    pub entries: Vec<Entry>,
}

impl Stored {
    /// The document without its card and entries.
    #[must_use]
    pub fn doc(&self) -> Doc {
        Doc {
            at: self.at.clone(),
            version: self.version,
            salt: self.salt,
            body: self.body.clone(),
        }
    }
}

/// A place of a document in an index.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Entry {
    /// Any number of documents may stand at this key.
    Listed {
        /// The index.
        index: Index,
        /// The key.
        key: Key,
    },
    /// At most one document holds this key of this index.
    Unique {
        /// The index.
        index: Index,
        /// The key.
        key: Key,
    },
}

impl Entry {
    /// The index this entry stands in.
    #[must_use]
    pub const fn index(&self) -> &Index {
        match self {
            Self::Listed { index, .. } | Self::Unique { index, .. } => index,
        }
    }

    /// The key it stands at.
    #[must_use]
    pub const fn key(&self) -> &Key {
        match self {
            Self::Listed { key, .. } | Self::Unique { key, .. } => key,
        }
    }

    /// Whether at most one document holds it.
    #[must_use]
    pub const fn is_unique(&self) -> bool {
        matches!(self, Self::Unique { .. })
    }
}

/// How `Debug` shows a text: whatever stands in a document may be private.
pub(super) struct Shown<'a>(pub(super) &'a str);

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({} bytes)", self.0.len())
    }
}

impl fmt::Debug for Doc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            at,
            version,
            salt,
            body,
        } = self;
        f.debug_struct("Doc")
            .field("at", at)
            .field("version", version)
            .field("salt", salt)
            .field("body", &Shown(body))
            .finish()
    }
}

impl fmt::Debug for Stored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            at,
            version,
            salt,
            body,
            card,
            entries,
        } = self;
        f.debug_struct("Stored")
            .field("at", at)
            .field("version", version)
            .field("salt", salt)
            .field("body", &Shown(body))
            .field("card", &card.as_deref().map(Shown))
            .field("entries", entries)
            .finish()
    }
}

/// The digest of a body under its salt, as the log keeps it: BLAKE3, its key the salt and sixteen
/// zero bytes. A salt before the body would put every byte of it out of step with the blocks that
/// are hashed side by side.
pub(super) fn body_digest(salt: Salt, body: &str) -> Digest {
    let mut key = [0; blake3::KEY_LEN];
    for (byte, salt) in key.iter_mut().zip(salt.0) {
        *byte = salt;
    }
    Digest(*blake3::keyed_hash(&key, body.as_bytes()).as_bytes())
}
