//! What an engine must be able to do.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;

use cmss_core::store::StoreError;

/// No value that an [`Engine`] is given is larger than this many bytes: what is larger is cut into
/// pieces. Keys stay below a few thousand.
pub const MAX_VALUE: usize = 64 * 1024;

/// Writes that belong together, by key; `None` takes a key out.
pub type Batch = BTreeMap<Vec<u8>, Option<Vec<u8>>>;

/// A key, and what is to stand there.
pub type Item = (Vec<u8>, Vec<u8>);

/// An open, ordered key-value engine that one [`KeyedStore`](crate::KeyedStore) has to itself.
///
/// Keys sort as bytes. The store locks: nothing is read while something is applied, and nothing is
/// applied, settled or [synced](Engine::sync) while another of these goes on. So an engine needs no isolation and no transactions that last; it reads what was applied
/// last, durable or not, also while that is settled.
///
/// An engine that panics loses its store, as one that fails does: the handle is poisoned.
///
/// # Errors
///
/// Each method answers what the engine says in the words of the contract; the functions of
/// [`error`](crate::error) help. [`StoreError::Corrupt`] is for bytes that are not what was written,
/// [`StoreError::Full`] for a device without room, [`StoreError::Backend`] for the rest. What a
/// method that writes answers poisons the handle.
pub trait Engine: Send + Sync + 'static {
    /// The name of this kind of store, with which the value of the format begins. It is the same in
    /// every release.
    const MAGIC: &'static [u8];

    /// Bytes as the engine hands them out, without a copy where it can.
    type Bytes: AsRef<[u8]>;

    /// The value at a key.
    ///
    /// # Errors
    /// See [`Engine`].
    fn get(&self, key: &[u8]) -> Result<Option<Self::Bytes>, StoreError>;

    /// The keys and values from `from` on and before `until`, which is larger, in the order of the
    /// keys and from either end.
    ///
    /// An item that is an error may be the last one.
    fn range<'a>(
        &'a self,
        from: &[u8],
        until: &[u8],
    ) -> impl DoubleEndedIterator<Item = Result<(Self::Bytes, Self::Bytes), StoreError>> + use<'a, Self>;

    /// Writes a batch, all or nothing. It need not be durable yet, and every read sees it. The batch
    /// before it is settled.
    ///
    /// # Errors
    /// See [`Engine`].
    fn apply(&self, batch: Batch) -> Result<(), StoreError>;

    /// Writes values at keys that nothing stands at, in the order of the keys. Nobody reads them before
    /// a batch is applied later, and what was written and not settled may be lost in any part: so an
    /// engine may write them in whatever way fills it soonest. As a batch, unless told.
    ///
    /// # Errors
    /// See [`Engine`].
    fn fill(&self, items: Vec<Item>) -> Result<(), StoreError> {
        self.apply(
            items
                .into_iter()
                .map(|(key, value)| (key, Some(value)))
                .collect(),
        )
    }

    /// Makes all that was applied durable, in the sense the store documents.
    ///
    /// What was applied and not settled may be lost when the process or the power ends: the whole
    /// batch, and none that was settled.
    ///
    /// # Errors
    /// See [`Engine`].
    fn settle(&self) -> Result<(), StoreError>;

    /// Makes durable what was written to a file that the store keeps beside the engine's own, in the
    /// sense the store documents. It is called on more than one thread.
    ///
    /// # Errors
    /// Those of the file system.
    fn sync(&self, file: &File) -> io::Result<()> {
        file.sync_data()
    }

    /// Whether nothing was ever written, by anybody: only then may it become a store.
    ///
    /// # Errors
    /// See [`Engine`].
    fn is_untouched(&self) -> Result<bool, StoreError>;

    /// Whether what the engine keeps beside its keys and values is as this store leaves it: asked
    /// when the store is opened, verified and closed, so it is cheap.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when it is not, and what the engine says.
    fn inspect(&self) -> Result<(), StoreError> {
        Ok(())
    }

    /// How many bytes of answers the store may keep in memory, above what the engine keeps: none
    /// unless told. It is asked once.
    ///
    /// Documents and pages that were read lately are then handed out again, until they are written,
    /// without asking the engine and without looking at their bytes again.
    fn room(&self) -> usize {
        0
    }

    /// Closes the engine; afterwards the same place can be opened again at once.
    fn let_go(self);
}
