//! A store of each kind there is.

use cmss::{MemoryStore, SledStore};
use cmss_redb::RedbStore;
use tempfile::{TempDir, tempdir};

use super::*;

/// An empty store, and the directory it is in.
pub(crate) struct Place {
    pub(crate) kind: &'static str,
    // Dropped before the directory is.
    pub(crate) store: Arc<dyn Store>,
    _home: TempDir,
}

impl Place {
    /// One of each kind.
    pub(crate) fn of_each_kind() -> [Self; 3] {
        ["memory", "sled", "redb"].map(|kind| {
            let home = tempdir().unwrap();
            let store: Arc<dyn Store> = match kind {
                "memory" => Arc::new(MemoryStore::new()),
                "sled" => Arc::new(SledStore::open(home.path()).unwrap()),
                _ => Arc::new(RedbStore::open(home.path()).unwrap()),
            };
            Self {
                kind,
                store,
                _home: home,
            }
        })
    }
}
