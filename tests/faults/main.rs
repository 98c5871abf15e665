//! What is done with a newsroom on a store of which every call fails once, in every way: commands, upkeep,
//! exports, and whatever reads.
#![cfg(feature = "memory")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    unreachable_pub,
    reason = "helpers of tests are not in test functions, and no test is a library"
)]

mod exports;
#[path = "../past/mod.rs"]
mod past;
mod reads;
#[path = "../rich/mod.rs"]
mod rich;
mod story;
#[path = "../support/mod.rs"]
mod support;
mod upkeep;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use cmss::store::Store;
use cmss::{Cms, Error, MemoryStore, SeededIds, SetClock};
use cmss_testkit::faults::{Survived, under_every_fault};
use cmss_testkit::{Counting, Counts};
use pollster::block_on;

use rich::{Rich, at};

/// What it means that a scenario met a fault and answered that all is well.
const SWALLOWED: &str = "an error of the store was swallowed";

/// Says what a test has been through.
fn told(what: &str, survived: Survived) -> Survived {
    println!("{what}: {survived:?}");
    cmss_testkit::ran(survived.faults as u64, "faults");
    survived
}

/// Whether a planted bug comes to light.
fn is_caught<T>(run: impl FnOnce() -> T) -> bool {
    catch_unwind(AssertUnwindSafe(run)).is_err()
}

/// The rich newsroom in a store, after its story.
async fn opened(store: Arc<dyn Store>) -> Result<Cms, Error> {
    let builder = Cms::builder(store).clock(Arc::new(SetClock::at(at("2026-06-01T08:00:00Z"))));
    let builder = builder.ids(Arc::new(SeededIds::new("faults")));
    builder.open().await
}

/// The calls that were made, and which: a scenario says which it makes, so that one that no longer
/// comes to a call, and thus not to its failing, is noticed.
fn met(counts: Counts) -> (usize, Vec<&'static str>) {
    let Counts {
        get,
        scan,
        walk,
        commit,
        receipt,
        changes,
        grown,
        load,
        close: _,
        last_writes: _,
    } = counts;
    let all = [
        (get, "get"),
        (scan, "scan"),
        (walk, "walk"),
        (commit, "commit"),
        (receipt, "receipt"),
        (changes, "changes"),
        (grown, "grown"),
        (load, "load"),
    ];
    let calls = all.iter().map(|(count, _)| count).sum();
    let made = all.iter().filter(|(count, _)| *count > 0);
    (calls, made.map(|(_, name)| *name).collect())
}

/// What the scenarios of a test have been through together.
fn together(all: Survived, one: Survived) -> Survived {
    Survived {
        calls: all.calls + one.calls,
        commits: all.commits + one.commits,
        faults: all.faults + one.faults,
        recovered: all.recovered + one.recovered,
    }
}
