//! The stores of every released format are opened by every later release.

mod support;

cmss_testkit::format_rules!(support::Redb);
