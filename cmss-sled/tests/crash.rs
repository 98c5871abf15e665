//! Processes that die over a store on sled, and files that were damaged.

mod support;

cmss_testkit::crash_rules!(support::Sled);
