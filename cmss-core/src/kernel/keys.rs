//! Index keys: bytes that sort as their meaning does.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::store::Key;

/// Room for a key as most are.
const ROOM: usize = 64;

/// Builds a key part by part; keys of the same parts sort part by part.
#[derive(Debug, Default)]
pub(crate) struct KeyParts(Vec<u8>);

impl KeyParts {
    /// No part yet.
    pub(crate) fn new() -> Self {
        Self(Vec::with_capacity(ROOM))
    }

    /// A text, ended so that a shorter one sorts first. Texts hold no U+0000.
    pub(crate) fn text(mut self, text: &str) -> Self {
        self.0.extend_from_slice(text.as_bytes());
        self.0.push(0);
        self
    }

    /// An id.
    pub(crate) fn id(mut self, id: Uuid) -> Self {
        self.0.extend_from_slice(id.as_bytes());
        self
    }

    /// A number.
    pub(crate) fn number(mut self, number: u64) -> Self {
        self.0.extend_from_slice(&number.to_be_bytes());
        self
    }

    /// An instant, to the microsecond; before 1970 sorts before after.
    pub(crate) fn time(self, instant: DateTime<Utc>) -> Self {
        let micros = instant.timestamp_micros();
        self.number((micros as u64) ^ (1 << 63))
    }

    /// The key.
    pub(crate) fn key(self) -> Key {
        Key(self.0)
    }
}
