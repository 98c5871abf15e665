//! Life: F1.

use cmss_core::store::{Order, Range, Scan, Seq, StoreError, Want};

use crate::samples::{LIST, changeset, commit_id, put, remove, thing};
use crate::{Fixture, feed};

/// Asserts that a call found the store closed.
#[track_caller]
fn closed<T: std::fmt::Debug>(answer: Result<T, StoreError>) {
    assert!(matches!(answer, Err(StoreError::Closed)), "{answer:?}");
}

/// F1: every call says so, before it looks at what it was asked; closing again is fine, and the
/// limits are known all the same.
pub async fn a_closed_store_says_so(fixture: &mut dyn Fixture) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let other = fixture.open().await;
    store
        .commit(changeset(1, [put(&thing(1)).listed("a")]))
        .await?;
    let limits = store.limits();
    store.close().await?;
    let scan = |limit| Scan {
        range: Range::all(LIST),
        order: Order::Ascending,
        limit,
        want: Want::Nothing,
    };
    for store in [&store, &other] {
        closed(store.get(&[thing(1)]).await);
        closed(store.get(&[]).await);
        closed(store.scan(&scan(1)).await);
        closed(store.scan(&scan(0)).await);
        closed(store.walk(None, 1).await);
        closed(store.commit(changeset(2, [put(&thing(1))])).await);
        closed(store.commit(changeset(1, [put(&thing(1))])).await);
        closed(
            store
                .commit(changeset(3, [remove(&thing(1)), remove(&thing(1))]))
                .await,
        );
        let many: Vec<_> = std::iter::repeat_n(thing(1), limits.page + 1).collect();
        closed(store.get(&many).await);
        closed(store.walk(None, 0).await);
        closed(store.changes(Seq::ZERO, 0).await);
        closed(store.receipt(commit_id(1)).await);
        closed(store.changes(Seq::ZERO, 1).await);
        closed(store.grown(Seq::ZERO).await);
        closed(store.grown(Seq(1)).await);
        closed(store.load(feed(Vec::new())).await);
        assert_eq!(store.limits(), limits);
        store.close().await?;
    }
    Ok(())
}
