//! All that a store holds, to be compared.

use cmss_core::store::{LogRecord, Seq, Store, StoreError, Stored};

/// All that a store holds: its documents as [`Store::walk`] hands them out, with cards, salts,
/// versions and entries, and its log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Dump {
    /// The documents.
    pub docs: Vec<Stored>,
    /// The log.
    pub records: Vec<LogRecord>,
}

impl Dump {
    /// Reads all of a store on which nothing is committed meanwhile.
    ///
    /// # Errors
    /// Those of the reads.
    pub async fn of(store: &dyn Store) -> Result<Self, StoreError> {
        let limit = store.limits().page;
        let (mut docs, mut records) = (Vec::<Stored>::new(), Vec::<LogRecord>::new());
        loop {
            let after = docs.last().map(|stored| stored.at.clone());
            let walked = store.walk(after.as_ref(), limit).await?;
            let ends = !walked.more || walked.docs.is_empty();
            docs.extend(walked.docs);
            if ends {
                break;
            }
        }
        loop {
            let after = records.last().map_or(Seq::ZERO, |record| record.seq);
            let changes = store.changes(after, limit).await?;
            if changes.records.is_empty() {
                return Ok(Self { docs, records });
            }
            records.extend(changes.records);
        }
    }

    /// The first way in which another store is not the same; `None` where it is.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Option<String> {
        let of = |dump: &Self| (dump.docs.len(), dump.records.len());
        let docs = self.docs.iter().zip(&other.docs);
        let differing = docs.filter(|(a, b)| a != b).map(|(a, b)| {
            let (a, b) = ((&a.at, a.version), (&b.at, b.version));
            format!("{} at {} is not {} at {}", a.0, a.1, b.0, b.1)
        });
        let records = self.records.iter().zip(&other.records);
        let records = records.filter(|(a, b)| a != b);
        let records = records.map(|(a, b)| format!("record {} is not record {}", a.seq, b.seq));
        let lengths = (of(self) != of(other)).then(|| {
            let ((a, b), (c, d)) = (of(self), of(other));
            format!("{a} documents and {b} records are not {c} and {d}")
        });
        records.chain(differing).chain(lengths).next()
    }
}
