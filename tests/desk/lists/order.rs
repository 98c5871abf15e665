//! Whatever happens to records, their pages make up what was last changed first.

use chrono::{DateTime, TimeDelta, Utc};
use cmss::*;
use pollster::block_on;
use proptest::prelude::*;

use crate::support::{Newsroom, start};

use super::records::{EMPTY, SHELVES, pages, put};

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
