//! Cuts of power: what a store leaves on a device that keeps what was synced and, of what was not,
//! whatever it likes; and how it is compared with what the store had answered.
//!
//! A backend needs one thing for it: that a test can take the place of its syncs. There are two ways
//! to go on from there.
//!
//! - An engine that writes through a trait is given a device of the test's own, and [`story`] tells
//!   it what to commit and what must be found. `cmss-redb` is tried so.
//! - One that writes files by itself is watched: a [`Shadow`](shadow::Shadow) remembers what each of
//!   its files held at the last sync of that file that was told of, and after a cut any mixture of that
//!   and of what the file holds now is found, by sectors or pages. So it does with each directory and the
//!   names in it. [`Trial`](trial::Trial) does that,
//!   again and again, also while a store is [compacted](compaction); and a [`Watched`] store can be
//!   [cut](crate::Fixture::cut) while many threads call it. `cmss-sled` is tried so, and
//!   `cmss-redb` with all that is beside its one file. Of the journal that a store has beside its
//!   engine, [`Syncing`] tells, and of directories and of small files of its own `cmss-keyed` does by
//!   itself; the journal is carried into the engine when the store is closed, and often in
//!   between where it is opened with [`KeyedStore::open_with`](cmss_keyed::KeyedStore::open_with).
//!
//! # What is looked for
//!
//! After each cut, which comes at a sync, or at any time while the store is opened, used or closed:
//!
//! - The store opens, and finds itself in order.
//! - Every commit that was answered is there, with the number and the content that was answered
//!   (U1), whether the engine had it or the journal; every other one is whole or absent (C1), and none is there that was refused.
//! - It goes on: it commits, closes, and opens.
//!
//! The next life goes on with what a cut has left, before anyone else has opened it; so a cut comes
//! while the store recovers from the one before. Or it goes on with what a process has left that ended,
//! while the power stayed: what that had written and not synced is read, and may yet be lost.
//!
//! # What a trial takes for lost
//!
//! Whatever the engine syncs by itself, and does not tell of, may be lost all the same: the mixtures
//! are more than a device would leave. What it does tell of, the device keeps: one that lies about
//! its syncs is not what this is about. A sync of one file makes nothing of another durable, and no name,
//! not even its own. Sectors are whole or absent. A file that was made longer is zero where its content
//! is lost.
//!
//! A name that was made, given to another file, or taken away since its directory was synced is found as
//! it was, as it is, or not at all, each by itself. A directory that was moved is found where it was or
//! where it is, with all that is found in it; what was moved after it to where it was is not found there
//! without that. The file in which a load is sorted loses its name at once, and may be found all the same.
//! What is there before the first life begins is durable.
//!
//! # Knobs
//!
//! What watches files is there on Unix alone. [`cases`] reads `CMSS_CASES`; `CMSS_SEED`, as it was
//! printed, makes the same choices again. The moments are the system's. What takes the time is the
//! device under the temporary directory: with `TMPDIR` in memory it is a fifth of it.

#[cfg(unix)]
pub mod chance;
#[cfg(unix)]
pub mod compaction;
#[cfg(unix)]
mod life;
#[cfg(unix)]
pub mod shadow;
pub mod story;
#[cfg(unix)]
mod syncing;
#[cfg(unix)]
pub mod trial;
#[cfg(unix)]
mod watched;

#[cfg(unix)]
pub use life::{Moment, Past, Synced, unasked};
#[cfg(unix)]
pub use syncing::Syncing;
#[cfg(unix)]
pub use watched::Watched;

use crate::looked::asked;

/// How many cases are asked for by `CMSS_CASES`, or so many.
///
/// # Panics
/// When that is no number.
#[must_use]
pub fn cases(unless_told: u32) -> u32 {
    asked("CMSS_CASES", unless_told)
}
