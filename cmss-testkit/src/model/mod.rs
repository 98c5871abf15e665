//! Random sequences of calls, reopening included, against a plain specification.
//!
//! The specification is the contract written down a second time, as simply as can be: it holds the
//! documents in a map and looks through all of them for every answer. What a store answers is
//! compared call by call.
//!
//! The rule plays as many sequences as [`Fixture::sequences`] says, 200 unless it is told; the
//! environment variable `PROPTEST_CASES` asks for another number. They follow from a seed, which is
//! printed, and which `CMSS_SEED` sets: the same seed and number play the same sequences. One that
//! fails is shrunk, and printed with the seed.
//!
//! A store that is durable spends a sequence on waiting, so several are played at once, each in a
//! store of its own.

mod calls;
mod play;
mod specification;
mod steps;

use std::sync::OnceLock;

use cmss_core::store::StoreError;

use crate::{Fixture, seed};

pub(crate) use calls::{Answer, Call};
pub(crate) use play::write;
pub(crate) use specification::Specification;
pub(crate) use steps::{Content, order, place, range, want, writes};

/// The longest sequence.
const STEPS: usize = 24;

/// How many sequences are played at once.
const PLAYERS: usize = 4;

/// C1 to C8, D1 to D4, R1 to R6, L1, L2, M3, U1: whatever is done in whatever order, the store
/// answers as the specification does, and a store loaded from it in the end is the same again.
pub async fn any_sequence_of_calls_answers_as_the_specification(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let declined = OnceLock::new();
    let sequences = || proptest::collection::vec(steps::step(), 1..=STEPS);
    let players = (0..PLAYERS).map(|_| fixture.another()).collect();
    let play = |player: &(dyn Fixture + 'static), steps: Vec<_>| {
        if let Some(refusal) = pollster::block_on(play::play(player, &steps))? {
            declined.get_or_init(|| refusal);
        }
        Ok(())
    };
    seed::play_at_once("sequences", fixture.sequences(), sequences, players, play);
    if let Some(declined) = declined.get() {
        declined.print("any_sequence_of_calls_answers_as_the_specification (reopening)");
    }
    Ok(())
}
