//! What can be chosen when a store is opened.

use std::path::{Path, PathBuf};

use cmss_core::store::StoreError;

use crate::engine::{self, Barrier};
use crate::store::SledStore;

/// The bytes kept in memory unless told.
pub(crate) const CACHE: u64 = 128 * 1024 * 1024;

/// Choices for opening a [`SledStore`]; made by [`SledStore::builder`].
///
/// None of them gives up durability.
///
/// # Examples
///
/// ```
/// use cmss_sled::SledStore;
///
/// # fn main() -> Result<(), cmss_core::store::StoreError> {
/// # let home = tempfile::tempdir().map_err(|_| cmss_core::store::StoreError::Closed)?;
/// # let path = home.path().join("newsroom-data");
/// let store = SledStore::builder(path)
///     .cache_capacity(32 * 1024 * 1024)
///     .open()?;
/// # drop(store);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Builder {
    path: PathBuf,
    cache_capacity: u64,
}

impl Builder {
    pub(crate) fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            cache_capacity: CACHE,
        }
    }

    /// About how many bytes of the data are kept in memory; 128 MiB unless told. An eighth of it is
    /// for answers that were made of them lately.
    #[must_use]
    pub const fn cache_capacity(mut self, bytes: u64) -> Self {
        self.cache_capacity = bytes;
        self
    }

    /// Opens the store, or creates it.
    ///
    /// # Errors
    /// Those of [`SledStore::open`].
    pub fn open(self) -> Result<SledStore, StoreError> {
        self.open_with(engine::barrier())
    }

    /// Opens the store with a sync of the caller's own.
    pub(crate) fn open_with(self, barrier: Barrier) -> Result<SledStore, StoreError> {
        SledStore::start(&self.path, self.cache_capacity, barrier)
    }
}
