//! Where everything stands in the tree: one byte for the kind of value, then bytes that sort as
//! their meaning does.
//!
//! | kind | key after the first byte | value |
//! |---|---|---|
//! | `F` format | | magic and format version |
//! | `T` tip | | chain of the last commit |
//! | `L` loading mark | | |
//! | `h` document head | collection, 0, id | salt and text, or how many further pieces its body has; card; entries |
//! | `t` document body | commit that wrote it, collection, 0, id | salt, text |
//! | `e` index entry | index, 0, key (escaped), 0, 0, collection, 0, id | unique?, has a body?, card |
//! | `l` log record | seq | the record |
//! | `r` receipt | commit id | digest |
//! | `p` piece | key of the value, number | what did not fit in the value |
//!
//! Numbers are big-endian. In an escaped key 0 is spelled 0, 255, so that the closing 0, 0 sorts
//! before every longer key; names hold no 0. So entries sort by (key, collection, id), as bytes.
//!
//! A text of up to [`records::SHORT`](crate::records::SHORT) bytes stands in its document's head. A
//! longer one has a body, and bodies sort by the commit that wrote them: ids are random, and a tree
//! that takes large values at random places reads and writes a whole leaf of them for each. So new
//! texts come to stand side by side, wherever the tree ends. The tip, which every commit writes over,
//! has only small neighbours.

use cmss_core::store::{Collection, CommitId, DocRef, Index, Key, Position, Range, Seq};
use uuid::Uuid;

mod spot;

pub(crate) use spot::Spot;

/// Room for the name and id of a document.
const DOCUMENT: usize = 32 + 1 + 16;
/// Room for the kind and name of an index.
const INDEX: usize = 1 + 32 + 1;
/// Room for the key of an entry, as most are.
const KEY: usize = 80;

/// The kinds of values.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Format,
    Tip,
    Loading,
    Head,
    Body,
    Entry,
    Record,
    Receipt,
    Piece,
}

impl Kind {
    const ALL: [Self; 9] = [
        Self::Format,
        Self::Tip,
        Self::Loading,
        Self::Head,
        Self::Body,
        Self::Entry,
        Self::Record,
        Self::Receipt,
        Self::Piece,
    ];

    const fn tag(self) -> u8 {
        match self {
            Self::Format => b'F',
            Self::Tip => b'T',
            Self::Loading => b'L',
            Self::Head => b'h',
            Self::Body => b't',
            Self::Entry => b'e',
            Self::Record => b'l',
            Self::Receipt => b'r',
            Self::Piece => b'p',
        }
    }

    /// The kind of value that stands at a key.
    pub(crate) fn of(key: &[u8]) -> Option<Self> {
        let tag = *key.first()?;
        Self::ALL.into_iter().find(|kind| kind.tag() == tag)
    }

    /// Its name for people.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Format => "the format",
            Self::Tip => "the tip of the log",
            Self::Loading => "the loading mark",
            Self::Head => "a document head",
            Self::Body => "a document body",
            Self::Entry => "an index entry",
            Self::Record => "a log record",
            Self::Receipt => "a receipt",
            Self::Piece => "a piece of a large value",
        }
    }

    /// Every key of this kind.
    pub(crate) fn all(self) -> Span {
        Span {
            from: vec![self.tag()],
            until: vec![self.tag().saturating_add(1)],
        }
    }
}

/// A half-open stretch of the tree.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Span {
    pub(crate) from: Vec<u8>,
    pub(crate) until: Vec<u8>,
}

pub(crate) fn format() -> Vec<u8> {
    vec![Kind::Format.tag()]
}

pub(crate) fn tip() -> Vec<u8> {
    vec![Kind::Tip.tag()]
}

pub(crate) fn loading() -> Vec<u8> {
    vec![Kind::Loading.tag()]
}

pub(crate) fn head(at: &DocRef) -> Vec<u8> {
    let mut key = Vec::with_capacity(1 + DOCUMENT);
    key.push(Kind::Head.tag());
    push_document(&mut key, at);
    key
}

/// Where the body stands that a commit wrote for a document.
pub(crate) fn body(version: Seq, at: &DocRef) -> Vec<u8> {
    let mut key = Vec::with_capacity(1 + 8 + DOCUMENT);
    key.push(Kind::Body.tag());
    key.extend_from_slice(&version.0.to_be_bytes());
    push_document(&mut key, at);
    key
}

pub(crate) fn record(seq: Seq) -> Vec<u8> {
    let mut key = vec![Kind::Record.tag()];
    key.extend_from_slice(&seq.0.to_be_bytes());
    key
}

pub(crate) fn receipt(id: CommitId) -> Vec<u8> {
    let mut key = vec![Kind::Receipt.tag()];
    key.extend_from_slice(id.0.as_bytes());
    key
}

/// Where the further piece with this number of the value at `key` stands.
pub(crate) fn piece(key: &[u8], number: u16) -> Vec<u8> {
    let mut place = vec![Kind::Piece.tag()];
    place.extend_from_slice(key);
    place.extend_from_slice(&number.to_be_bytes());
    place
}

pub(crate) fn entry(index: &Index, key: &Key, at: &DocRef) -> Vec<u8> {
    let mut place = at_key(index, key);
    push_document(&mut place, at);
    place
}

/// The heads of the documents after a place; of all without one.
pub(crate) fn heads_after(after: Option<&DocRef>) -> Span {
    let mut span = Kind::Head.all();
    if let Some(after) = after {
        span.from = head(after);
        span.from.push(0);
    }
    span
}

/// The log records after a commit.
pub(crate) fn records_after(after: Seq) -> Span {
    let mut span = Kind::Record.all();
    span.from = record(after);
    span.from.push(0);
    span
}

/// The entries in a range.
pub(crate) fn entries(range: &Range) -> Span {
    let index = &range.index;
    Span {
        from: (range.from.as_ref()).map_or_else(|| in_index(index, 0), |from| bound(index, from)),
        until: (range.until.as_ref()).map_or_else(|| in_index(index, 1), |end| bound(index, end)),
    }
}

/// The key and document of the entry that stands at a place of the tree; `None` when no entry does.
/// The document before it, when there was one, is most likely of the same collection.
pub(crate) fn read_entry(place: &[u8], before: Option<&Collection>) -> Option<(Key, DocRef)> {
    let (tag, rest) = place.split_first()?;
    if *tag != Kind::Entry.tag() {
        return None;
    }
    let (_, rest) = split_name(rest)?;
    let (key, rest) = unescape(rest)?;
    Some((key, read_document(rest, before)?))
}

/// The document whose head stands at a place of the tree; `None` when no head does.
pub(crate) fn read_head(place: &[u8]) -> Option<DocRef> {
    let (tag, rest) = place.split_first()?;
    (*tag == Kind::Head.tag()).then(|| read_document(rest, None))?
}

/// The index of the entry that stands at a place of the tree; `None` when no entry does.
pub(crate) fn read_index(place: &[u8]) -> Option<Index> {
    let (tag, rest) = place.split_first()?;
    if *tag != Kind::Entry.tag() {
        return None;
    }
    let (index, _) = split_name(rest)?;
    Index::try_from(std::str::from_utf8(index).ok()?).ok()
}

/// The commit whose record stands at a place of the tree; `None` when no record does.
pub(crate) fn read_record(place: &[u8]) -> Option<Seq> {
    let (tag, rest) = place.split_first()?;
    let seq = u64::from_be_bytes(rest.try_into().ok()?);
    (*tag == Kind::Record.tag()).then_some(Seq(seq))
}

/// All that can stand in a tree: its end is longer than any key an engine takes from a store.
pub(crate) fn everything() -> Span {
    Span {
        from: Vec::new(),
        until: vec![0xff; 10_000],
    }
}

/// The stretches between those of the kinds: nothing stands there.
pub(crate) fn gaps() -> Vec<Span> {
    let mut kinds: Vec<Span> = Kind::ALL.into_iter().map(Kind::all).collect();
    kinds.sort_by(|a, b| a.from.cmp(&b.from));
    let mut gaps = Vec::new();
    let mut from = Vec::new();
    for kind in kinds {
        gaps.push(Span {
            from,
            until: kind.from,
        });
        from = kind.until;
    }
    let until = everything().until;
    gaps.push(Span { from, until });
    gaps.retain(|gap| gap.from < gap.until);
    gaps
}

fn bound(index: &Index, position: &Position) -> Vec<u8> {
    match &position.at {
        Some(at) => entry(index, &position.key, at),
        None => at_key(index, &position.key),
    }
}

fn in_index(index: &Index, end: u8) -> Vec<u8> {
    let mut place = Vec::with_capacity(INDEX + KEY + DOCUMENT);
    place.push(Kind::Entry.tag());
    place.extend_from_slice(index.as_str().as_bytes());
    place.push(end);
    place
}

fn at_key(index: &Index, key: &Key) -> Vec<u8> {
    let mut place = in_index(index, 0);
    for (number, run) in key.0.split(|byte| *byte == 0).enumerate() {
        if number > 0 {
            place.extend_from_slice(&[0, 0xff]);
        }
        place.extend_from_slice(run);
    }
    place.extend_from_slice(&[0, 0]);
    place
}

fn push_document(place: &mut Vec<u8>, at: &DocRef) {
    place.extend_from_slice(at.collection.as_str().as_bytes());
    place.push(0);
    place.extend_from_slice(at.id.as_bytes());
}

fn split_name(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|byte| *byte == 0)?;
    let (name, rest) = bytes.split_at_checked(end)?;
    Some((name, rest.get(1..)?))
}

fn unescape(mut rest: &[u8]) -> Option<(Key, &[u8])> {
    let mut key = Vec::with_capacity(rest.len());
    loop {
        let end = rest.iter().position(|byte| *byte == 0)?;
        let (run, after) = rest.split_at_checked(end)?;
        key.extend_from_slice(run);
        match after {
            [0, 0, after @ ..] => return Some((Key(key), after)),
            [0, 0xff, after @ ..] => {
                key.push(0);
                rest = after;
            }
            _ => return None,
        }
    }
}

fn read_document(bytes: &[u8], before: Option<&Collection>) -> Option<DocRef> {
    let (name, id) = split_name(bytes)?;
    let collection = match before.filter(|before| before.as_str().as_bytes() == name) {
        Some(before) => before.clone(),
        None => Collection::try_from(std::str::from_utf8(name).ok()?).ok()?,
    };
    let id = Uuid::from_slice(id).ok()?;
    Some(DocRef { collection, id })
}

#[cfg(test)]
mod tests;
