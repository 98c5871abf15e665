//! The limits, each at exactly the limit and one above it: C6.

use cmss_core::store::{
    Changeset, DocRef, Entry, Expect, Index, Key, Limits, Order, Range, Scan, Seq, Store,
    StoreError, StoreExt, Want,
};

use crate::Fixture;
use crate::samples::{LIST, Put, changeset, conflict, hits, members, put, thing};

/// Asserts that something was refused for being one above this limit.
#[track_caller]
fn above<T: std::fmt::Debug>(answer: Result<T, StoreError>, limit: usize) {
    match answer {
        Err(StoreError::Limit {
            limit: told, given, ..
        }) => assert_eq!((told, given), (limit, limit + 1)),
        other => panic!("expected a limit, got {other:?}"),
    }
}

/// Asserts that the first changeset is taken, and that the second, one above the limit, is not and
/// leaves nothing.
async fn at_most(
    store: &dyn Store,
    limit: usize,
    exactly: Changeset,
    one_more: Changeset,
) -> Result<(), StoreError> {
    above(store.commit(one_more).await, limit);
    assert_eq!(store.changes(Seq::ZERO, 1).await?.as_of, Seq::ZERO);
    assert_eq!(store.commit(exactly).await?.seq, Seq(1));
    Ok(())
}

/// Text of so many bytes, with fewer characters than that.
fn text(bytes: usize) -> String {
    let mut text = "\u{e5}".repeat(bytes / 2);
    if bytes % 2 == 1 {
        text.push('a');
    }
    text
}

/// C6: a body is measured in bytes, and the longest comes back whole.
pub async fn a_body_is_at_most_as_long_as_the_limit(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let limit = store.limits().body;
    let of = |length| changeset(1, [put(&thing(1)).body(text(length))]);
    at_most(&*store, limit, of(limit), of(limit + 1)).await?;
    let doc = store.get_one(&thing(1)).await?;
    assert!(doc.is_some_and(|doc| *doc.body == text(limit)));
    Ok(())
}

/// C6: a card is measured in bytes, and the longest comes back whole.
pub async fn a_card_is_at_most_as_long_as_the_limit(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let limit = store.limits().card;
    let of = |length| changeset(1, [put(&thing(1)).card(text(length))]);
    at_most(&*store, limit, of(limit), of(limit + 1)).await?;
    let walked = store.walk(None, 1).await?;
    assert_eq!(walked.docs[0].card.as_deref(), Some(&*text(limit)));
    Ok(())
}

/// C6, R3: the longest key is found again, also by ranges whose bounds are longer than any key.
pub async fn a_key_is_at_most_as_long_as_the_limit(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let limit = store.limits().key;
    let key = |length| Key(vec![0xff; length]);
    let of = |length| changeset(1, [put(&thing(1)).listed(key(length)).unique(key(length))]);
    for long in [
        put(&thing(1)).listed(key(limit + 1)),
        put(&thing(1)).unique(key(limit + 1)),
    ] {
        above(store.commit(changeset(1, [long])).await, limit);
    }
    at_most(&*store, limit, of(limit), of(limit + 1)).await?;
    let mut other = key(limit);
    other.0[limit - 1] = 0;
    // Unique they are as well, to the last byte.
    let others = put(&thing(3)).unique(other).unique(key(limit - 1));
    store.commit(changeset(3, [others])).await?;
    let near = put(&thing(2)).listed(key(limit - 1));
    store.commit(changeset(2, [near])).await?;
    let exact = Range::at(LIST, key(limit));
    assert_eq!(members(&*store, exact).await?, [thing(1)]);
    let prefix = Range::prefix(LIST, key(limit - 1));
    assert_eq!(members(&*store, prefix).await?, [thing(2), thing(1)]);
    Ok(())
}

/// C6: as many entries as may be are all there.
pub async fn a_document_has_at_most_as_many_entries_as_the_limit(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let limit = store.limits().entries;
    let of = |count: usize| {
        let entries = (0..count).map(|number| Entry::Listed {
            index: LIST,
            key: Key(number.to_be_bytes().to_vec()),
        });
        changeset(1, [entries.fold(put(&thing(1)), Put::entry)])
    };
    at_most(&*store, limit, of(limit), of(limit + 1)).await?;
    assert_eq!(members(&*store, Range::all(LIST)).await?.len(), limit);
    Ok(())
}

/// C6: a note is measured in bytes, and the longest comes back whole.
pub async fn a_note_is_at_most_as_long_as_the_limit(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let limit = store.limits().note;
    let of = |length| Changeset {
        note: text(length).into(),
        ..changeset(1, [put(&thing(1))])
    };
    at_most(&*store, limit, of(limit), of(limit + 1)).await?;
    let records = store.changes(Seq::ZERO, 1).await?.records;
    assert_eq!(*records[0].note, *text(limit));
    Ok(())
}

/// C6: as many writes as may be are one commit.
pub async fn a_changeset_has_at_most_as_many_writes_as_the_limit(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let limit = store.limits().writes;
    let of = |count: usize| changeset(1, (1..=count as u128).map(|number| put(&thing(number))));
    at_most(&*store, limit, of(limit), of(limit + 1)).await?;
    let records = store.changes(Seq::ZERO, 1).await?.records;
    assert_eq!(records[0].touched.len(), limit);
    Ok(())
}

/// C6: every document a `Members` names is counted, and the `Members` itself.
pub async fn a_changeset_has_at_most_as_many_expectations_as_the_limit(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let limit = store.limits().expectations;
    let of = |count: usize| {
        let vacant = Expect::Members {
            range: Range::all(Index::new("none")),
            docs: std::collections::BTreeSet::new(),
        };
        let absent = (1..count).map(|number| Expect::Absent(thing(number as u128)));
        Changeset {
            expect: absent.chain([vacant]).collect(),
            ..changeset(1, [put(&thing(1))])
        }
    };
    at_most(&*store, limit, of(limit), of(limit + 1)).await?;
    let docs = (1..=limit as u128).map(thing).collect();
    let named = Changeset {
        expect: vec![Expect::Members {
            range: Range::all(LIST),
            docs,
        }],
        ..changeset(2, [put(&thing(1))])
    };
    above(store.commit(named).await, limit);
    let at = std::iter::repeat_n(Expect::At(thing(1), Seq(1)), limit + 1);
    let at = Changeset {
        expect: at.collect(),
        ..changeset(2, [put(&thing(1))])
    };
    above(store.commit(at).await, limit);
    Ok(())
}

/// C6: bodies, cards, keys and the note add up.
pub async fn a_changeset_is_at_most_as_large_as_the_limit(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let limits = store.limits();
    let limit = limits.changeset;
    let of = |size: usize| {
        let mut change = changeset::<Put>(1, []);
        let first = put(&thing(1))
            .body("12")
            .card("345")
            .listed("6789")
            .unique("0");
        let mut rest = size - change.note.len() - 10;
        let mut writes = vec![first];
        while rest > 0 {
            let length = rest.min(limits.body);
            let at = thing(writes.len() as u128 + 1);
            writes.push(put(&at).body(text(length)));
            rest -= length;
        }
        change.writes = writes.into_iter().map(Into::into).collect();
        change
    };
    let exactly = of(limit);
    let count = exactly.writes.len();
    at_most(&*store, limit, exactly, of(limit + 1)).await?;
    assert_eq!(store.walk(None, 100).await?.docs.len(), count);
    Ok(())
}

/// R4 and the reads' own documentation: a page of none or of too many is refused, a full one is
/// handed out.
pub async fn a_page_is_at_most_as_long_as_the_limit(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    store
        .commit(changeset(1, [put(&thing(1)).listed("a")]))
        .await?;
    let limit = store.limits().page;
    let scan = |limit| Scan {
        range: Range::all(LIST),
        order: Order::Ascending,
        limit,
        want: Want::Nothing,
    };
    let refs: Vec<DocRef> = std::iter::repeat_n(thing(1), limit + 1).collect();
    assert_eq!(store.get(&refs[1..]).await?.docs.len(), limit);
    assert_eq!(store.scan(&scan(limit)).await?.hits.len(), 1);
    assert_eq!(store.walk(None, limit).await?.docs.len(), 1);
    assert_eq!(store.changes(Seq::ZERO, limit).await?.records.len(), 1);

    above(store.get(&refs).await, limit);
    above(store.scan(&scan(limit + 1)).await, limit);
    above(store.walk(None, limit + 1).await, limit);
    above(store.changes(Seq::ZERO, limit + 1).await, limit);

    let none = |answer| matches!(answer, Err(StoreError::Limit { given: 0, .. }));
    assert!(none(store.scan(&scan(0)).await.map(drop)));
    assert!(none(store.walk(None, 0).await.map(drop)));
    assert!(none(store.changes(Seq::ZERO, 0).await.map(drop)));
    Ok(())
}

/// C6: each document is held to the limits, wherever it stands in the changeset.
pub async fn every_document_of_a_changeset_is_held_to_the_limits(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let limits = store.limits();
    let many = (0..=limits.entries).fold(put(&thing(2)), |put, n| {
        put.listed(Key(n.to_be_bytes().to_vec()))
    });
    let wrong = [
        (put(&thing(2)).body(text(limits.body + 1)), limits.body),
        (put(&thing(2)).card(text(limits.card + 1)), limits.card),
        (
            put(&thing(2)).listed(Key(vec![1; limits.key + 1])),
            limits.key,
        ),
        (many, limits.entries),
    ];
    for (wrong, limit) in wrong {
        for place in 0..3 {
            let mut writes = vec![put(&thing(1)), put(&thing(3))];
            writes.insert(place, wrong.clone());
            above(store.commit(changeset(1, writes)).await, limit);
        }
    }
    Ok(())
}

/// R2, R4, R6, C3: a page of as many as may be is whole, and a set of more than a page is judged whole.
pub async fn a_full_page_is_whole(fixture: &mut dyn Fixture) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let page = Limits::default().page;
    let refs: Vec<DocRef> = (1..=page as u128).map(thing).collect();
    store
        .commit(changeset(1, refs.iter().map(|at| put(at).listed("a"))))
        .await?;
    let got = store.get(&refs).await?;
    assert!(got.docs.iter().flatten().map(|doc| &doc.at).eq(&refs));
    let walked = store.walk(None, page).await?;
    let begin = refs.iter().take(walked.docs.len());
    assert!(walked.docs.iter().map(|doc| &doc.at).eq(begin));
    assert_eq!(walked.more, walked.docs.len() < page);
    for order in [Order::Ascending, Order::Descending] {
        let scan = Scan {
            range: Range::all(LIST),
            order,
            limit: page,
            want: Want::Nothing,
        };
        let found = store.scan(&scan).await?;
        assert_eq!(found.next.is_some(), found.hits.len() < page);
        assert_eq!(hits(&*store, scan).await?.len(), page);
    }
    let last = thing(page as u128 + 1);
    store.commit(changeset(2, [put(&last).listed("a")])).await?;
    let expecting = |number, docs: &[DocRef]| Changeset {
        expect: vec![Expect::Members {
            range: Range::all(LIST),
            docs: docs.iter().cloned().collect(),
        }],
        ..changeset(number, [put(&thing(1)).listed("a")])
    };
    conflict(store.commit(expecting(3, &refs)).await);
    let all: Vec<DocRef> = refs.into_iter().chain([last]).collect();
    store.commit(expecting(3, &all)).await?;
    Ok(())
}

/// C6: every store takes at least what the core counts on, the default limits.
pub async fn the_limits_are_at_least_the_default_ones(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let given = fixture.open().await.limits();
    let least = Limits::default();
    let pairs = [
        (given.body, least.body),
        (given.card, least.card),
        (given.key, least.key),
        (given.entries, least.entries),
        (given.note, least.note),
        (given.writes, least.writes),
        (given.expectations, least.expectations),
        (given.changeset, least.changeset),
        (given.page, least.page),
    ];
    assert!(
        pairs.iter().all(|(given, least)| given >= least),
        "{given:?}"
    );
    Ok(())
}
