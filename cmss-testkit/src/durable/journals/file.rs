//! The journal as a file, read without what the store reads it with.

use std::ops::Range;

/// What devices write at once, and records begin at.
pub(super) const PAGE: usize = 4096;

/// Bytes of the first page that say anything.
pub(super) const FIRST: usize = 52;

/// Where the secret stands in them.
const SECRET: Range<usize> = 16..48;

/// Bytes of a record before its keys and values, of which the last are two hashes: of the keys and
/// values, and of all that stands before.
pub(super) const HEADER: usize = 120;

/// Bytes of each of them.
const HASH: usize = 16;

/// One record that counts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Record {
    /// Where it stands, to the last byte that says anything.
    pub(super) at: Range<usize>,
    /// The last commit in it.
    pub(super) last: u64,
}

/// The records of a journal that is whole, each of which goes on from the one before.
pub(super) fn records(bytes: &[u8]) -> Vec<Record> {
    let mut found = Vec::new();
    let (mut at, mut before) = (PAGE, None);
    while let (Some(length), Some(first), Some(last)) = (
        number(bytes, at),
        number(bytes, at + 8),
        number(bytes, at + 48),
    ) {
        let goes_on = before.is_none_or(|before| before == first);
        if length == 0 || !goes_on {
            break;
        }
        let end = at + HEADER + length as usize;
        found.push(Record { at: at..end, last });
        (at, before) = (end.next_multiple_of(PAGE), Some(last));
    }
    found
}

fn number(bytes: &[u8], at: usize) -> Option<u64> {
    let number = bytes.get(at..)?.first_chunk()?;
    Some(u64::from_be_bytes(*number))
}

/// Gives each of these records the hashes of what stands there.
pub(super) fn seal(bytes: &mut [u8], records: &[Record]) {
    for Record { at, .. } in records {
        if at.end > bytes.len() {
            return;
        }
        let (before, record) = bytes.split_at_mut(at.start);
        let record = &mut record[..at.len()];
        let secret = &before[SECRET];
        let (said, hashed) = (HEADER - HASH, HEADER - 2 * HASH);
        let body = hash(secret, &record[HEADER..]);
        record[hashed..said].copy_from_slice(&body);
        let header = hash(secret, &record[..said]);
        record[said..HEADER].copy_from_slice(&header);
    }
}

fn hash(secret: &[u8], bytes: &[u8]) -> [u8; HASH] {
    let secret = secret.try_into().expect("a secret is as long as a key");
    let hash = blake3::keyed_hash(secret, bytes);
    *hash.as_bytes().first_chunk().expect("a hash is longer")
}
