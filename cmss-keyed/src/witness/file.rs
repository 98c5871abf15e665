//! The file that the slots are in.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::Path;

use super::{Medium, SLOT, Slot};
use crate::directory;

/// So far apart that no device writes both at once.
const APART: u64 = 4096;

impl Slot {
    const fn offset(self) -> u64 {
        match self {
            Self::First => 0,
            Self::Second => APART,
        }
    }
}

impl Medium for File {
    fn write(&mut self, slot: Slot, bytes: &[u8; SLOT]) -> io::Result<()> {
        self.seek(SeekFrom::Start(slot.offset()))?;
        self.write_all(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        directory::sync_file(self)
    }
}

/// The bytes of both slots, as far as they are there.
pub(super) fn read(path: &Path) -> io::Result<[Vec<u8>; 2]> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(source) if source.kind() == ErrorKind::NotFound => return Ok([Vec::new(), Vec::new()]),
        Err(source) => return Err(source),
    };
    Ok([
        read_at(&mut file, Slot::First)?,
        read_at(&mut file, Slot::Second)?,
    ])
}

fn read_at(file: &mut File, slot: Slot) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(slot.offset()))?;
    let mut bytes = Vec::new();
    file.take(SLOT as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Opens the file to write to it, or creates it.
pub(super) fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false).open(path)
}
