//! The names a store deals in: collections, indexes, ids, keys, sequence numbers and digests.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{StoreError, hex};

/// The longest name of a collection or index, in bytes.
const NAME_BYTES: usize = 32;

/// Whether these bytes are a name: 1 to 32 of `a-z`, `0-9`, `_` and `.`.
const fn is_name(bytes: &[u8]) -> bool {
    if bytes.is_empty() || bytes.len() > NAME_BYTES {
        return false;
    }
    let mut rest = bytes;
    while let [first, others @ ..] = rest {
        if !matches!(first, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.') {
            return false;
        }
        rest = others;
    }
    true
}

/// A name, where it stands: a copy of one is cheap, since every hit of every scan holds some.
#[derive(Clone)]
enum Name {
    /// In the program.
    Known(&'static str),
    /// As it was read.
    Read(Arc<str>),
}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        ///
        /// 1 to 32 bytes of `a-z`, `0-9`, `_` and `.`.
        #[derive(Clone, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Name);

        impl $name {
            /// A name known when the program is compiled; anything else does not compile when
            /// this is called in a constant.
            #[must_use]
            pub const fn new(name: &'static str) -> Self {
                assert!(is_name(name.as_bytes()), "a name is 1 to 32 of a-z, 0-9, _ and .");
                Self(Name::Known(name))
            }

            /// The name as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match &self.0 {
                    Name::Known(name) => name,
                    Name::Read(name) => name,
                }
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.as_str() == other.as_str()
            }
        }

        impl Eq for $name {}

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }

        impl Ord for $name {
            fn cmp(&self, other: &Self) -> Ordering {
                self.as_str().cmp(other.as_str())
            }
        }

        impl Hash for $name {
            fn hash<H: Hasher>(&self, state: &mut H) {
                self.as_str().hash(state);
            }
        }

        impl TryFrom<&str> for $name {
            type Error = StoreError;

            fn try_from(name: &str) -> Result<Self, StoreError> {
                if is_name(name.as_bytes()) {
                    Ok(Self(Name::Read(Arc::from(name))))
                } else {
                    Err(StoreError::Malformed { what: concat!($what, " name") })
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = StoreError;

            fn try_from(name: String) -> Result<Self, StoreError> {
                Self::try_from(name.as_str())
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.as_str().to_owned()
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

name!(
    /// A set of documents of one kind.
    Collection,
    "collection"
);
name!(
    /// An ordered set of entries; one namespace of index names per store.
    Index,
    "index"
);

/// Where a document stands: its collection and its id.
///
/// Ordered by collection, then id, both as bytes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct DocRef {
    /// The set it belongs to.
    pub collection: Collection,
    /// Its id; neither nil nor all ones.
    pub id: Uuid,
}

impl fmt::Display for DocRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.collection, self.id)
    }
}

/// The number of a commit: contiguous, the first is 1. [`Seq::ZERO`] is before every commit.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Seq(pub u64);

impl Seq {
    /// Before the first commit.
    pub const ZERO: Self = Self(0);

    /// The number after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The number before this one; [`Seq::ZERO`] is its own.
    #[must_use]
    pub const fn previous(self) -> Self {
        Self(self.0.saturating_sub(1))
    }
}

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The name of one attempt to change something: sent twice, it changes once.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CommitId(pub Uuid);

impl CommitId {
    /// The id that this name always gives: for steps that have a name of their own.
    ///
    /// Names are guessable and so is what follows from them here; the ids of things do not, since
    /// they follow from the newsroom's secret too.
    #[must_use]
    pub fn named(name: &str) -> Self {
        let Digest(digest) = Digest::of(name.as_bytes());
        let (bits, _) = digest.split_first_chunk().unwrap_or((&[0; 16], &[]));
        Self(Uuid::new_v8(*bits))
    }
}

impl fmt::Display for CommitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A key of an index: bytes that sort as their meaning does. Where it is written down, it is
/// lower-case hexadecimal digits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Key(pub Vec<u8>);

impl From<Key> for String {
    fn from(key: Key) -> Self {
        hex::spelled(&key.0)
    }
}

impl TryFrom<String> for Key {
    type Error = StoreError;

    fn try_from(text: String) -> Result<Self, StoreError> {
        hex::bytes(&text)
            .map(Self)
            .ok_or(StoreError::Malformed { what: "key" })
    }
}

/// How long it is: what stands in it may be private.
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({} bytes)", self.0.len())
    }
}

impl<const N: usize> From<&[u8; N]> for Key {
    fn from(bytes: &[u8; N]) -> Self {
        Self(bytes.to_vec())
    }
}

impl From<&str> for Key {
    fn from(text: &str) -> Self {
        Self(text.as_bytes().to_vec())
    }
}

/// Sixteen bytes mixed into a body's digest, so that a digest that outlives an erased body leaves
/// nothing to guess by.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "Uuid", into = "Uuid")]
pub struct Salt(pub [u8; 16]);

impl From<Uuid> for Salt {
    fn from(uuid: Uuid) -> Self {
        Self(uuid.into_bytes())
    }
}

impl From<Salt> for Uuid {
    fn from(salt: Salt) -> Self {
        Self::from_bytes(salt.0)
    }
}

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt(..)")
    }
}

/// A BLAKE3 digest; as text, 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// The digest before the first log record.
    pub const ZERO: Self = Self([0; 32]);

    /// The digest of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }

    /// The digest that these digits spell.
    pub(crate) fn spelled(digits: &[u8; 64]) -> Option<Self> {
        hex::array(digits).map(Self)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&blake3::Hash::from_bytes(self.0).to_hex())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.to_string()
    }
}

impl TryFrom<&str> for Digest {
    type Error = StoreError;

    fn try_from(text: &str) -> Result<Self, StoreError> {
        text.as_bytes()
            .try_into()
            .ok()
            .and_then(Self::spelled)
            .ok_or(StoreError::Malformed { what: "digest" })
    }
}

impl TryFrom<String> for Digest {
    type Error = StoreError;

    fn try_from(text: String) -> Result<Self, StoreError> {
        Self::try_from(text.as_str())
    }
}
