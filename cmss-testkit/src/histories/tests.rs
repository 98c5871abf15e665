//! The checker says yes and no where it should.

use std::cell::Cell;

use cmss_core::store::{Changeset, Expect, Got, Receipt, Seq, StoreError};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::check::is_explained;
use super::record::{Event, Tick};
use crate::model::{Answer, Call, Specification};
use crate::samples::{changeset, commit_id, put, thing};
use crate::seed;

fn event(begun: Tick, ended: Tick, call: Call, answer: impl Into<Option<Answer>>) -> Event {
    Event {
        thread: 0,
        begun,
        ended,
        call,
        answer: answer.into(),
    }
}

fn sent(number: u128) -> Changeset {
    changeset(number, [put(&thing(1)).body(number.to_string())])
}

fn committed(number: u128, seq: u64) -> Answer {
    Answer::Committed(Receipt {
        seq: Seq(seq),
        id: commit_id(number),
        digest: sent(number).digest,
    })
}

fn get() -> Call {
    Call::Get(vec![thing(1)])
}

/// What a get answers after these commits.
fn got(commits: impl IntoIterator<Item = u128>) -> Answer {
    let mut store = Specification::default();
    for number in commits {
        store.commit(&sent(number));
    }
    answer(&mut store, &get())
}

/// What a call is answered in a state, which it changes.
fn answer(store: &mut Specification, call: &Call) -> Answer {
    match call {
        Call::Commit(change) => {
            let before = store.clone();
            store.commit(change);
            let present = |current| cmss_core::store::Conflict::Present {
                at: thing(1),
                current,
            };
            let version = before.docs.get(&thing(1)).map(|stored| stored.version);
            let refused = version.map(|current| Answer::Refused(present(current)));
            let done = store.receipt(change.id).map(Answer::Committed);
            done.or(refused)
                .expect("done, or refused for what is there")
        }
        _ => Answer::Got(Got {
            as_of: store.seq(),
            docs: vec![store.docs.get(&thing(1)).map(|stored| stored.doc())],
        }),
    }
}

#[test]
fn what_was_answered_is_seen_by_whoever_asks_after() {
    let commit = event(0, 1, Call::Commit(sent(1)), committed(1, 1));
    assert!(is_explained(&[
        commit.clone(),
        event(2, 3, get(), got([1]))
    ]));
    assert!(!is_explained(&[commit, event(2, 3, get(), got([]))]));
}

#[test]
fn what_is_under_way_is_seen_or_not_but_not_forgotten() {
    let commit = event(0, 9, Call::Commit(sent(1)), committed(1, 1));
    let read = |begun, seen: &[u128]| event(begun, begun + 1, get(), got(seen.iter().copied()));
    assert!(is_explained(&[commit.clone(), read(2, &[]), read(5, &[1])]));
    assert!(!is_explained(&[commit, read(2, &[1]), read(5, &[])]));
}

#[test]
fn a_commit_happens_once_in_the_order_of_its_numbers() {
    let first = event(0, 1, Call::Commit(sent(1)), committed(1, 1));
    let second = |seq| event(2, 3, Call::Commit(sent(2)), committed(2, seq));
    assert!(is_explained(&[first.clone(), second(2)]));
    assert!(!is_explained(&[first.clone(), second(1)]));
    assert!(!is_explained(&[first.clone(), second(3)]));
    let again = |seq| event(4, 5, Call::Commit(sent(1)), committed(1, seq));
    assert!(is_explained(&[first.clone(), second(2), again(1)]));
    assert!(!is_explained(&[first, second(2), again(3)]));
}

#[test]
fn a_refusal_needs_something_that_it_was_refused_for() {
    let change = Changeset {
        expect: vec![Expect::Absent(thing(1))],
        ..sent(2)
    };
    let refused = Answer::Refused(cmss_core::store::Conflict::Present {
        at: thing(1),
        current: Seq(1),
    });
    let loser = event(0, 3, Call::Commit(change), refused);
    let winner = event(1, 2, Call::Commit(sent(1)), committed(1, 1));
    assert!(is_explained(&[winner, loser.clone()]));
    assert!(!is_explained(std::slice::from_ref(&loser)));
    let under_way = event(1, Tick::MAX, Call::Commit(sent(1)), None);
    assert!(is_explained(&[under_way.clone(), loser.clone()]));
    // But then it has happened.
    assert!(!is_explained(&[
        under_way,
        loser,
        event(4, 5, get(), got([]))
    ]));
}

#[test]
fn what_nobody_knows_of_may_have_happened_since_it_was_sent_or_not_at_all() {
    let commit = event(2, Tick::MAX, Call::Commit(sent(1)), None);
    let read = |begun, seen: &[u128]| event(begun, begun + 1, get(), got(seen.iter().copied()));
    assert!(is_explained(&[commit.clone(), read(4, &[])]));
    assert!(is_explained(&[commit.clone(), read(4, &[1])]));
    assert!(is_explained(&[commit.clone(), read(4, &[]), read(6, &[1])]));
    assert!(!is_explained(&[commit, read(0, &[1])]));
}

/// Whether some order explains all of these, by trying every one.
fn tried(store: &Specification, events: &[Event]) -> bool {
    let earliest = events.iter().map(|event| event.ended).min();
    events.is_empty()
        || events.iter().enumerate().any(|(place, event)| {
            let known = event.answer.as_ref();
            let may_be_next = earliest.is_some_and(|earliest| event.begun < earliest)
                && known.is_none_or(|answer| store.allows(&event.call, answer));
            let mut after = store.clone();
            if let Call::Commit(change) = &event.call {
                after.commit(change);
            }
            let mut rest = events.to_vec();
            rest.remove(place);
            may_be_next && tried(&after, &rest)
        })
}

/// Calls that are answered as in the order in which they stand here, but were made at other times.
fn history() -> impl Strategy<Value = Vec<Event>> {
    let change = (1_u128..=4, any::<bool>()).prop_map(|(number, vacant)| {
        let absent = vacant.then(|| Expect::Absent(thing(1)));
        Call::Commit(Changeset {
            expect: absent.into_iter().collect(),
            ..sent(number)
        })
    });
    let call = prop_oneof![change, Just(get())];
    let ticks = Just((0..12).collect::<Vec<Tick>>()).prop_shuffle();
    let known = vec(select(vec![true, true, true, true, false]), 6);
    (vec(call, 1..=6), ticks, known).prop_map(|(calls, ticks, known)| {
        let mut store = Specification::default();
        let calls = calls.into_iter().zip(ticks.chunks(2)).zip(known);
        calls
            .map(|((call, ticks), known)| {
                let known = known || !call.writes();
                let answer = answer(&mut store, &call);
                let (begun, ended) = (ticks[0].min(ticks[1]), ticks[0].max(ticks[1]));
                match known {
                    true => event(begun, ended, call, answer),
                    false => event(begun, Tick::MAX, call, None),
                }
            })
            .collect()
    })
}

#[test]
fn the_checker_finds_an_order_where_trying_every_one_does() -> Result<(), StoreError> {
    let found = Cell::new([0; 2]);
    seed::play("small histories", 1000, &history(), |events| {
        let explained = is_explained(&events);
        assert_eq!(explained, tried(&Specification::default(), &events));
        let mut counts = found.get();
        counts[usize::from(explained)] += 1;
        found.set(counts);
        Ok(())
    });
    let [without, with] = found.get();
    seed::tell(&format!("{with} with an order, {without} without"));
    assert!(with + without < 100 || with > 0 && without > 0);
    Ok(())
}
