//! The witness: a small file beside the engine's, which says what the store held, so that one that
//! comes back older is noticed.
//!
//! It has two slots, each the number and chain of a commit under a checksum. A commit is written
//! there after it is durable. The file is made durable at most once a second and
//! when the store closes; in between only the slot is written that is not the durable one, so one
//! whole slot is always left.

#[cfg(test)]
pub(crate) mod device;
mod file;

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use cmss_core::store::{Digest, Seq, StoreError};

use crate::codec::{Reader, Writer};
use crate::directory;
use crate::error;
use crate::reads::Tip;

/// How far apart the syncs of the file are at least.
const APART: Duration = Duration::from_secs(1);

/// What each slot begins with.
const MAGIC: &[u8; 12] = b"cmss-witness";

/// The format of a slot. A later one keeps the beginning and the checksum at the end.
const FORMAT: u32 = 1;

/// The bytes of a slot.
pub(crate) const SLOT: usize = 12 + 4 + 8 + 32 + 4;

/// Which of the two slots.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Slot {
    First,
    Second,
}

impl Slot {
    const fn other(self) -> Self {
        match self {
            Self::First => Self::Second,
            Self::Second => Self::First,
        }
    }
}

/// Where slots are kept.
pub(crate) trait Medium: Send {
    fn write(&mut self, slot: Slot, bytes: &[u8; SLOT]) -> io::Result<()>;

    fn sync(&mut self) -> io::Result<()>;
}

/// What was found in the file when the store is opened.
#[derive(Debug, Default)]
pub(crate) struct Witnessed {
    /// The commits in its slots.
    pub(crate) seen: Vec<(Slot, Tip)>,
}

/// The witness of an open store.
pub(crate) struct Witness {
    medium: Box<dyn Medium>,
    /// The slot that is whole whatever happens.
    durable: Slot,
    synced: Instant,
    noted: Seq,
    /// Something was written since.
    pending: bool,
}

impl Witness {
    /// Reads what the witness in a directory has seen. Nothing, when there is none: the store is
    /// new, or older than the witness, or somebody has removed it to take back an older copy.
    pub(crate) fn read(directory: &Path) -> Result<Witnessed, StoreError> {
        let path = path(directory);
        let shown = path.display();
        let bytes = file::read(&path)
            .map_err(|source| error::unreachable(format!("{shown} cannot be read"), source))?;
        let (mut seen, mut vacant) = (Vec::new(), false);
        let [first, _] = &bytes;
        let begins = (first.iter().zip(MAGIC)).all(|(byte, magic)| *byte == 0 || byte == magic);
        for (slot, bytes) in [Slot::First, Slot::Second].into_iter().zip(bytes) {
            match read_slot(&bytes, &path)? {
                Found::Seen(tip) => seen.push((slot, tip)),
                Found::Vacant => vacant = true,
                Found::Torn => {}
            }
        }
        // Both slots are written before a new witness counts. What does not begin like one is none.
        if seen.is_empty() && (!vacant || !begins) {
            return Err(error::corrupt(format!(
                "{shown} is damaged, so it is not known whether the store is the newest it was: \
                 verify what there is, and remove the file to go on with it"
            )));
        }
        Ok(Witnessed { seen })
    }

    /// Writes down, durably, with what the store was opened, unless that is what was seen last: then
    /// nothing needs to be written or synced.
    pub(crate) fn begin(
        directory: &Path,
        tip: Tip,
        witnessed: &Witnessed,
    ) -> Result<Self, StoreError> {
        let path = path(directory);
        let cannot = |source| {
            let what = format!("{} cannot be written", path.display());
            error::unreachable(what, source)
        };
        let medium = file::open(&path).map_err(cannot)?;
        if let Some((slot, _)) = witnessed.seen.iter().find(|(_, seen)| *seen == tip) {
            return Ok(Self {
                medium: Box::new(medium),
                durable: *slot,
                synced: Instant::now(),
                noted: tip.seq,
                pending: false,
            });
        }
        let witness = Self::on(Box::new(medium), tip, Instant::now()).map_err(cannot)?;
        directory::sync(directory).map_err(cannot)?;
        Ok(witness)
    }

    pub(crate) fn on(mut medium: Box<dyn Medium>, tip: Tip, now: Instant) -> io::Result<Self> {
        // One after the other, so that what was there counts until the other does.
        for slot in [Slot::First, Slot::Second] {
            medium.write(slot, &write_slot(tip))?;
            medium.sync()?;
        }
        Ok(Self {
            medium,
            durable: Slot::Second,
            synced: now,
            noted: tip.seq,
            pending: false,
        })
    }

    /// Writes down what is durable.
    pub(crate) fn note(&mut self, tip: Tip, now: Instant) -> io::Result<()> {
        if tip.seq == self.noted {
            return Ok(());
        }
        self.medium.write(self.durable.other(), &write_slot(tip))?;
        self.noted = tip.seq;
        self.pending = true;
        if self.due(now) == Some(Duration::ZERO) {
            self.sync(now)?;
        }
        Ok(())
    }

    /// How long what was written down may still wait to be synced; `None` when nothing waits.
    pub(crate) fn due(&self, now: Instant) -> Option<Duration> {
        let waited = now.saturating_duration_since(self.synced);
        self.pending.then(|| APART.saturating_sub(waited))
    }

    /// Makes durable what was written down.
    pub(crate) fn sync(&mut self, now: Instant) -> io::Result<()> {
        if self.pending {
            self.medium.sync()?;
            self.durable = self.durable.other();
            self.pending = false;
        }
        self.synced = now;
        Ok(())
    }
}

impl Witnessed {
    fn tips(&self) -> impl Iterator<Item = &Tip> {
        self.seen.iter().map(|(_, tip)| tip)
    }

    /// Refuses a store whose last commit is before one that was seen.
    pub(crate) fn check_age(&self, place: &str, tip: Seq) -> Result<(), StoreError> {
        match self.tips().map(|seen| seen.seq).max() {
            Some(seen) if seen > tip => Err(error::corrupt(format!(
                "{place} holds commits up to {tip}, and its witness has seen commit {seen}: the \
                 store came back older than what was answered. Put the newer files back; or, to \
                 go on with the older ones and lose what came after, remove {place}/{}",
                directory::WITNESS
            ))),
            _ => Ok(()),
        }
    }

    /// Refuses a store with another history than the one that was seen; `chain_at` answers the
    /// chain of a commit the store holds.
    pub(crate) fn check_history(
        &self,
        place: &str,
        chain_at: impl Fn(Seq) -> Result<Digest, StoreError>,
    ) -> Result<(), StoreError> {
        for seen in self.tips() {
            if chain_at(seen.seq)? != seen.chain {
                return Err(error::corrupt(format!(
                    "commit {} in {place} is not the one its witness has seen: these are files of \
                     another history. Put the right files back; or, to go on with these, remove \
                     {place}/{}",
                    seen.seq,
                    directory::WITNESS
                )));
            }
        }
        Ok(())
    }
}

fn path(directory: &Path) -> PathBuf {
    directory.join(directory::WITNESS)
}

/// What the bytes of a slot are.
enum Found {
    Seen(Tip),
    /// Never written.
    Vacant,
    /// Not what was written.
    Torn,
}

fn write_slot(tip: Tip) -> [u8; SLOT] {
    let mut out = Writer::default();
    out.raw(MAGIC);
    out.raw(&FORMAT.to_be_bytes());
    out.u64(tip.seq.0);
    out.raw(&tip.chain.0);
    let body = out.finish();
    let mut slot = [0; SLOT];
    let sum = crc32fast::hash(&body).to_be_bytes();
    for (to, from) in slot.iter_mut().zip(body.iter().chain(&sum)) {
        *to = *from;
    }
    slot
}

fn read_slot(bytes: &[u8], path: &Path) -> Result<Found, StoreError> {
    if bytes.iter().all(|byte| *byte == 0) {
        return Ok(Found::Vacant);
    }
    let read = || {
        let (body, sum) = bytes.split_last_chunk()?;
        (bytes.len() == SLOT && crc32fast::hash(body) == u32::from_be_bytes(*sum)).then_some(())?;
        let mut reader = Reader::new(body);
        (reader.array()? == *MAGIC).then_some(())?;
        let format = reader.u32()?;
        let seq = Seq(reader.u64()?);
        let chain = Digest(reader.array()?);
        reader.end()?;
        Some((format, Tip { seq, chain }))
    };
    match read() {
        None => Ok(Found::Torn),
        Some((FORMAT, tip)) => Ok(Found::Seen(tip)),
        Some((format, _)) => Err(error::unavailable(format!(
            "{} is written in format {format}, this release reads format {FORMAT}: use the \
             release that wrote it, or a newer one",
            path.display()
        ))),
    }
}

#[cfg(test)]
mod tests;
