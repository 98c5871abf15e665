//! Sorts what is more than fits into memory: as much as does is sorted and put aside in a file, as a
//! run, and in the end the runs are merged.
//!
//! The file stands in the store's directory, and is the owner's alone. It loses its name as soon as it
//! is there, so that it ends with the process; where it cannot, or a process dies between, the next
//! opening removes it. Nothing of it has to be durable.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::rc::Rc;

use cmss_core::store::StoreError;

use crate::engine::{Item, MAX_VALUE};
use crate::staged::Staged;
use crate::{directory, error};

/// What an item costs in memory beside its bytes, about.
const BESIDE: usize = 96;

/// Bytes that are kept of all runs while they are merged.
const READ_AHEAD: usize = 32 * 1024 * 1024;

/// The least and the most that is read of one run at a time.
const READ: (usize, usize) = (4 * 1024, 1024 * 1024);

/// Bytes that are written to the file at a time.
const WRITE: usize = 256 * 1024;

/// What was added, in memory and put aside.
pub(super) struct Runs<'a> {
    directory: Option<&'a Path>,
    items: Vec<Item>,
    bytes: usize,
    /// There once something was put aside.
    file: Option<File>,
    /// Where the runs in the file end; each begins where the one before it ends.
    ends: Vec<u64>,
}

impl<'a> Runs<'a> {
    /// Nothing yet; a file would stand in this directory.
    pub(super) const fn new(directory: Option<&'a Path>) -> Self {
        Self {
            directory,
            items: Vec::new(),
            bytes: 0,
            file: None,
            ends: Vec::new(),
        }
    }

    /// How much is in memory.
    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Adds what is staged, of which nothing is taken out.
    pub(super) fn add(&mut self, staged: Staged) {
        let bytes = staged.bytes();
        let batch = staged.into_batch();
        let beside = BESIDE.saturating_mul(batch.len());
        self.bytes = self.bytes.saturating_add(bytes).saturating_add(beside);
        let items = batch.into_iter();
        (self.items).extend(items.map(|(key, value)| (key, value.unwrap_or_default())));
    }

    /// Puts aside what is in memory; answers whether there is a place for that.
    pub(super) fn put_aside(&mut self) -> Result<bool, StoreError> {
        match self.directory {
            Some(directory) => self.spill(directory).map(|()| true).map_err(cannot),
            None => Ok(false),
        }
    }

    fn spill(&mut self, directory: &Path) -> io::Result<()> {
        let file = match &self.file {
            Some(file) => file,
            None => self.file.insert(create(directory)?),
        };
        let mut at = self.ends.last().copied().unwrap_or_default();
        let mut out: &File = file;
        out.seek(SeekFrom::Start(at))?;
        let mut out = BufWriter::with_capacity(WRITE, out);
        for item in sort(&mut self.items).drain(..) {
            at = at.saturating_add(write(&mut out, &item)?);
        }
        out.flush()?;
        self.ends.push(at);
        self.bytes = 0;
        Ok(())
    }

    /// All that was added, in the order of the keys; afterwards nothing is left.
    pub(super) fn sorted(&mut self) -> Result<Merged, StoreError> {
        self.bytes = 0;
        let last = std::mem::take(sort(&mut self.items)).into_iter();
        let mut sources = vec![Source::Memory(last)];
        let ends = std::mem::take(&mut self.ends);
        if let Some(file) = self.file.take() {
            let (least, most) = READ;
            let room = READ_AHEAD.checked_div(ends.len()).unwrap_or(most);
            let room = room.clamp(least, most);
            let file = Rc::new(file);
            let mut at = 0;
            for until in ends {
                let file = file.clone();
                let stretch = Stretch { file, at, until };
                sources.push(Source::File(BufReader::with_capacity(room, stretch)));
                at = until;
            }
        }
        Merged::of(sources)
    }
}

/// Runs as one. What cannot be read is the last item.
pub(super) struct Merged {
    sources: Vec<Source>,
    /// The next item of each source that has one, and which that is.
    next: BinaryHeap<Reverse<(Item, usize)>>,
}

impl Merged {
    fn of(sources: Vec<Source>) -> Result<Self, StoreError> {
        let mut merged = Self {
            next: BinaryHeap::with_capacity(sources.len()),
            sources,
        };
        for number in 0..merged.sources.len() {
            if let Some(item) = merged.read(number)? {
                merged.next.push(Reverse((item, number)));
            }
        }
        Ok(merged)
    }

    fn read(&mut self, number: usize) -> Result<Option<Item>, StoreError> {
        let source = self.sources.get_mut(number);
        source.map_or(Ok(None), Source::read)
    }

    fn step(&mut self) -> Result<Option<Item>, StoreError> {
        let Some(Reverse((_, number))) = self.next.peek() else {
            return Ok(None);
        };
        let following = self.read(*number)?;
        let Some(mut first) = self.next.peek_mut() else {
            return Ok(None);
        };
        let Reverse((item, _)) = &mut *first;
        Ok(Some(match following {
            Some(following) => std::mem::replace(item, following),
            None => {
                let Reverse((item, _)) = PeekMut::pop(first);
                item
            }
        }))
    }
}

impl Iterator for Merged {
    type Item = Result<Item, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        let stepped = self.step().transpose();
        if let Some(Err(_)) = &stepped {
            self.next.clear();
        }
        stepped
    }
}

/// One run.
enum Source {
    Memory(std::vec::IntoIter<Item>),
    File(BufReader<Stretch>),
}

impl Source {
    fn read(&mut self) -> Result<Option<Item>, StoreError> {
        match self {
            Self::Memory(items) => Ok(items.next()),
            Self::File(reader) => read(reader),
        }
    }
}

/// A part of a file that is read in several places by turns.
struct Stretch {
    file: Rc<File>,
    at: u64,
    until: u64,
}

impl Read for Stretch {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let mut file = &*self.file;
        file.seek(SeekFrom::Start(self.at))?;
        let count = file.take(self.until.saturating_sub(self.at)).read(out)?;
        self.at = self.at.saturating_add(count as u64);
        Ok(count)
    }
}

fn sort(items: &mut Vec<Item>) -> &mut Vec<Item> {
    items.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    items
}

/// Writes an item after the lengths of both its parts; answers how many bytes that are.
fn write(out: &mut impl Write, (key, value): &Item) -> io::Result<u64> {
    let mut bytes = 0_u64;
    for part in [key, value] {
        let length = u32::try_from(part.len()).map_err(io::Error::other)?;
        out.write_all(&length.to_be_bytes())?;
        bytes = bytes.saturating_add(4).saturating_add(length.into());
    }
    out.write_all(key)?;
    out.write_all(value)?;
    Ok(bytes)
}

/// Reads the next item of a run; `None` at its end.
fn read(reader: &mut BufReader<Stretch>) -> Result<Option<Item>, StoreError> {
    if reader.fill_buf().map_err(cannot)?.is_empty() {
        return Ok(None);
    }
    let mut lengths = [0; 8];
    reader.read_exact(&mut lengths).map_err(cannot)?;
    let lengths = u64::from_be_bytes(lengths);
    // Neither a key nor a value is larger, unless the file is damaged.
    let (key, value) = ((lengths >> 32) as usize, (lengths & 0xffff_ffff) as usize);
    if key.max(value) > MAX_VALUE {
        return Err(error::corrupt(
            "the file in which a load is sorted is not what was written",
        ));
    }
    let (mut key, mut value) = (vec![0; key], vec![0; value]);
    reader.read_exact(&mut key).map_err(cannot)?;
    reader.read_exact(&mut value).map_err(cannot)?;
    Ok(Some((key, value)))
}

/// Creates the file, which only its owner may read, and takes its name away.
fn create(directory: &Path) -> io::Result<File> {
    let path = directory.join(directory::SORTING);
    remove(&path)?;
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(&path)?;
    directory::tell(&file);
    // Where a file that is open cannot be removed, it is when the store is opened or loaded again.
    let _ = fs::remove_file(path);
    Ok(file)
}

/// Removes what a process left that died, or could not remove it.
pub(crate) fn tidy(directory: &Path) -> Result<(), StoreError> {
    let path = directory.join(directory::SORTING);
    remove(&path).map_err(|source| {
        error::unreachable(format!("{} cannot be removed", path.display()), source)
    })
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(source) if source.kind() != ErrorKind::NotFound => Err(source),
        _ => Ok(()),
    }
}

fn cannot(source: io::Error) -> StoreError {
    error::io("while sorting a load", source)
}

#[cfg(test)]
mod tests;
