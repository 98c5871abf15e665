//! Directories with many articles in them: one for each store, a copy of each for its raw engine, and
//! the documents once more in SQLite; or the store on sled alone.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use cmss_core::store::{Entry, Line, Store};
use cmss_redb::RedbStore;
use cmss_sled::SledStore;
use pollster::block_on;
use rusqlite::params;
use tempfile::TempDir;

use crate::Failure;
use crate::engines::Sqlite;
use crate::multiplied::Multiplied;

/// A newsroom with so many articles, on disk.
pub(crate) struct Stocked {
    pub(crate) articles: u64,
    home: PathBuf,
    /// Holds the directory unless it is to be kept.
    _temporary: Option<TempDir>,
}

impl Stocked {
    /// Fills the directories, unless they are kept in `keep` from before.
    pub(crate) fn with(articles: u64, bytes: usize, keep: Option<&Path>) -> Result<Self, Failure> {
        let stocked = Self::alone(articles, bytes, keep)?;
        if !stocked.home.join("copied").exists() {
            stocked.copy(bytes)?;
        }
        Ok(stocked)
    }

    /// The same with the store on sled, and nothing else.
    pub(crate) fn alone(articles: u64, bytes: usize, keep: Option<&Path>) -> Result<Self, Failure> {
        let temporary = match keep {
            Some(_) => None,
            None => Some(tempfile::tempdir()?),
        };
        let home = match (keep, &temporary) {
            (Some(keep), _) => keep.join(format!("{articles}-{bytes}")),
            (None, Some(temporary)) => temporary.path().join("stocked"),
            (None, None) => return Err("no directory".into()),
        };
        let stocked = Self {
            articles,
            home,
            _temporary: temporary,
        };
        if !stocked.home.join("whole").exists() {
            stocked.fill(bytes)?;
        }
        Ok(stocked)
    }

    /// What the store has written.
    pub(crate) fn store(&self) -> PathBuf {
        self.home.join("store")
    }

    /// A copy of it.
    pub(crate) fn raw(&self) -> PathBuf {
        self.home.join("raw")
    }

    /// The same in a store on redb.
    pub(crate) fn redb(&self) -> PathBuf {
        self.home.join("redb")
    }

    /// A copy of that.
    pub(crate) fn raw_redb(&self) -> PathBuf {
        self.home.join("raw-redb")
    }

    /// The documents and entries, by a hand that knows SQLite.
    pub(crate) fn sqlite(&self) -> Result<Sqlite, Failure> {
        Sqlite::open(&self.home)
    }

    fn fill(&self, bytes: usize) -> Result<(), Failure> {
        let begun = Instant::now();
        if self.home.exists() {
            fs::remove_dir_all(&self.home)?;
        }
        fs::create_dir_all(&self.home)?;
        let newsroom = Arc::new(Multiplied::newsroom(self.articles, bytes)?);
        let store = SledStore::open(self.store())?;
        block_on(store.load(newsroom.lines()?))?;
        block_on(store.close())?;
        fs::write(self.home.join("whole"), b"")?;
        writeln!(
            io::stderr(),
            "{} articles stocked in {:.0} s",
            self.articles,
            begun.elapsed().as_secs_f64()
        )?;
        Ok(())
    }

    /// Fills what stands beside the store.
    fn copy(&self, bytes: usize) -> Result<(), Failure> {
        for begun in [self.raw(), self.redb(), self.raw_redb()] {
            if begun.exists() {
                fs::remove_dir_all(begun)?;
            }
        }
        Sqlite::remove(&self.home)?;
        copy(&self.store(), &self.raw())?;
        let newsroom = Arc::new(Multiplied::newsroom(self.articles, bytes)?);
        let store = RedbStore::open(self.redb())?;
        block_on(store.load(newsroom.lines()?))?;
        block_on(store.close())?;
        copy(&self.redb(), &self.raw_redb())?;
        fill_sqlite(&self.sqlite()?, &newsroom)?;
        Ok(fs::write(self.home.join("copied"), b"")?)
    }
}

/// Copies a directory that nobody has open.
fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    fs::create_dir_all(to)?;
    for item in fs::read_dir(from)? {
        let item = item?;
        let to = to.join(item.file_name());
        if item.file_type()?.is_dir() {
            copy(&item.path(), &to)?;
        } else {
            fs::copy(item.path(), to)?;
        }
    }
    Ok(())
}

/// Puts the documents where SQLite has them.
fn fill_sqlite(Sqlite(connection): &Sqlite, newsroom: &Arc<Multiplied>) -> Result<(), Failure> {
    connection.pragma_update(None, "synchronous", "OFF")?;
    connection.execute_batch("begin")?;
    for line in newsroom.lines()? {
        let Line::Doc(doc) = line? else {
            break;
        };
        connection
            .prepare_cached(
                "insert into doc (collection, id, version, salt, card, body)
                values (?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                doc.at.collection.as_str(),
                doc.at.id.as_bytes(),
                i64::try_from(doc.version.0)?,
                doc.salt.0,
                doc.card.as_deref(),
                &*doc.body,
            ])?;
        let row = connection.last_insert_rowid();
        for entry in &doc.entries {
            let (index, key) = (entry.index().as_str(), &entry.key().0);
            if let Entry::Unique { .. } = entry {
                connection
                    .prepare_cached("insert into holder (name, key, at) values (?, ?, ?)")?
                    .execute(params![index, key, row])?;
            } else {
                connection
                    .prepare_cached("insert into entry (name, key, at, card) values (?, ?, ?, ?)")?
                    .execute(params![index, key, row, doc.card.as_deref()])?;
            }
        }
    }
    connection.execute_batch("commit; pragma wal_checkpoint(truncate); analyze")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    Ok(())
}
