//! A headless CMS library with pluggable storage, for newsrooms where residents with lived
//! experience report on public services.

pub use cmss_core::*;

#[cfg(feature = "memory")]
pub use cmss_memory::MemoryStore;
#[cfg(feature = "sled")]
pub use cmss_sled::SledStore;
#[cfg(feature = "testkit")]
pub use cmss_testkit as testkit;
