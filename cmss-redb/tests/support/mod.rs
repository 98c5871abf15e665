//! The store as its tests know it.
#![allow(
    dead_code,
    reason = "part of tests, each file of which is a program of its own and uses what it needs"
)]

use cmss_redb::RedbStore;
use cmss_testkit::durable::Housed;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Redb;

cmss_testkit::impl_backend!(Redb, RedbStore, "db.redb");

/// An empty store in a directory of its own.
pub(crate) fn fixture() -> Housed<Redb> {
    Housed::of(Redb)
}
