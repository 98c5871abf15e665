//! The payloads of the values, to and from bytes. The commit number stands in the envelope and is
//! not repeated.

use std::sync::Arc;

use cmss_core::store::{
    Change, Collection, CommitId, Digest, DocRef, Entry, Index, Key, LogRecord, Salt, Seq, Touched,
};
use simdutf8::basic::from_utf8;
use uuid::Uuid;

use crate::codec::{Reader, Writer};
use crate::envelope::Payload;

/// The longest text, in bytes, that stands in its document's head.
///
/// A leaf of sled's tree holds up to sixteen values and is written anew as a whole; heads come to
/// stand at random places.
pub(crate) const SHORT: usize = 1_024;

/// About how many bytes an entry takes in the head of its document.
const ENTRY: usize = 80;

/// About how many bytes a document takes in a log record.
const TOUCHED: usize = 80;

/// What a document is but for a long text: read when it is written again, and by a walk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Head {
    pub(crate) text: Text,
    pub(crate) card: Option<Arc<str>>,
    /// Sorted, each once.
    pub(crate) entries: Vec<Entry>,
}

/// Where the text of a document is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Text {
    /// In its head.
    Short(Salt, Arc<str>),
    /// In a body with so many further pieces.
    Long(u16),
}

impl Text {
    /// Whether a text has a body of its own.
    pub(crate) const fn is_long(text: &str) -> bool {
        text.len() > SHORT
    }

    fn write(&self, out: &mut Writer) {
        match self {
            Self::Short(salt, text) => {
                out.u8(0);
                out.raw(&salt.0);
                out.bytes(text.as_bytes());
            }
            Self::Long(pieces) => {
                out.u8(1);
                out.u16(*pieces);
            }
        }
    }

    fn take(reader: &mut Reader<'_>) -> Option<Self> {
        Some(if flag(reader.u8()?)? {
            Self::Long(reader.u16()?)
        } else {
            let salt = Salt(reader.array()?);
            Self::Short(salt, Arc::from(reader.text()?))
        })
    }

    /// The text of a head, without the rest of it.
    pub(crate) fn read(head: &[u8]) -> Option<Self> {
        Self::take(&mut Reader::new(head))
    }
}

/// What stands at the head of a document.
pub(crate) fn write_head(text: &Text, card: Option<&str>, entries: &[Entry]) -> Payload {
    let short = match text {
        Text::Short(_, text) => text.len(),
        Text::Long(_) => 0,
    };
    let beside = (card.map_or(0, str::len)).saturating_add(ENTRY.saturating_mul(entries.len()));
    Payload::with(short.saturating_add(beside), |out| {
        text.write(out);
        write_card(out, card);
        out.u64(entries.len() as u64);
        for entry in entries {
            out.u8(u8::from(entry.is_unique()));
            out.bytes(entry.index().as_str().as_bytes());
            out.bytes(&entry.key().0);
        }
    })
}

impl Head {
    #[cfg(test)]
    pub(crate) fn write(&self) -> Payload {
        write_head(&self.text, self.card.as_deref(), &self.entries)
    }

    pub(crate) fn read(payload: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(payload);
        let text = Text::take(&mut reader)?;
        let card = read_card(&mut reader)?.map(Arc::from);
        let count = reader.u64()?;
        let mut entries = Vec::new();
        for _ in 0..count {
            let unique = flag(reader.u8()?)?;
            let index = Index::try_from(reader.text()?).ok()?;
            let key = Key(reader.bytes()?.to_vec());
            entries.push(if unique {
                Entry::Unique { index, key }
            } else {
                Entry::Listed { index, key }
            });
        }
        reader.end()?;
        Some(Self {
            text,
            card,
            entries,
        })
    }
}

/// The salt and text of a document with a long one.
pub(crate) fn write_body(salt: Salt, body: &str) -> Payload {
    Payload::with(salt.0.len().saturating_add(body.len()), |out| {
        out.raw(&salt.0);
        out.raw(body.as_bytes());
    })
}

pub(crate) fn read_body(payload: &[u8]) -> Option<(Salt, Arc<str>)> {
    let mut reader = Reader::new(payload);
    let salt = Salt(reader.array()?);
    let body = from_utf8(reader.rest()).ok()?;
    Some((salt, Arc::from(body)))
}

/// What stands at an index entry. It carries its document's card, so that a list page is one range
/// scan; its document's version is the commit that wrote it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Listing<'a> {
    pub(crate) unique: bool,
    /// Whether its document has a body, which can then be read without its head.
    pub(crate) long: bool,
    pub(crate) card: Option<&'a str>,
}

impl<'a> Listing<'a> {
    pub(crate) fn write(&self) -> Payload {
        Payload::with(self.card.map_or(0, str::len).saturating_add(11), |out| {
            out.u8(u8::from(self.unique));
            out.u8(u8::from(self.long));
            write_card(out, self.card);
        })
    }

    /// Whether an entry is unique, without the rest of it, or of all of its pieces.
    pub(crate) fn is_unique(payload: &[u8]) -> bool {
        payload.first().is_some_and(|unique| *unique == 1)
    }

    pub(crate) fn read(payload: &'a [u8]) -> Option<Self> {
        let mut reader = Reader::new(payload);
        let (unique, long) = (flag(reader.u8()?)?, flag(reader.u8()?)?);
        let card = read_card(&mut reader)?;
        reader.end()?;
        Some(Self { unique, long, card })
    }
}

pub(crate) fn write_record(record: &LogRecord) -> Payload {
    let touched = TOUCHED.saturating_mul(record.touched.len());
    let beside = record.note.len().saturating_add(touched);
    Payload::with(beside.saturating_add(96), |out| {
        out.raw(record.id.0.as_bytes());
        out.raw(&record.digest.0);
        out.raw(&record.chain.0);
        out.bytes(record.note.as_bytes());
        out.u64(record.touched.len() as u64);
        for Touched { at, change } in &record.touched {
            out.bytes(at.collection.as_str().as_bytes());
            out.raw(at.id.as_bytes());
            match change {
                Change::Removed => out.u8(0),
                Change::Put(digest) => {
                    out.u8(1);
                    out.raw(&digest.0);
                }
            }
        }
    })
}

pub(crate) fn read_record(seq: Seq, payload: &[u8]) -> Option<LogRecord> {
    let mut reader = Reader::new(payload);
    let id = CommitId(Uuid::from_bytes(reader.array()?));
    let digest = Digest(reader.array()?);
    let chain = Digest(reader.array()?);
    let note = reader.text()?.into();
    let count = reader.u64()?;
    let mut touched = Vec::new();
    for _ in 0..count {
        let (collection, id, change) = read_touched(&mut reader)?;
        let collection = Collection::try_from(collection).ok()?;
        let at = DocRef { collection, id };
        touched.push(Touched { at, change });
    }
    reader.end()?;
    Some(LogRecord {
        seq,
        id,
        digest,
        note,
        touched,
        chain,
    })
}

/// The id and digest of a record, without the rest of it.
pub(crate) fn read_name(payload: &[u8]) -> Option<(CommitId, Digest)> {
    let mut reader = Reader::new(payload);
    let id = CommitId(Uuid::from_bytes(reader.array()?));
    Some((id, Digest(reader.array()?)))
}

/// What a record says became of a document, without the rest of it; the outer `None` is a payload
/// that cannot be read.
pub(crate) fn read_touch(payload: &[u8], at: &DocRef) -> Option<Option<Change>> {
    let mut reader = Reader::new(payload);
    reader.take(16 + 32 + 32)?;
    reader.bytes()?;
    let count = reader.u64()?;
    for _ in 0..count {
        let (collection, id, change) = read_touched(&mut reader)?;
        if id == at.id && collection == at.collection.as_str() {
            return Some(Some(change));
        }
    }
    Some(None)
}

fn read_touched<'a>(reader: &mut Reader<'a>) -> Option<(&'a str, Uuid, Change)> {
    let collection = reader.text()?;
    let id = Uuid::from_bytes(reader.array()?);
    let change = if flag(reader.u8()?)? {
        Change::Put(Digest(reader.array()?))
    } else {
        Change::Removed
    };
    Some((collection, id, change))
}

/// A lone digest: of a receipt, or of the tip.
pub(crate) fn read_digest(payload: &[u8]) -> Option<Digest> {
    payload.try_into().ok().map(Digest)
}

fn write_card(out: &mut Writer, card: Option<&str>) {
    out.u8(u8::from(card.is_some()));
    if let Some(card) = card {
        out.bytes(card.as_bytes());
    }
}

/// The outer `None` is a payload that cannot be read, the inner a document without a card.
fn read_card<'a>(reader: &mut Reader<'a>) -> Option<Option<&'a str>> {
    if flag(reader.u8()?)? {
        Some(Some(reader.text()?))
    } else {
        Some(None)
    }
}

const fn flag(byte: u8) -> Option<bool> {
    match byte {
        0 => Some(false),
        1 => Some(true),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn texts() -> impl Strategy<Value = String> {
        "\\PC{0,12}"
    }

    fn heads_texts() -> impl Strategy<Value = Text> {
        prop_oneof![
            any::<u16>().prop_map(Text::Long),
            (any::<[u8; 16]>(), texts())
                .prop_map(|(salt, text)| Text::Short(Salt(salt), Arc::from(text))),
        ]
    }

    fn entries() -> impl Strategy<Value = Entry> {
        let key = prop::collection::vec(any::<u8>(), 0..8).prop_map(Key);
        ("[a-z.]{1,5}", key, any::<bool>()).prop_map(|(index, key, unique)| {
            let index = Index::try_from(index).unwrap();
            if unique {
                Entry::Unique { index, key }
            } else {
                Entry::Listed { index, key }
            }
        })
    }

    fn touches() -> impl Strategy<Value = Touched> {
        (
            "[a-z.]{1,5}",
            any::<u128>(),
            prop::option::of(any::<[u8; 32]>()),
        )
            .prop_map(|(collection, id, digest)| Touched {
                at: DocRef {
                    collection: Collection::try_from(collection).unwrap(),
                    id: Uuid::from_u128(id),
                },
                change: digest.map_or(Change::Removed, |digest| Change::Put(Digest(digest))),
            })
    }

    proptest! {
        #[test]
        fn a_head_is_read_as_it_was_written(
            card in prop::option::of(texts()),
            entries in prop::collection::vec(entries(), 0..6),
            text in heads_texts(),
        ) {
            let head = Head { text, card: card.map(Arc::from), entries };
            prop_assert_eq!(Text::read(&head.write()), Some(head.text.clone()));
            prop_assert_eq!(Head::read(&head.write()), Some(head));
        }

        #[test]
        fn a_body_is_read_as_it_was_written(salt: [u8; 16], body in texts()) {
            let read = read_body(&write_body(Salt(salt), &body));
            prop_assert_eq!(read, Some((Salt(salt), Arc::from(body))));
        }

        #[test]
        fn an_entry_is_read_as_it_was_written(
            unique: bool,
            long: bool,
            card in prop::option::of(texts()),
        ) {
            let card = card.as_deref();
            let listing = Listing { unique, long, card };
            let payload = listing.write();
            prop_assert_eq!(Listing::read(&payload), Some(listing));
        }

        #[test]
        fn a_record_is_read_as_it_was_written(
            seq: u64,
            id: u128,
            digests: [[u8; 32]; 2],
            note in texts(),
            touched in prop::collection::vec(touches(), 0..5),
        ) {
            let record = LogRecord {
                seq: Seq(seq),
                id: CommitId(Uuid::from_u128(id)),
                digest: Digest(digests[0]),
                note: note.into(),
                touched,
                chain: Digest(digests[1]),
            };
            let payload = write_record(&record);
            prop_assert_eq!(read_name(&payload), Some((record.id, record.digest)));
            for at in record.touched.iter().map(|touched| &touched.at) {
                let first = record.touched.iter().find(|touched| touched.at == *at);
                let change = first.map(|touched| touched.change);
                prop_assert_eq!(read_touch(&payload, at), Some(change));
            }
            let other = DocRef { collection: Collection::new("other"), id: Uuid::from_u128(id) };
            prop_assert_eq!(read_touch(&payload, &other), Some(None));
            prop_assert_eq!(read_record(Seq(seq), &payload), Some(record));
        }

        #[test]
        fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            let _ = (Head::read(&bytes), read_body(&bytes), Listing::read(&bytes));
            let _ = (read_record(Seq(1), &bytes), read_digest(&bytes), read_name(&bytes));
            let at = DocRef { collection: Collection::new("a"), id: Uuid::from_u128(7) };
            let _ = read_touch(&bytes, &at);
        }
    }
}
