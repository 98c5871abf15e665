//! The ways in which a file is damaged.

use proptest::prelude::*;
use proptest::sample::Index;

/// What is done to a file of a store, which is one of those in it when they are sorted by name.
#[derive(Clone, Debug)]
pub(super) enum Damage {
    Flip {
        place: Index,
        bit: u8,
    },
    Zero {
        place: Index,
        length: usize,
    },
    Garble {
        place: Index,
        length: usize,
        with: u64,
    },
    Swap {
        one: Index,
        other: Index,
        length: usize,
    },
    Cut {
        place: Index,
    },
    Extend {
        length: usize,
    },
    Empty,
    Remove,
    /// Replaced by the file of that name of an older state of the store.
    Older,
    /// Replaced by the file of that name of another store.
    Other,
}

pub(super) fn damages() -> impl Strategy<Value = Damage> {
    let index = any::<Index>;
    let length = || prop::sample::select(vec![1_usize, 64, 512, 4096, 65_536, 1 << 20]);
    prop_oneof![
        6 => (index(), 0..8_u8).prop_map(|(place, bit)| Damage::Flip { place, bit }),
        3 => (index(), length()).prop_map(|(place, length)| Damage::Zero { place, length }),
        3 => (index(), length(), any::<u64>())
            .prop_map(|(place, length, with)| Damage::Garble { place, length, with }),
        3 => (index(), index(), length())
            .prop_map(|(one, other, length)| Damage::Swap { one, other, length }),
        3 => index().prop_map(|place| Damage::Cut { place }),
        1 => length().prop_map(|length| Damage::Extend { length }),
        1 => Just(Damage::Empty),
        1 => Just(Damage::Remove),
        2 => Just(Damage::Older),
        2 => Just(Damage::Other),
    ]
}
