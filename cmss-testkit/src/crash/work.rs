//! What the process does: changesets that follow from a seed, a writer and a number.

use cmss_core::store::{Changeset, CommitId, Entry, Write};

use crate::notes::{SLUGS, change, note, put};
use crate::seed::Seed;

/// How many write at once.
pub(super) const WRITERS: u32 = 4;
/// The documents of one writer.
const SLOTS: u32 = 8;
/// A document that all of them write.
const SHARED: u128 = 1_000_000;

/// One changeset: the process it was sent in, who sent it, and which of theirs it is, from 1 on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Sent {
    pub(super) round: u32,
    pub(super) writer: u32,
    pub(super) number: u32,
}

impl Sent {
    fn bits(self) -> u128 {
        u128::from(self.round) << 64 | u128::from(self.writer) << 32 | u128::from(self.number)
    }

    /// The changeset that has an id.
    pub(super) fn of(id: CommitId) -> Self {
        let part = |shift: u32| (id.0.as_u128() >> shift) as u32;
        Self {
            round: part(64),
            writer: part(32),
            number: part(0),
        }
    }

    /// What it changes. Sent in the order of its writer's numbers, it is never refused: whatever it
    /// removes was put by the one before, and nobody else holds its keys.
    pub(super) fn changeset(self, seed: Seed) -> Changeset {
        let slot = |number: u32| u128::from(self.writer * SLOTS + number % SLOTS + 1);
        let chance = |what: &str| seed.number(&format!("{what} {:?}", self));
        let text = |what: &str| {
            let longest = match chance(&format!("size of {what}")) % 8 {
                0 => 150_000,
                _ => 3_000,
            };
            let length = chance(&format!("length of {what}")) % longest;
            let letter = char::from(b'a' + (chance(what) % 26) as u8);
            format!("{:?} {}", self, letter.to_string().repeat(length as usize))
        };
        let mut own = put(slot(self.number), &text("own"));
        if let Write::Put { entries, .. } = &mut own {
            // A second unique key, which moves.
            let key = format!("{} of {}", self.number % 2, slot(self.number));
            entries.push(Entry::Unique {
                index: SLUGS,
                key: key.as_str().into(),
            });
        }
        let mut writes = vec![own];
        if chance("more").is_multiple_of(2) {
            writes.push(put(slot(self.number + SLOTS / 2), &text("more")));
        }
        if chance("shared").is_multiple_of(3) {
            writes.push(put(SHARED, &text("shared")));
        }
        if self.number.is_multiple_of(4) {
            let at = note(slot(self.number - 1));
            writes.push(Write::Remove { at });
        }
        change(self.bits(), vec![], writes)
    }
}
