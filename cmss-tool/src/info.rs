//! `info`: what a store holds.

use std::collections::BTreeMap;
use std::path::Path;

use cmss::store::{Seq, Store, StoreError};
use cmss::{Cms, Error};
use serde_json::{Value, json};

use crate::changes::Note;
use crate::failure::Failure;
use crate::kind;
use crate::progress::Progress;
use crate::report::Report;

/// How many documents are read at a time.
const PAGE: usize = 50;

pub(crate) async fn run(dir: &Path, report: Report) -> Result<(), Failure> {
    let (kind, opened) = kind::open(dir)?;
    let store = opened.store;
    let of_store = Failure::of_store(dir);
    let commits = store.changes(Seq::ZERO, 1).await.map_err(&of_store)?.as_of;
    let last = store.changes(commits.previous(), 1).await;
    let last = last.map_err(&of_store)?.records;
    let last = last.last().map(|record| Note::of(record).at);
    let (newsroom, zone) = match Cms::builder(store.clone()).open().await {
        Ok(cms) => (Some(cms.name().to_owned()), Some(cms.zone().to_string())),
        Err(Error::NotFounded) => (None, None),
        Err(error) => return Err(Failure::of_store(dir)(error)),
    };
    let documents = documents(&*store).await.map_err(&of_store)?;
    store.close().await.map_err(&of_store)?;

    let sum: u64 = documents.values().sum();
    let mut text = format!("store      {kind}\n");
    text += &match (&newsroom, &zone) {
        (Some(name), Some(zone)) => format!("newsroom   {name}, {zone}\n"),
        _ => "newsroom   none has been founded\n".to_owned(),
    };
    text += &match &last {
        Some(at) => format!("commits    {commits}, the last at {at}\n"),
        None => "commits    none\n".to_owned(),
    };
    text += &format!("documents  {sum}");
    for (collection, count) in &documents {
        text += &format!("\n  {count:>8}  {collection}");
    }
    let json = json!({
        "store": kind.to_string(),
        "newsroom": newsroom,
        "zone": zone,
        "commits": commits,
        "last_commit_at": last.map_or(Value::Null, Value::String),
        "documents": documents,
    });
    report.say(&json, &text)
}

/// How many documents there are in each collection.
async fn documents(store: &dyn Store) -> Result<BTreeMap<String, u64>, StoreError> {
    let mut counts = BTreeMap::new();
    let mut progress = Progress::of("documents read");
    let mut after = None;
    loop {
        let walked = store.walk(after.as_ref(), PAGE).await?;
        progress.add(walked.docs.len() as u64);
        for stored in &walked.docs {
            let count = counts
                .entry(stored.at.collection.to_string())
                .or_insert(0_u64);
            *count = count.saturating_add(1);
        }
        after = walked.docs.into_iter().next_back().map(|stored| stored.at);
        if !walked.more {
            return Ok(counts);
        }
    }
}
