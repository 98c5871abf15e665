//! The sled store, held to the contract.

mod support;

use support::SledFixture;

cmss_testkit::store_rules!(SledFixture::default);
