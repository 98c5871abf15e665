//! Small pieces of which the tests build their changes.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "part of tests, each file of which is a program of its own and uses what it needs"
)]

use cmss_core::store::{
    Changeset, Collection, CommitId, Digest, DocRef, Entry, Expect, Index, Key, Line, Lines, Order,
    Range, Receipt, Salt, Scan, Seq, Store, StoreError, Stored, Want, Write,
};
use uuid::Uuid;

pub(crate) const NOTES: Collection = Collection::new("note");
pub(crate) const BY_SIZE: Index = Index::new("note.by_size");
pub(crate) const SLUGS: Index = Index::new("note.slug");

pub(crate) fn note(number: u128) -> DocRef {
    DocRef {
        collection: NOTES,
        id: Uuid::from_u128(number),
    }
}

/// A note with one listed and one unique entry, and a card.
pub(crate) fn put(number: u128, body: &str) -> Write {
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

pub(crate) fn change(id: u128, expect: Vec<Expect>, writes: Vec<Write>) -> Changeset {
    Changeset {
        id: CommitId(Uuid::from_u128(id)),
        expect,
        writes,
        note: format!("[{id}]").into(),
        digest: Digest::of(&id.to_be_bytes()),
    }
}

pub(crate) fn commit(store: &dyn Store, changeset: Changeset) -> Result<Receipt, StoreError> {
    pollster::block_on(store.commit(changeset))
}

/// The text of a document.
pub(crate) fn body(store: &dyn Store, number: u128) -> Option<String> {
    let got = pollster::block_on(store.get(&[note(number)])).unwrap();
    got.docs[0].as_ref().map(|doc| doc.body.to_string())
}

/// The whole of an index, as (key, document, card).
pub(crate) fn listing(store: &dyn Store, index: &Index) -> Vec<(Key, DocRef, Option<String>)> {
    let page = pollster::block_on(store.scan(&Scan {
        range: Range::all(index.clone()),
        order: Order::Ascending,
        limit: store.limits().page,
        want: Want::Card,
    }));
    let hits = page.unwrap().hits.into_iter();
    hits.map(|hit| (hit.key, hit.at, hit.card.map(|card| card.to_string())))
        .collect()
}

/// Everything a store holds, as the lines of a load.
pub(crate) fn lines(store: &dyn Store) -> Vec<Line> {
    let mut intake = cmss_core::store::Intake::new();
    let mut lines: Vec<Line> = documents(store).into_iter().map(Line::Doc).collect();
    let mut after = Seq::ZERO;
    loop {
        let changes = pollster::block_on(store.changes(after, 100)).unwrap();
        let Some(last) = changes.records.last() else {
            break;
        };
        after = last.seq;
        lines.extend(changes.records.into_iter().map(Line::Record));
    }
    for line in &lines {
        intake.take(line).unwrap();
    }
    lines.push(Line::End(intake.end()));
    lines
}

pub(crate) fn documents(store: &dyn Store) -> Vec<Stored> {
    let mut docs: Vec<Stored> = Vec::new();
    loop {
        let after = docs.last().map(|last| last.at.clone());
        let walked = pollster::block_on(store.walk(after.as_ref(), 100)).unwrap();
        docs.extend(walked.docs);
        if !walked.more {
            return docs;
        }
    }
}

pub(crate) fn load(store: &dyn Store, lines: Vec<Line>) -> Result<Seq, StoreError> {
    let lines: Lines = Box::new(lines.into_iter().map(Ok));
    pollster::block_on(store.load(lines))
}
