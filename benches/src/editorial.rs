//! The editorial commit: a new text of 6 kB with its card, six index entries, and an audit note.

use std::sync::Arc;

use cmss_core::store::{
    Changeset, Collection, CommitId, Digest, DocRef, Entry, Expect, Index, Key, LogRecord, Salt,
    Store, Write,
};
use cmss_keyed::{Batch, KeyedStore};
use pollster::block_on;
use uuid::Uuid;

use crate::Failure;
use crate::recorder::Recorder;

const TEXTS: Collection = Collection::new("text");
const BODY: usize = 6_000;
const CARD: usize = 300;
const NOTE: usize = 250;

/// One piece of work, as each contender takes it.
pub(crate) struct Editorial {
    /// For a store.
    pub(crate) changeset: Changeset,
    /// The log record of the commit.
    pub(crate) record: LogRecord,
    /// For a raw engine: the very batch that a store makes of the changeset.
    pub(crate) batch: Batch,
}

/// So many commits, to be done in order.
pub(crate) fn commits(count: usize) -> Result<Vec<Editorial>, Failure> {
    let (engine, noted) = Recorder::in_memory();
    let store = KeyedStore::open(engine, "a recorder")?;
    noted.take();
    let mut chain = Digest::ZERO;
    let mut made = Vec::with_capacity(count);
    for number in 0..count {
        let changeset = changeset(number as u64);
        let receipt = block_on(store.commit(changeset.clone()))?;
        let mut batches = noted.take().batches.into_iter();
        let record = LogRecord::next(chain, receipt.seq, &changeset);
        chain = record.chain;
        made.push(Editorial {
            changeset,
            record,
            batch: batches.next().ok_or("a commit wrote nothing")?,
        });
    }
    Ok(made)
}

fn changeset(number: u64) -> Changeset {
    let id = scattered(number, "text");
    let at = DocRef {
        collection: TEXTS,
        id,
    };
    let slug = format!("a-text-about-the-library-{number:08}");
    let listed = |index, key: &[u8]| Entry::Listed {
        index,
        key: Key(key.to_vec()),
    };
    let time = number.to_be_bytes();
    let by = scattered(number % 40, "byline").into_bytes();
    let entries = vec![
        Entry::Unique {
            index: Index::new("text.slug"),
            key: Key(slug.clone().into_bytes()),
        },
        listed(Index::new("text.time"), &time),
        listed(Index::new("text.state"), &[&b"draft\0"[..], &time].concat()),
        listed(Index::new("text.byline"), &[&by[..], &time].concat()),
        listed(
            Index::new("text.topic"),
            &[&b"housing\0"[..], &time].concat(),
        ),
        listed(Index::new("text.kind"), &[&b"report\0"[..], &time].concat()),
    ];
    Changeset {
        id: CommitId(scattered(number, "commit")),
        expect: vec![Expect::Absent(at.clone())],
        writes: vec![Write::Put {
            at,
            salt: Salt(scattered(number, "salt").into_bytes()),
            body: filled(&format!("{{\"slug\":\"{slug}\",\"text\":\""), BODY, "\"}"),
            card: Some(filled(
                &format!("{{\"slug\":\"{slug}\",\"lead\":\""),
                CARD,
                "\"}",
            )),
            entries,
        }],
        note: filled(&format!("[{{\"text\":\"{id}\",\"facts\":\""), NOTE, "\"}]"),
        digest: Digest::of(slug.as_bytes()),
    }
}

/// Words between two texts, so that the whole has a length.
fn filled(before: &str, length: usize, after: &str) -> Arc<str> {
    let words = "The residents of the house met on a Tuesday and talked about the lifts. ";
    let room = length.saturating_sub(before.len() + after.len());
    let words: String = words.chars().cycle().take(room).collect();
    Arc::from([before, &words, after].concat())
}

/// Ids as scattered as random ones, and the same in every run.
fn scattered(number: u64, what: &str) -> Uuid {
    let Digest(digest) = Digest::of(format!("{what} {number}").as_bytes());
    let (bytes, _) = digest.split_first_chunk().unwrap_or((&[0; 16], &[]));
    Uuid::new_v8(*bytes)
}
