//! What the reads of the contract, and the judging of a commit, ask of a state.

use std::sync::Arc;

use cmss_core::store::{
    CommitId, Digest, Doc, DocRef, Hit, Index, Key, LogRecord, Order, Position, Range, Receipt,
    Scan, Seq, StoreError, Stored, Want,
};

use crate::engine::Engine;
use crate::layout;
use crate::records::{self, Head, Listing, Text};
use crate::view::{View, strange};

/// The last commit: its number and its chain.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Tip {
    pub(crate) seq: Seq,
    pub(crate) chain: Digest,
}

impl Default for Tip {
    fn default() -> Self {
        Self::ZERO
    }
}

impl Tip {
    /// Before the first commit.
    pub(crate) const ZERO: Self = Self {
        seq: Seq::ZERO,
        chain: Digest::ZERO,
    };

    /// After this commit.
    pub(crate) const fn of(record: &LogRecord) -> Self {
        Self {
            seq: record.seq,
            chain: record.chain,
        }
    }
}

/// A tip for tests, of a chain that follows from its number.
#[cfg(test)]
pub(crate) fn tip(seq: u64) -> Tip {
    let chain = match seq {
        0 => Digest::ZERO,
        _ => Digest::of(&seq.to_be_bytes()),
    };
    Tip {
        seq: Seq(seq),
        chain,
    }
}

/// An entry as it stands in the tree.
struct Placed {
    key: Key,
    at: DocRef,
    version: Seq,
    unique: bool,
    long: bool,
    card: Option<Arc<str>>,
}

impl<'a, E: Engine> View<'a, E> {
    pub(crate) fn tip(&self) -> Result<Option<Tip>, StoreError> {
        self.value(&layout::tip(), |seq, payload| {
            let chain = records::read_digest(payload)?;
            Some(Tip { seq, chain })
        })
    }

    pub(crate) fn receipt(&self, id: CommitId) -> Result<Option<Receipt>, StoreError> {
        self.value(&layout::receipt(id), |seq, payload| {
            let digest = records::read_digest(payload)?;
            Some(Receipt { seq, id, digest })
        })
    }

    pub(crate) fn version(&self, at: &DocRef) -> Result<Option<Seq>, StoreError> {
        self.value(&layout::head(at), |seq, _| Some(seq))
    }

    /// The head of a document, and the commit that wrote it.
    pub(crate) fn head(&self, at: &DocRef) -> Result<Option<(Seq, Head)>, StoreError> {
        self.value(&layout::head(at), |version, payload| {
            Some((version, Head::read(payload)?))
        })
    }

    pub(crate) fn doc(&self, at: &DocRef) -> Result<Option<Doc>, StoreError> {
        let text = self.value(&layout::head(at), |version, payload| {
            Some((version, Text::read(payload)?))
        })?;
        text.map(|(version, text)| self.doc_with(at, version, text))
            .transpose()
    }

    fn doc_with(&self, at: &DocRef, version: Seq, text: Text) -> Result<Doc, StoreError> {
        match text {
            Text::Short(salt, body) => Ok(Doc {
                at: at.clone(),
                version,
                salt,
                body,
            }),
            Text::Long(_) => self.long(at, version),
        }
    }

    /// The document whose body a commit wrote.
    fn long(&self, at: &DocRef, version: Seq) -> Result<Doc, StoreError> {
        let place = layout::body(version, at);
        let doc = self.value(&place, |seq, payload| {
            let (salt, body) = records::read_body(payload)?;
            (seq == version).then(|| Doc {
                at: at.clone(),
                version,
                salt,
                body,
            })
        })?;
        doc.ok_or_else(|| strange(&place, "is missing"))
    }

    /// Who holds a unique key.
    pub(crate) fn holder(&self, index: &Index, key: &Key) -> Result<Option<DocRef>, StoreError> {
        let range = Range::at(index.clone(), key.clone());
        for placed in self.placed(&range, Order::Ascending, false) {
            let placed = placed?;
            if placed.unique {
                return Ok(Some(placed.at));
            }
        }
        Ok(None)
    }

    /// The documents with an entry in a range, one for each entry.
    pub(crate) fn members(
        &self,
        range: &Range,
    ) -> impl Iterator<Item = Result<DocRef, StoreError>> + use<'a, E> {
        self.placed(range, Order::Ascending, false)
            .map(|placed| Ok(placed?.at))
    }

    /// The hits of a scan, and where to resume when there is more.
    pub(crate) fn scan(&self, scan: &Scan) -> Result<(Vec<Hit>, Option<Position>), StoreError> {
        let mut placed = self.placed(&scan.range, scan.order, scan.want == Want::Card);
        let hits: Vec<Hit> = placed
            .by_ref()
            .take(scan.limit)
            .map(|placed| self.hit(placed?, scan.want))
            .collect::<Result<_, _>>()?;
        let more = placed.next().transpose()?.is_some();
        let next = hits.last().filter(|_| more).map(|last| {
            let (key, at) = (last.key.clone(), last.at.clone());
            match scan.order {
                Order::Ascending => Position::after(key, at),
                Order::Descending => Position::before(key, at),
            }
        });
        Ok((hits, next))
    }

    /// Documents after a place, and whether there are more.
    pub(crate) fn walk(
        &self,
        after: Option<&DocRef>,
        limit: usize,
    ) -> Result<(Vec<Stored>, bool), StoreError> {
        let mut heads = self.span(&layout::heads_after(after), Order::Ascending);
        let docs = heads
            .by_ref()
            .take(limit)
            .map(|item| {
                let (key, value) = item?;
                self.stored(key.as_ref(), value.as_ref())
            })
            .collect::<Result<_, _>>()?;
        Ok((docs, heads.next().transpose()?.is_some()))
    }

    /// Log records after a commit, up to the tip.
    pub(crate) fn records(
        &self,
        after: Seq,
        limit: usize,
        tip: Seq,
    ) -> Result<Vec<LogRecord>, StoreError> {
        let mut records = Vec::new();
        let mut last = after;
        for item in (self.span(&layout::records_after(after), Order::Ascending)).take(limit) {
            let (key, value) = item?;
            let key = key.as_ref();
            let read = |seq, payload: &[u8]| records::read_record(seq, payload);
            let record = self.complete(key, value.as_ref(), read)?;
            if layout::read_record(key) != Some(record.seq) || record.seq != last.next() {
                return Err(strange(key, "is out of its place"));
            }
            last = record.seq;
            records.push(record);
        }
        if records.len() < limit && last < tip {
            return Err(strange(&layout::record(last.next()), "is missing"));
        }
        Ok(records)
    }

    fn stored(&self, key: &[u8], value: &[u8]) -> Result<Stored, StoreError> {
        let at = layout::read_head(key).ok_or_else(|| strange(key, "has no place"))?;
        let (version, head) =
            self.complete(key, value, |seq, payload| Some((seq, Head::read(payload)?)))?;
        let doc = self.doc_with(&at, version, head.text)?;
        Ok(Stored {
            at,
            version,
            salt: doc.salt,
            body: doc.body,
            card: head.card,
            entries: head.entries,
        })
    }

    /// The document that an entry tells of.
    fn doc_of(&self, placed: &Placed) -> Result<Doc, StoreError> {
        let (at, version) = (&placed.at, placed.version);
        if placed.long {
            return self.long(at, version);
        }
        let doc = self.doc(at)?;
        doc.filter(|doc| doc.version == version)
            .ok_or_else(|| strange(&layout::head(at), "is not of the version told of"))
    }

    /// The entries in a range, their cards only when asked for.
    fn placed(
        &self,
        range: &Range,
        order: Order,
        card: bool,
    ) -> impl Iterator<Item = Result<Placed, StoreError>> + use<'a, E> {
        let view = *self;
        let mut before = None;
        self.span(&layout::entries(range), order).map(move |item| {
            let (place, value) = item?;
            let place = place.as_ref();
            let (key, at) = layout::read_entry(place, before.as_ref())
                .ok_or_else(|| strange(place, "has no place"))?;
            if before.as_ref() != Some(&at.collection) {
                before = Some(at.collection.clone());
            }
            view.complete(place, value.as_ref(), |version, payload| {
                let listing = Listing::read(payload)?;
                Some(Placed {
                    key,
                    at,
                    version,
                    unique: listing.unique,
                    long: listing.long,
                    card: listing.card.filter(|_| card).map(Arc::from),
                })
            })
        })
    }

    fn hit(&self, placed: Placed, want: Want) -> Result<Hit, StoreError> {
        let doc = match want {
            Want::Nothing | Want::Card => None,
            Want::Body => Some(self.doc_of(&placed)?),
        };
        Ok(Hit {
            key: placed.key,
            at: placed.at,
            version: placed.version,
            card: placed.card,
            doc,
        })
    }
}
