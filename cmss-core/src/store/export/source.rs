//! One file of an export, read line by line.

use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

use super::corrupt;
use super::spelling::{AnyHeader, FORMAT, Spelled};
use crate::store::{Digest, Seq, StoreError};

/// A file, and where in it we are.
pub(super) struct Source<R> {
    reader: BufReader<R>,
    /// Which of several files it is, from 1.
    number: usize,
    /// The longest line there may be.
    longest: usize,
    /// The line read last, with its end, and its number.
    buffer: Vec<u8>,
    line: u64,
    /// Where the next line begins.
    offset: u64,
    /// Over all lines before the one read last.
    hasher: blake3::Hasher,
}

impl<R: Read + Seek> Source<R> {
    pub(super) fn new(file: R, number: usize, longest: usize) -> Self {
        Self {
            reader: BufReader::new(file),
            number,
            longest,
            buffer: Vec::new(),
            line: 0,
            offset: 0,
            hasher: blake3::Hasher::new(),
        }
    }

    /// Goes to the beginning, and answers after which commit the file begins.
    pub(super) fn begin(&mut self) -> Result<Seq, StoreError> {
        self.reader.seek(SeekFrom::Start(0)).map_err(unreadable)?;
        self.buffer.clear();
        self.line = 0;
        self.offset = 0;
        self.hasher.reset();
        if !self.advance()? {
            let what = format!("{} is empty", self.name());
            return Err(corrupt(what));
        }
        if let Ok(any) = serde_json::from_slice::<AnyHeader>(&self.buffer)
            && any.export.format != FORMAT
        {
            let (name, format) = (self.name(), any.export.format);
            return Err(StoreError::Unavailable {
                what: format!(
                    "{name} is of format {format}, this release reads format {FORMAT}: use the \
                     release that wrote it, or a newer one"
                ),
                source: None,
            });
        }
        match serde_json::from_slice(&self.buffer) {
            Ok(Spelled::Export(header)) => Ok(header.after),
            _ => Err(self.fault("is not the first line of an export")),
        }
    }

    /// Reads the next line; answers whether there was one.
    pub(super) fn advance(&mut self) -> Result<bool, StoreError> {
        self.hasher.update(&self.buffer);
        self.buffer.clear();
        self.line = self.line.saturating_add(1);
        let read = bounded(&mut self.reader, &mut self.buffer, self.longest);
        self.offset = self.offset.saturating_add(self.buffer.len() as u64);
        match read.map_err(unreadable)? {
            Found::Nothing => Ok(false),
            Found::Line => Ok(true),
            Found::CutShort => Err(self.fault("is cut short")),
            Found::TooLong => Err(self.fault(&format!("is longer than {} bytes", self.longest))),
        }
    }

    /// Reads the next line, and what it says.
    pub(super) fn next(&mut self) -> Result<Option<Spelled>, StoreError> {
        if !self.advance()? {
            return Ok(None);
        }
        // What the parser says may hold a piece of the line, which is nobody's to see here.
        let read = serde_json::from_slice(&self.buffer).map(Some);
        read.map_err(|error| self.fault(&format!("cannot be read, at byte {}", error.column())))
    }

    /// Whether the line read last is spelled just so.
    pub(super) fn reads(&self, line: &Spelled) -> Result<bool, StoreError> {
        let mut text = String::new();
        line.write(&mut text)?;
        Ok(self.buffer == text.as_bytes())
    }

    /// Reads the line that begins there, and stays where it is.
    pub(super) fn at(&mut self, offset: u64) -> Result<Spelled, StoreError> {
        let mut line = Vec::new();
        let read = self
            .reader
            .seek(SeekFrom::Start(offset))
            .and_then(|_| bounded(&mut self.reader, &mut line, self.longest));
        let back = self.reader.seek(SeekFrom::Start(self.offset));
        read.and(back).map_err(unreadable)?;
        serde_json::from_slice(&line).map_err(|_| self.changed())
    }

    /// Where the next line begins.
    pub(super) const fn offset(&self) -> u64 {
        self.offset
    }

    /// The digest of all lines before the one read last.
    pub(super) fn digest(&self) -> Digest {
        Digest(*self.hasher.finalize().as_bytes())
    }

    /// What this file is called in errors.
    pub(super) fn name(&self) -> String {
        match self.number {
            1 => "the export".to_owned(),
            number => format!("export {number}"),
        }
    }

    /// What is wrong with the line read last.
    pub(super) fn fault(&self, what: &str) -> StoreError {
        let (line, name) = (self.line, self.name());
        corrupt(format!("line {line} of {name} {what}"))
    }

    /// The second reading is not what the first one was.
    pub(super) fn changed(&self) -> StoreError {
        corrupt(format!("{} has changed while it was read", self.name()))
    }
}

/// What became of the reading of a line.
enum Found {
    Nothing,
    Line,
    CutShort,
    TooLong,
}

/// Reads a line with its end, of so many bytes at most.
fn bounded(reader: &mut impl BufRead, line: &mut Vec<u8>, longest: usize) -> io::Result<Found> {
    let most = (longest as u64).saturating_add(1);
    let length = reader.by_ref().take(most).read_until(b'\n', line)?;
    Ok(match line.last() {
        None => Found::Nothing,
        Some(b'\n') => Found::Line,
        Some(_) if length > longest => Found::TooLong,
        Some(_) => Found::CutShort,
    })
}

fn unreadable(source: io::Error) -> StoreError {
    StoreError::Unavailable {
        what: "the export cannot be read".to_owned(),
        source: Some(Box::new(source)),
    }
}
