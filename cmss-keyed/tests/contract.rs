//! A store on the plainest engine, held to the contract.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "all of this file is part of tests"
)]

mod support;

use std::sync::Arc;

use cmss_core::store::Store;
use cmss_keyed::{Batch, Engine, KeyedStore};
use cmss_testkit::{Declined, Fixture, async_trait};
use support::{Disk, MapEngine};

#[derive(Default)]
struct MapFixture {
    disk: Disk,
    store: Option<Arc<KeyedStore<MapEngine>>>,
}

#[async_trait]
impl Fixture for MapFixture {
    async fn open(&mut self) -> Arc<dyn Store> {
        let open = || Arc::new(KeyedStore::open(self.disk.engine(), "the map").unwrap());
        self.store.get_or_insert_with(open).clone()
    }

    /// What was never settled is lost in between.
    async fn reopen(&mut self) -> Result<Arc<dyn Store>, Declined> {
        if let Some(store) = self.store.take() {
            self.disk.cut();
            store.close().await.unwrap();
        }
        Ok(self.open().await)
    }

    fn another(&self) -> Box<dyn Fixture> {
        Box::new(Self::default())
    }
}

cmss_testkit::store_rules!(MapFixture::default);
