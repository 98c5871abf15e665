//! The backend on the contract's own page keeps the contract.

#[allow(
    dead_code,
    unreachable_pub,
    reason = "it is an example, with a main of its own"
)]
#[path = "../cmss-core/examples/map_store.rs"]
mod map_store;

use std::sync::Arc;

use cmss::store::Store;
use cmss_testkit::{Declined, Fixture, async_trait};
use map_store::MapStore;

#[derive(Default)]
struct MapFixture {
    store: Arc<MapStore>,
}

#[async_trait]
impl Fixture for MapFixture {
    async fn open(&mut self) -> Arc<dyn Store> {
        self.store.clone()
    }

    async fn reopen(&mut self) -> Result<Arc<dyn Store>, Declined> {
        Err(Declined("a map does not outlive its store"))
    }

    fn another(&self) -> Box<dyn Fixture> {
        Box::new(Self::default())
    }
}

cmss_testkit::store_rules!(MapFixture::default);
