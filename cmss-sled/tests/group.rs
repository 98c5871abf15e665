//! Many writers at once share a sync, and nothing else.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "all of this file is part of tests"
)]

mod support;

use std::sync::Barrier;
use std::thread;

use cmss_core::store::{Conflict, Expect, Seq, Store, StoreError};
use cmss_sled::SledStore;
use support::{change, commit, documents, lines, load, note, put};
use tempfile::tempdir;

const WRITERS: u128 = 8;
const EACH: u128 = 25;

#[test]
fn commits_of_many_threads_are_all_there_in_one_unbroken_log() {
    let home = tempdir().unwrap();
    let store = SledStore::open(home.path()).unwrap();
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            let store = &store;
            scope.spawn(move || {
                for round in 0..EACH {
                    let number = 1 + writer * EACH + round;
                    let absent = vec![Expect::Absent(note(number))];
                    commit(store, change(number, absent, vec![put(number, "x")])).unwrap();
                }
            });
        }
    });
    drop(store);

    let store = SledStore::open(home.path()).unwrap();
    assert_eq!(
        documents(&store).len(),
        usize::try_from(WRITERS * EACH).unwrap()
    );
    // The lines of a load prove the chain and every digest.
    let other = tempdir().unwrap();
    let copy = SledStore::open(other.path()).unwrap();
    let last = load(&copy, lines(&store)).unwrap();
    assert_eq!(last, Seq(u64::try_from(WRITERS * EACH).unwrap()));
}

#[test]
fn of_writers_that_race_for_one_place_exactly_one_wins() {
    let home = tempdir().unwrap();
    let store = SledStore::open(home.path()).unwrap();
    let start = Barrier::new(usize::try_from(WRITERS).unwrap());
    for round in 1..=10 {
        let outcomes: Vec<_> = thread::scope(|scope| {
            let writers: Vec<_> = (0..WRITERS)
                .map(|writer| {
                    let (store, start) = (&store, &start);
                    scope.spawn(move || {
                        let absent = vec![Expect::Absent(note(round))];
                        let id = round * WRITERS + writer;
                        start.wait();
                        commit(store, change(id, absent, vec![put(round, "mine")]))
                    })
                })
                .collect();
            writers
                .into_iter()
                .map(|writer| writer.join().unwrap())
                .collect()
        });
        let won = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        assert_eq!(won, 1);
        let present = |outcome: &&Result<_, StoreError>| {
            matches!(outcome, Err(StoreError::Conflict(Conflict::Present { .. })))
        };
        assert_eq!(outcomes.iter().filter(present).count(), outcomes.len() - 1);
        let changes = pollster::block_on(store.changes(Seq::ZERO, 100)).unwrap();
        assert_eq!(changes.as_of, Seq(u64::try_from(round).unwrap()));
    }
}

#[test]
fn commits_whose_callers_went_away_are_done_before_the_store_closes() {
    let home = tempdir().unwrap();
    let store = SledStore::open(home.path()).unwrap();
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    for number in 1..=100 {
        let mut commit = store.commit(change(number, vec![], vec![put(number, "x")]));
        let _ = commit.as_mut().poll(&mut context);
    }
    pollster::block_on(store.close()).unwrap();

    let store = SledStore::open(home.path()).unwrap();
    assert_eq!(documents(&store).len(), 100);
}

#[test]
fn who_waits_for_growth_is_woken_by_a_commit_and_by_closing() {
    let home = tempdir().unwrap();
    let store = SledStore::open(home.path()).unwrap();
    thread::scope(|scope| {
        let waiting = scope.spawn(|| pollster::block_on(store.grown(Seq::ZERO)));
        commit(&store, change(1, vec![], vec![put(1, "x")])).unwrap();
        assert_eq!(waiting.join().unwrap().unwrap(), Seq(1));

        let waiting = scope.spawn(|| pollster::block_on(store.grown(Seq(1))));
        pollster::block_on(store.close()).unwrap();
        assert!(matches!(waiting.join().unwrap(), Err(StoreError::Closed)));
    });
}

#[test]
fn commits_that_race_with_closing_are_there_or_were_refused() {
    let home = tempdir().unwrap();
    let store = SledStore::open(home.path()).unwrap();
    let start = Barrier::new(usize::try_from(WRITERS).unwrap() + 1);
    let done: Vec<u128> = thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (store, start) = (&store, &start);
                scope.spawn(move || {
                    start.wait();
                    let numbers = (1..=EACH).map(|round| writer * EACH + round);
                    let mut done = Vec::new();
                    for number in numbers {
                        match commit(store, change(number, vec![], vec![put(number, "x")])) {
                            Ok(_) => done.push(number),
                            Err(error) => assert!(matches!(error, StoreError::Closed), "{error}"),
                        }
                    }
                    done
                })
            })
            .collect();
        start.wait();
        pollster::block_on(store.close()).unwrap();
        let done = writers.into_iter().map(|writer| writer.join().unwrap());
        done.flatten().collect()
    });

    let store = SledStore::open(home.path()).unwrap();
    let mut expected: Vec<_> = done.into_iter().map(note).collect();
    expected.sort();
    let found: Vec<_> = documents(&store)
        .into_iter()
        .map(|stored| stored.at)
        .collect();
    assert_eq!(found, expected);
}
