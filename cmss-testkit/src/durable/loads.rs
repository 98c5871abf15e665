//! Loads that are larger than what a store writes at once.

use cmss_core::store::{Line, Seq, StoreError};
use pollster::block_on;

use super::{open, reopen};
use crate::Fixture;
use crate::notes::{BY_SIZE, body, change, commit, documents, lines, listing, load, put};

/// The lines of a store of about five megabytes.
fn many(fixture: &dyn Fixture) -> Vec<Line> {
    let mut other = fixture.another();
    let store = open(&mut *other);
    for number in 1..=20 {
        let text = "m".repeat(250_000 + number as usize);
        let change = change(number, vec![], vec![put(number, &text)]);
        commit(&*store, change).expect("a commit");
    }
    lines(&*store)
}

/// M3: with all its entries.
pub fn a_load_of_many_batches_survives_reopening(fixture: &mut dyn Fixture) {
    let lines_in = many(fixture);
    let store = open(fixture);
    let last = load(&*store, lines_in.clone()).expect("what was read is loaded");
    assert_eq!(last, Seq(20));
    drop(store);

    let store = reopen(fixture);
    assert_eq!(lines(&*store), lines_in);
    assert_eq!(listing(&*store, &BY_SIZE).len(), 20);
}

/// M2: it can be written to, and reopened, as if nothing had been tried.
pub fn a_load_of_many_batches_that_is_not_ended_leaves_the_store_empty(fixture: &mut dyn Fixture) {
    let mut cut = many(fixture);
    cut.pop();
    let store = open(fixture);
    let refused = load(&*store, cut);
    assert!(matches!(refused, Err(StoreError::Corrupt { .. })));
    assert_eq!(documents(&*store), vec![]);
    commit(&*store, change(1, vec![], vec![put(1, "first")])).expect("a commit");
    drop(store);

    let store = reopen(fixture);
    assert_eq!(body(&*store, 1).as_deref(), Some("first"));
    assert_eq!(lines(&*store).len(), 3);
}

/// M2, U1: looked at before each of its lines.
pub fn nothing_of_a_load_is_visible_before_its_end(fixture: &mut dyn Fixture) {
    let lines_in = many(fixture);
    let store = open(fixture);
    let reader = store.clone();
    let lines_in = lines_in.into_iter().map(move |line| {
        block_on(async {
            assert_eq!(reader.walk(None, 10).await?.docs, vec![]);
            assert_eq!(reader.changes(Seq::ZERO, 10).await?.as_of, Seq::ZERO);
            Ok(line)
        })
    });
    let loaded = block_on(store.load(Box::new(lines_in)));
    assert_eq!(loaded.expect("the lines are loaded"), Seq(20));
    assert_eq!(documents(&*store).len(), 20);
}
