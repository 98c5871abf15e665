//! What documents tell of, and what there is, added up.
//!
//! Heads sort by id, and so at random beside bodies and entries: looked up one for the other, each is
//! read from another leaf of the engine's tree. So what heads tell of is added up, what is found is
//! taken away, and each is read once, in its order. Where nothing is left, they tell of each other: a
//! fault, or two that make up for each other, would have to leave nothing in 128 bits that follow from
//! keys drawn for this sum alone.
//!
//! Documents are spread over many sums. One that is left over is of few documents, which are then
//! looked at by lookups: they say what is wrong. They may say that nothing is, after a commit between
//! the telling and the finding.

use std::hash::{BuildHasher, Hash, RandomState};

use cmss_core::store::{DocRef, Seq};

use crate::records::Listing;

/// How many sums there are, of sixteen bytes each.
const SUMS: usize = 1 << 16;

/// How what belongs together is held against each other.
pub(super) enum Way<'a> {
    /// It is added up.
    AddUp(&'a mut Tally),
    /// One is looked up for the other, of documents that do not add up.
    LookUp(&'a Tally),
}

impl Way<'_> {
    /// Whether a document has added up before, so that nothing of it is looked up.
    pub(super) fn is_even_for(&self, at: &DocRef) -> bool {
        match self {
            Self::AddUp(_) => false,
            Self::LookUp(tally) => tally.is_even_for(at),
        }
    }
}

/// Something that a head tells of.
#[derive(Hash)]
pub(super) enum Thing<'a> {
    /// A body, by the commit in its key and its own, with so many further pieces.
    Body(Seq, Seq, u16),
    /// An entry, by its key and its commit, and what it says.
    Entry(&'a [u8], Seq, Listing<'a>),
}

/// What is told of and was not found, or was found and is not told of.
pub(super) struct Tally {
    sums: Vec<u128>,
    keys: [RandomState; 2],
}

impl Tally {
    pub(super) fn new() -> Self {
        Self {
            sums: vec![0; SUMS],
            keys: [RandomState::new(), RandomState::new()],
        }
    }

    /// Nothing adds up.
    #[cfg(test)]
    pub(super) fn uneven() -> Self {
        Self {
            sums: vec![1; SUMS],
            ..Self::new()
        }
    }

    /// The head of a document tells of this.
    pub(super) fn tell(&mut self, at: &DocRef, thing: &Thing<'_>) {
        let weight = self.weight(at, thing);
        self.change(at, |sum| sum.wrapping_add(weight));
    }

    /// This is there, of a document.
    pub(super) fn find(&mut self, at: &DocRef, thing: &Thing<'_>) {
        let weight = self.weight(at, thing);
        self.change(at, |sum| sum.wrapping_sub(weight));
    }

    /// Whether all was found and nothing else.
    pub(super) fn is_even(&self) -> bool {
        self.sums.iter().all(|sum| *sum == 0)
    }

    /// Whether all was found, and nothing else, of this document and those it is added up with.
    pub(super) fn is_even_for(&self, at: &DocRef) -> bool {
        self.sums.get(self.place(at)).is_some_and(|sum| *sum == 0)
    }

    fn weight(&self, at: &DocRef, thing: &Thing<'_>) -> u128 {
        let [high, low] = (self.keys.each_ref()).map(|key| u128::from(key.hash_one((at, thing))));
        high << 64 | low
    }

    fn place(&self, at: &DocRef) -> usize {
        let [key, _] = &self.keys;
        key.hash_one(at) as usize % SUMS
    }

    fn change(&mut self, at: &DocRef, change: impl FnOnce(u128) -> u128) {
        let place = self.place(at);
        if let Some(sum) = self.sums.get_mut(place) {
            *sum = change(*sum);
        }
    }
}

#[cfg(test)]
mod tests {
    use cmss_testkit::notes::note;

    use super::*;

    fn entry<'a>(key: &'a [u8], seq: u64, card: Option<&'a str>) -> Thing<'a> {
        let listing = Listing {
            unique: false,
            long: false,
            card,
        };
        Thing::Entry(key, Seq(seq), listing)
    }

    #[test]
    fn what_is_told_and_found_in_any_order_adds_up() {
        let mut tally = Tally::new();
        for number in 1..=2_000 {
            tally.tell(&note(number), &Thing::Body(Seq(7), Seq(7), 0));
            tally.tell(&note(number), &entry(b"key", 7, Some("card")));
        }
        assert!(!tally.is_even());
        for number in (1..=2_000).rev() {
            tally.find(&note(number), &entry(b"key", 7, Some("card")));
        }
        assert!(!tally.is_even());
        for number in 1..=2_000 {
            assert!(!tally.is_even_for(&note(number)));
            tally.find(&note(number), &Thing::Body(Seq(7), Seq(7), 0));
        }
        assert!(tally.is_even() && tally.is_even_for(&note(7)));
    }

    #[test]
    fn what_differs_in_anything_does_not_add_up() {
        let told = [
            (note(1), entry(b"key", 7, Some("card"))),
            (note(1), Thing::Body(Seq(7), Seq(7), 0)),
        ];
        let found = [
            (note(2), entry(b"key", 7, Some("card"))),
            (note(1), entry(b"kez", 7, Some("card"))),
            (note(1), entry(b"key", 8, Some("card"))),
            (note(1), entry(b"key", 7, Some(""))),
            (note(1), entry(b"key", 7, None)),
            (note(1), Thing::Body(Seq(7), Seq(8), 0)),
            (note(1), Thing::Body(Seq(8), Seq(7), 0)),
            (note(1), Thing::Body(Seq(7), Seq(7), 1)),
        ];
        for (at, told) in &told {
            for (place, found) in &found {
                let mut tally = Tally::new();
                tally.tell(at, told);
                tally.find(place, found);
                assert!(!tally.is_even_for(at) && !tally.is_even());
            }
            // Nor does what is there twice.
            let mut tally = Tally::new();
            tally.tell(at, told);
            tally.find(at, told);
            tally.find(at, told);
            assert!(!tally.is_even());
        }
    }

    #[test]
    fn a_document_that_does_not_add_up_leaves_nearly_all_others_alone() {
        let mut tally = Tally::new();
        tally.tell(&note(1), &Thing::Body(Seq(7), Seq(7), 0));
        let others = (2..=10_000).filter(|number| !tally.is_even_for(&note(*number)));
        // One in 65,536 is expected.
        let others = others.count();
        assert!(others < 20, "{others}");
    }
}
