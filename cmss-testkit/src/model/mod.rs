//! Random sequences of calls, reopening included, against a plain specification.
//!
//! The specification is the contract written down a second time, as simply as can be: it holds the
//! documents in a map and looks through all of them for every answer. What a store answers is
//! compared call by call.
//!
//! The rule plays 64 sequences; the environment variable `PROPTEST_CASES` asks for another number.
//! A sequence that fails is shrunk, and printed.

mod play;
mod specification;
mod steps;

use cmss_core::store::StoreError;
use proptest::test_runner::{Config, TestRunner};

use crate::Fixture;

pub(crate) use play::write;
pub(crate) use steps::{Content, writes};

/// How many sequences are played when nothing else is asked for.
const CASES: u32 = 64;
/// The longest sequence.
const STEPS: usize = 24;

/// C1 to C8, D1 to D4, R1 to R6, L1, L2, M3, U1: whatever is done in whatever order, the store
/// answers as the specification does, and a store loaded from it in the end is the same again.
pub async fn any_sequence_of_calls_answers_as_the_specification(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let mut config = Config {
        failure_persistence: None,
        ..Config::default()
    };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = CASES;
    }
    let declined = std::cell::Cell::new(None);
    let sequences = proptest::collection::vec(steps::step(), 1..=STEPS);
    let played = TestRunner::new(config).run(&sequences, |steps| {
        let refusal = pollster::block_on(play::play(&*fixture, &steps))
            .map_err(|error| proptest::test_runner::TestCaseError::fail(error.to_string()))?;
        declined.set(declined.get().or(refusal));
        Ok(())
    });
    if let Err(failure) = played {
        panic!("{failure}");
    }
    if let Some(declined) = declined.get() {
        declined.print("any_sequence_of_calls_answers_as_the_specification (reopening)");
    }
    Ok(())
}
