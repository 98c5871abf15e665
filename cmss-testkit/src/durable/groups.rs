//! Many writers at once share a sync, and nothing else.

use std::sync::Barrier;
use std::task::{Context, Waker};
use std::thread;

use cmss_core::store::{Conflict, Expect, Seq, StoreError};
use pollster::block_on;

use super::{open, reopen};
use crate::Fixture;
use crate::notes::{change, commit, documents, lines, load, note, put};

const WRITERS: u128 = 8;
const EACH: u128 = 25;
/// All that the writers write.
const ALL: usize = 200;

/// U1, C2, L2: their commits survive reopening, and the lines of a load prove the chain and every digest.
pub fn commits_of_many_threads_are_all_there_in_one_unbroken_log(fixture: &mut dyn Fixture) {
    let store = open(fixture);
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            let store = &store;
            scope.spawn(move || {
                for round in 0..EACH {
                    let number = 1 + writer * EACH + round;
                    let absent = vec![Expect::Absent(note(number))];
                    let change = change(number, absent, vec![put(number, "x")]);
                    commit(&**store, change).expect("a commit of its own");
                }
            });
        }
    });
    drop(store);

    let store = reopen(fixture);
    assert_eq!(documents(&*store).len(), ALL);
    let mut other = fixture.another();
    let copy = open(&mut *other);
    let last = load(&*copy, lines(&*store)).expect("what was read is loaded");
    assert_eq!(last, Seq(ALL as u64));
}

/// C3: the others are told of a conflict, round after round.
pub fn of_writers_that_race_for_one_place_exactly_one_wins(fixture: &mut dyn Fixture) {
    let store = open(fixture);
    let start = Barrier::new(WRITERS as usize);
    for round in 1..=10 {
        let outcomes: Vec<_> = thread::scope(|scope| {
            let writers: Vec<_> = (0..WRITERS)
                .map(|writer| {
                    let (store, start) = (&store, &start);
                    scope.spawn(move || {
                        let absent = vec![Expect::Absent(note(round))];
                        let id = round * WRITERS + writer;
                        start.wait();
                        commit(&**store, change(id, absent, vec![put(round, "mine")]))
                    })
                })
                .collect();
            let outcomes = writers.into_iter().map(|writer| writer.join());
            outcomes.map(|done| done.expect("a writer fell")).collect()
        });
        let won = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        assert_eq!(won, 1);
        let present = |outcome: &&Result<_, StoreError>| {
            matches!(outcome, Err(StoreError::Conflict(Conflict::Present { .. })))
        };
        assert_eq!(outcomes.iter().filter(present).count(), outcomes.len() - 1);
        let changes = block_on(store.changes(Seq::ZERO, 100)).expect("the log is read");
        assert_eq!(changes.as_of, Seq(round as u64));
    }
}

/// U2: a commit that was sent is done, whether or not anyone waits for it.
pub fn commits_whose_callers_went_away_are_done_before_the_store_closes(fixture: &mut dyn Fixture) {
    let store = open(fixture);
    let mut context = Context::from_waker(Waker::noop());
    for number in 1..=100 {
        let mut commit = store.commit(change(number, vec![], vec![put(number, "x")]));
        let _ = commit.as_mut().poll(&mut context);
    }
    block_on(store.close()).expect("the store closes");

    assert_eq!(documents(&*reopen(fixture)).len(), 100);
}

/// L3: both from another thread than the one that waits.
pub fn who_waits_for_growth_is_woken_by_a_commit_and_by_closing(fixture: &mut dyn Fixture) {
    let store = open(fixture);
    thread::scope(|scope| {
        let waiting = scope.spawn(|| block_on(store.grown(Seq::ZERO)));
        commit(&*store, change(1, vec![], vec![put(1, "x")])).expect("a commit");
        let grown = waiting.join().expect("who waits is answered");
        assert_eq!(grown.expect("the store is open"), Seq(1));

        let waiting = scope.spawn(|| block_on(store.grown(Seq(1))));
        block_on(store.close()).expect("the store closes");
        let grown = waiting.join().expect("who waits is answered");
        assert!(matches!(grown, Err(StoreError::Closed)));
    });
}

/// U1, F1: what was answered is there, and everything else was answered with
/// [`Closed`](StoreError::Closed).
pub fn commits_that_race_with_closing_are_there_or_were_refused(fixture: &mut dyn Fixture) {
    let store = open(fixture);
    let start = Barrier::new(WRITERS as usize + 1);
    let done: Vec<u128> = thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (store, start) = (&store, &start);
                scope.spawn(move || {
                    let mut done = Vec::new();
                    for round in 1..=EACH {
                        // The first is done before the race, so that something must be there.
                        if round == 2 {
                            start.wait();
                        }
                        let number = writer * EACH + round;
                        match commit(&**store, change(number, vec![], vec![put(number, "x")])) {
                            Ok(_) => done.push(number),
                            Err(error) => assert!(matches!(error, StoreError::Closed), "{error}"),
                        }
                    }
                    done
                })
            })
            .collect();
        start.wait();
        block_on(store.close()).expect("the store closes");
        let done = writers.into_iter().map(|writer| writer.join());
        done.flat_map(|done| done.expect("a writer fell")).collect()
    });

    let mut expected: Vec<_> = done.into_iter().map(note).collect();
    expected.sort();
    let found: Vec<_> = documents(&*reopen(fixture))
        .into_iter()
        .map(|stored| stored.at)
        .collect();
    assert_eq!(found, expected);
}
