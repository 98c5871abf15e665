//! What was answered is found again.

use std::fmt::Debug;

use cmss_core::store::{Expect, Order, Range, Scan, Seq, StoreError, Want, Write};
use pollster::block_on;

use super::{open, reopen};
use crate::notes::{BY_SIZE, SLUGS, body, change, commit, documents, lines, listing, note, put};
use crate::{Fixture, feed};

/// U1: documents, entries, log and receipts, after changes and a removal; and the numbers go on.
pub fn a_reopened_store_answers_as_before(fixture: &mut dyn Fixture) {
    let store = open(fixture);
    for number in 1..=40 {
        let text = "x".repeat(number as usize * 7);
        let writes = vec![put(number, &text), put(1000 + number, "y")];
        commit(&*store, change(number, vec![], writes)).expect("a commit");
    }
    let remove = vec![Write::Remove { at: note(3) }, put(4, "changed")];
    let remove = change(41, vec![Expect::At(note(4), Seq(4))], remove);
    let receipt = commit(&*store, remove).expect("a commit");
    let before = lines(&*store);
    let (slugs, sizes) = (listing(&*store, &SLUGS), listing(&*store, &BY_SIZE));
    drop(store);

    let store = reopen(fixture);
    assert_eq!(lines(&*store), before);
    assert_eq!(listing(&*store, &SLUGS), slugs);
    assert_eq!(listing(&*store, &BY_SIZE), sizes);
    assert_eq!(slugs.len(), 79);
    let found = block_on(store.receipt(receipt.id)).expect("a receipt is read");
    assert_eq!(found, Some(receipt));
    assert_eq!(body(&*store, 3), None);
    assert_eq!(body(&*store, 4).as_deref(), Some("changed"));
    let next = commit(&*store, change(42, vec![], vec![put(3, "again")]));
    assert_eq!(next.expect("a commit").seq, Seq(42));
}

/// U1: each time with one more document.
pub fn a_store_can_be_closed_and_opened_many_times(fixture: &mut dyn Fixture) {
    for round in 1..=20 {
        let store = reopen(fixture);
        assert_eq!(documents(&*store).len(), round - 1);
        let number = round as u128;
        commit(&*store, change(number, vec![], vec![put(number, "round")])).expect("a commit");
    }
}

/// D1, U1: also those that were written over, shortened, and written in one commit with many others.
pub fn large_documents_come_back(fixture: &mut dyn Fixture) {
    let store = open(fixture);
    let large = |number: u128, length: usize| {
        let letter = char::from(b'a' + (number % 26) as u8);
        letter.to_string().repeat(length)
    };
    let commit = |id: u128, writes| {
        commit(&*store, change(id, vec![], writes)).expect("a commit");
    };
    for round in 0..6 {
        let writes = (1..=16).map(|n| put(n, &large(n + round, 100_000)));
        commit(1 + round, writes.collect());
    }
    commit(20, vec![put(20, &large(20, 900_000))]);
    commit(21, vec![put(21, &large(21, 900_000))]);
    commit(22, vec![put(21, "short")]);
    commit(23, vec![Write::Remove { at: note(1) }]);
    for round in 0..3 {
        let writes = (30..38).map(|n| put(n + round, &large(n + round, 300_000)));
        commit(30 + round, writes.collect());
    }
    drop(store);

    let store = reopen(fixture);
    assert_eq!(body(&*store, 1), None);
    for number in 2..=16 {
        assert_eq!(body(&*store, number), Some(large(number + 5, 100_000)));
    }
    assert_eq!(body(&*store, 20), Some(large(20, 900_000)));
    assert_eq!(body(&*store, 21).as_deref(), Some("short"));
    assert_eq!(documents(&*store).len(), 27);
}

/// L2, U1: the largest record there is.
pub fn a_commit_of_a_thousand_writes_and_a_long_note_is_logged_whole(fixture: &mut dyn Fixture) {
    let store = open(fixture);
    let writes = (1..=1000).map(|number| put(number, "small")).collect();
    let mut changeset = change(1, vec![], writes);
    changeset.note = "n".repeat(64_000).into();
    commit(&*store, changeset.clone()).expect("a commit");
    drop(store);

    let store = reopen(fixture);
    let changes = block_on(store.changes(Seq::ZERO, 10)).expect("the log is read");
    assert_eq!(changes.records.len(), 1);
    assert_eq!(changes.records[0].note, changeset.note);
    assert_eq!(changes.records[0].touched.len(), 1000);
}

/// Asserts that a call found the store poisoned.
#[track_caller]
fn poisoned<T: Debug>(answer: impl Future<Output = Result<T, StoreError>>) {
    let answer = block_on(answer);
    let is_poisoned = matches!(answer, Err(StoreError::Poisoned));
    assert!(is_poisoned, "it goes on, and answers {answer:?}");
}

/// U3, F1: what became of it is unknown, and the handle answers nothing more until it is closed.
/// Opened again, the store has what was answered before, and the same id settles the rest.
pub fn a_commit_that_cannot_be_made_durable_poisons_the_handle_until_it_is_reopened(
    fixture: &mut dyn Fixture,
) {
    let first = change(1, vec![], vec![put(1, "before")]);
    let first = commit(&*open(fixture), first).expect("a commit");
    let store = match block_on(fixture.failing()) {
        Ok(store) => store,
        Err(declined) => {
            declined.print(
                "a_commit_that_cannot_be_made_durable_poisons_the_handle_until_it_is_reopened",
            );
            return;
        }
    };
    let unsure = change(2, vec![], vec![put(2, "there or not")]);
    match commit(&*store, unsure.clone()) {
        Err(StoreError::Unknown { id, .. }) => assert_eq!(id, unsure.id),
        answer => panic!("what was not made durable is answered: {answer:?}"),
    }
    let scan = Scan {
        range: Range::all(SLUGS),
        order: Order::Ascending,
        limit: 1,
        want: Want::Nothing,
    };
    poisoned(store.get(&[note(1)]));
    poisoned(store.scan(&scan));
    poisoned(store.walk(None, 1));
    poisoned(store.commit(unsure.clone()));
    poisoned(store.receipt(first.id));
    poisoned(store.changes(Seq::ZERO, 1));
    poisoned(store.grown(Seq::ZERO));
    poisoned(store.load(feed(Vec::new())));
    // It is closed, even if it says that this went wrong.
    let _ = block_on(store.close());
    let refused = block_on(store.get(&[note(1)]));
    assert!(matches!(refused, Err(StoreError::Closed)), "{refused:?}");
    drop(store);

    let store = reopen(fixture);
    let receipt = |id| block_on(store.receipt(id)).expect("a receipt is read");
    assert_eq!(receipt(first.id), Some(first));
    let found = receipt(unsure.id);
    let settled = commit(&*store, unsure).expect("it is settled");
    assert_eq!(settled.seq, Seq(2));
    assert!(found.is_none_or(|found| found == settled), "{found:?}");
    assert_eq!(body(&*store, 1).as_deref(), Some("before"));
    assert_eq!(body(&*store, 2).as_deref(), Some("there or not"));
}
