//! How pages and cards refer to their parts.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A reference to a part: its index in the `parts` of whatever it is served with.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct PartRef {
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

    /// A reference to a part; a second mention has that of the first.
    pub(crate) fn refer_to(&mut self, id: Uuid) -> PartRef {
        let part = self
            .0
            .iter()
            .position(|part| *part == id)
            .unwrap_or_else(|| {
                self.0.push(id);
                self.0.len() - 1
            });
        PartRef { part }
    }

    /// A reference to a part, while there are fewer than `limit`.
    pub(crate) fn refer_within(&mut self, id: Uuid, limit: usize) -> Option<PartRef> {
        (self.0.contains(&id) || self.0.len() < limit).then(|| self.refer_to(id))
    }
}
