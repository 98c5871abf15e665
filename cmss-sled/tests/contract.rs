//! The sled store, held to the contract.

mod support;

cmss_testkit::store_rules!(support::fixture);
