//! The JSON that the site serves, byte for byte, and that each of its fields is written down in
//! `docs/public-json.md`.

use crate::snapshot;
use std::collections::{BTreeMap, BTreeSet};

use crate::rich::{Rich, at};
use cmss::{Found, ListBy, Listing, PUBLIC_JSON_VERSION, PageKind, Site};
use pollster::block_on;
use serde_json::Value;

/// A page as it is served, or what its address answers instead.
async fn page(site: &Site, kind: PageKind, slug: &str) -> String {
    match site.page(kind, slug).await.unwrap() {
        Found::Here(page) => page.to_json(),
        Found::Gone(gone) => gone.to_json(),
        Found::Moved(moved) => serde_json::to_string(&moved).unwrap(),
        Found::NotThere => panic!("{slug} is not there"),
    }
}

/// One of each kind of answer.
async fn answers() -> BTreeMap<String, String> {
    let rich = Rich::told().await;
    let site = rich.site();
    let mut answers = BTreeMap::new();
    for (name, kind, slug) in [
        ("page.article.json", PageKind::Article, "kvallen-vid-dorren"),
        (
            "page.article.house.json",
            PageKind::Article,
            "redaktionen-svarar",
        ),
        (
            "page.project.json",
            PageKind::Project,
            "kvallsoppet-bibliotek",
        ),
        (
            "page.project.stopped.json",
            PageKind::Project,
            "mentorer-pa-mottagningen",
        ),
        ("page.event.json", PageKind::Event, "utvecklingsdagen"),
        ("gone.json", PageKind::Article, "borttagen"),
        ("gone.without-notice.json", PageKind::Article, "hanvisad-ut"),
        ("moved.json", PageKind::Article, "hanvisad"),
    ] {
        answers.insert(name.to_owned(), page(&site, kind, slug).await);
    }
    for (name, by) in [
        ("list.all.json", ListBy::All),
        ("list.byline.json", ListBy::Byline("masen".parse().unwrap())),
        ("list.topic.json", ListBy::Topic("bostad".parse().unwrap())),
        (
            "list.project.json",
            ListBy::Project("kvallsoppet-bibliotek".parse().unwrap()),
        ),
    ] {
        let listing = Listing {
            limit: 4,
            ..Listing::by(by)
        };
        let list = site.list(&listing).await.unwrap().unwrap();
        answers.insert(name.to_owned(), list.to_json());
    }
    let spring = at("2026-03-01T00:00:00Z");
    let upcoming = site.upcoming(spring, 2, None).await.unwrap();
    answers.insert("list.upcoming.json".to_owned(), upcoming.to_json());
    let undated = site.undated(100, None).await.unwrap();
    answers.insert("list.undated.json".to_owned(), undated.to_json());
    let feed = site.changes(None, 100).await.unwrap();
    answers.insert("feed.json".to_owned(), feed.to_json());
    answers
        .into_iter()
        .map(|(name, json)| (name, json + "\n"))
        .collect()
}

#[test]
fn the_site_serves_the_json_it_served() {
    snapshot::compare("public", &block_on(answers()));
}

/// Every name of a field, with the objects that are in objects.
fn fields(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                found.insert(name.clone());
                fields(value, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| fields(item, found)),
        _ => {}
    }
}

/// The values of fields that say which of several shapes or cases it is.
fn words(value: &Value, found: &mut BTreeSet<String>) {
    const CLOSED: [&str; 16] = [
        "kind",
        "type",
        "role",
        "by",
        "change",
        "vocabulary",
        "certainty",
        "status",
        "audience",
        "grade",
        "part",
        "programme",
        "event_kind",
        "currency",
        "marks",
        "language",
    ];
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                if CLOSED.contains(&name.as_str()) {
                    found.extend(value.as_str().map(str::to_owned));
                    let items = value.as_array().into_iter().flatten();
                    found.extend(items.filter_map(Value::as_str).map(str::to_owned));
                }
                words(value, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| words(item, found)),
        _ => {}
    }
}

#[test]
fn every_field_and_every_word_of_a_closed_set_is_written_down() {
    let book = include_str!("../../docs/public-json.md");
    let (mut names, mut cases) = (BTreeSet::new(), BTreeSet::new());
    for json in block_on(answers()).into_values() {
        let value: Value = serde_json::from_str(&json).unwrap();
        fields(&value, &mut names);
        words(&value, &mut cases);
    }
    assert!(names.len() > 60 && cases.len() > 30, "{names:?} {cases:?}");
    let missing: Vec<_> = names
        .iter()
        .chain(&cases)
        .filter(|name| !book.contains(&format!("`{name}`")))
        .collect();
    assert!(missing.is_empty(), "not written down: {missing:?}");
}

/// The words in backticks at the beginning of table rows.
fn rows(book: &str) -> BTreeSet<String> {
    let rows = book.lines().filter_map(|line| {
        let (name, _) = line.strip_prefix("| `")?.split_once('`')?;
        Some(name.to_owned())
    });
    rows.collect()
}

#[test]
fn every_row_of_the_book_is_a_field_or_word_that_is_served() {
    let book = include_str!("../../docs/public-json.md");
    let mut served = BTreeSet::new();
    for json in block_on(answers()).into_values() {
        let value: Value = serde_json::from_str(&json).unwrap();
        fields(&value, &mut served);
        words(&value, &mut served);
    }
    let unserved: Vec<_> = rows(book)
        .into_iter()
        .filter(|row| !served.contains(row))
        .collect();
    assert!(
        unserved.is_empty(),
        "written down and not served: {unserved:?}"
    );
}

#[test]
fn the_book_says_which_version_it_is_of() {
    let book = include_str!("../../docs/public-json.md");
    let title = format!("# Public JSON, version {PUBLIC_JSON_VERSION}\n");
    assert!(book.starts_with(&title));
}
