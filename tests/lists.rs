//! Lists of the desk, page by page: records and their revisions, bylines, the texts for an
//! assignment.
#![cfg(feature = "memory")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "helpers of tests are not in test functions, and no test is a library"
)]

mod support;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use cmss::values::{FaultCode, Locale, limits};
use cmss::*;
use cmss_testkit::Counting;
use pollster::block_on;
use proptest::prelude::*;

use support::{Newsroom, named, start, text};

/// Lists that are empty when a newsroom begins.
const EMPTY: [RecordList; 4] = [
    RecordList::Terms(Vocabulary::Topic),
    RecordList::Terms(Vocabulary::Category),
    RecordList::Assets,
    RecordList::Events,
];

const SHELVES: [Archived; 3] = [Archived::Without, Archived::With, Archived::Only];

/// Creates a record of one of these lists, or changes it; what it is called is new each time.
async fn put(desk: &Desk, list: RecordList, id: Option<RecordRef>, title: &str) -> RecordRef {
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
            let term = Term {
                vocabulary,
                slug,
                label: title.to_owned(),
                aliases: Vec::new(),
                progress: None,
                requires_lessons: false,
            };
            desk.put_term(id, &term).await.unwrap().into()
        }
        RecordList::Assets => {
            let id = id.map(|id| match id {
                RecordRef::Asset(id) => id,
                other => panic!("{other:?} is no image"),
            });
            let asset = Asset {
                file: title.to_owned(),
                alt: Alt::Decorative,
                caption: None,
                credit: PhotoCredit::Unknown,
                people: Vec::new(),
            };
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

fn event(title: &str) -> Event {
    Event {
        title: title.to_owned(),
        slug: None,
        language: Locale::Sv.into(),
        kind: EventKind::Meeting,
        description: None,
        programme: ProgrammeState::ToCome,
        save_the_date: false,
        groups: Vec::new(),
        organisers: Vec::new(),
    }
}

fn organisation(name: &str) -> Organisation {
    Organisation {
        name: name.to_owned(),
        kind: OrganisationKind::Unit,
        parent: None,
        url: None,
    }
}

/// Every page of a list, one after another: each but the last is full.
async fn pages(
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

/// Something that happens to a record: to one of a list, or to one that is there.
#[derive(Clone, Copy, Debug)]
enum Step {
    Create(usize),
    Change(usize),
    Publish(usize),
    Hide(usize),
    Archive(usize),
    Wait,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..EMPTY.len()).prop_map(Step::Create),
        3 => any::<usize>().prop_map(Step::Change),
        3 => any::<usize>().prop_map(Step::Publish),
        1 => any::<usize>().prop_map(Step::Hide),
        2 => any::<usize>().prop_map(Step::Archive),
        2 => Just(Step::Wait),
    ]
}

/// The cards there should be, by a rule of their own.
#[derive(Default)]
struct Expected {
    cards: Vec<(RecordList, RecordCard)>,
}

impl Expected {
    fn one(&mut self, which: usize) -> Option<&mut (RecordList, RecordCard)> {
        let there = self.cards.len();
        self.cards.get_mut(which.checked_rem(there)?)
    }

    /// What a list should hold, last changed first.
    fn of(&self, list: RecordList, archived: Archived) -> Vec<RecordCard> {
        let cards = self.cards.iter().filter(|(of, _)| *of == list);
        let mut cards: Vec<_> = cards
            .map(|(_, card)| card.clone())
            .filter(|card| match archived {
                Archived::Without => !card.archived,
                Archived::With => true,
                Archived::Only => card.archived,
            })
            .collect();
        cards.sort_by_key(|card| std::cmp::Reverse((card.edited_at, card.record)));
        cards
    }
}

/// Takes a step at the desk, and in what is expected of it.
async fn take(step: Step, title: &str, now: DateTime<Utc>, desk: &Desk, expected: &mut Expected) {
    use PublicCopy::{Differs, Hidden, Never, Same};
    let gone = |public: PublicCopy| if public == Never { Never } else { Hidden };
    match step {
        Step::Wait => {}
        Step::Create(list) => {
            let card = RecordCard {
                record: put(desk, EMPTY[list], None, title).await,
                title: title.to_owned(),
                archived: false,
                public: Never,
                revision: 1,
                edited_at: now,
            };
            expected.cards.push((EMPTY[list], card));
        }
        Step::Change(which) => {
            let Some((list, card)) = expected.one(which) else {
                return;
            };
            put(desk, *list, Some(card.record), title).await;
            card.title = title.to_owned();
            card.archived = false;
            card.revision += 1;
            card.edited_at = now;
            if card.public == Same {
                card.public = Differs;
            }
        }
        Step::Publish(which) => {
            let Some((_, card)) = expected.one(which) else {
                return;
            };
            let answer = desk.publish_record(card.record).await;
            assert_eq!(answer.is_ok(), !card.archived, "{answer:?}");
            if !card.archived {
                card.public = Same;
            }
        }
        Step::Hide(which) => {
            let Some((_, card)) = expected.one(which) else {
                return;
            };
            let answer = desk.hide_record(card.record).await;
            let public = matches!(card.public, Same | Differs);
            assert_eq!(answer.is_ok(), public, "{answer:?}");
            card.public = gone(card.public);
        }
        Step::Archive(which) => {
            let Some((_, card)) = expected.one(which) else {
                return;
            };
            let answer = desk.archive_record(card.record).await;
            assert_eq!(answer.is_ok(), !card.archived, "{answer:?}");
            card.archived = true;
            card.public = gone(card.public);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn the_pages_of_a_list_make_up_what_was_last_changed_first(
        steps in prop::collection::vec(step(), 0..50), limit in 1_usize..8,
    ) {
        block_on(async {
            let room = Newsroom::in_memory().await;
            let desk = room.editor();
            let mut expected = Expected::default();
            let mut now = start();
            for (number, step) in steps.into_iter().enumerate() {
                if matches!(step, Step::Wait) {
                    now += TimeDelta::seconds(1);
                    room.clock.set(now);
                }
                take(step, &format!("Nummer {number}"), now, &desk, &mut expected).await;
            }
            for list in EMPTY {
                for archived in SHELVES {
                    let expected = expected.of(list, archived);
                    for limit in [limit, 100] {
                        let pages = pages(&desk, list, archived, limit).await;
                        prop_assert_eq!(pages.concat(), &expected[..]);
                    }
                }
            }
            Ok(())
        })?;
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

#[test]
fn what_a_record_was_is_read_by_its_number() {
    block_on(async {
        let room = Newsroom::in_memory().await;
        let (vera, ada) = (room.editor(), room.admin());
        let id = vera.put_organisation(None, &organisation("Bryggan")).await;
        let id = id.unwrap();
        room.clock.set(start() + TimeDelta::hours(1));
        ada.put_organisation(Some(id), &organisation("Föreningen Bryggan"))
            .await
            .unwrap();
        // What changes nothing is no revision, and neither is what is made public.
        ada.put_organisation(Some(id), &organisation("Föreningen Bryggan"))
            .await
            .unwrap();
        vera.publish_record(id).await.unwrap();

        let cards = [
            RecordRevisionCard {
                number: 1,
                by: Some(room.vera),
                at: start(),
            },
            RecordRevisionCard {
                number: 2,
                by: Some(room.ada),
                at: start() + TimeDelta::hours(1),
            },
        ];
        assert_eq!(vera.record_revisions(id, 0).await.unwrap(), cards);
        assert_eq!(vera.record_revisions(id, 1).await.unwrap(), cards[1..]);
        assert_eq!(vera.record_revisions(id, 2).await.unwrap(), []);
        assert_eq!(vera.record_revisions(id, u32::MAX).await.unwrap(), []);
        for (card, name) in cards.into_iter().zip(["Bryggan", "Föreningen Bryggan"]) {
            let revision = ada.record_revision(id, card.number).await.unwrap();
            let content = RecordContent::Organisation(organisation(name));
            assert_eq!(revision, RecordRevisionView { card, content });
        }
        for number in [0, 3, u32::MAX] {
            let answer = vera.record_revision(id, number).await;
            assert!(matches!(answer, Err(Error::NotFound { .. })), "{answer:?}");
        }
    });
}

#[test]
fn an_id_of_another_kind_finds_no_revision() {
    block_on(async {
        let room = Newsroom::in_memory().await;
        let desk = room.editor();
        let event = desk.put_event(None, &event("Öppet hus")).await.unwrap();
        let bits = event.to_string().replace("event:", "project:");
        let project: ProjectId = bits.parse().unwrap();
        let answer = desk.record_revisions(project, 0).await;
        assert!(matches!(answer, Err(Error::NotFound { .. })), "{answer:?}");
        let answer = desk.record_revision(project, 1).await;
        assert!(matches!(answer, Err(Error::NotFound { .. })), "{answer:?}");
        assert_eq!(desk.record_revisions(event, 0).await.unwrap().len(), 1);
    });
}

#[test]
fn revisions_of_records_are_turned_a_hundred_at_a_time() {
    block_on(async {
        let room = Newsroom::in_memory().await;
        let desk = room.editor();
        let mut id = None;
        for number in 1..=205 {
            let event = event(&format!("Möte {number}"));
            id = Some(desk.put_event(id, &event).await.unwrap());
        }
        let mut numbers = Vec::new();
        let mut turned = Vec::new();
        loop {
            let after = numbers.last().copied().unwrap_or(0);
            let page = desk.record_revisions(id.unwrap(), after).await.unwrap();
            if page.is_empty() {
                break;
            }
            turned.push(page.len());
            numbers.extend(page.iter().map(|card| card.number));
        }
        assert_eq!(turned, [100, 100, 5]);
        assert_eq!(numbers, (1..=205).collect::<Vec<_>>());
    });
}

#[test]
fn bylines_are_turned_a_hundred_at_a_time() {
    block_on(async {
        let room = Newsroom::in_memory().await;
        let (sol, desk) = (room.sol, room.reporter());
        let mut created = vec![(start(), room.sols)];
        for number in 1..=204 {
            // Some are created at the same instant.
            let now = start() + TimeDelta::minutes(number / 3);
            room.clock.set(now);
            let name = named(BylineForm::PenName, &format!("Måsen {number}"));
            created.push((now, desk.create_byline(sol, &name).await.unwrap()));
        }
        created.sort();
        let mut turned = Vec::new();
        let mut bylines: Vec<BylineView> = Vec::new();
        loop {
            let page = desk.bylines(sol, bylines.last()).await.unwrap();
            if page.is_empty() {
                break;
            }
            turned.push(page.len());
            bylines.extend(page);
        }
        assert_eq!(turned, [100, 100, 5]);
        let bylines: Vec<_> = bylines.iter().map(|one| (one.created_at, one.id)).collect();
        assert_eq!(bylines, created);
    });
}

#[test]
fn an_editor_finds_the_texts_for_an_assignment() {
    block_on(async {
        let room = Newsroom::in_memory().await;
        let editor = room.editor();
        let (task, other) = (room.open_assignment(2).await, room.open_assignment(2).await);
        let mut begun = Vec::new();
        for (minute, desk, byline, assignment) in [
            (1, room.reporter(), room.sols, task),
            (2, room.reporter(), room.sols, other),
            (3, room.other_reporter(), room.livs, task),
        ] {
            room.clock.set(start() + TimeDelta::minutes(minute));
            desk.claim(assignment).await.unwrap();
            let article = NewArticle {
                assignment: Some(assignment),
                co_authors: Vec::new(),
                text: text(&format!("Text {minute}"), byline),
            };
            begun.push(desk.start_article(&article).await.unwrap());
        }
        let texts = editor.variants_for(task, None).await.unwrap();
        let found: Vec<_> = texts.iter().map(|one| (one.id, one.open)).collect();
        let expected = [&begun[0], &begun[2]].map(|one| (one.variant, Some(one.edition)));
        assert_eq!(found, expected);
        let next = editor.variants_for(task, texts.first()).await.unwrap();
        assert_eq!(next, texts[1..]);
        // Also a text that was taken back stands there.
        room.reporter().withdraw(begun[0].edition).await.unwrap();
        let texts = editor.variants_for(task, None).await.unwrap();
        assert_eq!((texts.len(), texts[0].open), (2, None));
    });
}
