//! Writes that are decided on and not yet in the tree.

use std::collections::BTreeMap;

use cmss_core::store::Seq;
use sled::{Batch, IVec};

use crate::{envelope, layout};

/// The most bytes of payload under one key.
///
/// A leaf of sled's tree holds up to seventeen values before it is split; a leaf above a quarter
/// of a segment (2 MiB of 8) would become a file that sled never syncs.
pub(crate) const PIECE: usize = 64 * 1024 - 32;

/// Keys and what is to stand there; `None` takes a key out.
#[derive(Debug, Default)]
pub(crate) struct Staged {
    writes: BTreeMap<Vec<u8>, Option<IVec>>,
    bytes: usize,
}

impl Staged {
    pub(crate) const fn new() -> Self {
        Self {
            writes: BTreeMap::new(),
            bytes: 0,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.writes.is_empty()
    }

    /// How much has been staged: bytes of keys and values.
    pub(crate) const fn bytes(&self) -> usize {
        self.bytes
    }

    pub(crate) const fn writes(&self) -> &BTreeMap<Vec<u8>, Option<IVec>> {
        &self.writes
    }

    /// Stages a value of one commit, in as many pieces as it needs; answers how many follow the
    /// first.
    pub(crate) fn put(&mut self, key: Vec<u8>, seq: Seq, payload: &[u8]) -> u16 {
        let (first, rest) = payload.split_at_checked(PIECE).unwrap_or((payload, &[]));
        // 65,535 pieces are 4 GB; the limits end a thousand times sooner.
        let pieces = u16::try_from(rest.len().div_ceil(PIECE)).unwrap_or(u16::MAX);
        for (number, piece) in (1..=pieces).zip(rest.chunks(PIECE)) {
            let place = layout::piece(&key, number);
            let value = envelope::seal(&place, seq, pieces.saturating_sub(number), piece);
            self.write(place, Some(value.into()));
        }
        let value = envelope::seal(&key, seq, pieces, first);
        self.write(key, Some(value.into()));
        pieces
    }

    /// Stages the removal of a value of which so many pieces follow the first.
    pub(crate) fn remove(&mut self, key: Vec<u8>, pieces: u16) {
        for number in 1..=pieces {
            self.write(layout::piece(&key, number), None);
        }
        self.write(key, None);
    }

    /// Stages what another has staged, after it.
    pub(crate) fn absorb(&mut self, other: Self) {
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.writes.extend(other.writes);
    }

    pub(crate) fn into_batch(self) -> Batch {
        let mut batch = Batch::default();
        for (key, value) in self.writes {
            match value {
                Some(value) => batch.insert(key, value),
                None => batch.remove(key),
            }
        }
        batch
    }

    fn write(&mut self, key: Vec<u8>, value: Option<IVec>) {
        let size = value.as_ref().map_or(0, |value| value.len());
        self.bytes = self.bytes.saturating_add(key.len()).saturating_add(size);
        self.writes.insert(key, value);
    }
}
