//! Reads that remember: what was handed out to a decision is what its commit expects.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::{Document, Error, decode};
use crate::store::{
    DocRef, Expect, Hit, Index, Key, Order, Position, Range, Scan, Seq, Store, Stored, Want,
};

/// Hands out documents and ranges, and keeps a record of each: the record *is* the changeset's
/// expectations, so nobody writes one by hand.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    store: &'a dyn Store,
    docs: BTreeMap<DocRef, Option<Seq>>,
    ranges: Vec<(Range, BTreeSet<DocRef>)>,
    as_of: Option<Seq>,
    torn: bool,
}

impl<'a> Reader<'a> {
    /// Nothing read yet.
    pub(crate) const fn new(store: &'a dyn Store) -> Self {
        Self {
            store,
            docs: BTreeMap::new(),
            ranges: Vec::new(),
            as_of: None,
            torn: false,
        }
    }

    /// The document, or `None` where there is none.
    pub(crate) async fn find<D: Document>(&mut self, id: D::Id) -> Result<Option<D>, Error> {
        Ok(self
            .find_all::<D>(&[id])
            .await?
            .into_iter()
            .next()
            .flatten())
    }

    /// The document, which must be there.
    pub(crate) async fn need<D: Document>(&mut self, id: D::Id) -> Result<D, Error> {
        self.find(id)
            .await?
            .ok_or_else(|| Error::NotFound { id: id.to_string() })
    }

    /// The documents, in the order asked.
    pub(crate) async fn find_all<D: Document>(
        &mut self,
        ids: &[D::Id],
    ) -> Result<Vec<Option<D>>, Error> {
        let refs: Vec<DocRef> = ids.iter().map(|id| D::at(*id)).collect();
        let mut found = Vec::with_capacity(refs.len());
        for refs in refs.chunks(self.store.limits().page.max(1)) {
            let got = self.store.get(refs).await?;
            self.saw(got.as_of);
            for (at, doc) in refs.iter().zip(got.docs) {
                self.note(at.clone(), doc.as_ref().map(|doc| doc.version));
                found.push(doc.as_ref().map(decode).transpose()?);
            }
        }
        Ok(found)
    }

    /// The documents, which must all be there.
    pub(crate) async fn need_all<D: Document>(&mut self, ids: &[D::Id]) -> Result<Vec<D>, Error> {
        let found = self.find_all::<D>(ids).await?;
        found
            .into_iter()
            .zip(ids)
            .map(|(doc, id)| doc.ok_or_else(|| Error::NotFound { id: id.to_string() }))
            .collect()
    }

    /// Makes sure that all of these are there.
    pub(crate) async fn need_there(&mut self, refs: &[DocRef]) -> Result<(), Error> {
        for refs in refs.chunks(self.store.limits().page.max(1)) {
            let got = self.store.get(refs).await?;
            self.saw(got.as_of);
            for (at, doc) in refs.iter().zip(got.docs) {
                self.note(at.clone(), doc.as_ref().map(|doc| doc.version));
                if doc.is_none() {
                    return Err(Error::NotFound {
                        id: format!("{}:{}", at.collection, at.id),
                    });
                }
            }
        }
        Ok(())
    }

    /// Up to `limit` documents of a range, in order. When it hands out fewer, there are no more.
    pub(crate) async fn members<D: Document>(
        &mut self,
        range: Range,
        limit: usize,
    ) -> Result<Vec<D>, Error> {
        let hits = self.scan(range, limit, Want::Body).await?;
        hits.iter()
            .filter_map(|hit| hit.doc.as_ref())
            .map(decode)
            .collect()
    }

    /// Which document holds a unique key.
    pub(crate) async fn holder(&mut self, index: Index, key: Key) -> Result<Option<DocRef>, Error> {
        let hits = self.scan(Range::at(index, key), 1, Want::Nothing).await?;
        Ok(hits.into_iter().next().map(|hit| hit.at))
    }

    /// Up to `limit` hits of a range, ascending.
    pub(crate) async fn scan(
        &mut self,
        range: Range,
        limit: usize,
        want: Want,
    ) -> Result<Vec<Hit>, Error> {
        let limit = limit.clamp(1, self.store.limits().page);
        let scan = Scan {
            range,
            order: Order::Ascending,
            limit,
            want,
        };
        let page = self.store.scan(&scan).await?;
        self.saw(page.as_of);
        let mut range = scan.range;
        if page.next.is_some() {
            // What was not handed out was not decided on.
            let last = page.hits.last();
            range.until = last.map(|hit| Position::after(hit.key.clone(), hit.at.clone()));
        }
        if want != Want::Nothing {
            for hit in &page.hits {
                self.note(hit.at.clone(), Some(hit.version));
            }
        }
        self.ranges
            .push((range, page.hits.iter().map(|hit| hit.at.clone()).collect()));
        Ok(page.hits)
    }

    /// A document with its card and entries, as it is stored.
    pub(crate) async fn stored(&mut self, at: &DocRef) -> Result<Option<Stored>, Error> {
        // Ids are never nil, so there is one before each.
        let id = Uuid::from_u128(at.id.as_u128().saturating_sub(1));
        let before = DocRef {
            collection: at.collection.clone(),
            id,
        };
        let walked = self.store.walk(Some(&before), 1).await?;
        self.saw(walked.as_of);
        let stored = walked
            .docs
            .into_iter()
            .next()
            .filter(|stored| stored.at == *at);
        self.note(at.clone(), stored.as_ref().map(|stored| stored.version));
        Ok(stored)
    }

    /// Whether everything was read from one state.
    pub(crate) const fn is_whole(&self) -> bool {
        !self.torn
    }

    /// The state it was read from; `None` before the first read.
    pub(crate) const fn as_of(&self) -> Option<Seq> {
        self.as_of
    }

    /// What a commit must expect for the decision to hold.
    pub(crate) fn expectations(self) -> Vec<Expect> {
        let docs = self.docs.into_iter().map(|(at, version)| match version {
            None => Expect::Absent(at),
            Some(version) => Expect::At(at, version),
        });
        let ranges = self
            .ranges
            .into_iter()
            .map(|(range, docs)| Expect::Members { range, docs });
        docs.chain(ranges).collect()
    }

    fn saw(&mut self, as_of: Seq) {
        self.torn |= self.as_of.is_some_and(|before| before != as_of);
        self.as_of = Some(as_of);
    }

    fn note(&mut self, at: DocRef, version: Option<Seq>) {
        let before = self.docs.insert(at, version);
        self.torn |= before.is_some_and(|before| before != version);
    }
}
