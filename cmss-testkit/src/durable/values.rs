//! Values that are damaged one by one under a store, and what reading makes of it: for a backend that
//! can reach what its engine holds.

use cmss_core::store::{CommitId, DocRef, Order, Range, Scan, Seq, Store, StoreError, Want};
use pollster::block_on;
use uuid::Uuid;

use crate::notes::{BY_SIZE, SLUGS, change, commit, note, put};

/// A key and its value.
pub type Value = (Vec<u8>, Vec<u8>);

/// How many values a store on an engine keeps of what [`fill`] writes: three heads, two of them with
/// their texts, and six entries; one text in three pieces; two records, two receipts, the format and
/// the tip.
const VALUES: usize = 3 + 6 + 3 + 2 + 2 + 2;

/// Commits three notes, one of them long, in two commits.
///
/// # Panics
/// When the store refuses them.
pub fn fill(store: &dyn Store) {
    let short = vec![put(1, "one"), put(2, "two")];
    let long = vec![put(3, &"three".repeat(30_000))];
    for (number, writes) in [(1, short), (2, long)] {
        commit(store, change(number, vec![], writes)).expect("a commit");
    }
}

/// Asks a store for everything that [`fill`] wrote.
///
/// # Errors
/// Those of the reads.
pub fn read_everything(store: &dyn Store) -> Result<(), StoreError> {
    block_on(async {
        let refs: Vec<DocRef> = (1..=3).map(note).collect();
        store.get(&refs).await?;
        store.walk(None, 100).await?;
        store.changes(Seq::ZERO, 100).await?;
        for id in 1..=2 {
            store.receipt(CommitId(Uuid::from_u128(id))).await?;
        }
        for index in [BY_SIZE, SLUGS] {
            store
                .scan(&Scan {
                    range: Range::all(index),
                    order: Order::Ascending,
                    limit: 100,
                    want: Want::Card,
                })
                .await?;
        }
        Ok(())
    })
}

/// Damages each value under a store that was [filled](fill), and puts it back; `replace` puts a
/// value at a key, `read` opens the store and [reads everything](read_everything). Answers what was
/// said of each.
///
/// # Panics
/// When a damage is not noticed, or the store is not whole to begin with and in the end.
#[must_use]
pub fn damage_each(
    values: Vec<Value>,
    mut replace: impl FnMut(&[u8], &[u8]),
    read: impl Fn() -> Result<(), StoreError>,
) -> Vec<(Vec<u8>, String)> {
    let is_whole = || read().expect("the store is whole");
    is_whole();
    assert_eq!(values.len(), VALUES);
    let mut said = Vec::new();
    for (key, value) in values {
        let mut damaged = value.clone();
        *damaged.last_mut().expect("no value is empty") ^= 0x10;
        replace(&key, &damaged);
        let outcome = read();
        replace(&key, &value);
        match outcome {
            Err(StoreError::Corrupt { what, .. }) => said.push((key, what)),
            other => panic!("the value at {key:?} was damaged, and reading gave {other:?}"),
        }
    }
    is_whole();
    said
}
