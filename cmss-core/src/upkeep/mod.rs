//! Work on the whole of what a store holds: rendering the site again, spelling documents as this
//! release does, and checking that all fits together.
//!
//! Each goes through the store in bounded steps, while others go on working; what was done when it
//! is interrupted stays done, and the next begins anew.

mod check;
mod forms;
mod rebuild;
mod upgrade;

pub use check::Checked;
pub use rebuild::Rebuilt;

/// How many documents one step looks at.
const STEP: usize = 20;

/// The most documents one commit of upkeep writes, and the most bytes of them, unless one alone
/// has more.
const MOST_WRITES: usize = 400;
const MOST_BYTES: usize = 2_000_000;

/// How often a step is looked at again because others change it meanwhile.
const LOOKS: u32 = 100;

/// As many of some documents as one commit writes.
fn one_commit<T>(all: impl Iterator<Item = T>, size: impl Fn(&T) -> usize) -> Vec<T> {
    let mut bytes = 0_usize;
    all.take(MOST_WRITES)
        .take_while(|one| {
            let first = bytes == 0;
            bytes = bytes.saturating_add(size(one));
            first || bytes <= MOST_BYTES
        })
        .collect()
}

/// How many commits suffice for so much. Each but the last is full by one measure or the other, so
/// two of them fill one; a store that loses what it is given is not asked for ever.
const fn commits_for(writes: usize, bytes: usize) -> usize {
    2 * (writes / MOST_WRITES + bytes / MOST_BYTES) + 1
}
