//! What tells two answers apart without comparing them.

use std::fmt;

use crate::store::Digest;

/// What an answer of the site is told apart by: equal validators mean equal answers.
///
/// As text, 32 hexadecimal digits, fit for an `ETag`. It follows from what is served and nothing
/// else, so that it stays when something private changes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Validator([u8; 16]);

impl Validator {
    /// What answers are spelled by: a change of their spelling changes every validator.
    const SPELLING: &'static str = "cmss.site.1";

    /// The validator of an answer of a kind that is made of these.
    pub(super) fn of<'a>(kind: &'a str, made_of: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut hasher = blake3::Hasher::new();
        let kinds = [Self::SPELLING.as_bytes(), kind.as_bytes()];
        for part in kinds.into_iter().chain(made_of) {
            hasher.update(&(part.len() as u64).to_be_bytes());
            hasher.update(part);
        }
        let digest = hasher.finalize();
        Self(*digest.as_bytes().first_chunk().unwrap_or(&[0; 16]))
    }

    /// Its bytes, for the validator of what it is a part of.
    pub(super) const fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// The bytes of a digest, or of nothing.
pub(super) const fn bytes(digest: Option<&Digest>) -> &[u8] {
    match digest {
        Some(Digest(bytes)) => bytes,
        None => &[],
    }
}

impl fmt::Display for Validator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Validator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Validator({self})")
    }
}
