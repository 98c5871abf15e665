//! What only one may say: a unique key, and the id of a commit.

use cmss_core::store::{DocRef, Index, Key, StoreError};

use crate::engine::Engine;
use crate::layout::{Kind, Spot};
use crate::records::Listing;
use crate::view::{View, strange};
use crate::{envelope, error};

/// Looks at keys and values in their order, and refuses what is claimed twice.
pub(super) struct Claims {
    /// Whether some of the load was written before, apart from what is looked at.
    is_among_written: bool,
    /// The last document with a unique key.
    holder: Option<(Index, Key, DocRef)>,
    /// The last receipt's key.
    receipt: Vec<u8>,
}

impl Claims {
    /// Of all that is loaded.
    pub(super) fn alone() -> Self {
        Self {
            is_among_written: false,
            holder: None,
            receipt: Vec::new(),
        }
    }

    /// Of a part, when the parts before it are in the engine.
    pub(super) fn among_written() -> Self {
        Self {
            is_among_written: true,
            ..Self::alone()
        }
    }

    /// Takes the next one. It is also looked at whether it is what was staged: it may come from a
    /// file.
    pub(super) fn take<E: Engine>(
        &mut self,
        engine: &E,
        key: &[u8],
        value: &[u8],
    ) -> Result<(), StoreError> {
        let payload = envelope::open(key, value)?.payload;
        match Kind::of(key) {
            Some(Kind::Entry) if Listing::is_unique(payload) => self.take_unique(engine, key),
            Some(Kind::Receipt) => self.take_receipt(engine, key),
            _ => Ok(()),
        }
    }

    fn take_unique<E: Engine>(&mut self, engine: &E, place: &[u8]) -> Result<(), StoreError> {
        let Some(Spot::Entry(index, key, at)) = Spot::of(place) else {
            return Err(strange(place, "has no place"));
        };
        let beside = match &self.holder {
            Some((its, held, by)) if (its, held) == (&index, &key) => Some(by.clone()),
            _ if self.is_among_written => View::of(engine).holder(&index, &key)?,
            _ => None,
        };
        if let Some(by) = beside {
            return Err(error::corrupt(format!(
                "{at} and {by} hold the same unique key of index {index}"
            )));
        }
        self.holder = Some((index, key, at));
        Ok(())
    }

    fn take_receipt<E: Engine>(&mut self, engine: &E, place: &[u8]) -> Result<(), StoreError> {
        let stands = self.is_among_written && View::of(engine).raw(place)?.is_some();
        if stands || self.receipt == place {
            let Some(Spot::Receipt(id)) = Spot::of(place) else {
                return Err(strange(place, "has no place"));
            };
            return Err(error::corrupt(format!(
                "commit id {id} stands twice in the log"
            )));
        }
        self.receipt.clear();
        self.receipt.extend_from_slice(place);
        Ok(())
    }
}
