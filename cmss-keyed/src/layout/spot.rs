//! What stands at a place of the tree, read back from its key.

use cmss_core::store::{CommitId, DocRef, Index, Key, Seq};
use uuid::Uuid;

use super::{Kind, read_document, split_name, unescape};

/// A place of the tree that has a meaning.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Spot {
    Format,
    Tip,
    Loading,
    Head(DocRef),
    Body(Seq, DocRef),
    Entry(Index, Key, DocRef),
    Record(Seq),
    Receipt(CommitId),
    /// The further piece with this number of the value at a key.
    Piece(Vec<u8>, u16),
}

impl Spot {
    /// The meaning of a key; `None` for one that no store writes.
    pub(crate) fn of(key: &[u8]) -> Option<Self> {
        let (_, rest) = key.split_first()?;
        match Kind::of(key)? {
            Kind::Format => rest.is_empty().then_some(Self::Format),
            Kind::Tip => rest.is_empty().then_some(Self::Tip),
            Kind::Loading => rest.is_empty().then_some(Self::Loading),
            Kind::Head => read_document(rest, None).map(Self::Head),
            Kind::Body => {
                let (version, at) = rest.split_first_chunk()?;
                let version = Seq(u64::from_be_bytes(*version));
                Some(Self::Body(version, read_document(at, None)?))
            }
            Kind::Entry => read_entry(rest),
            Kind::Record => Some(Self::Record(Seq(u64::from_be_bytes(rest.try_into().ok()?)))),
            Kind::Receipt => {
                let id = Uuid::from_slice(rest).ok()?;
                Some(Self::Receipt(CommitId(id)))
            }
            Kind::Piece => {
                let (of, number) = rest.split_last_chunk()?;
                Some(Self::Piece(of.to_vec(), u16::from_be_bytes(*number)))
            }
        }
    }
}

fn read_entry(rest: &[u8]) -> Option<Spot> {
    let (index, rest) = split_name(rest)?;
    let index = Index::try_from(std::str::from_utf8(index).ok()?).ok()?;
    let (key, rest) = unescape(rest)?;
    Some(Spot::Entry(index, key, read_document(rest, None)?))
}
