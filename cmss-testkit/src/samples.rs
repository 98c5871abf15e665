//! Documents and changesets to try a store with, and its whole content to compare.

use std::sync::Arc;

use cmss_core::store::{
    Changeset, Collection, CommitId, Conflict, Digest, DocRef, Entry, Hit, Index, Key, Line, Order,
    Range, Receipt, Salt, Scan, Store, StoreError, Want, Write,
};
use uuid::Uuid;

use crate::lines;

/// The collection of most documents.
const THINGS: Collection = Collection::new("thing");
/// The index of most listed entries.
pub(crate) const LIST: Index = Index::new("list");
/// The index of most unique entries.
pub(crate) const SLUG: Index = Index::new("slug");

/// Names as long as they may be, which differ at their end.
pub(crate) const LONG: [&str; 2] = [
    "n23456789.123456789.123456789.1x",
    "n23456789.123456789.123456789.1y",
];

/// More pages than any rule has; a scan that needs them does not come to an end.
const MANY: usize = 10_000;

/// A document's place, by number.
pub(crate) fn thing(number: u128) -> DocRef {
    DocRef {
        collection: THINGS,
        id: Uuid::from_u128(number),
    }
}

/// The id of a changeset, by number.
pub(crate) fn commit_id(number: u128) -> CommitId {
    // Odd ones share the low half, even ones the high half.
    CommitId(Uuid::from_u128(if number % 2 == 1 {
        number << 64 | 7
    } else {
        number
    }))
}

/// A document to be put.
#[derive(Clone)]
pub(crate) struct Put {
    at: DocRef,
    salt: Salt,
    body: Arc<str>,
    card: Option<Arc<str>>,
    entries: Vec<Entry>,
}

/// Begins a document: it has a small body, and neither card nor entries.
pub(crate) fn put(at: &DocRef) -> Put {
    Put {
        at: at.clone(),
        salt: Salt([7; 16]),
        body: "{}".into(),
        card: None,
        entries: Vec::new(),
    }
}

impl Put {
    pub(crate) fn salt(mut self, byte: u8) -> Self {
        self.salt = Salt([byte; 16]);
        self
    }

    pub(crate) fn body(mut self, body: impl Into<Arc<str>>) -> Self {
        self.body = body.into();
        self
    }

    pub(crate) fn card(mut self, card: impl Into<Arc<str>>) -> Self {
        self.card = Some(card.into());
        self
    }

    pub(crate) fn entry(mut self, entry: Entry) -> Self {
        self.entries.push(entry);
        self
    }

    /// Stands at a key of [`LIST`].
    pub(crate) fn listed(self, key: impl Into<Key>) -> Self {
        let key = key.into();
        self.entry(Entry::Listed { index: LIST, key })
    }

    /// Holds a key of [`SLUG`].
    pub(crate) fn unique(self, key: impl Into<Key>) -> Self {
        let key = key.into();
        self.entry(Entry::Unique { index: SLUG, key })
    }
}

impl From<Put> for Write {
    fn from(put: Put) -> Self {
        Self::Put {
            at: put.at,
            salt: put.salt,
            body: put.body,
            card: put.card,
            entries: put.entries,
        }
    }
}

/// The removal of a document.
pub(crate) fn remove(at: &DocRef) -> Write {
    Write::Remove { at: at.clone() }
}

/// A changeset that expects nothing; its id and digest follow from the number.
pub(crate) fn changeset<W: Into<Write>>(
    number: u128,
    writes: impl IntoIterator<Item = W>,
) -> Changeset {
    Changeset {
        id: commit_id(number),
        expect: Vec::new(),
        writes: writes.into_iter().map(Into::into).collect(),
        note: format!(r#"[{{"act":{number}}}]"#).into(),
        digest: Digest::of(&number.to_be_bytes()),
    }
}

/// A scan of a range in pages that hold most samples whole.
pub(crate) fn scan(range: Range, order: Order, want: Want) -> Scan {
    Scan {
        range,
        order,
        limit: 50,
        want,
    }
}

/// Every hit of a scan, page after page.
pub(crate) async fn hits(store: &dyn Store, mut scan: Scan) -> Result<Vec<Hit>, StoreError> {
    let mut hits = Vec::new();
    for _ in 0..MANY {
        let page = store.scan(&scan).await?;
        assert!(page.hits.len() <= scan.limit, "a page above its limit");
        hits.extend(page.hits);
        match (page.next, scan.order) {
            (None, _) => return Ok(hits),
            (next, Order::Ascending) => scan.range.from = next,
            (next, Order::Descending) => scan.range.until = next,
        }
    }
    panic!("a scan that does not end");
}

/// Where the entries of a range stand, in ascending order.
pub(crate) async fn places(
    store: &dyn Store,
    range: Range,
) -> Result<Vec<(Key, DocRef)>, StoreError> {
    let scan = scan(range, Order::Ascending, Want::Nothing);
    let hits = hits(store, scan).await?;
    Ok(hits.into_iter().map(|hit| (hit.key, hit.at)).collect())
}

/// The documents in a range, in ascending order.
pub(crate) async fn members(store: &dyn Store, range: Range) -> Result<Vec<DocRef>, StoreError> {
    let places = places(store, range).await?;
    Ok(places.into_iter().map(|(_, at)| at).collect())
}

/// All that a store answers about the samples: its documents and log, and both indexes.
#[derive(PartialEq, Debug)]
pub(crate) struct Whole {
    pub(crate) lines: Vec<Line>,
    pub(crate) list: Vec<Hit>,
    pub(crate) slug: Vec<Hit>,
}

/// Reads all of a store.
pub(crate) async fn whole(store: &dyn Store) -> Result<Whole, StoreError> {
    let all = |index| scan(Range::all(index), Order::Ascending, Want::Card);
    Ok(Whole {
        lines: lines(store).await?,
        list: hits(store, all(LIST)).await?,
        slug: hits(store, all(SLUG)).await?,
    })
}

/// The conflict that a commit was refused with.
#[track_caller]
pub(crate) fn conflict(answer: Result<Receipt, StoreError>) -> Conflict {
    match answer {
        Err(StoreError::Conflict(conflict)) => conflict,
        other => panic!("expected a conflict, got {other:?}"),
    }
}
