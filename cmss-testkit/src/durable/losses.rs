//! Losses of power while many threads call: what was answered before, and all that it rested on, is
//! there afterwards.
//!
//! Each rule plays as many losses as [`Fixture::cases`] says, from a seed that is printed; what was
//! asked and answered, and what is found afterwards, is held to the specification as the
//! [histories](crate::histories) are. A commit that was under way may be there or not.
//!
//! A fixture that cannot [cut the power](Fixture::cut) declines all of it. One whose stores are
//! directories can, when its files are [watched](crate::power::Watched).

use std::cell::Cell;

use cmss_core::store::StoreError;
use pollster::block_on;
use proptest::prelude::*;

use crate::histories::check;
use crate::histories::plan::{self, Reading, Round, STEPS, Step, THREADS};
use crate::histories::record::History;
use crate::model::Call;
use crate::samples::{put, thing};
use crate::{Declined, Fixture, seed};

/// U1: no commit that was answered is undone.
pub fn what_was_committed_outlives_a_loss_of_power(fixture: &mut dyn Fixture) {
    lose(
        "what_was_committed_outlives_a_loss_of_power",
        fixture,
        |place| plan::commit(vec![], vec![put(&thing(place.own())).into()]),
    );
}

/// U1: whoever lost a race was told of a commit that is not undone.
pub fn what_was_refused_was_refused_for_what_outlives_a_loss_of_power(fixture: &mut dyn Fixture) {
    let name = "what_was_refused_was_refused_for_what_outlives_a_loss_of_power";
    lose(name, fixture, |place| {
        let at = thing(place.shared());
        plan::commit(vec![Reading::Vacant(at.clone())], vec![put(&at).into()])
    });
}

/// U1, C8: whoever sent a changeset again was told of a commit that is not undone.
pub fn what_was_sent_again_was_answered_by_what_outlives_a_loss_of_power(
    fixture: &mut dyn Fixture,
) {
    let name = "what_was_sent_again_was_answered_by_what_outlives_a_loss_of_power";
    lose(name, fixture, |place| Step::Commit {
        again: place.back(),
        another_digest: false,
        after: Vec::new(),
        writes: vec![put(&thing(place.shared())).into()],
        grown: false,
    });
}

/// U1: what somebody has seen is not undone.
pub fn what_was_read_outlives_a_loss_of_power(fixture: &mut dyn Fixture) {
    lose("what_was_read_outlives_a_loss_of_power", fixture, |place| {
        if place.thread < THREADS / 2 {
            plan::commit(vec![], vec![put(&thing(1)).into()])
        } else {
            Step::Read(Call::Get(vec![thing(1)]))
        }
    });
}

/// Which thread, and which of its steps.
#[derive(Clone, Copy, Debug)]
struct Place {
    thread: usize,
    step: usize,
}

impl Place {
    /// A number of this step's own.
    fn own(self) -> u128 {
        plan::number(0, self.thread, self.step)
    }

    /// A number that the threads have in common.
    fn shared(self) -> u128 {
        plan::number(0, 0, self.step)
    }

    /// How far the first thread is back.
    fn back(self) -> Option<u8> {
        let before = self.thread.checked_sub(1)?;
        u8::try_from(before).ok()
    }
}

/// When the power goes, in what all threads have done.
#[derive(Clone, Debug)]
struct Loss {
    round: Round,
    after: u64,
}

fn lose(name: &str, fixture: &mut dyn Fixture, step: impl Fn(Place) -> Step) {
    let fixture = &*fixture;
    let losses = (1..=STEPS, 1..=2 * (THREADS * STEPS) as u64).prop_map(|(steps, after)| Loss {
        round: std::array::from_fn(|thread| {
            let places = (0..steps).map(|step| Place { thread, step });
            places.map(&step).collect()
        }),
        after,
    });
    if let Some(declined) = block_on(declined(fixture)) {
        declined.print(name);
        return;
    }
    let counts = Cell::new((0, 0));
    seed::play("losses", fixture.cases(), &losses, |loss| {
        let mut own = fixture.another();
        let mut history = History::default();
        let store = block_on(own.open());
        let left = history.round_until(&store, &loss.round, loss.after, || block_on(own.cut()));
        let left = left.expect("power that could be cut can be cut again");
        let (answered, unknown) = counts.get();
        let more = history.unknown();
        counts.set((answered + history.events().len() - more, unknown + more));
        history.last_look(&*left)?;
        check::hold(history.events());
        Ok::<_, StoreError>(())
    });
    let (answered, unknown) = counts.get();
    seed::tell(&format!(
        "{answered} calls answered before, {unknown} under way"
    ));
}

/// Why the power cannot be cut, where it cannot.
async fn declined(fixture: &dyn Fixture) -> Option<Declined> {
    let mut own = fixture.another();
    let _store = own.open().await;
    own.cut().await.err()
}
