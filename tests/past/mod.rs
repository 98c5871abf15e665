//! What stands in a store, and what is written there past the library.

#![allow(dead_code, reason = "each test takes some of it")]
#![allow(
    clippy::unwrap_used,
    reason = "a store that cannot be read or written has failed"
)]

use cmss::store::{Changeset, CommitId, Digest, Entry, Expect, Salt, Store, Stored, Write};
use uuid::Uuid;

/// Everything a store holds.
pub(crate) async fn documents(store: &dyn Store) -> Vec<Stored> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let walked = store.walk(after.as_ref(), 100).await.unwrap();
        all.extend(walked.docs);
        after = all.last().map(|stored: &Stored| stored.at.clone());
        if !walked.more {
            return all;
        }
    }
}

/// Where a document stands, its body, its card and its entries.
pub(crate) type Standing = (String, String, Option<String>, Vec<Entry>);

/// What stands where, without who wrote it when.
pub(crate) async fn content(store: &dyn Store) -> Vec<Standing> {
    documents(store).await.iter().map(stands).collect()
}

/// Where and how a document stands.
pub(crate) fn stands(stored: &Stored) -> Standing {
    let card = stored.card.as_ref().map(|card| card.to_string());
    let (at, body) = (stored.at.to_string(), stored.body.to_string());
    (at, body, card, stored.entries.clone())
}

/// Writes over a document, past the library.
pub(crate) async fn overwrite(store: &dyn Store, at: u128, stored: Stored) {
    let write = Write::Put {
        at: stored.at.clone(),
        salt: Salt([7; 16]),
        body: stored.body,
        card: stored.card,
        entries: stored.entries,
    };
    commit(
        store,
        at,
        vec![Expect::At(stored.at, stored.version)],
        write,
    )
    .await;
}

/// Commits something, past the library.
pub(crate) async fn commit(store: &dyn Store, at: u128, expect: Vec<Expect>, write: Write) {
    let changeset = Changeset {
        id: CommitId(Uuid::from_u128(at)),
        expect,
        writes: vec![write],
        note: r#"{"acts":[]}"#.into(),
        digest: Digest::of(b"past the library"),
    };
    store.commit(changeset).await.unwrap();
}

pub(crate) fn is_private(stored: &Stored) -> bool {
    !stored.at.collection.as_str().starts_with("public.")
}

/// A spelling that says the same: an older release may have written so.
pub(crate) fn older(stored: &Stored) -> Stored {
    let body = stored.body.replacen('{', "{ ", 1);
    Stored {
        body: body.into(),
        ..stored.clone()
    }
}

pub(crate) fn is_of_the_feed(one: &Stored) -> bool {
    one.at.collection.as_str() == "public.feed"
}
