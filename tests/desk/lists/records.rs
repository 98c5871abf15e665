//! Lists of records, and what each of their pages costs.

use std::sync::Arc;

use chrono::TimeDelta;
use cmss::values::{FaultCode, Locale, limits};
use cmss::*;
use cmss_testkit::Counting;
use pollster::block_on;

use crate::support::{Newsroom, start};

/// Lists that are empty when a newsroom begins.
pub(crate) const EMPTY: [RecordList; 4] = [
    RecordList::Terms(Vocabulary::Topic),
    RecordList::Terms(Vocabulary::Category),
    RecordList::Assets,
    RecordList::Events,
];

pub(crate) const SHELVES: [Archived; 3] = [Archived::Without, Archived::With, Archived::Only];

/// Creates a record of one of these lists, or changes it; what it is called is new each time.
pub(crate) async fn put(
    desk: &Desk,
    list: RecordList,
    id: Option<RecordRef>,
    title: &str,
) -> RecordRef {
    match list {
        RecordList::Terms(vocabulary) => {
            let id = id.map(|id| match id {
                RecordRef::Term(id) => id,
                other => panic!("{other:?} is no term"),
            });
            // A slug stays what it was.
            let slug = match id {
                None => title.to_lowercase().replace(' ', "-").parse().unwrap(),
                Some(id) => desk.term(id).await.unwrap().working.slug,
            };
            let term = Term::labelled(vocabulary, slug, title);
            desk.put_term(id, &term).await.unwrap().into()
        }
        RecordList::Assets => {
            let id = id.map(|id| match id {
                RecordRef::Asset(id) => id,
                other => panic!("{other:?} is no image"),
            });
            let asset = Asset::in_file(title, Alt::Decorative);
            desk.put_asset(id, &asset).await.unwrap().into()
        }
        RecordList::Events => {
            let id = id.map(|id| match id {
                RecordRef::Event(id) => id,
                other => panic!("{other:?} is no event"),
            });
            desk.put_event(id, &event(title)).await.unwrap().into()
        }
        other => panic!("{other:?} does not begin empty"),
    }
}

pub(crate) fn event(title: &str) -> Event {
    Event::titled(title, Locale::Sv.into(), EventKind::Meeting)
}

pub(crate) fn organisation(name: &str) -> Organisation {
    Organisation::named(name, OrganisationKind::Unit)
}

/// Every page of a list, one after another: each but the last is full.
pub(crate) async fn pages(
    desk: &Desk,
    list: RecordList,
    archived: Archived,
    limit: usize,
) -> Vec<Vec<RecordCard>> {
    let mut pages: Vec<Vec<RecordCard>> = Vec::new();
    loop {
        let after = pages.last().and_then(|page| page.last());
        let page = desk.records(list, archived, after, limit).await.unwrap();
        if page.is_empty() {
            return pages;
        }
        let full = pages.iter().all(|page| page.len() == limit);
        assert!(full && page.len() <= limit);
        pages.push(page);
    }
}

#[test]
fn a_page_of_records_is_one_scan() {
    block_on(async {
        let store = Arc::new(Counting::new(Arc::new(MemoryStore::new())));
        let room = Newsroom::in_store(store.clone()).await;
        let desk = room.editor();
        for number in 0..30 {
            put(&desk, RecordList::Events, None, &format!("Möte {number}")).await;
        }
        store.reset();
        let list = RecordList::Events;
        let page = desk.records(list, Archived::Without, None, 20).await;
        let page = page.unwrap();
        let asked = store.counts();
        assert_eq!((page.len(), asked.scan, asked.get), (20, 1, 0));
        store.reset();
        let next = desk.records(list, Archived::Without, page.last(), 20).await;
        let asked = store.counts();
        assert_eq!((next.unwrap().len(), asked.scan, asked.get), (10, 1, 0));
    });
}

#[test]
fn a_list_that_grows_at_its_head_shows_nobody_twice_below() {
    block_on(async {
        let room = Newsroom::in_memory().await;
        let desk = room.editor();
        let (list, shelf) = (RecordList::Assets, Archived::Without);
        let mut images = Vec::new();
        for number in 1..=5 {
            room.clock.set(start() + TimeDelta::minutes(number));
            images.push(put(&desk, list, None, &format!("{number}.jpg")).await);
        }
        let first = desk.records(list, shelf, None, 2).await.unwrap();
        // The last of the first page is changed, and one that was not shown yet.
        room.clock.set(start() + TimeDelta::hours(1));
        for changed in [images[3], images[0]] {
            put(&desk, list, Some(changed), &format!("{changed:?}")).await;
        }
        let shown =
            |page: &[RecordCard]| -> Vec<_> { page.iter().map(|card| card.record).collect() };
        assert_eq!(shown(&first), [images[4], images[3]]);
        let next = desk.records(list, shelf, first.last(), 100).await.unwrap();
        assert_eq!(shown(&next), [images[2], images[1]]);
        let anew = desk.records(list, shelf, None, 2).await.unwrap();
        let mut anew = shown(&anew);
        anew.sort();
        let mut moved = [images[0], images[3]];
        moved.sort();
        assert_eq!(anew, moved);
    });
}

#[test]
fn the_longest_title_fits_on_its_card() {
    block_on(async {
        let room = Newsroom::in_memory().await;
        let desk = room.editor();
        for character in ["𐍈", "\"", "\\"] {
            let longest = character.repeat(limits::TITLE);
            desk.put_project(None, &Project::titled(&longest, Locale::Sv.into()))
                .await
                .unwrap();
            let list = RecordList::Projects;
            let page = desk.records(list, Archived::Without, None, 100).await;
            assert!(page.unwrap().iter().any(|card| card.title == longest));
        }
    });
}

#[test]
fn a_page_has_one_to_a_hundred_items() {
    block_on(async {
        let room = Newsroom::in_memory().await;
        let desk = room.editor();
        for (limit, code, bound) in [
            (0, FaultCode::TooSmall, 1),
            (101, FaultCode::TooLarge, 100),
            (usize::MAX, FaultCode::TooLarge, 100),
        ] {
            let answer = desk
                .records(RecordList::Projects, Archived::Without, None, limit)
                .await;
            let Err(Error::Invalid(invalid)) = answer else {
                panic!("{answer:?}");
            };
            let [fault] = &invalid.faults[..] else {
                panic!("{invalid:?}");
            };
            assert_eq!(fault.path, "limit");
            assert_eq!((fault.code, fault.limit), (code, Some(bound)));
        }
    });
}

#[test]
fn a_card_of_another_list_leads_out_of_no_list() {
    block_on(async {
        let room = Newsroom::in_memory().await;
        let desk = room.editor();
        for list in EMPTY {
            for number in 0..3 {
                put(&desk, list, None, &format!("Nummer {number}")).await;
            }
        }
        for of in EMPTY {
            let own = desk.records(of, Archived::With, None, 100).await.unwrap();
            for other in EMPTY {
                let cards = desk.records(other, Archived::With, None, 100).await;
                for card in cards.unwrap() {
                    let page = desk.records(of, Archived::With, Some(&card), 100).await;
                    assert!(page.unwrap().iter().all(|card| own.contains(card)));
                }
            }
        }
    });
}
