//! Every stored form, read from the files that the journeys wrote, and spelled again.
//!
//! The files are `tests/snapshots` of the repository: `tests/stored_forms.rs` compares what a
//! newsroom stores with them.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use uuid::Uuid;

use crate::article::{Article, Revision, Variant};
use crate::assignment::Assignment;
use crate::claim::Claim;
use crate::edition::{Edition, Outline};
use crate::kernel::{Cover, Document, Error, Note, decode, decode_cover, encode, encode_cover};
use crate::newsroom::{Newsroom, SCHEMA};
use crate::record::stored::{Progress, RecordRevision, Saved, Summary};
use crate::record::{
    Asset, Byline, Consent, Event, Kept, Occasion, Organisation, Person, Project, Reporter, Term,
};
use crate::site::FeedHead;
use crate::store::{Collection, Doc, DocRef, Hit, Key, Salt, Seq};

/// Reads a body or a card and spells it again.
type Again = fn(&str) -> Result<String, Error>;

/// Every stored form: where its documents stand (of revisions of records, with whose they are; of
/// cards, what has them), and how they are read.
const FORMS: [(&str, Again); 27] = [
    ("newsroom", again::<Newsroom>),
    ("feed", again::<FeedHead>),
    ("person", again::<Person>),
    ("reporter", again::<Reporter>),
    ("byline", again::<Byline>),
    ("consent", again::<Consent>),
    ("organisation", again::<Kept<Organisation>>),
    ("term", again::<Kept<Term>>),
    ("asset", again::<Kept<Asset>>),
    ("project", again::<Kept<Project>>),
    ("project.progress", again::<Progress>),
    ("event", again::<Kept<Event>>),
    (
        "record_revision.organisation",
        again::<RecordRevision<Organisation>>,
    ),
    ("record_revision.term", again::<RecordRevision<Term>>),
    ("record_revision.asset", again::<RecordRevision<Asset>>),
    ("record_revision.project", again::<RecordRevision<Project>>),
    ("record_revision.event", again::<RecordRevision<Event>>),
    ("occasion", again::<Occasion>),
    ("assignment", again::<Assignment>),
    ("claim", again::<Claim>),
    ("article", again::<Article>),
    ("variant", again::<Variant>),
    ("edition", again::<Edition>),
    ("revision", again::<Revision>),
    ("card.edition", again_card::<Outline>),
    ("card.record", again_card::<Summary>),
    ("card.record_revision", again_card::<Saved>),
];

fn again<D: Document>(body: &str) -> Result<String, Error> {
    let doc = Doc {
        at: DocRef {
            collection: D::COLLECTION,
            id: Uuid::from_u128(7),
        },
        version: Seq(1),
        salt: Salt([0; 16]),
        body: body.into(),
    };
    Ok(encode(&decode::<D>(&doc)?)?.to_string())
}

fn again_card<C: Cover>(card: &str) -> Result<String, Error> {
    let id = Uuid::from_u128(7);
    let hit = Hit {
        key: Key(Vec::new()),
        at: DocRef {
            collection: Collection::new("thing"),
            id,
        },
        version: Seq(1),
        card: Some(card.into()),
        doc: None,
    };
    Ok(encode_cover(&id, &decode_cover::<C>(&hit)?)?.to_string())
}

/// The files of stored documents, cards and notes: their names, and what stands in them.
fn files() -> Vec<(String, String)> {
    let files = snapshots().join("stored");
    let files = fs::read_dir(files).unwrap().map(|file| {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(path).unwrap();
        (name, text.strip_suffix('\n').unwrap().to_owned())
    });
    files.collect()
}

fn snapshots() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/snapshots")
}

/// The form of the documents in a file.
fn form_of(file: &str) -> Option<(&'static str, Again)> {
    let fits = |of: &str| {
        file.strip_prefix(of)
            .is_some_and(|rest| rest.starts_with('.'))
    };
    let forms = FORMS.iter().filter(|(of, _)| fits(of));
    forms.max_by_key(|(of, _)| of.len()).copied()
}

/// The stored documents, each with how it is read.
fn documents() -> Vec<(String, Again, String)> {
    let files = files().into_iter();
    let documents = files.filter_map(|(name, body)| {
        let (_, again) = form_of(&name)?;
        Some((name, again, body))
    });
    documents.collect()
}

#[test]
fn every_form_has_a_file_and_every_file_a_form() {
    let mut seen = BTreeSet::new();
    for (name, _) in files() {
        match form_of(&name) {
            Some((of, _)) => drop(seen.insert(of)),
            None => assert!(name.starts_with("note."), "{name}"),
        }
    }
    let forms: BTreeSet<_> = FORMS.iter().map(|(of, _)| *of).collect();
    assert_eq!(seen, forms);
}

#[test]
fn what_was_stored_is_read_and_spelled_again_to_the_byte() {
    for (name, again, body) in documents() {
        assert_eq!(again(&body).unwrap(), body, "{name}");
    }
}

/// Older releases refuse a store by its schema; a form that is newer without it they take for damage.
#[test]
fn a_form_is_raised_with_the_schema() {
    let mut raised = Vec::new();
    for (name, again, body) in documents() {
        let spelled: Value = serde_json::from_str(&again(&body).unwrap()).unwrap();
        if spelled["form"] != 1 {
            raised.push((name, spelled["form"].clone()));
        }
    }
    assert_eq!(
        (SCHEMA, raised),
        (1, vec![]),
        "raise `newsroom::SCHEMA` with a form, and put both down here"
    );
}

#[test]
fn notes_of_the_log_are_read_and_spelled_again_to_the_byte() {
    let mut notes = 0;
    for (name, text) in files() {
        if name.starts_with("note.") {
            let note: Note = serde_json::from_str(&text).unwrap();
            assert_eq!(serde_json::to_string(&note).unwrap(), text, "{name}");
            notes += 1;
        }
    }
    assert!(notes > 30, "{notes}");
}

fn corrupt(answer: Result<String, Error>) -> String {
    match answer {
        Err(Error::Corrupt { what }) => what,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_newer_form_and_one_that_never_was_are_corrupt() {
    for (name, again, body) in documents() {
        for (form, why) in [(2, "newer than this library"), (0, "form 0 is unknown")] {
            let other = body.replacen("{\"form\":1,", &format!("{{\"form\":{form},"), 1);
            assert!(corrupt(again(&other)).contains(why), "{name}");
        }
        let cut = body.get(..body.len() - 1).unwrap_or_default();
        corrupt(again(cut));
    }
}

/// Where the leaves of a value are.
fn leaves(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                leaves(value, &format!("{path}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                leaves(value, &format!("{path}/{index}"), found);
            }
        }
        _ => found.push(path.to_owned()),
    }
}

#[test]
fn a_value_that_nobody_knows_is_corrupt_or_kept_and_never_a_guess() {
    let (mut kept, mut refused) = (0, 0);
    for (name, again, body) in documents() {
        let value: Value = serde_json::from_str(&body).unwrap();
        let mut paths = Vec::new();
        leaves(&value, "", &mut paths);
        for path in paths {
            for strange in [Value::from("Hemligt Ord"), Value::from(-7)] {
                let mut other = value.clone();
                *other.pointer_mut(&path).unwrap() = strange;
                match again(&other.to_string()) {
                    Ok(spelled) => {
                        let spelled: Value = serde_json::from_str(&spelled).unwrap();
                        assert_eq!(spelled, other, "{name} at {path}");
                        kept += 1;
                    }
                    Err(Error::Corrupt { what }) => {
                        assert!(!what.contains("Hemligt") && !what.contains("-7"), "{what}");
                        refused += 1;
                    }
                    Err(error) => panic!("{name} at {path}: {error}"),
                }
            }
        }
    }
    assert!(kept > 100 && refused > 1_000, "{kept} {refused}");
}

/// Where the objects of a value are.
fn objects(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            found.push(path.to_owned());
            for (name, value) in fields {
                objects(value, &format!("{path}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                objects(value, &format!("{path}/{index}"), found);
            }
        }
        _ => {}
    }
}

#[test]
fn a_field_that_nobody_knows_is_corrupt_wherever_it_stands() {
    for (name, again, body) in documents() {
        let value: Value = serde_json::from_str(&body).unwrap();
        let mut paths = Vec::new();
        objects(&value, "", &mut paths);
        for path in paths.iter().filter(|path| !path.is_empty()) {
            let mut other = value.clone();
            let fields = other.pointer_mut(path).unwrap().as_object_mut().unwrap();
            fields.insert("kanarie".to_owned(), Value::from("Hemligt Ord"));
            let answer = again(&other.to_string());
            assert!(answer.is_err(), "{name} at {path}");
            assert!(!corrupt(answer).contains("Hemligt"), "{name} at {path}");
        }
    }
}

mod codes;
