//! The redb store, held to the contract.

mod support;

use support::RedbFixture;

cmss_testkit::store_rules!(RedbFixture::default);
