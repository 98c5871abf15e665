//! A device that loses power: what was written to it, and what of that is synced.

use std::fmt;
use std::io::{self, ErrorKind};
use std::sync::{Arc, Mutex, MutexGuard};

use redb::StorageBackend;

/// What a device writes at once.
const SECTOR: usize = 512;

/// A device, which outlives what is plugged into it.
#[derive(Clone, Default)]
pub(crate) struct Device(Arc<Mutex<Disk>>);

#[derive(Default)]
struct Disk {
    synced: Vec<u8>,
    written: Vec<u8>,
    /// What stands between the two, in order.
    pending: Vec<Change>,
    /// Counts what has been plugged in; only the last has power.
    plugged: usize,
}

enum Change {
    Length(usize),
    Bytes(usize, Vec<u8>),
}

/// Which unsynced changes are found after the power is back.
#[derive(Clone, Debug)]
pub(crate) enum Survive {
    Nothing,
    Everything,
    /// Whole writes, by these in turn.
    Writes(Vec<bool>),
    /// Sectors of writes, by these in turn.
    Sectors(Vec<bool>),
}

/// What happens when the operations that a device was given are used up.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fate {
    /// The power goes: this operation and every later one fails.
    Cut,
    /// Every later change fails so, and reads do not.
    Fails(ErrorKind),
}

impl Device {
    /// Plugs it in for so many operations that change something.
    pub(crate) fn plug(&self, operations: usize, fate: Fate) -> Plugged {
        self.unplug();
        Plugged {
            device: self.clone(),
            number: self.disk().plugged,
            left: Mutex::new(Some(operations)),
            fate,
        }
    }

    /// From now on nobody reaches the device; what is written stays, as after the end of a process.
    pub(crate) fn unplug(&self) {
        self.disk().plugged += 1;
    }

    /// What is written, or found after a cut.
    pub(crate) fn image(&self) -> Vec<u8> {
        self.disk().written.clone()
    }

    /// The power is gone and comes back.
    pub(crate) fn cut(&self, survive: &Survive) {
        let mut disk = self.disk();
        let pending = std::mem::take(&mut disk.pending);
        let (bits, by_sector) = match survive {
            Survive::Nothing => (vec![false], false),
            Survive::Everything => (vec![true], false),
            Survive::Writes(bits) => (bits.clone(), false),
            Survive::Sectors(bits) => (bits.clone(), true),
        };
        let mut bits = bits.into_iter().cycle();
        let mut survives = || bits.next().unwrap_or(false);
        for change in pending {
            match change {
                Change::Bytes(at, bytes) if by_sector => {
                    for (number, sector) in bytes.chunks(SECTOR).enumerate() {
                        if survives() {
                            let at = at + number * SECTOR;
                            Change::Bytes(at, sector.to_vec()).make(&mut disk.synced);
                        }
                    }
                }
                change if survives() => change.make(&mut disk.synced),
                _ => {}
            }
        }
        disk.written = disk.synced.clone();
    }

    fn disk(&self) -> MutexGuard<'_, Disk> {
        self.0.lock().unwrap()
    }
}

impl Change {
    fn make(&self, image: &mut Vec<u8>) {
        match self {
            Self::Length(length) => image.resize(*length, 0),
            Self::Bytes(at, bytes) => {
                let end = at + bytes.len();
                if image.len() < end {
                    image.resize(end, 0);
                }
                image[*at..end].copy_from_slice(bytes);
            }
        }
    }
}

/// A device while it has power.
pub(crate) struct Plugged {
    device: Device,
    number: usize,
    /// Operations left; `None` when the fate has come.
    left: Mutex<Option<usize>>,
    fate: Fate,
}

impl fmt::Debug for Plugged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plugged").finish_non_exhaustive()
    }
}

impl Plugged {
    fn has_power(&self) -> io::Result<()> {
        let gone = self.left.lock().unwrap().is_none() && matches!(self.fate, Fate::Cut);
        if gone || self.device.disk().plugged != self.number {
            return Err(io::Error::other("no power"));
        }
        Ok(())
    }

    /// Answers whether an operation can be finished; it is begun also when the power goes.
    fn begin(&self) -> io::Result<bool> {
        self.has_power()?;
        let mut left = self.left.lock().unwrap();
        *left = left.and_then(|left| left.checked_sub(1));
        match (*left, self.fate) {
            (Some(_), _) => Ok(true),
            (None, Fate::Cut) => Ok(false),
            (None, Fate::Fails(kind)) => Err(kind.into()),
        }
    }

    fn change(&self, change: Change) -> io::Result<()> {
        let done = self.begin()?;
        let mut disk = self.device.disk();
        change.make(&mut disk.written);
        disk.pending.push(change);
        if done {
            Ok(())
        } else {
            Err(io::Error::other("the power went"))
        }
    }
}

impl StorageBackend for Plugged {
    fn len(&self) -> io::Result<u64> {
        self.has_power()?;
        Ok(self.device.disk().written.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.has_power()?;
        let disk = self.device.disk();
        let found = disk.written.get(offset as usize..);
        let found = found.and_then(|found| found.get(..out.len()));
        out.copy_from_slice(found.ok_or(ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.change(Change::Length(len as usize))
    }

    fn sync_data(&self) -> io::Result<()> {
        if !self.begin()? {
            return Err(io::Error::other("the power went"));
        }
        let mut disk = self.device.disk();
        for change in std::mem::take(&mut disk.pending) {
            change.make(&mut disk.synced);
        }
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.change(Change::Bytes(offset as usize, data.to_vec()))
    }
}
