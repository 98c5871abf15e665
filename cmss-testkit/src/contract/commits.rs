//! Commits: C1, C2, C6 to C8, and what is known of their outcome, U1 to U3.

use std::pin::pin;
use std::task::{Context, Waker};

use cmss_core::store::{
    Changeset, Conflict, Digest, Expect, Line, Receipt, Seq, StoreError, StoreExt, Write,
};
use uuid::Uuid;

use crate::Fixture;
use crate::samples::{changeset, commit_id, conflict, put, remove, thing, whole};

/// C1: whatever a commit is refused for, the writes beside it did not happen either, and its id is
/// not used up.
pub async fn a_refused_commit_leaves_no_trace(fixture: &mut dyn Fixture) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let (held, new, absent) = (thing(2), thing(1), thing(3));
    let first = put(&held).body("1").card("one").listed("a").unique("x");
    store.commit(changeset(1, [first])).await?;
    let before = whole(&*store).await?;

    let good = [
        put(&new).listed("a").unique("y").into(),
        put(&held).body("2").listed("b").into(),
    ];
    let and = |bad: Write| changeset(2, good.iter().cloned().chain([bad]));
    let expecting = |expect| Changeset {
        expect: vec![expect],
        ..changeset(2, good.clone())
    };
    let taken = [put(&new).listed("a"), put(&absent).unique("x")];
    let refused = [
        expecting(Expect::Absent(held.clone())),
        expecting(Expect::At(held.clone(), Seq(2))),
        and(remove(&absent)),
        and(put(&absent).body("\0").into()),
        and(put(&absent)
            .body("x".repeat(store.limits().body + 1))
            .into()),
        changeset(2, taken),
    ];
    for refused in refused {
        assert!(store.commit(refused).await.is_err());
        assert_eq!(whole(&*store).await?, before);
        assert_eq!(store.receipt(commit_id(2)).await?, None);
    }
    let receipt = store.commit(changeset(2, good)).await?;
    assert_eq!(receipt.seq, Seq(2));
    Ok(())
}

/// C2: the first commit is 1, and refusals and replays take no number.
pub async fn commits_are_numbered_without_gaps(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    for number in 1..=5 {
        let receipt = store.commit(changeset(number, [put(&thing(1))])).await?;
        assert_eq!(u128::from(receipt.seq.0), number);
        assert_eq!(receipt.id, commit_id(number));
        let refused = changeset(100 + number, [remove(&thing(9))]);
        conflict(store.commit(refused).await);
        store.commit(changeset(number, [put(&thing(1))])).await?;
    }
    let seqs = store.changes(Seq::ZERO, 10).await?.records;
    assert!(seqs.iter().map(|record| record.seq.0).eq(1..=5));
    Ok(())
}

/// C6: a changeset that cannot be meant is refused, whatever the state.
pub async fn a_changeset_that_contradicts_itself_is_malformed(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let (a, b) = (thing(1), thing(2));
    store.commit(changeset(1, [put(&a)])).await?;
    let mut nil = thing(0);
    nil.id = Uuid::nil();
    let mut all_ones = thing(0);
    all_ones.id = Uuid::max();
    let nul_note = Changeset {
        note: "\0".into(),
        ..changeset(2, [put(&a)])
    };
    let malformed = [
        changeset::<Write>(2, []),
        changeset(2, [put(&a).body("1"), put(&a).body("2")]),
        changeset(2, [put(&a).into(), remove(&a)]),
        changeset(2, [remove(&a), remove(&a)]),
        changeset(2, [remove(&a), put(&a).into()]),
        changeset(2, [remove(&nil)]),
        changeset(2, [remove(&all_ones)]),
        changeset(2, [put(&nil)]),
        changeset(2, [put(&all_ones)]),
        changeset(2, [put(&a).body("{\"a\":\"\0\"}")]),
        changeset(2, [put(&a).card("\0")]),
        changeset(2, [put(&a).unique("x"), put(&b).unique("x")]),
        nul_note,
    ];
    for malformed in malformed {
        let answer = store.commit(malformed.clone()).await;
        assert!(
            matches!(answer, Err(StoreError::Malformed { .. })),
            "{malformed:?} was answered {answer:?}"
        );
    }
    assert_eq!(store.changes(Seq::ZERO, 10).await?.as_of, Seq(1));
    Ok(())
}

/// C6: what is malformed is not judged at all, so the answer does not depend on the state.
pub async fn a_malformed_changeset_is_refused_before_it_is_judged(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let malformed = Changeset {
        expect: vec![Expect::At(thing(1), Seq(7))],
        ..changeset(1, [put(&thing(1)).body("\0").into(), remove(&thing(2))])
    };
    let answer = store.commit(malformed).await;
    assert!(matches!(answer, Err(StoreError::Malformed { .. })));
    Ok(())
}

/// C7: a removal names something that is there.
pub async fn an_absent_document_cannot_be_removed(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let at = thing(1);
    let missing = Conflict::Missing { at: at.clone() };
    let answer = store.commit(changeset(1, [remove(&at)])).await;
    assert_eq!(conflict(answer), missing);
    store.commit(changeset(1, [put(&at)])).await?;
    store.commit(changeset(2, [remove(&at)])).await?;
    let answer = store.commit(changeset(3, [remove(&at)])).await;
    assert_eq!(conflict(answer), missing);
    Ok(())
}

/// C8: sent again, a changeset is answered as the first time and changes nothing, even when its
/// expectations no longer hold and when it carries other writes.
pub async fn a_replayed_commit_answers_the_first_receipt(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let a = thing(1);
    let first = Changeset {
        expect: vec![Expect::Absent(a.clone())],
        ..changeset(1, [put(&a).body("1").unique("x")])
    };
    let receipt = store.commit(first.clone()).await?;
    store.commit(changeset(2, [put(&a).body("2")])).await?;
    store
        .commit(changeset(3, [put(&thing(2)).unique("x")]))
        .await?;
    let before = whole(&*store).await?;
    assert_eq!(store.commit(first).await?, receipt);
    let other = Changeset {
        note: "[]".into(),
        ..changeset(1, [put(&thing(9)).into(), remove(&thing(8))])
    };
    assert_eq!(store.commit(other).await?, receipt);
    assert_eq!(whole(&*store).await?, before);
    Ok(())
}

/// C8: the same id with another digest is another change, and is told so before anything else.
pub async fn a_commit_id_used_for_another_change_is_refused(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    store.commit(changeset(1, [put(&thing(1))])).await?;
    store.commit(changeset(2, [put(&thing(1))])).await?;
    let before = whole(&*store).await?;
    let reused = Changeset {
        expect: vec![Expect::Absent(thing(1))],
        digest: Digest::of(b"another"),
        ..changeset(2, [put(&thing(2)).into(), remove(&thing(9))])
    };
    let told = Conflict::KeyReused {
        id: commit_id(2),
        seq: Seq(2),
    };
    assert_eq!(conflict(store.commit(reused).await), told);
    assert_eq!(whole(&*store).await?, before);
    Ok(())
}

/// U2, U3: a receipt is found by its id as it was answered, and none where nothing was committed.
pub async fn a_receipt_tells_what_a_commit_came_to(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let receipt = store.commit(changeset(1, [put(&thing(1))])).await?;
    let expected = Receipt {
        seq: Seq(1),
        id: commit_id(1),
        digest: changeset(1, [put(&thing(1))]).digest,
    };
    assert_eq!(receipt, expected);
    store.commit(changeset(2, [put(&thing(1))])).await?;
    assert_eq!(store.receipt(commit_id(1)).await?, Some(expected));
    assert_eq!(store.receipt(commit_id(3)).await?, None);
    Ok(())
}

/// U2: a commit dropped after its first poll has happened or not, and sending it again settles it:
/// in the end it has happened once.
pub async fn a_dropped_commit_is_settled_by_sending_it_again(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let mut context = Context::from_waker(Waker::noop());
    for number in 1..=20 {
        let change = changeset(number, [put(&thing(number)).body("1")]);
        {
            let mut commit = pin!(store.commit(change.clone()));
            // Its answer is of no interest: it is the caller who has gone away.
            let _ = commit.as_mut().poll(&mut context);
        }
        let receipt = store.commit(change).await?;
        assert_eq!(u128::from(receipt.seq.0), number);
        assert_eq!(store.receipt(commit_id(number)).await?, Some(receipt));
        assert!(store.get_one(&thing(number)).await?.is_some());
    }
    assert_eq!(store.changes(Seq::ZERO, 100).await?.records.len(), 20);
    Ok(())
}

/// U1: what was answered is there after reopening, receipts and replays included, and nothing that
/// was refused.
pub async fn what_was_answered_survives_reopening(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let (a, b) = (thing(1), thing(2));
    let first = put(&a).body("1").card("one").listed("a").unique("x");
    let receipt = store.commit(changeset(1, [first.clone(), put(&b)])).await?;
    store.commit(changeset(2, [remove(&b)])).await?;
    conflict(store.commit(changeset(3, [remove(&b)])).await);
    let before = whole(&*store).await?;
    drop(store);
    let store = match fixture.reopen().await {
        Ok(store) => store,
        Err(declined) => {
            declined.print("what_was_answered_survives_reopening");
            return Ok(());
        }
    };
    assert_eq!(whole(&*store).await?, before);
    assert_eq!(store.receipt(commit_id(1)).await?, Some(receipt));
    assert_eq!(store.receipt(commit_id(3)).await?, None);
    assert_eq!(store.commit(changeset(1, [first, put(&b)])).await?, receipt);
    let taken = store.commit(changeset(3, [put(&b).unique("x")])).await;
    assert!(matches!(conflict(taken), Conflict::Taken { .. }));
    let next = store.commit(changeset(3, [put(&b).unique("y")])).await?;
    assert_eq!(next.seq, Seq(3));
    let records = store.changes(Seq(2), 10).await?.records;
    let last = before.lines.iter().rev().find_map(|line| match line {
        Line::Record(record) => Some(record.chain),
        Line::Doc(_) | Line::End(_) => None,
    });
    assert!(last.is_some_and(|chain| records[0].follows(chain)));
    Ok(())
}
