//! The memory store, held to the contract.

use std::sync::Arc;

use cmss_core::store::Store;
use cmss_memory::MemoryStore;
use cmss_testkit::{Declined, Fixture, async_trait};

#[derive(Default)]
struct MemoryFixture {
    store: MemoryStore,
}

#[async_trait]
impl Fixture for MemoryFixture {
    async fn open(&mut self) -> Arc<dyn Store> {
        Arc::new(self.store.clone())
    }

    async fn reopen(&mut self) -> Result<Arc<dyn Store>, Declined> {
        Err(Declined("what is in memory ends when the store is closed"))
    }

    fn cases(&self) -> u32 {
        2_000
    }

    fn sequences(&self) -> u32 {
        2_000
    }

    fn another(&self) -> Box<dyn Fixture> {
        Box::new(Self::default())
    }
}

cmss_testkit::store_rules!(MemoryFixture::default);
