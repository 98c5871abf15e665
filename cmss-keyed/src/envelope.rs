//! What every value in the tree is wrapped in: a version, the commit that wrote it, how many
//! further pieces it has, its length and a checksum.
//!
//! The checksum covers the key as well, so that a value that has come to stand at another key is
//! noticed. It begins with the payload, which is known before the commit's number is.

use std::ops::Deref;

use cmss_core::store::{Seq, StoreError};
use crc32fast::Hasher;

use crate::codec::{Reader, Writer};
use crate::error;
use crate::layout::Kind;

/// The version of the envelope. The format key alone keeps version 1 for good, so that every
/// later release can be named by every earlier one.
const VERSION: u8 = 1;

/// The bytes before the payload.
const HEADER: usize = 1 + 8 + 2 + 4 + 4;

/// A value without its envelope.
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct Opened<'a> {
    /// The commit that wrote it.
    pub(crate) seq: Seq,
    /// How many pieces follow this one.
    pub(crate) more: u16,
    pub(crate) payload: &'a [u8],
}

/// What is to stand in an envelope, with room for that before it, and its part of the checksum.
pub(crate) struct Payload {
    value: Vec<u8>,
    sum: Hasher,
}

impl Payload {
    /// Writes a payload of about so many bytes.
    pub(crate) fn with(bytes: usize, write: impl FnOnce(&mut Writer)) -> Self {
        let mut out = Writer::with_room(HEADER.saturating_add(bytes));
        out.raw(&[0; HEADER]);
        write(&mut out);
        let value = out.finish();
        let sum = sum(value.get(HEADER..).unwrap_or_default());
        Self { value, sum }
    }

    /// Puts it in its envelope where it is, to stand at `key`.
    pub(crate) fn seal(self, key: &[u8], seq: Seq) -> Vec<u8> {
        let length = u32_len(&self);
        let Self { mut value, sum } = self;
        let before = header(seq, 0, length, checksum(sum, key, seq, 0));
        for (place, byte) in value.iter_mut().zip(before) {
            *place = byte;
        }
        value
    }
}

impl Deref for Payload {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.value.get(HEADER..).unwrap_or_default()
    }
}

impl<B: AsRef<[u8]> + ?Sized> From<&B> for Payload {
    fn from(bytes: &B) -> Self {
        let bytes = bytes.as_ref();
        Self::with(bytes.len(), |out| out.raw(bytes))
    }
}

/// Puts a payload in its envelope, to stand at `key`.
pub(crate) fn seal(key: &[u8], seq: Seq, more: u16, payload: &[u8]) -> Vec<u8> {
    let mut value = Writer::with_room(HEADER.saturating_add(payload.len()));
    let sum = checksum(sum(payload), key, seq, more);
    value.raw(&header(seq, more, u32_len(payload), sum));
    value.raw(payload);
    value.finish()
}

/// What stands before a payload of such a length, with such a checksum.
fn header(seq: Seq, more: u16, length: u32, sum: u32) -> [u8; HEADER] {
    let mut header = [0; HEADER];
    let parts: [&[u8]; 5] = [
        &[VERSION],
        &seq.0.to_be_bytes(),
        &more.to_be_bytes(),
        &length.to_be_bytes(),
        &sum.to_be_bytes(),
    ];
    for (place, byte) in header.iter_mut().zip(parts.into_iter().flatten()) {
        *place = *byte;
    }
    header
}

/// Takes the value at `key` out of its envelope.
pub(crate) fn open<'a>(key: &[u8], value: &'a [u8]) -> Result<Opened<'a>, StoreError> {
    let damaged = |how: &str| {
        let kind = Kind::of(key).map_or("a value of no known kind", Kind::name);
        error::corrupt(format!("{kind} {how}"))
    };
    let mut reader = Reader::new(value);
    match reader.u8() {
        Some(VERSION) => {}
        Some(_) => return Err(damaged("has an unknown version")),
        None => return Err(damaged("is empty")),
    }
    let header = (|| {
        let seq = Seq(reader.u64()?);
        Some((seq, reader.u16()?, reader.u32()?, reader.u32()?))
    })();
    let (seq, more, len, expected) = header.ok_or_else(|| damaged("is cut off"))?;
    let payload = reader.rest();
    if u32_len(payload) != len {
        return Err(damaged("has the wrong length"));
    }
    if checksum(sum(payload), key, seq, more) != expected {
        return Err(damaged("has the wrong checksum"));
    }
    Ok(Opened { seq, more, payload })
}

/// The length, if there were payloads of 4 GB; there are none above [`crate::MAX_VALUE`].
fn u32_len(payload: &[u8]) -> u32 {
    u32::try_from(payload.len()).unwrap_or(u32::MAX)
}

/// The part of the checksum that a payload has.
fn sum(payload: &[u8]) -> Hasher {
    let mut sum = Hasher::new();
    sum.update(payload);
    sum
}

/// The checksum, of which the payload has its part.
fn checksum(mut sum: Hasher, key: &[u8], seq: Seq, more: u16) -> u32 {
    sum.update(&seq.0.to_be_bytes());
    sum.update(&more.to_be_bytes());
    sum.update(key);
    sum.finalize()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_payload_comes_out_as_it_went_in(
            seq: u64,
            more: u16,
            payload in prop::collection::vec(any::<u8>(), 0..200),
        ) {
            let value = seal(b"hx", Seq(seq), more, &payload);
            let opened = open(b"hx", &value).unwrap();
            prop_assert_eq!(opened, Opened { seq: Seq(seq), more, payload: &payload });
            let in_place = Payload::from(&payload).seal(b"hx", Seq(seq));
            prop_assert_eq!(in_place, seal(b"hx", Seq(seq), 0, &payload));
        }

        #[test]
        fn one_changed_bit_is_noticed(
            payload in prop::collection::vec(any::<u8>(), 0..60),
            place: prop::sample::Index,
            bit in 0..8,
        ) {
            let mut value = seal(b"hx", Seq(7), 0, &payload);
            let place = place.index(value.len());
            value[place] ^= 1_u8 << bit;
            let noticed = matches!(open(b"hx", &value), Err(StoreError::Corrupt { .. }));
            prop_assert!(noticed);
        }

        #[test]
        fn a_cut_value_is_noticed(payload in prop::collection::vec(any::<u8>(), 0..60), at: prop::sample::Index) {
            let value = seal(b"hx", Seq(7), 0, &payload);
            let cut = &value[..at.index(value.len())];
            let noticed = matches!(open(b"hx", cut), Err(StoreError::Corrupt { .. }));
            prop_assert!(noticed);
        }
    }

    #[test]
    fn a_value_at_another_key_is_noticed_and_named_by_its_kind() {
        let value = seal(b"hx", Seq(7), 0, b"payload");
        let error = open(b"hy", &value).unwrap_err();
        assert_eq!(
            error.to_string(),
            "corrupt: a document head has the wrong checksum"
        );
    }
}
