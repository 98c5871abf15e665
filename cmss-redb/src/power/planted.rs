//! Engines with a bug each, which cutting the power must bring to light.

use std::sync::Arc;

use cmss_core::store::{Store, StoreError};
use cmss_keyed::{Batch, Engine};

use super::device::Plugged;
use super::story::open_with;
use crate::engine::{Held, RedbEngine};

/// Says that it has settled, and has not.
struct Forgetful(RedbEngine);

/// Writes a batch in two, the first of them durably.
struct Halving(RedbEngine);

pub(super) fn forgetful(plugged: Plugged) -> Result<Arc<dyn Store>, StoreError> {
    open_with(plugged, Forgetful)
}

pub(super) fn halving(plugged: Plugged) -> Result<Arc<dyn Store>, StoreError> {
    open_with(plugged, Halving)
}

/// All of an engine but what is named.
macro_rules! otherwise_as_it_is {
    ($($changed:item)+) => {
        const MAGIC: &'static [u8] = RedbEngine::MAGIC;

        type Bytes = Held;

        fn get(&self, key: &[u8]) -> Result<Option<Held>, StoreError> {
            self.0.get(key)
        }

        fn range<'a>(
            &'a self,
            from: &[u8],
            until: &[u8],
        ) -> impl DoubleEndedIterator<Item = Result<(Held, Held), StoreError>> + use<'a> {
            self.0.range(from, until)
        }

        fn is_untouched(&self) -> Result<bool, StoreError> {
            self.0.is_untouched()
        }

        fn let_go(self) {
            self.0.let_go();
        }

        $($changed)+
    };
}

impl Engine for Forgetful {
    otherwise_as_it_is! {
        fn apply(&self, batch: Batch) -> Result<(), StoreError> {
            self.0.apply(batch)
        }

        fn settle(&self) -> Result<(), StoreError> {
            Ok(())
        }
    }
}

impl Engine for Halving {
    otherwise_as_it_is! {
        fn apply(&self, mut batch: Batch) -> Result<(), StoreError> {
            let middle = batch.keys().nth(batch.len() / 2).cloned().unwrap_or_default();
            let rest = batch.split_off(&middle);
            self.0.apply(batch)?;
            self.0.settle()?;
            self.0.apply(rest)
        }

        fn settle(&self) -> Result<(), StoreError> {
            self.0.settle()
        }
    }
}
