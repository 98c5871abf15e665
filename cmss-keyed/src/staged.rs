//! Writes that are decided on and not yet in the tree.

use std::iter;

use cmss_core::store::Seq;

use crate::engine::{Batch, MAX_VALUE};
use crate::envelope::{self, Payload};
use crate::layout::{self, Kind, Span};

/// The most bytes of payload under one key: its envelope fits beside it.
pub(crate) const PIECE: usize = MAX_VALUE - 32;

/// How many pieces follow the first of a payload with so many bytes.
pub(crate) fn further(bytes: usize) -> u16 {
    let rest = bytes.saturating_sub(PIECE);
    // 65,535 pieces are 4 GB; the limits end a thousand times sooner.
    u16::try_from(rest.div_ceil(PIECE)).unwrap_or(u16::MAX)
}

/// The bytes of a batch, about, and the most keys.
const BATCH_BYTES: usize = 512 * 1024;
const BATCH_KEYS: usize = 1_000;

/// Keys and what is to stand there; `None` takes a key out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Staged {
    writes: Batch,
    bytes: usize,
}

/// Where nothing is staged.
pub(crate) static NOTHING: Staged = Staged::new();

impl Staged {
    pub(crate) const fn new() -> Self {
        Self {
            writes: Batch::new(),
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

    pub(crate) const fn writes(&self) -> &Batch {
        &self.writes
    }

    /// Stages a value of one commit, in as many pieces as it needs.
    pub(crate) fn put(&mut self, key: Vec<u8>, seq: Seq, payload: impl Into<Payload>) {
        let payload = payload.into();
        let Some((first, rest)) = payload.split_at_checked(PIECE) else {
            let value = payload.seal(&key, seq);
            self.write(key, Some(value));
            return;
        };
        let pieces = further(payload.len());
        for (number, piece) in (1..=pieces).zip(rest.chunks(PIECE)) {
            let place = layout::piece(&key, number);
            let value = envelope::seal(&place, seq, pieces.saturating_sub(number), piece);
            self.write(place, Some(value));
        }
        let value = envelope::seal(&key, seq, pieces, first);
        self.write(key, Some(value));
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
        if self.is_empty() {
            *self = other;
            return;
        }
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.writes.extend(other.writes);
    }

    /// Stages a batch after what is staged.
    pub(crate) fn absorb_batch(&mut self, batch: Batch) {
        for (key, value) in batch {
            self.write(key, value);
        }
    }

    pub(crate) fn into_batch(self) -> Batch {
        self.writes
    }

    /// All of it in batches, to be written one after another: no reader waits long while one is applied.
    /// The tip comes last, in one of its own, and the records of the log come first: so a tree that has some of the batches
    /// has records after its tip, and is not taken for one that has none.
    pub(crate) fn batches(&self) -> impl Iterator<Item = Batch> {
        let tip = layout::tip();
        let last = self.writes.get_key_value(&tip);
        let last = last.map(|(key, value)| Batch::from([(key.clone(), value.clone())]));
        let Span { from, until } = Kind::Record.all();
        let records = self.writes.range(from.clone()..until.clone());
        let others = (self.writes.iter())
            .filter(move |(key, _)| **key != tip && !(&from..&until).contains(key));
        let mut rest = records.chain(others);
        let batches = iter::from_fn(move || {
            let (mut batch, mut taken) = (Batch::new(), 0_usize);
            while taken < BATCH_BYTES
                && batch.len() < BATCH_KEYS
                && let Some((key, value)) = rest.next()
            {
                let size = value.as_ref().map_or(0, Vec::len);
                taken = taken.saturating_add(key.len()).saturating_add(size);
                batch.insert(key.clone(), value.clone());
            }
            (!batch.is_empty()).then_some(batch)
        });
        batches.chain(last)
    }

    fn write(&mut self, key: Vec<u8>, value: Option<Vec<u8>>) {
        let size = value.as_ref().map_or(0, Vec::len);
        self.bytes = self.bytes.saturating_add(key.len()).saturating_add(size);
        self.writes.insert(key, value);
    }
}
