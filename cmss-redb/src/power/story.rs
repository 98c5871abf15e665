//! A store on a device, what is committed to it until the power goes, and what must be found
//! afterwards.

use std::sync::Arc;

use cmss_core::store::{Store, StoreError};
use cmss_keyed::{Engine, KeyedStore};
use cmss_testkit::power::story::{self, Step, Unknown};

use super::device::{Device, Fate, Plugged, Survive};
use crate::engine::RedbEngine;

/// How the store under test is opened.
pub(crate) type Open = fn(Plugged) -> Result<Arc<dyn Store>, StoreError>;

const CACHE: u64 = 4 * 1024 * 1024;

/// The store as it is.
pub(crate) fn open(plugged: Plugged) -> Result<Arc<dyn Store>, StoreError> {
    open_with(plugged, |engine| engine)
}

/// The store on an engine that something has been done to.
pub(crate) fn open_with<E: Engine>(
    plugged: Plugged,
    alter: fn(RedbEngine) -> E,
) -> Result<Arc<dyn Store>, StoreError> {
    let engine = RedbEngine::open(plugged, CACHE)
        .map_err(|source| crate::engine::failed("while opening", source.into()))?;
    Ok(Arc::new(KeyedStore::open(alter(engine), "the device")?))
}

/// A store on a device, and all that was ever sent to it.
pub(crate) struct Story {
    open: Open,
    device: Device,
    told: story::Story,
}

impl Story {
    /// Founds a store on a new device.
    pub(crate) fn begin(open: Open) -> Self {
        let device = Device::default();
        drop(open(device.plug(usize::MAX, Fate::Cut)).unwrap());
        Self {
            open,
            device,
            told: story::Story::default(),
        }
    }

    /// Sends groups of commits until the power goes, after so many operations of the device, or
    /// right after the last; answers whether it went before.
    pub(crate) fn play(&self, groups: &[Vec<Vec<Step>>], operations: usize) -> bool {
        let plugged = self.device.plug(operations, Fate::Cut);
        let Ok(store) = (self.open)(plugged) else {
            return true;
        };
        let went = self.told.play(&*store, groups);
        // Nothing is closed in good order.
        self.device.unplug();
        went
    }

    /// Brings the power back and compares what is found with what was answered; the error says
    /// what is wrong.
    pub(crate) fn check(&self, survive: &Survive) -> Result<Unknown, String> {
        self.device.cut(survive);
        let found = (self.open)(self.device.plug(usize::MAX, Fate::Cut));
        let found = found.map_err(|error| format!("the store does not open: {error}"))?;
        let unknown = self.told.compare(&*found)?;
        // The process ends, and the power stays.
        self.device.unplug();
        Ok(unknown)
    }
}
