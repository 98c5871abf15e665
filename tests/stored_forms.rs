//! How private documents are spelled when they are stored: what is on disk is read by every later
//! version, so that a spelling changes only where somebody means it to.
//!
//! `cmss-core` reads the same files, and shows that each is spelled again as it is.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests are not in test functions"
)]

mod rich;
mod snapshot;

use std::collections::BTreeMap;
use std::sync::Arc;

use cmss::chrono::{DateTime, Utc};
use cmss::store::{Changeset, Collection, CommitId, DocRef, Line, Store, Stored, Write};
use cmss::uuid::Uuid;
use cmss::{Cms, EditionState, Error, MemoryStore, Rebuilt, SeededIds, SetClock};
use cmss_testkit::{feed, lines};
use pollster::block_on;
use rich::Rich;
use serde_json::Value;

/// What tells two documents of one collection apart, where more than one is worth a look.
fn variant(collection: &str, doc: &Value) -> String {
    let text = |pointer: &str| doc.pointer(pointer).and_then(Value::as_str);
    let known = |pointer: &str| doc.pointer(pointer).is_some_and(|value| !value.is_null());
    let tag = |pointer: &str| match doc.pointer(pointer) {
        Some(Value::Object(fields)) => fields.keys().next().cloned().unwrap_or_default(),
        Some(Value::String(text)) => text.clone(),
        _ => "none".to_owned(),
    };
    let copies = || {
        let archived = doc["archived"] == true;
        match (archived, known("/public"), doc["working"] == doc["public"]) {
            (true, ..) => "archived",
            (false, false, _) if known("/first_published_at") => "hidden",
            (false, false, _) => "unpublished",
            (false, true, true) => "public",
            (false, true, false) => "changed",
        }
    };
    match collection {
        "edition" | "assignment" | "claim" => text("/state").unwrap().to_owned(),
        "variant" => match text("/publication").unwrap() {
            "unpublished" => format!("unpublished.{}", tag("/afterwards")),
            publication => publication.to_owned(),
        },
        "occasion" => {
            let shown = if known("/public") { "shown" } else { "unseen" };
            let grade = text("/working/when/grade").unwrap();
            format!("{}.{shown}.{grade}", text("/status").unwrap())
        }
        "byline" => {
            let retired = if doc["retired"] == true {
                ".retired"
            } else {
                ""
            };
            format!("{}{retired}", text("/form").unwrap())
        }
        "consent" => {
            let withdrawn = if known("/withdrawn_at") {
                ".withdrawn"
            } else {
                ""
            };
            format!("{}{withdrawn}", tag("/covers"))
        }
        "reporter" => format!("active.{}", doc["active"]),
        "term" => format!("{}.{}", text("/working/vocabulary").unwrap(), copies()),
        "organisation" | "asset" | "project" | "event" => copies().to_owned(),
        "record_revision" => {
            let (kind, _) = text("/record").unwrap().split_once(':').unwrap();
            kind.to_owned()
        }
        "revision" => {
            let blocks = doc["text"]["body"].as_array().unwrap().len();
            if blocks > 5 { "whole" } else { "plain" }.to_owned()
        }
        _ => String::new(),
    }
}

/// The name of the file that shows such a document.
fn file_of(collection: &str, doc: &Value) -> String {
    match variant(collection, doc).as_str() {
        "" => format!("{collection}.json"),
        variant => format!("{collection}.{variant}.json"),
    }
}

/// The card of a private document, and the name of the file that shows such a card.
fn card(line: &Line) -> Option<(String, &str)> {
    let Line::Doc(stored) = line else {
        return None;
    };
    let card = stored.card.as_deref()?;
    let value: Value = serde_json::from_str(card).unwrap();
    let name = match stored.at.collection.as_str() {
        public if public.starts_with("public.") => return None,
        "edition" => "card.edition.json".to_owned(),
        "record_revision" => "card.record_revision.json".to_owned(),
        "organisation" | "term" | "asset" | "project" | "event" => {
            let archived = if value["doc"]["archived"] == true {
                ".archived"
            } else {
                ""
            };
            let public = value["doc"]["public"].as_str().unwrap();
            format!("card.record.{public}{archived}.json")
        }
        other => panic!("nobody knows the card of {other}"),
    };
    Some((name, card))
}

/// The body of the first document of each variant, the first card likewise, and the first note of
/// each command.
async fn bodies(rich: &Rich) -> BTreeMap<String, String> {
    let mut bodies = BTreeMap::new();
    for line in lines(&rich.store).await.unwrap() {
        if let Some((name, card)) = card(&line) {
            bodies.entry(name).or_insert(format!("{card}\n"));
        }
        let (name, text) = match &line {
            Line::Doc(stored) if stored.at.collection.as_str().starts_with("public.") => continue,
            Line::Doc(stored) => {
                let value: Value = serde_json::from_str(&stored.body).unwrap();
                let collection = stored.at.collection.as_str();
                (file_of(collection, &value["doc"]), &stored.body)
            }
            Line::Record(record) => {
                let value: Value = serde_json::from_str(&record.note).unwrap();
                let command = value["acts"][0]["command"].as_str().unwrap();
                (format!("note.{command}.json"), &record.note)
            }
            Line::End(_) => continue,
        };
        bodies.entry(name).or_insert(format!("{text}\n"));
    }
    bodies
}

#[test]
fn stored_documents_are_spelled_as_they_were() {
    block_on(async {
        let rich = Rich::told().await;
        snapshot::compare("stored", &bodies(&rich).await);
    });
}

#[test]
fn the_story_is_told_the_same_way_each_time() {
    block_on(async {
        let (once, again) = (Rich::told().await, Rich::told().await);
        assert_eq!(
            lines(&once.store).await.unwrap(),
            lines(&again.store).await.unwrap()
        );
    });
}

/// The newsroom of a store, at a time.
async fn opened(store: &MemoryStore, now: DateTime<Utc>) -> Cms {
    Cms::builder(store.clone())
        .clock(Arc::new(SetClock::at(now)))
        .ids(Arc::new(SeededIds::new("another run")))
        .open()
        .await
        .unwrap()
}

#[test]
fn a_store_that_was_moved_renders_every_page_to_the_byte() {
    block_on(async {
        let rich = Rich::told().await;
        let moved = MemoryStore::new();
        let lines = lines(&rich.store).await.unwrap();
        moved.load(feed(lines)).await.unwrap();
        let cms = opened(&moved, rich::at("2026-03-07T08:00:00Z")).await;
        assert_eq!(cms.rebuild_site(|_| {}).await.unwrap(), Rebuilt::default());
        let before = rich.cms.site().everything(100, None).await.unwrap();
        let after = cms.site().everything(100, None).await.unwrap();
        assert!(before.pages.len() > 6);
        assert_eq!(before, after);
    });
}

/// A document with its card and entries.
async fn stored(store: &MemoryStore, at: &DocRef) -> Stored {
    let docs = store.walk(None, 1_000).await.unwrap().docs;
    docs.into_iter().find(|stored| stored.at == *at).unwrap()
}

/// Writes a document over with a body and a card that no version of the library has written.
async fn write_over(store: &MemoryStore, before: &Stored, body: &str, card: &str) {
    let put = Write::Put {
        at: before.at.clone(),
        salt: before.salt,
        body: body.into(),
        card: Some(card.into()),
        entries: before.entries.clone(),
    };
    let key = CommitId::named(body);
    let changes = store.changes(before.version.previous(), 1).await.unwrap();
    store
        .commit(Changeset {
            id: key,
            expect: Vec::new(),
            writes: vec![put],
            note: changes.records[0].note.clone(),
            digest: changes.records[0].digest,
        })
        .await
        .unwrap();
}

/// The bits of an id.
fn bits(id: &impl ToString) -> Uuid {
    let id = id.to_string();
    let (_, bits) = id.split_once(':').unwrap();
    bits.parse().unwrap()
}

#[test]
fn a_state_or_form_that_nobody_knows_is_corrupt_and_its_words_are_not_shown() {
    block_on(async {
        let rich = Rich::told().await;
        let store = &rich.store;
        let vera = rich.cms.desk(rich.people.editor());
        let edition = rich.articles.submitted.edition;
        let at = DocRef {
            collection: Collection::new("edition"),
            id: bits(&edition),
        };
        let before = stored(store, &at).await;
        let (body, card) = (&*before.body, before.card.as_deref().unwrap());
        let changes: [(&str, &str, &str); 4] = [
            (
                r#""state":"submitted""#,
                r#""state":"embargoed""#,
                "not of the form",
            ),
            (r#""form":1"#, r#""form":2"#, "newer than this library"),
            (r#""form":1"#, r#""form":0"#, "form 0 is unknown"),
            (
                r#""house":false"#,
                r#""house":"kanarie""#,
                "not of the form",
            ),
        ];
        for (is, shall_be, why) in changes {
            let other = body.replacen(is, shall_be, 1);
            assert_ne!(other, body);
            write_over(store, &before, &other, &card.replacen(is, shall_be, 1)).await;
            let list = vera.editions(EditionState::Submitted, None).await.map(drop);
            let mut answers = vec![
                vera.edition(edition).await.map(drop),
                vera.pull_back(edition).await,
                vera.decline(edition, "Nej.").await,
            ];
            if is.contains("house") {
                // A list does not show it, and does not read it.
                list.unwrap();
            } else {
                answers.push(list);
            }
            for answer in answers {
                let error = answer.unwrap_err();
                assert!(matches!(error, Error::Corrupt { .. }), "{error}");
                let told = format!("{error} {error:?}");
                assert!(told.contains(why), "{told}");
                assert!(
                    !told.contains("kanarie") && !told.contains("embargoed"),
                    "{told}"
                );
            }
        }
        write_over(store, &before, body, card).await;
        assert!(vera.edition(edition).await.unwrap().text.is_some());
    });
}
