//! The places that pages and cards keep for their parts.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The place of a part: its index in the `parts` of whatever it is served with.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Place {
    /// The index.
    pub part: usize,
}

/// The parts of a page or card, in the order of their first mention.
#[derive(Debug, Default)]
pub(crate) struct Parts(Vec<Uuid>);

impl Parts {
    /// Their ids.
    pub(super) fn ids(&self) -> &[Uuid] {
        &self.0
    }

    /// None yet.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// The place of a part; a second mention has the place of the first.
    pub(crate) fn place(&mut self, id: Uuid) -> Place {
        let part = self
            .0
            .iter()
            .position(|part| *part == id)
            .unwrap_or_else(|| {
                self.0.push(id);
                self.0.len() - 1
            });
        Place { part }
    }

    /// The place of a part, while there are fewer than `limit`.
    pub(crate) fn place_within(&mut self, id: Uuid, limit: usize) -> Option<Place> {
        (self.0.contains(&id) || self.0.len() < limit).then(|| self.place(id))
    }
}
