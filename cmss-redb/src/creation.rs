//! What is in a data file before redb opens it.
//!
//! redb gives a new file its length and its header, syncs that, and only then writes the magic
//! number into it. A creation that was cut short leaves a file which redb refuses for good. That
//! there is nothing in it can be seen, and so it is begun again.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

/// What every database of redb begins with.
const MAGIC: [u8; 9] = *b"redb\x1a\x0a\xa9\x0d\x0a";

/// The header lies within the first page.
const PAGE: usize = 4096;

/// What a file was found to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Found {
    /// Nothing at all.
    Nothing,
    /// A database.
    Database,
    /// What a creation leaves behind that did not finish.
    Unfinished,
    /// Something else.
    Foreign,
}

/// Looks into a file; reads all of it only when it is [`Found::Unfinished`], or much like it.
pub(crate) fn inspect(file: &mut File) -> io::Result<Found> {
    file.seek(SeekFrom::Start(0))?;
    let mut page = Vec::new();
    file.take(PAGE as u64).read_to_end(&mut page)?;
    if page.is_empty() {
        return Ok(Found::Nothing);
    }
    if page.starts_with(&MAGIC) {
        return Ok(Found::Database);
    }
    let begun = (page.iter().zip(MAGIC)).all(|(byte, magic)| *byte == 0 || *byte == magic);
    if begun && page.len() >= MAGIC.len() && is_zero(file)? {
        Ok(Found::Unfinished)
    } else {
        Ok(Found::Foreign)
    }
}

/// Whether the rest of a file is zeros.
fn is_zero(file: &mut File) -> io::Result<bool> {
    let mut block = vec![0; 64 * 1024];
    loop {
        let count = file.read(&mut block)?;
        if count == 0 {
            return Ok(true);
        }
        if block.iter().take(count).any(|byte| *byte != 0) {
            return Ok(false);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use redb::{Database, StorageBackend, TableDefinition, backends::FileBackend};
    use tempfile::tempdir;

    use super::*;

    /// A file that fails after so many changes.
    #[derive(Debug)]
    struct Stopped {
        file: FileBackend,
        left: AtomicUsize,
    }

    impl Stopped {
        fn change(&self) -> io::Result<()> {
            let one_less = |left: usize| left.checked_sub(1);
            let left = self
                .left
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_less);
            left.map(drop).map_err(|_| io::Error::other("stopped"))
        }
    }

    impl StorageBackend for Stopped {
        fn len(&self) -> io::Result<u64> {
            self.file.len()
        }

        fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
            self.file.read(offset, out)
        }

        fn set_len(&self, len: u64) -> io::Result<()> {
            self.change()?;
            self.file.set_len(len)
        }

        fn sync_data(&self) -> io::Result<()> {
            Ok(())
        }

        fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
            self.change()?;
            self.file.write(offset, data)
        }
    }

    fn open(path: &Path) -> File {
        let mut options = File::options();
        options.read(true).write(true).create(true).truncate(false);
        options.open(path).unwrap()
    }

    #[test]
    fn a_creation_that_stops_anywhere_leaves_what_is_begun_again_or_a_database() {
        let mut seen = Vec::new();
        for left in 0..8 {
            let home = tempdir().unwrap();
            let path = home.path().join("db.redb");
            let backend = Stopped {
                file: FileBackend::new(open(&path)).unwrap(),
                left: left.into(),
            };
            let created = Database::builder().create_with_backend(backend);
            let finished = created.is_ok();
            drop(created);
            let found = inspect(&mut open(&path)).unwrap();
            if found != Found::Unfinished {
                Database::create(&path).unwrap();
            }
            assert!(!finished || found == Found::Database);
            seen.push(found);
        }
        seen.dedup();
        let all = [Found::Nothing, Found::Unfinished, Found::Database];
        assert_eq!(seen, all, "nothing yet, begun, and there");
    }

    #[test]
    fn a_database_that_lost_its_beginning_is_not_begun_again() {
        let home = tempdir().unwrap();
        let path = home.path().join("db.redb");
        let db = Database::create(&path).unwrap();
        let transaction = db.begin_write().unwrap();
        let table = TableDefinition::<&str, &str>::new("letters");
        let mut letters = transaction.open_table(table).unwrap();
        letters.insert("a", "dear all").unwrap();
        drop(letters);
        transaction.commit().unwrap();
        drop(db);
        let mut bytes = fs::read(&path).unwrap();
        bytes[..512].fill(0);
        fs::write(&path, bytes).unwrap();
        assert_eq!(inspect(&mut open(&path)).unwrap(), Found::Foreign);
    }

    #[test]
    fn a_letter_is_foreign() {
        let home = tempdir().unwrap();
        let path = home.path().join("db.redb");
        for text in ["r", "redb", "dear all", &"x".repeat(10_000)] {
            fs::write(&path, text).unwrap();
            assert_eq!(inspect(&mut open(&path)).unwrap(), Found::Foreign, "{text}");
        }
    }
}
