//! The one place that asks for randomness, and how ids follow from a command's key.

use std::fmt::{self, Debug};
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ids::Id;
use crate::store::{CommitId, Digest, Salt};

/// Where the newsroom takes unguessable numbers from.
pub trait Ids: Debug + Send + Sync + 'static {
    /// A number that was not handed out before and cannot be guessed.
    fn fresh(&self) -> Uuid;
}

/// The operating system's randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct RandomIds;

impl Ids for RandomIds {
    #[allow(
        clippy::disallowed_methods,
        reason = "this is the one place that asks for randomness"
    )]
    fn fresh(&self) -> Uuid {
        Uuid::new_v4()
    }
}

impl CommitId {
    /// A key that no other command has, from the operating system's randomness: for
    /// [`Desk::once`](crate::Desk::once).
    ///
    /// # Examples
    ///
    /// Whoever does not hear the answer sends the same command with the same key:
    ///
    /// ```
    /// # use cmss_core::{Desk, Error, NewPerson, PersonId};
    /// use cmss_core::store::CommitId;
    ///
    /// # async fn example(desk: Desk, vera: NewPerson) -> Result<PersonId, Error> {
    /// let key = CommitId::random();
    /// match desk.once(key).put_person(None, &vera).await {
    ///     Err(error) if error.is_retryable() => desk.once(key).put_person(None, &vera).await,
    ///     answer => answer,
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn random() -> Self {
        Self(RandomIds.fresh())
    }
}

/// Numbers that follow from a seed: for tests and told stories, where a run must repeat itself.
///
/// **Guessable**: never for a real newsroom. It starts over with each process, so a command without
/// a key of its own may meet a key that an earlier run used: where a store outlives the process,
/// give every command its key with [`Desk::once`](crate::Desk::once).
#[derive(Debug)]
pub struct SeededIds {
    seed: [u8; 32],
    next: AtomicU64,
}

impl SeededIds {
    /// Numbers that follow from this seed.
    #[must_use]
    pub fn new(seed: &str) -> Self {
        Self {
            seed: *blake3::hash(seed.as_bytes()).as_bytes(),
            next: AtomicU64::new(0),
        }
    }
}

impl Ids for SeededIds {
    fn fresh(&self) -> Uuid {
        let n = self.next.fetch_add(1, Ordering::SeqCst);
        uuid_of(&blake3::keyed_hash(&self.seed, &n.to_be_bytes()))
    }
}

/// A UUID of these bits.
fn uuid_of(hash: &blake3::Hash) -> Uuid {
    let (bits, _) = hash
        .as_bytes()
        .split_first_chunk()
        .unwrap_or((&[0; 16], &[]));
    Uuid::new_v8(*bits)
}

/// The newsroom's secret: made when it is founded, kept in its document, never shown.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Secret([Uuid; 2]);

impl Secret {
    /// A new secret.
    pub(crate) fn make(ids: &dyn Ids) -> Self {
        Self([ids.fresh(), ids.fresh()])
    }

    /// The keyed hash of these parts, each with its length before it, for one purpose.
    fn keyed(&self, purpose: &str, parts: &[&[u8]]) -> blake3::Hash {
        let [a, b] = &self.0;
        let mut key = [0; 32];
        for (slot, byte) in key.iter_mut().zip(a.as_bytes().iter().chain(b.as_bytes())) {
            *slot = *byte;
        }
        let mut hasher = blake3::Hasher::new_keyed(&key);
        for part in std::iter::once(&purpose.as_bytes()).chain(parts) {
            hasher.update(&(part.len() as u64).to_be_bytes());
            hasher.update(part);
        }
        hasher.finalize()
    }

    /// What a key must carry when it comes again: a digest of the command, its text included, and
    /// of who gave it. Keyed, so that the log leaves nothing to guess the text by.
    pub(crate) fn sameness(&self, command: &[u8], actor: &[u8]) -> Digest {
        Digest(*self.keyed("sameness", &[command, actor]).as_bytes())
    }

    /// The public id of a private thing: fixed for life, unguessable, and joined to the private
    /// one by nobody without the secret. `facet` tells several public things of one apart.
    pub(crate) fn public(&self, kind: &str, id: Uuid, facet: &str) -> Uuid {
        uuid_of(&self.keyed(
            "public",
            &[kind.as_bytes(), id.as_bytes(), facet.as_bytes()],
        ))
    }
}

impl Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// Makes the ids of one command, in order, from its key: the same key makes the same ids.
#[derive(Debug)]
pub(crate) struct Mint<'a> {
    secret: &'a Secret,
    key: CommitId,
    next: u64,
}

impl<'a> Mint<'a> {
    /// The ids of the command with this key.
    pub(crate) const fn new(secret: &'a Secret, key: CommitId) -> Self {
        Self {
            secret,
            key,
            next: 0,
        }
    }

    /// The next id.
    pub(crate) fn id<I: Id>(&mut self) -> I {
        let n = self.next;
        self.next = n.saturating_add(1);
        let hash = self
            .secret
            .keyed("id", &[self.key.0.as_bytes(), &n.to_be_bytes()]);
        I::from_uuid(uuid_of(&hash))
    }
}

/// A salt that follows from nothing: a digest in the log must not outlive its body as a riddle.
pub(crate) fn salt(ids: &dyn Ids) -> Salt {
    Salt::from(ids.fresh())
}
