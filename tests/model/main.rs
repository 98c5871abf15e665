//! The newsroom against a model of itself: random sequences of commands of every kind, by several
//! actors under a clock that moves, on the library and on plain tables side by side.
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
//! | 18 | no name is shown that no live page shows; no legal name, account, note and no private id, ever |
//! | 19 | what is accepted was listed as allowed; what was not is refused for the reasons listed |
//!
//! All sequences begin with one newsroom, which is founded once: each store is loaded with it. In
//! files a sequence closes and opens its store now and then, and at its end.
//!
//! # Knobs
//!
//! `CMSS_CASES` is the number of sequences in memory, 2,000 unless it is told; on sled it is a tenth,
//! on redb a fortieth.
//! `CMSS_SEED`, as it is printed by each run, repeats it with the same number: `CMSS_CASES=10000 cargo test --release --test model`.
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
mod record;
mod resolve;
mod rival;
mod shown;
mod steps;
mod tamper;
mod world;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

use cmss::MemoryStore;
use cmss::store::CommitId;
use pollster::block_on;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use newsroom::Foretold;
use play::{Beginning, Counted, Home, Play, Played};
use steps::{Step, sequences};
use tamper::{Fault, Tampered};

/// How many sequences are played in memory.
fn asked() -> u32 {
    cmss_testkit::asked("CMSS_CASES", 2_000)
}

/// How often each command was accepted, and how often not.
type Tally = BTreeMap<String, Counted>;

/// Plays random sequences; answers how many. One that fails, shrunk in so many attempts, and why.
fn run(
    cases: u32,
    shrinks: u32,
    rng: TestRng,
    played: impl Fn(&[Step]) -> Played,
) -> Result<(Tally, u64), TestError<Vec<Step>>> {
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: shrinks,
        ..Config::default()
    };
    let (tally, count) = (RefCell::new(Tally::new()), Cell::new(0));
    TestRunner::new_with_rng(config, rng).run(&sequences(), |steps| {
        let counted = played(&steps).map_err(TestCaseError::fail)?;
        add(&mut tally.borrow_mut(), counted);
        count.set(count.get() + 1);
        Ok(())
    })?;
    Ok((tally.into_inner(), count.get()))
}

fn add(tally: &mut Tally, counted: Tally) {
    for (command, counted) in counted {
        let all = tally.entry(command).or_default();
        all.accepted += counted.accepted;
        all.refused += counted.refused;
    }
}

/// What one of several players draws from.
fn rng(seed: CommitId, player: u8) -> TestRng {
    let seed = seed.0.into_bytes();
    let mut other = seed;
    other[0] ^= player;
    TestRng::from_seed(RngAlgorithm::ChaCha, &[seed, other].concat())
}

/// Plays sequences from a new seed, or from the one given, and tells what was played. The players
/// share the sequences, and play at once: who waits for the device is in nobody's way.
fn hold(what: &str, cases: u32, players: u8, played: impl Fn(&[Step]) -> Played + Sync) {
    let seed = match std::env::var("CMSS_SEED") {
        Ok(seed) => serde_json::from_value(seed.into()).unwrap(),
        Err(_) => CommitId::random(),
    };
    let (mut tally, mut sequences) = (Tally::new(), 0);
    thread::scope(|scope| {
        let all = u32::from(players);
        let play = |player: u8| {
            let cases = (cases + all - 1 - u32::from(player)) / all;
            let (played, rng) = (&played, rng(seed, player));
            scope.spawn(move || run(cases, 2_000, rng, played))
        };
        let playing: Vec<_> = (0..players).map(play).collect();
        for player in playing {
            match player.join().unwrap() {
                Ok((counted, count)) => {
                    add(&mut tally, counted);
                    sequences += count;
                }
                Err(failure) => {
                    panic!(
                        "{what}, CMSS_SEED={} CMSS_CASES={}: {failure}",
                        seed.0,
                        asked()
                    )
                }
            }
        }
    });
    let all = |of: fn(&Counted) -> u32| tally.values().map(of).sum::<u32>();
    let (accepted, refused) = (all(|c| c.accepted), all(|c| c.refused));
    println!(
        "{what}: {cases} sequences asked for, from CMSS_SEED={}",
        seed.0
    );
    cmss_testkit::ran(sequences, "sequences");
    println!(
        "{accepted} commands accepted, {refused} not, of {} kinds",
        tally.len()
    );
    for (command, Counted { accepted, refused }) in tally {
        println!("{command:24}{accepted:8}{refused:8}");
    }
}

#[test]
fn in_memory_the_newsroom_does_what_the_tables_foretell() {
    let beginning = block_on(Beginning::new());
    hold("in memory", asked(), 1, |steps| {
        let home = Home::of(MemoryStore::new());
        block_on(beginning.play(home, steps, Play::EACH_CHANGE))
    });
}

/// Plays on stores in files, each in a home of its own.
fn hold_in_files(what: &str, cases: u32, home: fn(PathBuf) -> Home) {
    let how = Play {
        rebuild_every: 5,
        ..Play::EACH_CHANGE
    };
    let beginning = block_on(Beginning::new());
    hold(what, cases, 4, |steps| {
        let room = tempfile::tempdir().unwrap();
        let home = home(room.path().join("newsroom"));
        block_on(beginning.play(home, steps, how))
    });
}

#[test]
fn on_sled_the_newsroom_does_what_the_tables_foretell() {
    hold_in_files("on sled", asked().div_ceil(10), Home::on_sled);
}

#[test]
fn on_redb_the_newsroom_does_what_the_tables_foretell() {
    hold_in_files("on redb", asked().div_ceil(40), Home::on_redb);
}

/// A seed whose sequences come upon everything that is planted.
fn fixed_seed() -> CommitId {
    serde_json::from_value("6d6f6465-6c00-8000-8000-000000000001".into()).unwrap()
}

/// Why sequences fail; `None` when they do not.
fn found(cases: u32, played: impl Fn(&[Step]) -> Played) -> Option<String> {
    match run(cases, 50, rng(fixed_seed(), 0), played) {
        Ok(_) => None,
        Err(TestError::Fail(why, steps)) => Some(format!("{why} ({} steps)", steps.len())),
        Err(abort) => panic!("{abort}"),
    }
}

#[test]
fn the_sequences_come_upon_every_kind_of_command_both_ways() {
    let how = Play {
        rebuild_every: 1_000,
        slip: None,
    };
    let beginning = block_on(Beginning::new());
    let tally = run(400, 0, rng(fixed_seed(), 0), |steps| {
        block_on(beginning.play(Home::of(MemoryStore::new()), steps, how))
    });
    let (tally, _) = tally.unwrap();
    let seldom = tally
        .iter()
        .filter(|(_, counted)| counted.accepted == 0 || counted.refused == 0);
    let seldom: BTreeSet<_> = seldom.map(|(command, _)| command.as_str()).collect();
    assert_eq!(seldom, BTreeSet::new());
    assert_eq!(tally.len(), 50, "{:?}", tally.keys());
}

#[test]
fn a_store_with_a_fault_is_found_out() {
    let beginning = block_on(Beginning::new());
    for fault in Fault::OF_SEQUENCES {
        let why = found(400, |steps| {
            let store = Arc::new(MemoryStore::new());
            let home = Home::of(Tampered { store, fault });
            block_on(beginning.play(home, steps, Play::EACH_CHANGE))
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
    let slips: [fn(Foretold) -> Foretold; 8] = [
        |foretold| without(foretold, "not_permitted"),
        |foretold| without(foretold, "wrong_state"),
        |foretold| without(foretold, "not_accepted"),
        |foretold| without(foretold, "full"),
        |foretold| without(foretold, "record_changed"),
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
    let beginning = block_on(Beginning::new());
    for (number, slip) in slips.into_iter().enumerate() {
        let how = Play {
            rebuild_every: 1_000,
            slip: Some(slip),
        };
        let why = found(1_500, |steps| {
            block_on(beginning.play(Home::of(MemoryStore::new()), steps, how))
        });
        println!("slip {number}: {why:?}");
        assert!(why.is_some(), "slip {number} is not found out");
    }
}
