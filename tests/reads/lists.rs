//! Lists hold what may be read one by one.

use std::collections::BTreeSet;

use cmss::store::Store;
use cmss::{Archived, AssignmentState, RecordList, RecordRef, Vocabulary};
use pollster::block_on;
use serde_json::Value;

use crate::rich::Rich;
use crate::table::Who::{Editor, Liv, Sol, Unit};
use crate::table::{NEWSROOM, actor, json};

#[test]
fn lists_hold_what_their_reader_may_read() {
    block_on(async {
        let rich = Rich::told().await;
        for state in [
            AssignmentState::Proposed,
            AssignmentState::Open,
            AssignmentState::Closed,
            AssignmentState::Completed,
            AssignmentState::Cancelled,
        ] {
            for who in NEWSROOM {
                let desk = rich.cms.desk(actor(&rich, *who));
                let listed = desk.assignments(state, None).await.unwrap();
                for view in &listed {
                    assert_eq!(&desk.assignment(view.id).await.unwrap(), view);
                }
                let expected = match (who, state) {
                    (Editor, AssignmentState::Proposed) => 2,
                    (Sol | Unit, AssignmentState::Proposed) => 1,
                    (Editor | Unit | Sol | Liv, AssignmentState::Open) => 2,
                    (Liv, AssignmentState::Proposed) => 0,
                    (Editor | Unit | Sol | Liv, _) => 1,
                    _ => 0,
                };
                assert_eq!(listed.len(), expected, "{who:?} {state:?}");
            }
        }
    });
}

#[test]
fn a_card_says_of_a_record_what_the_record_says_and_none_is_left_out() {
    block_on(async {
        let rich = Rich::told().await;
        let desk = rich.cms.desk(actor(&rich, Editor));
        let mut seen = BTreeSet::new();
        let mut listed = BTreeSet::new();
        for list in [
            RecordList::Organisations,
            RecordList::Terms(Vocabulary::Topic),
            RecordList::Terms(Vocabulary::Category),
            RecordList::Terms(Vocabulary::Stage),
            RecordList::Assets,
            RecordList::Projects,
            RecordList::Events,
        ] {
            for card in desk.records(list, Archived::With, None, 100).await.unwrap() {
                let (record, title) = match card.record {
                    RecordRef::Organisation(id) => (json(desk.organisation(id).await), "name"),
                    RecordRef::Term(id) => (json(desk.term(id).await), "label"),
                    RecordRef::Asset(id) => (json(desk.asset(id).await), "file"),
                    RecordRef::Project(id) => (json(desk.project(id).await), "title"),
                    RecordRef::Event(id) => (json(desk.event(id).await), "title"),
                };
                let record = record.unwrap();
                let public = match (&record["public"], &record["first_published_at"]) {
                    (Value::Null, Value::Null) => "never",
                    (Value::Null, _) => "hidden",
                    (public, _) if *public == record["working"] => "same",
                    _ => "differs",
                };
                let said = serde_json::to_value(&card).unwrap();
                assert_eq!(said["title"], record["working"][title]);
                assert_eq!(said["public"], public);
                for field in ["archived", "revision", "edited_at"] {
                    assert_eq!(said[field], record[field], "{field}");
                }
                seen.insert(format!("{public}, archived: {}", card.archived));
                assert!(listed.insert(card.record));
            }
        }
        assert_eq!(seen.len(), 5, "{seen:?}");
        let documents = rich.store.walk(None, 1_000).await.unwrap();
        assert!(!documents.more);
        let is_record = |collection: &str| {
            let kinds = ["organisation", "term", "asset", "project", "event"];
            kinds.contains(&collection)
        };
        let records = documents.docs.iter();
        let records = records.filter(|stored| is_record(stored.at.collection.as_str()));
        assert_eq!(records.count(), listed.len());
    });
}
