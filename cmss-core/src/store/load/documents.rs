//! The documents of a load, held against what the log tells of them.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::super::{Change, Collection, Digest, DocRef, Seq, StoreError, Touched};
use super::corrupt;

/// What the documents came as, and which of them the log has told of.
///
/// A document takes some sixty bytes, and as much again while there come to be more of them: there may
/// be millions.
#[derive(Debug, Default)]
pub(super) struct Documents {
    /// In order, by their ids.
    collections: Vec<(Collection, Vec<Document>)>,
    /// Those that a record has put, none has removed since, and that have not come.
    missing: BTreeMap<DocRef, Seq>,
}

#[derive(Debug)]
struct Document {
    id: Uuid,
    version: Seq,
    digest: Digest,
    /// The record of its commit tells of it as it came.
    is_told_of: bool,
}

impl Documents {
    /// Takes a document in, which comes after all others.
    pub(super) fn push(&mut self, at: &DocRef, version: Seq, digest: Digest) {
        let document = Document {
            id: at.id,
            version,
            digest,
            is_told_of: false,
        };
        match self.collections.last_mut() {
            Some((last, documents)) if *last == at.collection => documents.push(document),
            _ => (self.collections).push((at.collection.clone(), vec![document])),
        }
    }

    /// Takes in what a record says of a document, after all documents and the records before it.
    pub(super) fn tell(&mut self, seq: Seq, touched: &Touched) -> Result<(), StoreError> {
        let Touched { at, change } = touched;
        match (self.find(at), change) {
            (Some(document), _) if seq < document.version => {}
            (Some(document), change) if seq == document.version => {
                document.is_told_of = *change == Change::Put(document.digest);
            }
            (Some(_), _) => return Err(untold(at, seq)),
            (None, Change::Put(_)) => drop(self.missing.insert(at.clone(), seq)),
            (None, Change::Removed) => drop(self.missing.remove(at)),
        }
        Ok(())
    }

    /// The log is at its end: it must have told of every document, as it came, and of no other.
    pub(super) fn finish(&self) -> Result<(), StoreError> {
        if let Some((at, seq)) = self.missing.first_key_value() {
            return Err(untold(at, *seq));
        }
        for (collection, documents) in &self.collections {
            if let Some(document) = documents.iter().find(|document| !document.is_told_of) {
                let at = DocRef {
                    collection: collection.clone(),
                    id: document.id,
                };
                return Err(untold(&at, document.version));
            }
        }
        Ok(())
    }

    fn find(&mut self, at: &DocRef) -> Option<&mut Document> {
        let collections = &mut self.collections;
        let place = collections.binary_search_by(|(collection, _)| collection.cmp(&at.collection));
        let (_, documents) = collections.get_mut(place.ok()?)?;
        let place = documents.binary_search_by(|document| document.id.cmp(&at.id));
        documents.get_mut(place.ok()?)
    }
}

/// What came is not what the log record of a commit says.
fn untold(at: &DocRef, seq: Seq) -> StoreError {
    corrupt(format!("{at} is not what log record {seq} tells of"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn taken(docs: &BTreeMap<DocRef, (Seq, Digest)>, records: &[Vec<Touched>]) -> bool {
        let mut documents = Documents::default();
        for (at, (version, digest)) in docs {
            documents.push(at, *version, *digest);
        }
        for (seq, touched) in (1..).map(Seq).zip(records) {
            for touched in touched {
                if documents.tell(seq, touched).is_err() {
                    return false;
                }
            }
        }
        documents.finish().is_ok()
    }

    fn documents() -> impl Strategy<Value = DocRef> {
        (prop::sample::select(vec!["a", "b", "c"]), 0..3_u128).prop_map(|(collection, id)| DocRef {
            collection: Collection::new(collection),
            id: Uuid::from_u128(id),
        })
    }

    fn records() -> impl Strategy<Value = Vec<Vec<Touched>>> {
        let change = prop_oneof![
            3 => (0..2_u8).prop_map(|digest| Change::Put(Digest([digest; 32]))),
            1 => Just(Change::Removed),
        ];
        let touched = (documents(), change).prop_map(|(at, change)| Touched { at, change });
        prop::collection::vec(prop::collection::vec(touched, 0..4), 0..6)
    }

    /// The documents that records leave.
    fn left(records: &[Vec<Touched>]) -> BTreeMap<DocRef, (Seq, Digest)> {
        let mut docs = BTreeMap::new();
        for (seq, touched) in (1..).map(Seq).zip(records) {
            for Touched { at, change } in touched {
                match change {
                    Change::Put(digest) => drop(docs.insert(at.clone(), (seq, *digest))),
                    Change::Removed => drop(docs.remove(at)),
                }
            }
        }
        docs
    }

    proptest! {
        #[test]
        fn what_the_log_leaves_is_taken(records in records()) {
            prop_assert!(taken(&left(&records), &records));
        }

        #[test]
        fn whatever_differs_from_what_the_log_leaves_is_refused(
            records in records(),
            at in documents(),
            other in prop::option::of((1..7_u64, 0..2_u8)),
        ) {
            let mut docs = left(&records);
            match other {
                Some((version, digest)) => {
                    docs.insert(at, (Seq(version), Digest([digest; 32])));
                }
                None => {
                    docs.remove(&at);
                }
            }
            prop_assert_eq!(taken(&docs, &records), docs == left(&records));
        }
    }

    #[test]
    fn the_first_document_that_differs_is_named() {
        let at = |id| DocRef {
            collection: Collection::new("a"),
            id: Uuid::from_u128(id),
        };
        let put = |id, digest| Touched {
            at: at(id),
            change: Change::Put(Digest([digest; 32])),
        };
        let mut documents = Documents::default();
        documents.push(&at(1), Seq(1), Digest([1; 32]));
        documents.push(&at(2), Seq(1), Digest([1; 32]));
        documents.tell(Seq(1), &put(1, 1)).unwrap();
        documents.tell(Seq(1), &put(2, 2)).unwrap();
        let named = |error: StoreError| error.to_string();
        let other = format!("corrupt: {} is not what log record 1 tells of", at(2));
        assert_eq!(named(documents.finish().unwrap_err()), other);
        let later = format!("corrupt: {} is not what log record 2 tells of", at(1));
        assert_eq!(
            named(documents.tell(Seq(2), &put(1, 1)).unwrap_err()),
            later
        );
    }
}
