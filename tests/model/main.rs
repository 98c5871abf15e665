//! The newsroom against a model of itself.
#![cfg(all(feature = "memory", feature = "sled"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "helpers of tests are not in test functions"
)]

mod cast;
mod newsroom;
mod play;
mod private;
mod public;
mod resolve;
mod steps;
mod tamper;
mod world;

use cmss::MemoryStore;
use pollster::block_on;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use play::{Play, play};
use steps::sequences;

fn cases(default: u32) -> u32 {
    std::env::var("CMSS_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok())
        .unwrap_or(default)
}

#[test]
fn the_newsroom_in_memory_does_what_the_model_foretells() {
    let config = Config {
        cases: cases(150),
        failure_persistence: None,
        ..Config::default()
    };
    let tally = std::cell::RefCell::new(std::collections::BTreeMap::<String, play::Counted>::new());
    let mut runner = TestRunner::new(config);
    let run = runner.run(&sequences(), |steps| {
        let played = block_on(play(MemoryStore::new(), &steps, Play::EACH_CHANGE));
        for (command, counted) in played.map_err(TestCaseError::fail)? {
            let mut tally = tally.borrow_mut();
            let all = tally.entry(command).or_default();
            all.accepted += counted.accepted;
            all.refused += counted.refused;
        }
        Ok(())
    });
    println!("{:#?}", tally.borrow());
    run.unwrap();
}
