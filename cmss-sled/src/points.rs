//! Processes that die at named points: also between sled's flush and the sync of its data file.

use std::path::Path;

use cmss_core::store::StoreError;
use cmss_testkit::crash::dying::Laid;
use cmss_testkit::crash::points::{Point, reach};

use crate::config::CACHE;
use crate::engine::SledEngine;
use crate::opening;

struct Sled;

impl Laid for Sled {
    type Engine = SledEngine;

    const FLUSHES: bool = true;

    fn open(&self, path: &Path) -> Result<SledEngine, StoreError> {
        let barrier = Box::new(|data: &std::fs::File| {
            reach(Point::Flushed);
            data.sync_data()
        });
        opening::open(path, CACHE, barrier)
    }
}

cmss_testkit::point_rules!(Sled);
