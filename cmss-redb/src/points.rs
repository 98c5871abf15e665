//! Processes that die at named points.

use std::path::Path;

use cmss_core::store::StoreError;
use cmss_testkit::crash::dying::Laid;

use crate::config::CACHE;
use crate::engine::RedbEngine;
use crate::opening;

struct Redb;

impl Laid for Redb {
    type Engine = RedbEngine;

    const FLUSHES: bool = false;

    fn open(&self, path: &Path) -> Result<RedbEngine, StoreError> {
        opening::open(path, CACHE)
    }
}

cmss_testkit::point_rules!(Redb);
