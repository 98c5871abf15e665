//! A fork holds what its origin held, and goes its own way.
#![allow(
    clippy::expect_used,
    reason = "helpers of tests are not in test functions"
)]

use cmss_core::store::{
    Changeset, Collection, CommitId, Digest, DocRef, Salt, Seq, Store, StoreError, Write,
};
use cmss_memory::MemoryStore;
use cmss_testkit::lines;
use pollster::block_on;
use uuid::Uuid;

/// Puts the document with this number.
async fn put(store: &MemoryStore, number: u128) {
    let changeset = Changeset {
        id: CommitId(Uuid::from_u128(number)),
        expect: Vec::new(),
        writes: vec![Write::Put {
            at: DocRef {
                collection: Collection::new("note"),
                id: Uuid::from_u128(number),
            },
            salt: Salt([7; 16]),
            body: "{}".into(),
            card: None,
            entries: Vec::new(),
        }],
        note: "[]".into(),
        digest: Digest::of(b"put"),
    };
    let receipt = store.commit(changeset).await;
    receipt.expect("nothing is expected");
}

#[test]
fn a_fork_holds_what_its_origin_does_and_neither_sees_the_other_from_then_on() {
    block_on(async {
        let origin = MemoryStore::new();
        put(&origin, 1).await;
        let before = lines(&origin).await.unwrap();
        let fork = origin.fork().unwrap();
        assert_eq!(lines(&fork).await.unwrap(), before);

        put(&fork, 2).await;
        assert_eq!(fork.get(&[]).await.unwrap().as_of, Seq(2));
        assert_eq!(lines(&origin).await.unwrap(), before);

        let before = lines(&fork).await.unwrap();
        put(&origin, 3).await;
        assert_eq!(lines(&fork).await.unwrap(), before);
    });
}

#[test]
fn a_fork_outlives_its_origin_and_a_closed_store_has_none() {
    block_on(async {
        let origin = MemoryStore::new();
        put(&origin, 1).await;
        let fork = origin.fork().unwrap();
        origin.close().await.unwrap();
        assert!(matches!(origin.fork(), Err(StoreError::Closed)));
        assert_eq!(fork.get(&[]).await.unwrap().as_of, Seq(1));
    });
}
