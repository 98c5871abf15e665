//! A newsroom that keeps the tool at work for a while, as this release spells it and as an older one
//! might have.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use cmss::store::{Changeset, CommitId, DocRef, Entry, Salt, Stored, Write};
use cmss::{MemoryStore, RedbStore};
use uuid::Uuid;

use super::*;
use crate::home::{event, file_of, founded};

/// How many events it has, each of them public.
const EVENTS: usize = 500;

/// How many documents are read, and written, at a time.
const PAGE: usize = 500;

/// What stands where, without who wrote it when. Of the feed, which goes on as the site is rendered
/// anew, only how its head is spelled.
pub(crate) type Content = BTreeMap<DocRef, (String, Option<String>, Vec<Entry>)>;

pub(crate) async fn content(store: &dyn Store) -> Content {
    let (mut content, mut after) = (Content::new(), None);
    loop {
        let walked = store.walk(after.as_ref(), PAGE).await.unwrap();
        after = walked.docs.last().map(|stored| stored.at.clone());
        let all = walked.docs.into_iter();
        let kept = all.filter(|stored| stored.at.collection.as_str() != "public.feed");
        content.extend(kept.map(|stored| {
            let mut body = stored.body.to_string();
            if stored.at.collection.as_str() == "feed" {
                body.truncate("{ ".len());
            }
            let card = stored.card.map(|card| card.to_string());
            (stored.at, (body, card, stored.entries))
        }));
        if !walked.more {
            return content;
        }
    }
}

/// The store in a directory.
pub(crate) fn opened(kind: &str, dir: &Path) -> Box<dyn Store> {
    match kind {
        "sled" => Box::new(SledStore::open(dir).unwrap()),
        _ => Box::new(RedbStore::open(dir).unwrap()),
    }
}

async fn told() -> MemoryStore {
    let store = MemoryStore::new();
    let (_, editor) = founded(store.clone()).await;
    for number in 0..EVENTS {
        let event = event(&format!("Öppet hus nummer {number}"));
        let event = editor.put_event(None, &event).await.unwrap();
        editor.publish_record(event).await.unwrap();
    }
    store
}

/// A document in another spelling that says the same.
pub(crate) fn respelled(stored: Stored) -> Write {
    Write::Put {
        at: stored.at,
        salt: Salt([7; 16]),
        body: stored.body.replacen('{', "{ ", 1).into(),
        card: stored.card,
        entries: stored.entries,
    }
}

pub(crate) fn past_the_library(number: u128, writes: Vec<Write>) -> Changeset {
    Changeset {
        id: CommitId(Uuid::from_u128(number)),
        expect: Vec::new(),
        writes,
        note: r#"{"acts":[]}"#.into(),
        digest: Digest::of(b"past the library"),
    }
}

/// Spells every document another way, but for the feed, to which mending the site adds.
async fn respell(store: &MemoryStore) {
    let mut after = None;
    for number in 1.. {
        let walked = store.walk(after.as_ref(), PAGE).await.unwrap();
        after = walked.docs.last().map(|stored| stored.at.clone());
        let docs = walked.docs.into_iter();
        let docs = docs.filter(|stored| stored.at.collection.as_str() != "public.feed");
        let writes: Vec<_> = docs.map(respelled).collect();
        if !writes.is_empty() {
            let changeset = past_the_library(number, writes);
            store.commit(changeset).await.unwrap();
        }
        if !walked.more {
            return;
        }
    }
}

impl Home {
    /// A directory with a large newsroom in `data`, and its export in `backup.ndjson`.
    pub(crate) fn large() -> Self {
        static FILE: OnceLock<String> = OnceLock::new();
        let file = FILE.get_or_init(|| block_on(async { file_of(&told().await).await }));
        let home = Self(tempfile::tempdir().unwrap());
        fs::write(home.path("backup.ndjson"), file).unwrap();
        home.done(&["load", "backup.ndjson", "data"]);
        home
    }

    /// A directory with a large newsroom that is spelled otherwise, exported to `backup.ndjson`; and
    /// what this release makes of it.
    pub(crate) fn older() -> (Self, Content) {
        let (file, content) = block_on(async {
            let store = told().await;
            let content = content(&store).await;
            respell(&store).await;
            (file_of(&store).await, content)
        });
        let home = Self(tempfile::tempdir().unwrap());
        fs::write(home.path("backup.ndjson"), file).unwrap();
        (home, content)
    }
}
