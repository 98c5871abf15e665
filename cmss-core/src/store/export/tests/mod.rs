//! What is made of the files of an export.

mod damage;

use std::collections::BTreeMap;
use std::error::Error;
use std::io::Cursor;
use std::sync::Arc;

use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::store::{
    Changeset, Collection, CommitId, Entry, Index, Intake, Limits, Line, Salt, Write,
};

/// What is private in the files of these tests.
const CANARY: &str = "kanariefågel";

fn at(number: u128) -> DocRef {
    DocRef {
        collection: Collection::new("note"),
        id: Uuid::from_u128(number),
    }
}

/// A changeset of documents, put with these versions of themselves or removed.
fn changeset(number: u128, writes: impl IntoIterator<Item = (u128, bool)>) -> Changeset {
    let write = |(document, put)| match put {
        false => Write::Remove { at: at(document) },
        true => Write::Put {
            at: at(document),
            salt: Salt([7; 16]),
            body: body(document, number),
            card: Some(CANARY.into()),
            entries: vec![Entry::Unique {
                index: Index::new("slug"),
                key: CANARY.into(),
            }],
        },
    };
    Changeset {
        id: CommitId(Uuid::from_u128(number)),
        expect: Vec::new(),
        writes: writes.into_iter().map(write).collect(),
        note: format!(r#"["{CANARY}"]"#).into(),
        digest: Digest::of(&number.to_be_bytes()),
    }
}

fn body(document: u128, version: u128) -> Arc<str> {
    format!(r#""{CANARY} {document} {version}""#).into()
}

/// A document as the commit with this number put it.
fn stored(document: u128, version: u64) -> Stored {
    Stored {
        at: at(document),
        version: Seq(version),
        salt: Salt([7; 16]),
        body: body(document, version.into()),
        card: Some(CANARY.into()),
        entries: vec![Entry::Unique {
            index: Index::new("slug"),
            key: CANARY.into(),
        }],
    }
}

fn doc(document: u128, version: u64) -> Spelled {
    Spelled::Doc(stored(document, version))
}

fn gone(document: u128, version: u64) -> Spelled {
    Spelled::Gone(Gone {
        at: at(document),
        version: Seq(version),
    })
}

/// The log of a newsroom: two documents, a third, then the second again and the first removed.
fn log() -> Vec<LogRecord> {
    let commits: [&[(u128, bool)]; 3] = [
        &[(1, true), (2, true)],
        &[(3, true)],
        &[(1, false), (2, true)],
    ];
    let mut log: Vec<LogRecord> = Vec::new();
    for (writes, number) in commits.into_iter().zip(1..) {
        let previous = log.last().map_or(Digest::ZERO, |record| record.chain);
        let change = changeset(number.into(), writes.iter().copied());
        log.push(LogRecord::next(previous, Seq(number), &change));
    }
    log
}

fn records(numbers: std::ops::RangeInclusive<usize>) -> impl Iterator<Item = Spelled> {
    let log = log().into_iter().map(Spelled::Record);
    log.skip(numbers.start() - 1).take(numbers.count())
}

/// A file of these lines, with the header and the end line that fit them.
fn file(after: u64, lines: impl IntoIterator<Item = Spelled>) -> Vec<u8> {
    let mut text = String::new();
    let after = Seq(after);
    let format = FORMAT;
    let header = Spelled::Export(Header { format, after });
    header.write(&mut text).unwrap();
    let (mut seq, mut docs, mut gone, mut records) = (after, 0, 0, 0);
    for line in lines {
        match &line {
            Spelled::Doc(_) => docs += 1,
            Spelled::Gone(_) => gone += 1,
            Spelled::Record(record) => (records, seq) = (records + 1, record.seq),
            Spelled::Export(_) | Spelled::End(_) => {}
        }
        line.write(&mut text).unwrap();
    }
    let end = Exported {
        seq,
        docs,
        gone,
        records,
        digest: Digest::of(text.as_bytes()),
    };
    Spelled::End(end).write(&mut text).unwrap();
    text.into_bytes()
}

/// A whole export that was written to while it ran.
fn whole() -> Vec<u8> {
    let walked = [doc(1, 1), doc(2, 1), doc(3, 2)];
    let later = [gone(1, 3), doc(2, 3)];
    file(0, walked.into_iter().chain(later).chain(records(1..=3)))
}

/// What a load would be given, and whether it would take it.
fn read(files: impl IntoIterator<Item = Vec<u8>>) -> Result<Vec<Line>, StoreError> {
    let files = files.into_iter().map(Cursor::new);
    let mut intake = Intake::new();
    let mut lines = Vec::new();
    for line in import(files, &Limits::default())? {
        let line = line?;
        intake.take(&line)?;
        lines.push(line);
    }
    intake.finish()?;
    Ok(lines)
}

/// Why it is refused, without a word of what it holds.
#[track_caller]
fn refusal(files: impl IntoIterator<Item = Vec<u8>>) -> String {
    let error = read(files).unwrap_err();
    let mut told = format!("{error:?}");
    let mut source: Option<&dyn Error> = Some(&error);
    while let Some(error) = source {
        told += &format!(" {error}");
        source = error.source();
    }
    assert!(!told.contains(CANARY), "{told}");
    assert!(
        matches!(
            error,
            StoreError::Corrupt { .. } | StoreError::Unavailable { .. }
        ),
        "{error}"
    );
    error.to_string()
}

fn lines(file: &[u8]) -> Vec<&[u8]> {
    file.split_inclusive(|byte| *byte == b'\n').collect()
}

#[test]
fn the_last_line_about_a_document_counts() {
    let mut expected: Vec<_> = [stored(2, 3), stored(3, 2)].map(Line::Doc).into();
    expected.extend(log().into_iter().map(Line::Record));
    let mut lines = read([whole()]).unwrap();
    assert!(matches!(lines.pop(), Some(Line::End(end)) if end.docs == 2 && end.records == 3));
    assert_eq!(lines, expected);
}

#[test]
fn what_changed_since_is_put_upon_a_whole_export() {
    let first = file(0, [doc(1, 1), doc(2, 1)].into_iter().chain(records(1..=1)));
    let second = file(1, [doc(3, 2)].into_iter().chain(records(2..=2)));
    let third = [gone(1, 3), doc(2, 3)].into_iter().chain(records(3..=3));
    let together = read([first, second, file(2, third), file(3, [])]).unwrap();
    assert_eq!(together, read([whole()]).unwrap());
}

#[test]
fn a_store_without_anything_has_an_export_without_anything() {
    let lines = read([file(0, [])]).unwrap();
    assert!(matches!(&lines[..], [Line::End(end)] if end.docs == 0));
}

proptest! {
    #[test]
    fn of_any_lines_the_last_about_each_document_comes_out_in_order(
        walked in btree_set(0_u128..20, 0..12),
        later in vec(vec((0_u128..20, 1_u64..100, any::<bool>()), 0..8), 1..4),
    ) {
        let mut expected: BTreeMap<u128, Stored> = BTreeMap::new();
        let mut files = Vec::new();
        for (number, later) in later.iter().enumerate() {
            let walked = walked.iter().filter(|_| number == 0);
            let walked = walked.map(|&document| (document, 1000, true));
            let mut lines = Vec::new();
            for (document, version, put) in walked.chain(later.iter().copied()) {
                if put {
                    expected.insert(document, stored(document, version));
                    lines.push(doc(document, version));
                } else {
                    expected.remove(&document);
                    lines.push(gone(document, version));
                }
            }
            files.push(Cursor::new(file(0, lines)));
        }
        let lines = import(files, &Limits::default()).unwrap();
        let mut lines: Vec<_> = lines.collect::<Result<_, _>>().unwrap();
        prop_assert!(matches!(lines.pop(), Some(Line::End(_))));
        prop_assert_eq!(lines, expected.into_values().map(Line::Doc).collect::<Vec<_>>());
    }
}
