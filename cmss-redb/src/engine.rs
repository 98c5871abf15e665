//! What the store keeps its values in: one table of a redb database.

use cmss_core::store::StoreError;
use cmss_keyed::{Batch, Engine, error};
use redb::{
    Builder, Database, DatabaseError, Durability, OwnedAccessGuard, OwnedRange, ReadOnlyTable,
    ReadableDatabase, StorageBackend, TableDefinition, TableError, TableHandle, WriteTransaction,
};

const TABLE: TableDefinition<'static, &[u8], &[u8]> = TableDefinition::new("cmss");

type Table = ReadOnlyTable<&'static [u8], &'static [u8]>;
type Range = OwnedRange<&'static [u8], &'static [u8]>;

/// Of what may be kept in memory, the part that is for answers of the store.
const ANSWERS: usize = 8;

/// An open database.
pub(crate) struct RedbEngine {
    db: Database,
    /// For answers of the store.
    room: usize,
}

/// Bytes in a page of the database, which stays as it is while they are held.
pub(crate) struct Held(OwnedAccessGuard<&'static [u8]>);

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        self.0.value()
    }
}

impl RedbEngine {
    /// Opens the database behind a backend, or creates one where there is nothing.
    pub(crate) fn open(
        backend: impl StorageBackend,
        cache_capacity: u64,
    ) -> Result<Self, DatabaseError> {
        let memory = usize::try_from(cache_capacity).unwrap_or(usize::MAX);
        let room = memory / ANSWERS;
        let db = Builder::new()
            .set_cache_size(memory.saturating_sub(room))
            .create_with_backend(backend)?;
        Ok(Self { db, room })
    }

    /// The table as it is now; `None` while there is none. One of the same name that holds other
    /// types is somebody else's.
    fn table(&self) -> Result<Option<Table>, redb::Error> {
        match self.db.begin_read()?.open_table(TABLE) {
            Ok(table) => Ok(Some(table)),
            Err(
                TableError::TableDoesNotExist(_)
                | TableError::TableTypeMismatch { .. }
                | TableError::TableIsMultimap(_),
            ) => Ok(None),
            Err(source) => Err(source.into()),
        }
    }

    fn span(&self, from: &[u8], until: &[u8]) -> Result<Option<Range>, redb::Error> {
        match self.table()? {
            Some(table) => Ok(Some(table.range_owned(from..until)?)),
            None => Ok(None),
        }
    }

    /// A transaction whose commit does not rest on redb's checksums, which hold against accidents
    /// and not against texts that were made to fool them.
    fn begin(&self) -> Result<WriteTransaction, redb::Error> {
        let mut transaction = self.db.begin_write()?;
        transaction.set_two_phase_commit(true);
        Ok(transaction)
    }

    fn write(&self, batch: Batch) -> Result<(), redb::Error> {
        let mut transaction = self.begin()?;
        transaction.set_durability(Durability::None)?;
        {
            let mut table = transaction.open_table(TABLE)?;
            for (key, value) in batch {
                match value {
                    Some(value) => drop(table.insert(key.as_slice(), value.as_slice())?),
                    None => drop(table.remove(key.as_slice())?),
                }
            }
        }
        Ok(transaction.commit()?)
    }

    /// A durable commit makes those before it durable that were not.
    fn sync(&self) -> Result<(), redb::Error> {
        Ok(self.begin()?.commit()?)
    }

    fn has_no_other_table(&self) -> Result<bool, redb::Error> {
        let transaction = self.db.begin_read()?;
        let mut tables = transaction.list_tables()?;
        Ok(tables.all(|table| table.name() == TABLE.name())
            && transaction.list_multimap_tables()?.next().is_none())
    }

    fn has_no_table(&self) -> Result<bool, redb::Error> {
        let transaction = self.db.begin_read()?;
        Ok(transaction.list_tables()?.next().is_none()
            && transaction.list_multimap_tables()?.next().is_none())
    }
}

impl Engine for RedbEngine {
    const MAGIC: &'static [u8] = b"cmss-redb";

    type Bytes = Held;

    fn get(&self, key: &[u8]) -> Result<Option<Held>, StoreError> {
        let found = self.table().and_then(|table| match table {
            Some(table) => Ok(table.get_owned(key)?),
            None => Ok(None),
        });
        let found = found.map_err(|source| failed("while reading", source))?;
        Ok(found.map(Held))
    }

    fn range<'a>(
        &'a self,
        from: &[u8],
        until: &[u8],
    ) -> impl DoubleEndedIterator<Item = Result<(Held, Held), StoreError>> + use<'a> {
        let (found, refused) = match self.span(from, until) {
            Ok(found) => (found, None),
            Err(source) => (None, Some(source)),
        };
        let refused = refused.into_iter().map(Err);
        let found = found.into_iter().flatten();
        let found = found.map(|item| Ok(item.map(|(key, value)| (Held(key), Held(value)))?));
        let items = refused.chain(found);
        items.map(|item| item.map_err(|source: redb::Error| failed("while reading", source)))
    }

    fn apply(&self, batch: Batch) -> Result<(), StoreError> {
        (self.write(batch)).map_err(|source| failed("while writing", source))
    }

    fn settle(&self) -> Result<(), StoreError> {
        (self.sync()).map_err(|source| failed("while syncing", source))
    }

    fn is_untouched(&self) -> Result<bool, StoreError> {
        (self.has_no_table()).map_err(|source| failed("while reading", source))
    }

    /// The table is the only one.
    fn inspect(&self) -> Result<(), StoreError> {
        let is_alone =
            (self.has_no_other_table()).map_err(|source| failed("while reading", source))?;
        if is_alone {
            return Ok(());
        }
        Err(error::corrupt(
            "the database has a table that no store makes",
        ))
    }

    fn room(&self) -> usize {
        self.room
    }

    fn let_go(self) {
        // What was settled is durable, whatever becomes of the closing; the next opening repairs.
        let _ = self.db.close();
    }
}

/// A failure of redb while `what` was done.
pub(crate) fn failed(what: &str, source: redb::Error) -> StoreError {
    match source {
        redb::Error::Io(source) => error::io(what, source),
        redb::Error::Corrupted(_) => StoreError::Corrupt {
            what: format!("the data file, found {what}"),
            source: Some(Box::new(source)),
        },
        source => StoreError::Backend {
            what: what.to_owned(),
            source: Some(Box::new(source)),
        },
    }
}
