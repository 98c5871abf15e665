//! The store: a handle on an open directory.

use std::fmt;
use std::path::{Path, PathBuf};

use cmss_core::store::StoreError;
use cmss_keyed::compaction::{self, Compacted, Compacting, Housing};
use cmss_keyed::{Examined, KeyedStore, Unverified, Verified, impl_store};

use crate::config::{self, Builder};
use crate::engine::RedbEngine;
use crate::opening;

/// A store in a directory of this machine.
///
/// The [crate's page](crate) says what it promises and where its work runs.
///
/// # Dropping
///
/// Dropping the handle does what [`close`](cmss_core::store::Store::close) does, on the dropping
/// thread and without an answer.
pub struct RedbStore {
    path: PathBuf,
    kept: KeyedStore<RedbEngine>,
}

impl_store!(RedbStore, kept);

impl RedbStore {
    /// Opens the store in a directory, or creates it there, with the choices of
    /// [`RedbStore::builder`] as they stand.
    ///
    /// On Unix nobody but its owner may look into a directory that this creates; one that is there
    /// keeps its mode, and whoever may look into it may read what the store holds.
    ///
    /// This reads and writes files on the calling thread; after a crash, how long it takes grows
    /// with the store.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the directory is held by another handle or process, holds
    /// something else than a store, was written by a newer format, or cannot be reached;
    /// [`StoreError::Corrupt`] when what it holds is damaged, or older than what was answered;
    /// [`StoreError::Full`] when there is no room to create it.
    ///
    /// # Examples
    ///
    /// ```
    /// use cmss_core::store::{Store, StoreError};
    /// use cmss_redb::RedbStore;
    ///
    /// # fn main() -> Result<(), StoreError> {
    /// # let home = tempfile::tempdir().map_err(|_| StoreError::Closed)?;
    /// # let path = home.path().join("newsroom-data");
    /// let store = RedbStore::open(&path)?;
    ///
    /// let second = RedbStore::open(&path);
    /// assert!(matches!(second, Err(StoreError::Unavailable { .. })));
    ///
    /// pollster::block_on(store.close())?;
    /// RedbStore::open(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        Self::builder(path).open()
    }

    /// Choices before opening.
    #[must_use]
    pub fn builder(path: impl AsRef<Path>) -> Builder {
        Builder::new(path.as_ref())
    }

    /// Looks at everything the store holds, and whether it belongs together: every value, every
    /// document with its entries, the whole log with its chain and receipts, and that each document
    /// is as the log last tells of it.
    ///
    /// `progress` is told now and then how much has been looked at. Commits may go on meanwhile;
    /// what they write while this runs may or may not be looked at. Memory is bounded, whatever the
    /// store holds.
    ///
    /// A store knows nothing of what its documents mean: that cards, entries and public documents are
    /// what their documents make of them, `Cms::check` of `cmss-core` tells.
    ///
    /// This reads on the calling thread, and takes as long as reading the store does.
    ///
    /// # Errors
    /// [`Unverified::Corrupt`] with the first thing that is wrong; [`Unverified::Unread`] when the
    /// store cannot be looked at, or is being loaded.
    ///
    /// # Examples
    ///
    /// ```
    /// use cmss_redb::{RedbStore, Unverified};
    ///
    /// # fn main() -> Result<(), Unverified> {
    /// # let home = tempfile::tempdir().map_err(|_| cmss_core::store::StoreError::Closed)?;
    /// # let path = home.path().join("newsroom-data");
    /// let store = RedbStore::open(&path)?;
    /// let verified = store.verify(|examined| {
    ///     let _so_far = examined.documents;
    /// })?;
    /// assert_eq!(verified.examined.documents, 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn verify(&self, progress: impl FnMut(&Examined)) -> Result<Verified, Unverified> {
        self.kept.verify(progress)
    }

    /// Rewrites the store in a directory, which nobody has open, so that its files hold what it
    /// holds now and nothing else: what was removed or written over is gone from them.
    ///
    /// The store is looked at as [`verify`](RedbStore::verify) does, copied beside itself value by value,
    /// and the copy held against it; then that takes the place. A process that dies at any moment
    /// leaves the old or the new store, whole, and the next opening cleans up. There must be room for
    /// both, and the directory that the store's directory stands in must be writable. A link is
    /// followed. Memory is bounded, whatever the store holds. On Unix the owner and the mode of the
    /// directory stay, and its files get those of the file of the data; where they cannot be given away,
    /// it is refused.
    ///
    /// `progress` is told now and then how far it has come. This reads and writes on the calling
    /// thread and others.
    ///
    /// # Errors
    /// [`Unverified::Corrupt`] with the first thing that is wrong in the store, which is left as it is;
    /// [`Unverified::InTheWay`] when files of somebody else lie in its directory or beside it;
    /// [`Unverified::Unread`] when it is open elsewhere, when there is no store, or no room.
    /// Afterwards the store is as it was; or as it is when this succeeds, where only cleaning up has
    /// failed.
    ///
    /// # Examples
    ///
    /// ```
    /// use cmss_redb::{RedbStore, Unverified};
    ///
    /// # fn main() -> Result<(), Unverified> {
    /// # let home = tempfile::tempdir().map_err(|_| cmss_core::store::StoreError::Closed)?;
    /// # let path = home.path().join("newsroom-data");
    /// # drop(RedbStore::open(&path)?);
    /// let compacted = RedbStore::compact(&path, |_| ())?;
    /// assert_eq!(compacted.verified.examined.documents, 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn compact(
        path: impl AsRef<Path>,
        progress: impl FnMut(Compacting),
    ) -> Result<Compacted, Unverified> {
        compaction::compact(path.as_ref(), &HOUSING, progress)
    }

    pub(crate) fn start(path: &Path, cache_capacity: u64) -> Result<Self, StoreError> {
        Ok(Self {
            path: path.to_owned(),
            kept: keep(path, cache_capacity)?,
        })
    }
}

/// How stores on redb live in directories.
const HOUSING: Housing<RedbEngine> = Housing {
    open: |path| keep(path, config::CACHE),
    lock: opening::FILE,
    owns: opening::owns,
};

/// Opens the store in a directory, or creates it there.
fn keep(path: &Path, cache_capacity: u64) -> Result<KeyedStore<RedbEngine>, StoreError> {
    let engine = opening::open(path, cache_capacity)?;
    KeyedStore::open_in(engine, path)
}

impl fmt::Debug for RedbStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedbStore")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}
