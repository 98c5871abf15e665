//! What a commit expects of the state before it: C3.

use std::collections::BTreeSet;

use cmss_core::store::{
    Changeset, Conflict, DocRef, Expect, Key, Position, Range, Receipt, Seq, Store, StoreError,
    StoreExt,
};

use crate::Fixture;
use crate::samples::{LIST, SLUG, changeset, conflict, put, remove, thing};

/// A document that expectations are not about.
const BYSTANDER: u128 = 99;

/// Commits something unrelated that expects this.
async fn expecting(store: &dyn Store, number: u128, expect: Expect) -> Result<Receipt, StoreError> {
    let change = Changeset {
        expect: vec![expect],
        ..changeset(number, [put(&thing(BYSTANDER))])
    };
    store.commit(change).await
}

/// The expectation that exactly these stand in the range.
fn exactly(range: Range, docs: impl IntoIterator<Item = u128>) -> Expect {
    Expect::Members {
        range,
        docs: docs.into_iter().map(thing).collect(),
    }
}

/// C3: `Absent` holds before a document is put and after it is removed, and at no other time.
pub async fn absent_holds_only_where_no_document_stands(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let a = thing(1);
    let absent = || Expect::Absent(a.clone());
    expecting(&*store, 1, absent()).await?;
    store.commit(changeset(2, [put(&a)])).await?;
    store.commit(changeset(3, [put(&a)])).await?;
    let present = Conflict::Present {
        at: a.clone(),
        current: Seq(3),
    };
    assert_eq!(conflict(expecting(&*store, 4, absent()).await), present);
    store.commit(changeset(4, [remove(&a)])).await?;
    expecting(&*store, 5, absent()).await?;
    Ok(())
}

/// C3: `At` holds at that very version: not an earlier one, not a later one, not when absent.
pub async fn at_holds_only_at_that_version(fixture: &mut dyn Fixture) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let a = thing(1);
    let at = |seq| Expect::At(a.clone(), Seq(seq));
    let moved = |expected, current: Option<u64>| Conflict::Moved {
        at: a.clone(),
        expected: Seq(expected),
        current: current.map(Seq),
    };
    for absent in [0, 1] {
        let answer = expecting(&*store, 1, at(absent)).await;
        assert_eq!(conflict(answer), moved(absent, None));
    }
    store.commit(changeset(1, [put(&a)])).await?;
    store.commit(changeset(2, [put(&a)])).await?;
    for other in [0, 1, 3] {
        let answer = expecting(&*store, 3, at(other)).await;
        assert_eq!(conflict(answer), moved(other, Some(2)));
    }
    expecting(&*store, 3, at(2)).await?;
    // The store is at 3 now, the document still at 2.
    let answer = expecting(&*store, 4, at(3)).await;
    assert_eq!(conflict(answer), moved(3, Some(2)));
    store.commit(changeset(4, [remove(&a)])).await?;
    let answer = expecting(&*store, 5, at(2)).await;
    assert_eq!(conflict(answer), moved(2, None));
    Ok(())
}

/// C3: `Members` names exactly who is there: no one more, no one less, no one else.
pub async fn members_holds_only_for_exactly_who_is_in_the_range(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let range = || Range::at(LIST, "a".into());
    let members = Conflict::Members { index: LIST };
    expecting(&*store, 1, exactly(range(), [])).await?;
    let answer = expecting(&*store, 2, exactly(range(), [1])).await;
    assert_eq!(conflict(answer), members);
    let writes = [1, 2].map(|number| put(&thing(number)).listed("a"));
    let elsewhere = put(&thing(3)).listed("b").unique("a");
    store
        .commit(changeset(2, writes.into_iter().chain([elsewhere])))
        .await?;
    for others in [vec![], vec![1], vec![1, 3], vec![1, 2, 3]] {
        let answer = expecting(&*store, 3, exactly(range(), others)).await;
        assert_eq!(conflict(answer), members);
    }
    expecting(&*store, 3, exactly(range(), [2, 1])).await?;
    expecting(&*store, 4, exactly(Range::all(LIST), [1, 2, 3])).await?;
    expecting(&*store, 5, exactly(Range::all(SLUG), [3])).await?;
    store
        .commit(changeset(6, [put(&thing(1)).listed("b")]))
        .await?;
    let answer = expecting(&*store, 7, exactly(range(), [1, 2])).await;
    assert_eq!(conflict(answer), members);
    expecting(&*store, 7, exactly(range(), [2])).await?;
    Ok(())
}

/// C3: who stands in the range several times counts once.
pub async fn members_counts_a_document_once(fixture: &mut dyn Fixture) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let often = put(&thing(1)).listed("a").listed("b").listed("c");
    store
        .commit(changeset(1, [often, put(&thing(2)).listed("b")]))
        .await?;
    expecting(&*store, 2, exactly(Range::all(LIST), [1, 2])).await?;
    expecting(&*store, 3, exactly(Range::at(LIST, "c".into()), [1])).await?;
    Ok(())
}

/// C3: the bounds of `Members` are positions, half open, so that they part documents at one key.
pub async fn members_may_end_between_two_documents_at_one_key(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let writes = (1..=4).map(|number| put(&thing(number)).listed("a"));
    store.commit(changeset(1, writes)).await?;
    let before = |number| Some(Position::before("a".into(), thing(number)));
    let after = |number| Some(Position::after("a".into(), thing(number)));
    let range = |from, until| Range {
        index: LIST,
        from,
        until,
    };
    let cases = [
        (range(before(2), before(4)), vec![2, 3]),
        (range(after(2), after(4)), vec![3, 4]),
        (range(before(2), after(2)), vec![2]),
        (range(after(2), before(3)), vec![]),
        (range(before(2), before(2)), vec![]),
        (range(after(4), None), vec![]),
        (range(None, after(1)), vec![1]),
    ];
    for (number, (range, docs)) in (2..).zip(cases) {
        let more: BTreeSet<DocRef> = docs.iter().copied().chain([9]).map(thing).collect();
        let wrong = Expect::Members {
            range: range.clone(),
            docs: more,
        };
        conflict(expecting(&*store, number, wrong).await);
        expecting(&*store, number, exactly(range, docs)).await?;
    }
    Ok(())
}

/// C3: what a commit writes does not count among what it expects.
pub async fn expectations_are_judged_on_the_state_before(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let a = thing(1);
    let key = Key::from("a");
    let first = Changeset {
        expect: vec![
            Expect::Absent(a.clone()),
            exactly(Range::at(LIST, key.clone()), []),
        ],
        ..changeset(1, [put(&a).listed("a")])
    };
    store.commit(first).await?;
    let second = Changeset {
        expect: vec![
            Expect::At(a.clone(), Seq(1)),
            exactly(Range::at(LIST, key.clone()), [1]),
        ],
        ..changeset(2, [remove(&a)])
    };
    store.commit(second).await?;
    assert_eq!(store.get_one(&a).await?, None);
    let third = Changeset {
        expect: vec![exactly(Range::at(LIST, key), [1])],
        ..changeset(3, [put(&a).listed("a")])
    };
    let members = Conflict::Members { index: LIST };
    assert_eq!(conflict(store.commit(third).await), members);
    Ok(())
}

/// C3: every expectation counts, wherever it stands among those that hold.
pub async fn one_failing_expectation_among_many_refuses_the_commit(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    store.commit(changeset(1, [put(&thing(1))])).await?;
    let holds = || Expect::Absent(thing(2));
    let fails = || Expect::Absent(thing(1));
    for place in 0..3 {
        let mut expect = vec![holds(), Expect::At(thing(1), Seq(1))];
        expect.insert(place, fails());
        let change = Changeset {
            expect,
            ..changeset(2, [put(&thing(BYSTANDER))])
        };
        let present = Conflict::Present {
            at: thing(1),
            current: Seq(1),
        };
        assert_eq!(conflict(store.commit(change).await), present);
    }
    Ok(())
}
