//! Races: actors on threads of their own who meet at a barrier and want the same thing. One wins, and
//! each of the others is told what became of it: who named a revision gets a conflict, who raced for
//! a place the refusal that it is full.
//!
//! Each is run 100 times on each store; `CMSS_CASES` sets another number:
//! `CMSS_CASES=100000 cargo test --release --test races`. How often who won is printed.
#![cfg(feature = "memory")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    unreachable_pub,
    reason = "helpers of tests are not in test functions, and no test is a library"
)]

#[path = "../altered/mod.rs"]
mod altered;
mod pages;
mod places;
mod planted;
#[path = "../support/mod.rs"]
mod support;
mod texts;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Barrier};
use std::thread;

use cmss::*;
use pollster::block_on;

use support::Newsroom;

/// Makes a test of each race on each store.
macro_rules! races {
    ($($room:ident::$race:ident)+) => {
        mod in_memory {
            $(
                #[test]
                fn $race() {
                    crate::run("memory", cmss::MemoryStore::new(), crate::$room::$race);
                }
            )+
        }

        mod a_careless_store_is_found_out_where {
            $(
                #[test]
                fn $race() {
                    crate::planted::found_out(|store| {
                        crate::run("a careless store", store, crate::$room::$race);
                    });
                }
            )+
        }

        #[cfg(feature = "sled")]
        mod on_sled {
            $(
                #[test]
                fn $race() {
                    let open = |path: &_| cmss::SledStore::open(path).unwrap();
                    crate::run_in_files("sled", open, crate::$room::$race);
                }
            )+
        }

        mod on_redb {
            $(
                #[test]
                fn $race() {
                    let open = |path: &_| cmss_redb::RedbStore::open(path).unwrap();
                    crate::run_in_files("redb", open, crate::$room::$race);
                }
            )+
        }
    };
}

races! {
    places::of_four_who_claim_the_last_place_one_gets_it_and_three_find_it_full
    places::of_four_who_claim_two_places_two_get_them_and_two_find_it_full
    places::one_reporter_who_claims_twice_at_once_has_one_place
    texts::of_two_editors_who_save_one_revision_one_is_handed_what_the_other_wrote
    texts::who_approves_a_revision_while_it_is_written_over_is_told_or_was_first
    pages::of_two_editors_who_publish_one_text_one_does
    pages::a_text_is_published_or_withdrawn_but_not_both
    pages::of_two_who_want_one_address_one_has_it
    pages::of_two_with_one_headline_each_has_an_address_of_its_own
}

/// Runs one race as often as is asked for, in one newsroom, which must hold together afterwards.
///
/// A race answers what came of it.
fn run(store: &str, on: impl store::Store, race: impl AsyncFn(&Newsroom, usize) -> &'static str) {
    let races = cmss_testkit::asked("CMSS_CASES", 100) as usize;
    block_on(async {
        let room = Newsroom::in_store(on).await;
        let mut outcomes = BTreeMap::new();
        for number in 0..races {
            *outcomes.entry(race(&room, number).await).or_insert(0) += 1;
        }
        println!("on {store}: {outcomes:?}");
        holds_together(&room.cms).await;
        cmss_testkit::ran(outcomes.values().sum::<u64>(), "rounds");
    });
}

/// The same on a store in a directory, and once more when it has been closed: its engine has all of it
/// by then.
fn run_in_files<S: store::Store>(
    store: &str,
    open: fn(&Path) -> S,
    race: impl AsyncFn(&Newsroom, usize) -> &'static str,
) {
    let home = tempfile::tempdir().unwrap();
    run(store, open(home.path()), race);
    block_on(async {
        let store = Arc::new(open(home.path()));
        holds_together(&Cms::builder(store).open().await.unwrap()).await;
    });
}

async fn holds_together(cms: &Cms) {
    let rebuilt = cms.rebuild_site(|_| {}).await.unwrap();
    assert_eq!(rebuilt, Rebuilt::default());
    cms.check(|_| {}).await.unwrap();
}

/// Lets everyone do the same at once; answers what each was told.
fn meet<T: Send>(
    desks: &[Desk],
    act: impl AsyncFn(&Desk, usize) -> Result<T, Error> + Sync,
) -> Vec<Result<T, Error>> {
    let barrier = Barrier::new(desks.len());
    thread::scope(|scope| {
        let mut threads = Vec::new();
        for (place, desk) in desks.iter().enumerate() {
            let (barrier, act) = (&barrier, &act);
            threads.push(scope.spawn(move || {
                barrier.wait();
                block_on(act(desk, place))
            }));
        }
        let answers = threads.into_iter().map(|thread| thread.join().unwrap());
        answers.collect()
    })
}

/// Who won, and what the others were told.
fn apart<T>(answers: Vec<Result<T, Error>>) -> (Vec<usize>, Vec<Error>) {
    let mut winners = Vec::new();
    let mut losers = Vec::new();
    for (place, answer) in answers.into_iter().enumerate() {
        match answer {
            Ok(_) => winners.push(place),
            Err(error) => losers.push(error),
        }
    }
    (winners, losers)
}

/// What somebody was refused for.
fn guards(error: &Error) -> &[Guard] {
    match error {
        Error::Refused(refusal) => &refusal.guards,
        other => panic!("{other:?}"),
    }
}

fn codes(error: &Error) -> Vec<String> {
    guards(error).iter().map(Guard::code).collect()
}
