//! A newsroom moves from one store to another by an export: what the public sees, and what the log
//! says, is the same to the byte, also where somebody worked meanwhile; and a file that is not what
//! it was moves nothing.
#![cfg(all(feature = "memory", feature = "sled"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "helpers of tests are not in test functions, and no test is a library"
)]

#[path = "../altered/mod.rs"]
mod altered;
mod exports;
mod files;
#[path = "../outside/mod.rs"]
mod outside;
mod pairs;
mod places;
#[path = "../rich/mod.rs"]
mod rich;

use std::io::Cursor;
use std::sync::Arc;

use cmss::store::{Export, Exported, Seq, Store, StoreError, import};
use cmss::{Actor, BylineForm, BylineName, Cms, PastWorks, SeededIds, SetClock};
use outside::{Answer, Questions};
use places::Place;
use pollster::block_on;
use rich::{People, Rich, at};

/// A file of everything, or of what changed after a commit.
async fn exported(store: &dyn Store, after: Seq) -> (Exported, Vec<u8>) {
    let mut file = Vec::new();
    let mut export = Export::after(store, after);
    while let Some(lines) = export.next().await.unwrap() {
        file.extend_from_slice(lines.as_bytes());
    }
    (export.exported().unwrap(), file)
}

/// Fills a store from these files.
async fn load(store: &dyn Store, files: &[&[u8]]) -> Result<Seq, StoreError> {
    let files = files.iter().map(|file| Cursor::new(file.to_vec()));
    store.load(import(files, &store.limits())?).await
}

/// The newsroom of a store, with ids of its own.
async fn opened(store: impl Store, ids: &str) -> Cms {
    Cms::builder(store)
        .clock(Arc::new(SetClock::at(at("2026-04-01T08:00:00Z"))))
        .ids(Arc::new(SeededIds::new(ids)))
        .open()
        .await
        .unwrap()
}

/// Every answer of the public door, and the whole log as an editor reads it.
async fn told(cms: &Cms, editor: &Actor) -> (Vec<Answer>, Vec<String>) {
    let mut slugs: Vec<String> = ["masen", "liv", "tarnan", "bostad", "hanvisad", "borttagen"]
        .map(str::to_owned)
        .to_vec();
    let everything = cms.site().everything(100, None).await.unwrap();
    assert!(everything.pages.len() > 6 && everything.next.is_none());
    slugs.extend(everything.pages.iter().map(|page| page.slug.to_string()));
    let questions = Questions {
        slugs,
        times: ["2026-02-01T00:00:00Z", "2026-03-03T09:00:00Z"]
            .map(at)
            .to_vec(),
        limits: vec![2, 100],
    };
    let answers = questions.ask(&cms.site()).await;
    let mut log = Vec::new();
    let mut after = Seq::ZERO;
    loop {
        let page = cms.desk(editor.clone()).audit(after, 100).await.unwrap();
        if page.reached == after {
            return (answers, log);
        }
        after = page.reached;
        log.extend(page.lines.iter().map(|record| format!("{record:?}")));
    }
}

/// Takes a new name, on past works too: a commit that reaches many pages.
async fn rename(cms: &Cms, people: &People) {
    let name = BylineName {
        form: BylineForm::PenName,
        name: Some("Strandskatan".to_owned()),
    };
    let past = PastWorks::Renamed { told: true };
    let sol = cms.desk(people.reporter());
    sol.change_byline(people.pen, &name, past).await.unwrap();
}

/// How many lines of a file hold a document.
fn documents(file: &[u8]) -> u64 {
    let lines = file.split(|byte| *byte == b'\n');
    lines.filter(|line| line.starts_with(b"{\"doc\":")).count() as u64
}
