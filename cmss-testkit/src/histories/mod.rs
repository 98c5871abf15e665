//! Recorded histories: several threads call one store at once, every call is recorded with when it
//! began, when it ended and what it was answered, and the record is held to the
//! [specification](crate::model): there must be an order of the calls, none before one that had ended
//! when it began, in which one thread would have been answered the same.
//!
//! This is *linearizability*. The contract promises it of each call, not of several: a page of a scan
//! is one state, two pages are two.
//!
//! Each rule plays as many histories as [`Fixture::cases`] says; the environment variable
//! `PROPTEST_CASES` asks for another number. What the threads do follows from a seed, which is
//! printed, and which `CMSS_SEED` sets; who is faster does not, so that a history that failed may
//! have to be asked for several times.

pub(crate) mod check;
pub(crate) mod plan;
pub(crate) mod record;
#[cfg(test)]
mod tests;

use std::cell::Cell;

use cmss_core::store::StoreError;
use pollster::block_on;
use proptest::prelude::*;

use self::plan::{Rounds, rounds};
use self::record::History;
use crate::{Declined, Fixture, seed};

/// C1 to C8, D1 to D4, R1 to R6, L1 to L3, U1: whatever many threads do at once, each is answered as
/// if one call had been made after another; also when the store was reopened meanwhile.
pub async fn calls_of_many_threads_are_answered_as_if_made_in_turn(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let declined = play(&*fixture, &rounds(plan::anything()), true);
    if let Some(declined) = declined {
        declined.print("calls_of_many_threads_are_answered_as_if_made_in_turn (reopening)");
    }
    Ok(())
}

/// C3, D2, R1, R2, U1: of documents that many edit and many read, whoever asks after an answer is
/// shown what was answered, or later, and every edit is of the version it was made from.
pub async fn documents_edited_by_many_are_read_as_if_edited_in_turn(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    play(&*fixture, &rounds(plan::edits()), false);
    Ok(())
}

/// C3 to C5, R1, R3, R4: each page of an index is one state of it, whatever is committed meanwhile,
/// and a set that a commit expects is the set it is judged on.
pub async fn an_index_written_by_many_is_scanned_as_if_written_in_turn(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    play(&*fixture, &rounds(plan::listings()), false);
    Ok(())
}

/// C8, U1, L1: of changesets that many send again, also while they are sent for the first time, each
/// happens once, and receipts and log tell everybody the same.
pub async fn changesets_sent_again_by_many_happen_once_each(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    play(&*fixture, &rounds(plan::replays()), false);
    Ok(())
}

/// Plays histories, each on a store of its own; answers the reason when reopening was declined.
fn play(
    fixture: &dyn Fixture,
    plan: &impl Strategy<Value = Rounds>,
    reopen: bool,
) -> Option<Declined> {
    let declined = Cell::new(None);
    let counts = Cell::new((0, 0));
    seed::play("histories", fixture.cases(), plan, |rounds| {
        let mut own = fixture.another();
        let mut history = History::default();
        block_on(async {
            let mut store = own.open().await;
            for (number, round) in rounds.0.iter().enumerate() {
                if reopen && number > 0 {
                    drop(store);
                    store = match own.reopen().await {
                        Ok(reopened) => reopened,
                        Err(reason) => {
                            declined.set(Some(reason));
                            own.open().await
                        }
                    };
                }
                history.round(&store, round)?;
            }
            history.last_look(&*store)
        })?;
        let (calls, overlapping) = counts.get();
        let more = history.counts();
        counts.set((calls + more.0, overlapping + more.1));
        check::hold(history.events());
        Ok(())
    });
    let (calls, overlapping) = counts.get();
    seed::tell(&format!(
        "{calls} calls; while {overlapping} of them were under way, others were too"
    ));
    declined.get()
}
