//! Exports of every released format are read by every later release.
//!
//! `tests/fixtures/export-1` holds a whole export, taken while a document was written and another
//! removed, and one of what changed since. A released format's fixture is never written again.
//! Before the first release, and for a new format in a directory of its own, this writes it, and
//! the first of the two belongs into `docs/export.md`:
//!
//! ```sh
//! CMSS_WRITE_FIXTURE=1 cargo test --test export_format
//! ```
#![cfg(all(feature = "memory", feature = "sled"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests are not in test functions"
)]

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cmss::store::{
    Changeset, Collection, CommitId, Digest, DocRef, Entry, Export, Index, Salt, Seq, Store,
    Stored, Write, import,
};
use cmss::uuid::Uuid;
use cmss::{MemoryStore, SledStore};
use cmss_testkit::Interposed;
use pollster::block_on;
use serde_json::Value;

/// The chain after the last commit: it covers every id, digest and note, and every text through
/// its digest.
const CHAIN: &str = "a5433591681cc4c0432046f1f81962d808121693574b1b84c027a600b293bf90";

fn fixture(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/export-1");
    folder.join(name)
}

fn note(number: u128) -> DocRef {
    DocRef {
        collection: Collection::new("note"),
        id: Uuid::from_u128(number << 64 | 1),
    }
}

fn body(number: u128, text: &str) -> String {
    format!(r#"{{"number":{number},"text":"{text}"}}"#)
}

fn entries(number: u128) -> Vec<Entry> {
    let (list, slug) = (Index::new("list"), Index::new("slug"));
    let key = format!("å{number}").as_str().into();
    vec![
        Entry::Listed {
            index: list,
            key: b"\0\xff".into(),
        },
        Entry::Unique { index: slug, key },
    ]
}

fn put(number: u128, text: &str) -> Write {
    Write::Put {
        at: note(number),
        salt: Salt([7; 16]),
        body: body(number, text).into(),
        card: (number == 1).then(|| "the first".into()),
        entries: entries(number),
    }
}

fn change(number: u128, writes: Vec<Write>) -> Changeset {
    Changeset {
        id: CommitId(Uuid::from_u128(number)),
        expect: Vec::new(),
        writes,
        note: format!("[{number}]").into(),
        digest: Digest::of(&number.to_be_bytes()),
    }
}

async fn exported(store: &dyn Store, after: Seq) -> String {
    let mut file = String::new();
    let mut export = Export::after(store, after);
    while let Some(lines) = export.next().await.unwrap() {
        file.push_str(&lines);
    }
    file
}

/// Writes both files.
async fn write() {
    let store = MemoryStore::new();
    let first = vec![put(1, "one"), put(2, "two"), put(3, "three")];
    store.commit(change(1, first)).await.unwrap();
    let behind = store.clone();
    let meanwhile = async move {
        let second = vec![put(2, "två\\n"), Write::Remove { at: note(1) }];
        behind.commit(change(2, second)).await.unwrap();
    };
    // The first call walks, the second asks what has changed meanwhile.
    let busy = Interposed::before_call(2, Arc::new(store.clone()), meanwhile);
    fs::create_dir_all(fixture("")).unwrap();
    fs::write(fixture("whole.ndjson"), exported(&busy, Seq::ZERO).await).unwrap();
    let third = vec![put(1, "again"), Write::Remove { at: note(3) }];
    store.commit(change(3, third)).await.unwrap();
    fs::write(fixture("since.ndjson"), exported(&store, Seq(2)).await).unwrap();
}

async fn assert_read(store: &dyn Store) {
    let files = ["whole.ndjson", "since.ndjson"].map(|name| File::open(fixture(name)).unwrap());
    let lines = import(files, &store.limits()).unwrap();
    assert_eq!(store.load(lines).await.unwrap(), Seq(3));
    let stored = |(number, version, text, card): (u128, u64, &str, Option<&str>)| Stored {
        at: note(number),
        version: Seq(version),
        salt: Salt([7; 16]),
        body: body(number, text).into(),
        card: card.map(Into::into),
        entries: entries(number),
    };
    let expected = [(1, 3, "again", Some("the first")), (2, 2, "två\\n", None)].map(stored);
    assert_eq!(store.walk(None, 10).await.unwrap().docs, expected);
    let log = store.changes(Seq::ZERO, 10).await.unwrap().records;
    assert_eq!(log.len(), 3);
    assert_eq!(log[2].chain.to_string(), CHAIN);
}

#[test]
fn an_export_of_format_1_is_read() {
    block_on(async {
        if std::env::var_os("CMSS_WRITE_FIXTURE").is_some() {
            write().await;
        }
        assert_read(&MemoryStore::new()).await;
        let home = tempfile::tempdir().unwrap();
        assert_read(&SledStore::open(home.path()).unwrap()).await;
    });
}

#[test]
fn the_seal_is_the_digest_of_every_byte_before_it() {
    let file = fs::read_to_string(fixture("whole.ndjson")).unwrap();
    let (before, end) = file.trim_end().rsplit_once('\n').unwrap();
    let digest = Digest::of(format!("{before}\n").as_bytes()).to_string();
    let end: Value = serde_json::from_str(end).unwrap();
    assert_eq!(end["end"]["digest"], digest);
}

fn documentation() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/export.md");
    fs::read_to_string(path).unwrap()
}

#[test]
fn the_export_that_is_shown_is_one() {
    let file = fs::read_to_string(fixture("whole.ndjson")).unwrap();
    assert!(documentation().contains(&format!("```json\n{file}```\n")));
}

#[test]
fn every_field_is_written_down() {
    let mut names = BTreeSet::new();
    for file in ["whole.ndjson", "since.ndjson"] {
        let text = fs::read_to_string(fixture(file)).unwrap();
        for line in text.lines() {
            name_all(&serde_json::from_str(line).unwrap(), &mut names);
        }
    }
    assert!(names.contains("unique") && names.contains("removed") && names.contains("gone"));
    let documentation = documentation();
    let unnamed = names
        .iter()
        .filter(|name| !documentation.contains(&format!("`{name}`")));
    assert_eq!(unnamed.collect::<Vec<_>>(), [""; 0]);
}

/// The names of all fields, and of the values that are names of something.
fn name_all(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                names.insert(name.clone());
                if name == "change" && value.is_string() {
                    names.extend(value.as_str().map(str::to_owned));
                }
                name_all(value, names);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| name_all(value, names)),
        _ => {}
    }
}
