//! A redb store in a directory of its own.
#![allow(clippy::unwrap_used, reason = "all of this file is part of tests")]

use std::sync::Arc;

use cmss_core::store::Store;
use cmss_redb::RedbStore;
use cmss_testkit::{Declined, Fixture, async_trait};
use tempfile::TempDir;

pub(crate) struct RedbFixture {
    /// Dropped before the directory is.
    store: Option<Arc<RedbStore>>,
    home: TempDir,
}

impl Default for RedbFixture {
    fn default() -> Self {
        Self {
            store: None,
            home: tempfile::tempdir().unwrap(),
        }
    }
}

#[async_trait]
impl Fixture for RedbFixture {
    async fn open(&mut self) -> Arc<dyn Store> {
        let path = self.home.path();
        let open = || Arc::new(RedbStore::open(path).unwrap());
        self.store.get_or_insert_with(open).clone()
    }

    async fn reopen(&mut self) -> Result<Arc<dyn Store>, Declined> {
        if let Some(store) = self.store.take() {
            store.close().await.unwrap();
        }
        Ok(self.open().await)
    }

    fn another(&self) -> Box<dyn Fixture> {
        Box::new(Self::default())
    }
}
