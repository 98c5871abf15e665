//! What may happen to a store, drawn from a universe small enough for collisions.

use std::collections::BTreeMap;

use cmss_core::store::{Collection, DocRef, Entry, Index, Key, Order, Position, Range, Want};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use uuid::Uuid;

/// One call, in terms that get their meaning from the state in which it is made.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Commit {
        /// Counted back from the newest id; `None` is a new one.
        again: Option<u8>,
        /// Whether the digest is another than the id is used with.
        another_digest: bool,
        expect: Vec<Expectation>,
        /// What to put, by document; `None` removes.
        writes: BTreeMap<DocRef, Option<Content>>,
    },
    Get(Vec<DocRef>),
    Scan {
        range: Range,
        order: Order,
        limit: usize,
        want: Want,
    },
    Walk {
        after: Option<DocRef>,
        limit: usize,
    },
    Changes {
        after: u64,
        limit: usize,
    },
    Receipt(u8),
    Reopen,
}

/// An expectation that holds, or that is just beside.
#[derive(Clone, Debug)]
pub(super) enum Expectation {
    Document {
        at: DocRef,
        beside: bool,
    },
    Members {
        range: Range,
        beside: Option<DocRef>,
    },
}

/// What a document is put with.
#[derive(Clone, Debug)]
pub(crate) struct Content {
    pub(super) body: String,
    pub(super) card: Option<String>,
    pub(super) salt: u8,
    pub(super) entries: Vec<Entry>,
}

pub(super) fn step() -> impl Strategy<Value = Step> {
    let scan = (range(), order(), 1_usize..6, want());
    prop_oneof![
        8 => commit(),
        1 => vec(place(), 0..5).prop_map(Step::Get),
        3 => scan.prop_map(|(range, order, limit, want)| Step::Scan { range, order, limit, want }),
        1 => (option::of(place()), 1_usize..4)
            .prop_map(|(after, limit)| Step::Walk { after, limit }),
        1 => (0_u64..8, 1_usize..5).prop_map(|(after, limit)| Step::Changes { after, limit }),
        1 => (0_u8..4).prop_map(Step::Receipt),
        1 => Just(Step::Reopen),
    ]
}

fn commit() -> impl Strategy<Value = Step> {
    let again = option::weighted(0.15, 0_u8..3);
    let expect = vec(expectation(), 0..3);
    (again, prop::bool::weighted(0.3), expect, writes()).prop_map(
        |(again, another_digest, expect, writes)| Step::Commit {
            again,
            another_digest,
            expect,
            writes,
        },
    )
}

/// What one commit writes.
pub(crate) fn writes() -> impl Strategy<Value = BTreeMap<DocRef, Option<Content>>> {
    btree_map(place(), option::weighted(0.8, content()), 1..4)
}

fn expectation() -> impl Strategy<Value = Expectation> {
    let beside = option::weighted(0.15, place());
    prop_oneof![
        (place(), prop::bool::weighted(0.15))
            .prop_map(|(at, beside)| Expectation::Document { at, beside }),
        (range(), beside).prop_map(|(range, beside)| Expectation::Members { range, beside }),
    ]
}

fn content() -> impl Strategy<Value = Content> {
    let body = prop::sample::select(vec!["{}", "[ 1.0 ]", "\"\u{e5}\"", "{\"a\":\n1}"]);
    let card = option::of(prop::sample::select(vec!["", "1", "{\"b\": 2}"]));
    let entries = vec(entry(), 0..4);
    (body, card, any::<u8>(), entries).prop_map(|(body, card, salt, entries)| Content {
        body: body.to_owned(),
        card: card.map(str::to_owned),
        salt,
        entries,
    })
}

fn entry() -> impl Strategy<Value = Entry> {
    (index(), key(), prop::bool::weighted(0.3)).prop_map(|(index, key, unique)| match unique {
        true => Entry::Unique { index, key },
        false => Entry::Listed { index, key },
    })
}

pub(crate) fn place() -> impl Strategy<Value = DocRef> {
    let collection = prop::sample::select(vec!["a", "a.b", "aa"]);
    // Ids that share a half, that order otherwise by little-endian fields, that end in 0xff.
    let id = prop::sample::select(vec![
        1,
        0xff,
        0xff << 112 | 1,
        0x100 << 112 | 1,
        u128::MAX - 1,
    ]);
    (collection, id).prop_map(|(collection, id)| DocRef {
        collection: Collection::new(collection),
        id: Uuid::from_u128(id),
    })
}

fn index() -> impl Strategy<Value = Index> {
    prop::sample::select(vec![Index::new("a"), Index::new("ab")])
}

fn key() -> impl Strategy<Value = Key> {
    let keys: [&[u8]; 7] = [b"", b"\0", b"a", b"a\0", b"a\xff", b"b", b"\xff"];
    prop::sample::select(keys.map(|key| Key(key.to_vec())).to_vec())
}

pub(crate) fn range() -> impl Strategy<Value = Range> {
    let bound = || option::of((key(), option::of((place(), any::<bool>()))));
    let position = |(key, at)| match at {
        None => Position::key(key),
        Some((at, false)) => Position::before(key, at),
        Some((at, true)) => Position::after(key, at),
    };
    prop_oneof![
        index().prop_map(Range::all),
        (index(), key()).prop_map(|(index, key)| Range::at(index, key)),
        (index(), bound(), bound()).prop_map(move |(index, from, until)| Range {
            index,
            from: from.map(position),
            until: until.map(position),
        }),
    ]
}

pub(crate) fn order() -> impl Strategy<Value = Order> {
    prop::sample::select(vec![Order::Ascending, Order::Descending])
}

pub(crate) fn want() -> impl Strategy<Value = Want> {
    prop::sample::select(vec![Want::Nothing, Want::Card, Want::Body])
}
