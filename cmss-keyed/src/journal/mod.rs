//! The journal: a file beside the engine's, in which what is committed is durable at once.
//!
//! An engine that makes a few kilobytes durable writes many times that, and some sync twice. The
//! journal writes what is committed once, one group after another, and syncs once. What it has is
//! pending: readers see it, and the engine gets it later, many commits at a time. Afterwards the
//! journal begins again at its beginning.
//!
//! # In the file
//!
//! The first page says what the file is. Each further record begins with a page: its length, the last
//! commit before it and the last one in it, checksums, and the keys and values, sealed as they come to
//! stand in the tree. So no two records share what a device writes at once.
//!
//! A record is followed by one that goes on from its last commit, number and chain. Whatever else
//! follows is from before the journal began again, or was never finished, or is the last one and has
//! been damaged: that is not told apart. A finished record later than what could be followed is
//! different: the one before it was durable, and has been damaged.
//!
//! What people write stands in records as it is, and a loss of power leaves any mixture of an older and
//! a newer one. The hashes have a key that nobody knows outside the file, so no texts can be made that
//! pass for a record, or for one that is whole.

mod left;

use std::fs::{File, OpenOptions};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Seek, SeekFrom, Write};
use std::mem;
use std::path::{Path, PathBuf};

use cmss_core::store::StoreError;

use crate::codec::Writer;
use crate::directory;
use crate::engine::{Batch, Engine};
use crate::error;
use crate::reads::Tip;

pub(crate) use left::Left;

/// Records begin at multiples of this: devices write no more at once.
const PAGE: usize = 4096;

/// The length of a file in which nothing stands but the first page.
const EMPTY: u64 = 2 * PAGE as u64;

/// What the file begins with.
const MAGIC: &[u8; 12] = b"cmss-journal";

/// The format of the file. A later one keeps the magic, and this after it.
const FORMAT: u32 = 1;

/// Bytes of a record before its keys and values: their length, two tips, the hash of the keys and
/// values, and that of all this.
const HEADER: usize = 8 + TIP + TIP + HASH + HASH;

const TIP: usize = 8 + 32;

const HASH: usize = 16;

/// The most bytes that are kept for the next record.
const ROOM: usize = 1024 * 1024;

/// The key of the hashes, which nobody knows outside the file.
type Secret = [u8; blake3::KEY_LEN];

/// The journal of an open store.
#[derive(Debug)]
pub(crate) struct Journal {
    file: File,
    secret: Secret,
    /// Where the next record begins.
    end: u64,
    /// Nothing was written since it began again.
    is_empty: bool,
    /// Room for a record.
    room: Vec<u8>,
}

impl Journal {
    /// Begins again in a directory, after what was left there is in the engine.
    pub(crate) fn begin<E: Engine>(
        directory: &Path,
        engine: &E,
        left: &Left,
    ) -> Result<Self, StoreError> {
        let path = path(directory);
        let begin = || {
            let mut file = open(&path)?;
            let secret = match left.secret() {
                Some(secret) => secret,
                None => {
                    let secret = new_secret();
                    file.write_all(&first_page(secret))?;
                    engine.sync(&file)?;
                    directory::sync(directory)?;
                    // A longer file has a first page that is durable, and so is its name.
                    file.set_len(EMPTY)?;
                    secret
                }
            };
            Ok(Self {
                file,
                secret,
                end: PAGE as u64,
                is_empty: true,
                room: Vec::new(),
            })
        };
        begin().map_err(|source| {
            error::unreachable(format!("{} cannot be written", path.display()), source)
        })
    }

    /// Writes a record of what comes after one commit up to another, durably.
    pub(crate) fn append<E: Engine>(
        &mut self,
        engine: &E,
        before: Tip,
        after: Tip,
        batch: &Batch,
    ) -> io::Result<()> {
        let room = mem::take(&mut self.room);
        let mut record = write_record(room, &self.secret, before, after, batch);
        self.is_empty = false;
        self.file.seek(SeekFrom::Start(self.end))?;
        self.file.write_all(&record)?;
        engine.sync(&self.file)?;
        self.end = self.end.saturating_add(record.len() as u64);
        record.clear();
        record.shrink_to(ROOM);
        self.room = record;
        Ok(())
    }

    /// Bytes of what was written since it began again.
    pub(crate) fn length(&self) -> usize {
        let length = self.end.saturating_sub(PAGE as u64);
        usize::try_from(length).unwrap_or(usize::MAX)
    }

    /// Begins again: all of it is in the engine, durably.
    pub(crate) const fn restart(&mut self) {
        self.end = PAGE as u64;
        self.is_empty = true;
    }

    /// Makes the file short, unless it has what the engine does not.
    pub(crate) fn end(self) {
        if self.is_empty {
            // What is left of it is passed over, at its worst.
            let shortened = self.file.set_len(PAGE as u64);
            let _ = shortened.and_then(|()| self.file.set_len(EMPTY));
        }
    }
}

fn path(directory: &Path) -> PathBuf {
    directory.join(directory::JOURNAL)
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    let options = options.read(true).write(true).create(true).truncate(false);
    options.open(path)
}

/// What the system has drawn for this process, spread over a key.
fn new_secret() -> Secret {
    let drawn = RandomState::new();
    let mut hasher = blake3::Hasher::new();
    for number in 0..4_u8 {
        hasher.update(&drawn.hash_one(number).to_be_bytes());
    }
    *hasher.finalize().as_bytes()
}

fn first_page(secret: Secret) -> Vec<u8> {
    let mut out = Writer::with_room(PAGE);
    out.raw(MAGIC);
    out.raw(&FORMAT.to_be_bytes());
    out.raw(&secret);
    let mut page = out.finish();
    page.extend_from_slice(&crc32fast::hash(&page).to_be_bytes());
    page.resize(PAGE, 0);
    page
}

/// A record, in this room, with zeros up to where the next one begins.
fn write_record(room: Vec<u8>, secret: &Secret, before: Tip, after: Tip, batch: &Batch) -> Vec<u8> {
    let mut out = Writer::in_room(room);
    out.raw(&[0; HEADER]);
    for (key, value) in batch {
        out.bytes(key);
        match value {
            Some(value) => {
                out.u8(1);
                out.bytes(value);
            }
            None => out.u8(0),
        }
    }
    let mut record = out.finish();
    let body = record.get(HEADER..).unwrap_or_default();
    let header = header(secret, before, after, body);
    for (place, byte) in record.iter_mut().zip(header) {
        *place = byte;
    }
    record.resize(record.len().next_multiple_of(PAGE), 0);
    record
}

fn header(secret: &Secret, before: Tip, after: Tip, body: &[u8]) -> Vec<u8> {
    let mut out = Writer::with_room(HEADER);
    out.u64(body.len() as u64);
    for tip in [before, after] {
        out.u64(tip.seq.0);
        out.raw(&tip.chain.0);
    }
    out.raw(&hash(secret, body));
    let mut header = out.finish();
    let hash = hash(secret, &header);
    header.extend_from_slice(&hash);
    header
}

/// The beginning of a keyed hash: as much as nobody finds another for.
fn hash(secret: &Secret, bytes: &[u8]) -> [u8; HASH] {
    let mut begin = [0; HASH];
    let hash = blake3::keyed_hash(secret, bytes);
    for (to, from) in begin.iter_mut().zip(hash.as_bytes()) {
        *to = *from;
    }
    begin
}

#[cfg(test)]
mod tests;
