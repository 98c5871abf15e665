//! The harness that kills can say no.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use cmss_core::store::StoreError;
use cmss_memory::MemoryStore;
use cmss_testkit::crash::Crash;

fn open(_: &Path) -> Result<MemoryStore, StoreError> {
    Ok(MemoryStore::new())
}

#[test]
#[should_panic(expected = "was acknowledged and is lost")]
fn a_store_that_keeps_nothing_is_caught() {
    let crash = Crash::of("a_store_that_keeps_nothing_is_caught", &open);
    crash.kills(10).run();
}

#[test]
#[should_panic(expected = "the process ended by itself")]
fn a_test_that_is_not_there_is_told() {
    Crash::of("a_test_of_another_name", &open).kills(1).run();
}

/// Some kills are quicker than the process; so there is one after another, each with a store of its
/// own, until one is not.
#[test]
fn a_process_that_falls_is_told() {
    let falls = |_: &Path| Err(StoreError::Closed);
    let told = || {
        let crash = Crash::of("a_process_that_falls_is_told", &open).in_child(&falls);
        let crashed = catch_unwind(AssertUnwindSafe(|| crash.kills(1).run()));
        crashed
            .err()
            .map(|panic| *panic.downcast::<String>().unwrap())
    };
    let told = (0..100).find_map(|_| told()).unwrap();
    assert!(told.contains("the process ended by itself"), "{told}");
}
