//! The engines without a store: hand-written, direct calls.

use std::fs::{self, File, OpenOptions};
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use cmss_core::store::{Change, Entry, Touched, Write};
use cmss_keyed::Batch;
use redb::{Database, Durability, ReadOnlyTable, ReadableDatabase as _, TableDefinition};
use rusqlite::{Connection, TransactionBehavior, params};
use sled::Db;

use crate::Failure;
use crate::editorial::Editorial;

/// As `cmss-sled` opens it.
const SEGMENT: usize = 8 * 1024 * 1024;
const CLEAN_EVERY_MS: u64 = 100;
/// What each engine may keep in memory.
pub(crate) const CACHE: u64 = 128 * 1024 * 1024;

/// Something that writes a group of commits durably, as one.
pub(crate) trait Engine: Send {
    /// Returns when all of the group is durable.
    fn write(&mut self, group: &[&Editorial]) -> Result<(), Failure>;
}

/// sled, with a flush and an `fdatasync`.
pub(crate) struct RawSled {
    pub(crate) db: Db,
    data: File,
}

impl RawSled {
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        let db = open_sled(path)?;
        let data = OpenOptions::new().write(true).open(path.join("db"))?;
        Ok(Self { db, data })
    }

    /// Writes these batches as one.
    pub(crate) fn apply<'a>(&self, group: impl Iterator<Item = &'a Batch>) -> Result<(), Failure> {
        let mut writes = sled::Batch::default();
        for (key, value) in group.flatten() {
            match value {
                Some(value) => writes.insert(key.as_slice(), value.as_slice()),
                None => writes.remove(key.as_slice()),
            }
        }
        self.db.apply_batch(writes)?;
        self.db.flush()?;
        Ok(self.data.sync_data()?)
    }
}

impl Engine for RawSled {
    fn write(&mut self, group: &[&Editorial]) -> Result<(), Failure> {
        self.apply(group.iter().map(|made| &made.batch))
    }
}

/// A database of sled with the settings of a store.
pub(crate) fn open_sled(path: &Path) -> Result<Db, Failure> {
    Ok(sled::Config::new()
        .path(path)
        .segment_size(SEGMENT)
        .use_compression(false)
        .flush_every_ms(Some(CLEAN_EVERY_MS))
        .cache_capacity(CACHE)
        .open()?)
}

/// As `cmss-redb` names them.
const FILE: &str = "db.redb";
const TABLE: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("cmss");

/// A key and its value, as they are read.
pub(crate) type Pair = Result<(Vec<u8>, Vec<u8>), Failure>;

/// redb, with a durable commit.
#[derive(Clone)]
pub(crate) struct RawRedb(Arc<Database>);

impl RawRedb {
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        let mut builder = Database::builder();
        builder.set_cache_size(usize::try_from(CACHE)?);
        Ok(Self(Arc::new(builder.create(path.join(FILE))?)))
    }

    /// All of it as it is now.
    pub(crate) fn table(&self) -> Result<ReadOnlyTable<&'static [u8], &'static [u8]>, redb::Error> {
        Ok(self.0.begin_read()?.open_table(TABLE)?)
    }

    /// Every key and value.
    pub(crate) fn items(&self) -> Result<impl Iterator<Item = Pair>, Failure> {
        let all = self.table()?.range_owned::<&[u8]>(..)?;
        Ok(all.map(|item| {
            let (key, value) = item?;
            Ok((key.value().to_vec(), value.value().to_vec()))
        }))
    }

    /// Writes these batches as one.
    pub(crate) fn apply<'a>(&self, group: impl Iterator<Item = &'a Batch>) -> Result<(), Failure> {
        let mut writing = self.0.begin_write()?;
        writing.set_durability(Durability::Immediate)?;
        {
            let mut table = writing.open_table(TABLE)?;
            for (key, value) in group.flatten() {
                match value {
                    Some(value) => table.insert(key.as_slice(), value.as_slice())?,
                    None => table.remove(key.as_slice())?,
                };
            }
        }
        Ok(writing.commit()?)
    }
}

impl Engine for RawRedb {
    fn write(&mut self, group: &[&Editorial]) -> Result<(), Failure> {
        self.apply(group.iter().map(|made| &made.batch))
    }
}

/// SQLite with a write-ahead log that is synced at every commit.
pub(crate) struct Sqlite(pub(crate) Connection);

fn open_sqlite(path: &Path) -> Result<Connection, Failure> {
    let connection = Connection::open(path.join("data.sqlite"))?;
    connection.busy_timeout(Duration::from_secs(60))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "cache_size", -i64::try_from(CACHE / 1024)?)?;
    connection.set_prepared_statement_cache_capacity(32);
    Ok(connection)
}

/// SQLite as a map of bytes, where rows are written over that no hand knows the columns of.
pub(crate) struct SqliteValues(Connection);

impl SqliteValues {
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        let connection = open_sqlite(path)?;
        connection.execute_batch(
            "create table if not exists kept (key blob primary key, value blob) without rowid",
        )?;
        Ok(Self(connection))
    }

    pub(crate) fn apply(&mut self, batch: &Batch) -> Result<(), Failure> {
        let writing = self.0.transaction()?;
        for (key, value) in batch {
            match value {
                Some(value) => writing
                    .prepare_cached("insert or replace into kept (key, value) values (?, ?)")?
                    .execute(params![key, value])?,
                None => writing
                    .prepare_cached("delete from kept where key = ?")?
                    .execute([key])?,
            };
        }
        Ok(writing.commit()?)
    }
}

impl Sqlite {
    /// Removes a database, if there is one.
    pub(crate) fn remove(path: &Path) -> Result<(), Failure> {
        for name in ["data.sqlite", "data.sqlite-wal", "data.sqlite-shm"] {
            match fs::remove_file(path.join(name)) {
                Err(source) if source.kind() != ErrorKind::NotFound => return Err(source.into()),
                _ => {}
            }
        }
        Ok(())
    }

    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        let connection = open_sqlite(path)?;
        connection.execute_batch(
            "create table if not exists doc (
                at integer primary key, collection text not null, id blob not null,
                version integer not null, salt blob not null, card text, body text not null,
                unique (collection, id)
            );
            create table if not exists entry (
                name text not null, key blob not null, at integer not null, card text,
                primary key (name, key, at)
            ) without rowid;
            create table if not exists holder (
                name text not null, key blob not null, at integer not null,
                primary key (name, key)
            ) without rowid;
            create table if not exists record (
                seq integer primary key, id blob not null unique, digest blob not null,
                chain blob not null, note text not null, touched blob not null
            );",
        )?;
        Ok(Self(connection))
    }
}

impl Engine for Sqlite {
    fn write(&mut self, group: &[&Editorial]) -> Result<(), Failure> {
        let writing = self
            .0
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        for Editorial {
            changeset, record, ..
        } in group
        {
            for write in &changeset.writes {
                let Write::Put {
                    at,
                    salt,
                    body,
                    card,
                    entries,
                } = write
                else {
                    return Err("the work has no removals".into());
                };
                writing
                    .prepare_cached(
                        "insert into doc (collection, id, version, salt, card, body)
                        values (?, ?, ?, ?, ?, ?)",
                    )?
                    .execute(params![
                        at.collection.as_str(),
                        at.id.as_bytes(),
                        i64::try_from(record.seq.0)?,
                        salt.0,
                        card.as_deref(),
                        &**body,
                    ])?;
                let row = writing.last_insert_rowid();
                for entry in entries {
                    let (index, key) = (entry.index().as_str(), &entry.key().0);
                    if let Entry::Unique { .. } = entry {
                        writing
                            .prepare_cached("insert into holder (name, key, at) values (?, ?, ?)")?
                            .execute(params![index, key, row])?;
                    } else {
                        writing
                            .prepare_cached(
                                "insert into entry (name, key, at, card) values (?, ?, ?, ?)",
                            )?
                            .execute(params![index, key, row, card.as_deref()])?;
                    }
                }
            }
            writing
                .prepare_cached(
                    "insert into record (seq, id, digest, chain, note, touched)
                    values (?, ?, ?, ?, ?, ?)",
                )?
                .execute(params![
                    i64::try_from(record.seq.0)?,
                    record.id.0.as_bytes(),
                    record.digest.0,
                    record.chain.0,
                    &*record.note,
                    touched(&record.touched),
                ])?;
        }
        Ok(writing.commit()?)
    }
}

/// The documents of a record and their digests, as bytes.
fn touched(touched: &[Touched]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for Touched { at, change } in touched {
        bytes.extend_from_slice(at.collection.as_str().as_bytes());
        bytes.extend_from_slice(at.id.as_bytes());
        if let Change::Put(digest) = change {
            bytes.extend_from_slice(&digest.0);
        }
    }
    bytes
}
