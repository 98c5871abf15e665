//! Notes: small documents of which a backend's own tests build their changes, and what a store
//! holds of them. Every function blocks.

use cmss_core::store::{
    Changeset, Collection, CommitId, Digest, DocRef, Entry, Expect, Index, Key, Line, Order, Range,
    Receipt, Salt, Scan, Seq, Store, StoreError, Stored, Want, Write,
};
use uuid::Uuid;

use crate::feed;

/// The collection of all notes.
pub const NOTES: Collection = Collection::new("note");
/// Lists every note by the length of its text.
pub const BY_SIZE: Index = Index::new("note.by_size");
/// Holds every note by its number as text; unique.
pub const SLUGS: Index = Index::new("note.slug");

/// A note's place, by number.
#[must_use]
pub fn note(number: u128) -> DocRef {
    DocRef {
        collection: NOTES,
        id: Uuid::from_u128(number),
    }
}

/// A note with one listed and one unique entry, and a card.
#[must_use]
pub fn put(number: u128, body: &str) -> Write {
    Write::Put {
        at: note(number),
        salt: Salt([7; 16]),
        body: body.into(),
        card: Some(format!("card {number}").into()),
        entries: vec![
            Entry::Listed {
                index: BY_SIZE,
                key: Key(body.len().to_be_bytes().to_vec()),
            },
            Entry::Unique {
                index: SLUGS,
                key: Key(number.to_string().into_bytes()),
            },
        ],
    }
}

/// A changeset whose id, digest and note follow from a number.
#[must_use]
pub fn change(id: u128, expect: Vec<Expect>, writes: Vec<Write>) -> Changeset {
    Changeset {
        id: CommitId(Uuid::from_u128(id)),
        expect,
        writes,
        note: format!("[{id}]").into(),
        digest: Digest::of(&id.to_be_bytes()),
    }
}

/// Commits.
///
/// # Errors
/// Those of [`Store::commit`].
pub fn commit(store: &dyn Store, changeset: Changeset) -> Result<Receipt, StoreError> {
    pollster::block_on(store.commit(changeset))
}

/// The text of a note.
#[must_use]
pub fn body(store: &dyn Store, number: u128) -> Option<String> {
    let got = pollster::block_on(store.get(&[note(number)])).expect("a note is read");
    got.docs[0].as_ref().map(|doc| doc.body.to_string())
}

/// The whole of an index, as (key, document, card).
#[must_use]
pub fn listing(store: &dyn Store, index: &Index) -> Vec<(Key, DocRef, Option<String>)> {
    let page = pollster::block_on(store.scan(&Scan {
        range: Range::all(index.clone()),
        order: Order::Ascending,
        limit: store.limits().page,
        want: Want::Card,
    }));
    let hits = page.expect("an index is read").hits.into_iter();
    hits.map(|hit| (hit.key, hit.at, hit.card.map(|card| card.to_string())))
        .collect()
}

/// Everything a store holds, as the lines of a load; their making proves the chain.
#[must_use]
pub fn lines(store: &dyn Store) -> Vec<Line> {
    pollster::block_on(crate::lines(store)).expect("the lines of a store")
}

/// Every document of a store, whole.
#[must_use]
pub fn documents(store: &dyn Store) -> Vec<Stored> {
    let lines = lines(store).into_iter();
    lines
        .filter_map(|line| match line {
            Line::Doc(stored) => Some(stored),
            Line::Record(_) | Line::End(_) => None,
        })
        .collect()
}

/// Bytes of memory in which none of the loads fits that shall be sorted in files.
pub(crate) const SCARCE: usize = 500_000;

/// Fills an empty store.
///
/// # Errors
/// Those of [`Store::load`].
pub fn load(store: &dyn Store, lines: Vec<Line>) -> Result<Seq, StoreError> {
    pollster::block_on(store.load(feed(lines)))
}
