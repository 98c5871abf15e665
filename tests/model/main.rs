//! The newsroom against a model of itself: random sequences of commands by several actors under a
//! clock that moves, on the library and on plain tables side by side.
//!
//! The tables foretell how every command ends: done, nothing to do, the *set* of guards that fail,
//! a conflict, not there, at fault. Illegal commands are as welcome as legal ones: things are
//! named by index, now and then stale, foreign or nowhere. After each command the desk, the site
//! and the log are compared with the tables, and these invariants are asserted by name:
//!
//! | | |
//! |---|---|
//! | 1 | what the public reads follows from publications, bylines, consents and records: other commands leave each byte of it, and a rebuild changes nothing |
//! | 2, 4 | what is live was approved as it is; its authors and two persons stand behind it |
//! | 3 | a change takes the approval away, and a save that changes nothing changes nothing |
//! | 5 | one open edition of a variant |
//! | 6 | who names a stale head gets a conflict with the head there is |
//! | 7 | the same key twice is the same answer, once |
//! | 10 | what comes to nothing leaves no record and changes no byte of the site |
//! | 14 | an author can withdraw, in every state before publication |
//! | 16 | claims that hold a place are within the places; none waits on a cancelled assignment |
//! | 18 | no name is shown that no live page shows; no legal name and no private id, ever |
//! | 19 | what is accepted was listed as allowed; what was not is refused for the reasons listed |
//!
//! # Knobs
//!
//! `CMSS_CASES` is the number of sequences, in memory; on sled it is a twentieth. `CMSS_SEED`, as it
//! is printed by each run, repeats it: `CMSS_CASES=10000 cargo test --release --test model`.
#![cfg(all(feature = "memory", feature = "sled"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "helpers of tests are not in test functions"
)]

mod answers;
mod cast;
mod command;
mod newsroom;
mod onward;
mod play;
mod private;
mod public;
mod resolve;
mod rival;
mod steps;
mod tamper;
mod world;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cmss::store::CommitId;
use cmss::{Ids, MemoryStore, RandomIds, SledStore};
use pollster::block_on;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use newsroom::Foretold;
use play::{Counted, Play, Played, play};
use steps::{Step, sequences};
use tamper::{Fault, Tampered};

/// How many sequences are played.
fn cases(default: u32) -> u32 {
    let given = std::env::var("CMSS_CASES").ok();
    given.map_or(default, |cases| cases.parse().unwrap())
}

/// Plays random sequences; the shrunk one that fails, and why.
fn run(
    cases: u32,
    seed: CommitId,
    mut played: impl FnMut(&[Step]) -> Played,
) -> Result<BTreeMap<String, Counted>, TestError<Vec<Step>>> {
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 2_000,
        ..Config::default()
    };
    let seed = seed.0.into_bytes();
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed, seed].concat());
    let (tally, played) = (RefCell::new(BTreeMap::new()), RefCell::new(&mut played));
    TestRunner::new_with_rng(config, rng).run(&sequences(), |steps| {
        let counted = (played.borrow_mut())(&steps).map_err(TestCaseError::fail)?;
        let mut tally = tally.borrow_mut();
        for (command, counted) in counted {
            let all: &mut Counted = tally.entry(command).or_default();
            all.accepted += counted.accepted;
            all.refused += counted.refused;
        }
        Ok(())
    })?;
    Ok(tally.into_inner())
}

/// Plays sequences from a new seed, or from the one given, and tells what was played.
fn hold(what: &str, cases: u32, played: impl FnMut(&[Step]) -> Played) {
    let seed = match std::env::var("CMSS_SEED") {
        Ok(seed) => serde_json::from_value(seed.into()).unwrap(),
        Err(_) => CommitId(RandomIds.fresh()),
    };
    match run(cases, seed, played) {
        Ok(tally) => {
            let all = |of: fn(&Counted) -> u32| tally.values().map(of).sum::<u32>();
            let (accepted, refused) = (all(|c| c.accepted), all(|c| c.refused));
            println!("{what}: {cases} sequences from CMSS_SEED={}", seed.0);
            println!(
                "{accepted} commands accepted, {refused} not, of {} kinds",
                tally.len()
            );
            for (command, Counted { accepted, refused }) in tally {
                println!("{command:24}{accepted:8}{refused:8}");
            }
        }
        Err(failure) => panic!("{what}, CMSS_SEED={}: {failure}", seed.0),
    }
}

#[test]
fn in_memory_the_newsroom_does_what_the_tables_foretell() {
    hold("in memory", cases(150), |steps| {
        block_on(play(MemoryStore::new(), steps, Play::EACH_CHANGE))
    });
}

#[test]
fn on_sled_the_newsroom_does_what_the_tables_foretell() {
    let how = Play {
        rebuild_every: 5,
        ..Play::EACH_CHANGE
    };
    hold("on sled", cases(160).div_ceil(20), |steps| {
        let home = tempfile::tempdir().unwrap();
        let store = SledStore::open(home.path().join("newsroom")).unwrap();
        block_on(play(store, steps, how))
    });
}

/// A seed whose sequences come upon everything that is planted.
fn fixed_seed() -> CommitId {
    serde_json::from_value("6d6f6465-6c00-8000-8000-000000000001".into()).unwrap()
}

/// Why sequences fail; `None` when they do not.
fn found(cases: u32, played: impl FnMut(&[Step]) -> Played) -> Option<String> {
    match run(cases, fixed_seed(), played) {
        Ok(_) => None,
        Err(TestError::Fail(why, steps)) => Some(format!("{why} ({} steps)", steps.len())),
        Err(abort) => panic!("{abort}"),
    }
}

#[test]
fn the_sequences_come_upon_every_kind_of_command_both_ways() {
    let tally = run(250, fixed_seed(), |steps| {
        block_on(play(
            MemoryStore::new(),
            steps,
            Play {
                rebuild_every: 1_000,
                slip: None,
            },
        ))
    });
    let tally = tally.unwrap();
    let seldom = tally
        .iter()
        .filter(|(_, counted)| counted.accepted == 0 || counted.refused == 0);
    let seldom: BTreeSet<_> = seldom.map(|(command, _)| command.as_str()).collect();
    assert_eq!(seldom, BTreeSet::new());
    assert_eq!(tally.len(), 37, "{:?}", tally.keys());
}

#[test]
fn a_store_with_a_fault_is_found_out() {
    for fault in Fault::OF_SEQUENCES {
        let why = found(100, |steps| {
            let store = Arc::new(MemoryStore::new());
            block_on(play(Tampered { store, fault }, steps, Play::EACH_CHANGE))
        });
        let Some(why) = why else {
            panic!("{fault:?} is not found out")
        };
        println!("{fault:?}: {why}");
        let by_rebuild = why.contains("a rebuild changes what is public");
        assert!(by_rebuild || fault != Fault::LosesNames, "{why}");
    }
}

#[test]
fn a_wrong_prediction_is_found_out() {
    /// The refusals without one of their guards.
    fn without(foretold: Foretold, guard: &str) -> Foretold {
        let Foretold::Refused(mut guards) = foretold else {
            return foretold;
        };
        guards.remove(guard);
        if guards.is_empty() {
            Foretold::Done
        } else {
            Foretold::Refused(guards)
        }
    }
    let slips: [fn(Foretold) -> Foretold; 7] = [
        |foretold| without(foretold, "not_permitted"),
        |foretold| without(foretold, "wrong_state"),
        |foretold| without(foretold, "not_accepted"),
        |foretold| without(foretold, "full"),
        |foretold| {
            if foretold == Foretold::Nothing {
                Foretold::Done
            } else {
                foretold
            }
        },
        |foretold| {
            if foretold == Foretold::NotFound {
                Foretold::Invalid
            } else {
                foretold
            }
        },
        |foretold| {
            if foretold == Foretold::Conflict {
                Foretold::Done
            } else {
                foretold
            }
        },
    ];
    for (number, slip) in slips.into_iter().enumerate() {
        let how = Play {
            rebuild_every: 1_000,
            slip: Some(slip),
        };
        let why = found(100, |steps| block_on(play(MemoryStore::new(), steps, how)));
        println!("slip {number}: {why:?}");
        assert!(why.is_some(), "slip {number} is not found out");
    }
}
