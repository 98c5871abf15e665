//! Everything a memory store holds, and how it is read.

use std::collections::BTreeMap;
use std::ops::Bound;

use cmss_core::store::{
    Changes, CommitId, DocRef, Got, Hit, Index, Key, LogRecord, Order, Page, Position, Range,
    Receipt, Scan, Seq, StoreError, Stored, Walked, Want,
};

/// One newsroom.
///
/// `entries` follow from `documents`, and `receipts` from `log`.
#[derive(Clone, Default)]
pub(crate) struct State {
    pub(crate) documents: BTreeMap<DocRef, Stored>,
    /// The places of documents, and whether one is held alone; each position names its document.
    pub(crate) entries: BTreeMap<Index, BTreeMap<Position, bool>>,
    pub(crate) log: Vec<LogRecord>,
    pub(crate) receipts: BTreeMap<CommitId, Receipt>,
}

impl State {
    pub(crate) fn seq(&self) -> Seq {
        self.log.last().map_or(Seq::ZERO, |record| record.seq)
    }

    pub(crate) fn version(&self, at: &DocRef) -> Option<Seq> {
        self.documents.get(at).map(|stored| stored.version)
    }

    /// The places in a range, smallest first.
    pub(crate) fn places(&self, range: &Range) -> impl DoubleEndedIterator<Item = &Position> {
        let from = range.from.as_ref();
        let until = range.until.as_ref();
        // A map panics when asked for a range that ends before it begins; to a store it is empty.
        let inverted = from.zip(until).is_some_and(|(from, until)| from > until);
        let bounds = (
            from.map_or(Bound::Unbounded, Bound::Included),
            until.map_or(Bound::Unbounded, Bound::Excluded),
        );
        self.entries
            .get(&range.index)
            .filter(|_| !inverted)
            .into_iter()
            .flat_map(move |places| places.range::<Position, _>(bounds))
            .map(|(place, _)| place)
    }

    /// The document that holds a key of an index alone.
    pub(crate) fn holder(&self, index: &Index, key: &Key) -> Option<&DocRef> {
        let places = self.entries.get(index)?;
        let first = Position::key(key.clone());
        let at_key = places
            .range(first..)
            .take_while(|(place, _)| place.key == *key);
        let mut alone = at_key.filter(|(_, alone)| **alone);
        alone.next().and_then(|(place, _)| place.at.as_ref())
    }

    pub(crate) fn get(&self, refs: &[DocRef]) -> Got {
        Got {
            as_of: self.seq(),
            docs: refs
                .iter()
                .map(|at| self.documents.get(at).map(Stored::doc))
                .collect(),
        }
    }

    pub(crate) fn scan(&self, scan: &Scan) -> Result<Page, StoreError> {
        let places = self.places(&scan.range);
        let (hits, more) = match scan.order {
            Order::Ascending => self.hits(places, scan)?,
            Order::Descending => self.hits(places.rev(), scan)?,
        };
        let last = hits.last().filter(|_| more);
        let next = last.map(|hit| {
            let (key, at) = (hit.key.clone(), hit.at.clone());
            match scan.order {
                Order::Ascending => Position::after(key, at),
                Order::Descending => Position::before(key, at),
            }
        });
        Ok(Page {
            as_of: self.seq(),
            hits,
            next,
        })
    }

    /// The hits at the first of these places, and whether there are more places.
    fn hits<'a>(
        &self,
        mut places: impl Iterator<Item = &'a Position>,
        scan: &Scan,
    ) -> Result<(Vec<Hit>, bool), StoreError> {
        let hits = places
            .by_ref()
            .take(scan.limit)
            .map(|place| self.hit(place, scan.want))
            .collect::<Result<_, _>>()?;
        Ok((hits, places.next().is_some()))
    }

    fn hit(&self, place: &Position, want: Want) -> Result<Hit, StoreError> {
        let stored = place.at.as_ref().and_then(|at| self.documents.get(at));
        let stored = stored.ok_or_else(|| StoreError::Corrupt {
            what: "an index entry without its document".to_owned(),
            source: None,
        })?;
        let (card, doc) = match want {
            Want::Nothing => (None, None),
            Want::Card => (stored.card.clone(), None),
            Want::Body => (None, Some(stored.doc())),
        };
        Ok(Hit {
            key: place.key.clone(),
            at: stored.at.clone(),
            version: stored.version,
            card,
            doc,
        })
    }

    pub(crate) fn walk(&self, after: Option<&DocRef>, limit: usize) -> Walked {
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        let mut rest = self.documents.range::<DocRef, _>((from, Bound::Unbounded));
        let docs = rest.by_ref().take(limit);
        let docs = docs.map(|(_, stored)| stored.clone()).collect();
        Walked {
            as_of: self.seq(),
            docs,
            more: rest.next().is_some(),
        }
    }

    pub(crate) fn changes(&self, after: Seq, limit: usize) -> Changes {
        let after = usize::try_from(after.0).unwrap_or(usize::MAX);
        let records = self.log.iter().skip(after).take(limit);
        Changes {
            as_of: self.seq(),
            records: records.cloned().collect(),
        }
    }
}
