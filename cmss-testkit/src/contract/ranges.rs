//! The order of hits, the bounds of ranges, and pages: R3 and R4.

use cmss_core::store::{
    Collection, DocRef, Entry, Index, Key, Order, Position, Range, Scan, Store, StoreError, Want,
};
use uuid::Uuid;

use crate::Fixture;
use crate::samples::{LIST, LONG, changeset, hits, members, places, put, scan, thing};

/// Puts documents at keys, one commit for each, so that no batch sorts them.
async fn place(store: &dyn Store, places: &[(Key, DocRef)]) -> Result<(), StoreError> {
    for (number, (key, at)) in (1..).zip(places) {
        let new = put(at).listed(key.clone());
        store.commit(changeset(number, [new])).await?;
    }
    Ok(())
}

/// One document at each key, numbered from 1.
fn keyed<const N: usize>(keys: [&[u8]; N]) -> Vec<(Key, DocRef)> {
    (1..)
        .zip(keys)
        .map(|(number, key)| (Key(key.to_vec()), thing(number)))
        .collect()
}

/// What a scan of the range finds, in one direction.
async fn found(
    store: &dyn Store,
    range: Range,
    order: Order,
) -> Result<Vec<(Key, DocRef)>, StoreError> {
    let hits = hits(store, scan(range, order, Want::Nothing)).await?;
    Ok(hits.into_iter().map(|hit| (hit.key, hit.at)).collect())
}

/// R3: by key, then by document, that is by collection, then by id; backwards exactly the reverse.
pub async fn hits_are_ordered_by_key_and_then_by_document(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let named = |name, number| DocRef {
        collection: Collection::new(name),
        id: thing(number).id,
    };
    let mut sorted = vec![
        ("a".into(), named("thing", 9)),
        ("b".into(), named("a", 8)),
        ("b".into(), named("thing", 1)),
        ("b".into(), named("thing", 0x100)),
        ("b".into(), named("thing", 1 << 127)),
        ("b".into(), named("thing.s", 2)),
        ("b".into(), named("things", 3)),
        ("c".into(), named("a", 1)),
    ];
    let shuffled: Vec<_> = [3, 0, 7, 5, 1, 6, 2, 4].map(|i| sorted[i].clone()).into();
    place(&*store, &shuffled).await?;
    assert_eq!(
        found(&*store, Range::all(LIST), Order::Ascending).await?,
        sorted
    );
    sorted.reverse();
    assert_eq!(
        found(&*store, Range::all(LIST), Order::Descending).await?,
        sorted
    );
    Ok(())
}

/// R3: keys are bytes: they may be empty, hold 0x00 and 0xff, be no text, and begin one another.
pub async fn keys_are_compared_as_bytes(fixture: &mut dyn Fixture) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let mut sorted = keyed([
        b"",
        b"\x00",
        b"\x00\x00",
        b"\x00\x01",
        b"\x00\xff",
        b"\x01",
        b"A",
        b"a",
        b"a\x00",
        b"a\x00\x00",
        b"a\x00\xff",
        b"a\x01",
        b"aa",
        b"a\xff",
        b"b",
        b"\x7f",
        b"\x80",
        b"\xc3\xa5",
        b"\xfe\xff",
        b"\xff",
        b"\xff\x00",
        b"\xff\xff",
    ]);
    let mut shuffled = sorted.clone();
    shuffled.sort_by_key(|(_, at)| at.id.as_u128() * 7 % 23);
    place(&*store, &shuffled).await?;
    assert_eq!(
        found(&*store, Range::all(LIST), Order::Ascending).await?,
        sorted
    );
    for (key, at) in &sorted {
        let only = members(&*store, Range::at(LIST, key.clone())).await?;
        assert!(only.iter().eq([at]), "{key:?}");
    }
    sorted.reverse();
    assert_eq!(
        found(&*store, Range::all(LIST), Order::Descending).await?,
        sorted
    );
    Ok(())
}

/// R3: the keys that begin with a prefix, also where the prefix ends in 0xff.
pub async fn a_prefix_range_holds_the_keys_that_begin_with_it(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let all = keyed([
        b"a",
        b"a\xff",
        b"a\xff\x00",
        b"a\xff\xff",
        b"b",
        b"\xff",
        b"\xff\xff",
    ]);
    place(&*store, &all).await?;
    for prefix in [&b""[..], b"a", b"a\xff", b"a\xff\xff", b"\xff", b"c"] {
        let expected = all.iter().filter(|(key, _)| key.0.starts_with(prefix));
        let range = Range::prefix(LIST, Key(prefix.to_vec()));
        for order in [Order::Ascending, Order::Descending] {
            let mut found = found(&*store, range.clone(), order).await?;
            if order == Order::Descending {
                found.reverse();
            }
            assert!(expected.clone().eq(&found), "{prefix:?}");
        }
    }
    Ok(())
}

/// R3: `from` is inside and `until` is not, be they keys, documents at a key, or between two.
pub async fn ranges_are_half_open(fixture: &mut dyn Fixture) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let all: Vec<(Key, DocRef)> = [("a", 2), ("a", 4), ("a", 6), ("b", 4), ("c", 4)]
        .map(|(key, number)| (key.into(), thing(number)))
        .into();
    for (number, (key, at)) in (1..).zip([("a", 2), ("a", 6)]) {
        let new = put(&thing(at)).listed(key);
        store.commit(changeset(number, [new])).await?;
    }
    let thrice = put(&thing(4)).listed("a").listed("b").listed("c");
    store.commit(changeset(3, [thrice])).await?;

    let mut bounds = vec![None];
    for key in ["", "a", "a\0", "b", "c", "d"] {
        bounds.push(Some(Position::key(key.into())));
        for id in [Uuid::nil(), Uuid::max()] {
            for name in ["thin", "thing", "thing.s"] {
                let collection = Collection::new(name);
                bounds.push(Some(Position::before(
                    key.into(),
                    DocRef { collection, id },
                )));
            }
        }
        for number in 1..=7 {
            bounds.push(Some(Position::before(key.into(), thing(number))));
            bounds.push(Some(Position::after(key.into(), thing(number))));
        }
    }
    for from in &bounds {
        for until in &bounds {
            let range = Range {
                index: LIST,
                from: from.clone(),
                until: until.clone(),
            };
            let mut expected = all.clone();
            expected.retain(|(key, at)| range.contains(&Position::before(key.clone(), at.clone())));
            let forwards = found(&*store, range.clone(), Order::Ascending).await?;
            assert_eq!(forwards, expected, "{range:?}");
            expected.reverse();
            let backwards = found(&*store, range.clone(), Order::Descending).await?;
            assert_eq!(backwards, expected, "{range:?}");
        }
    }
    Ok(())
}

/// R3: a range that ends before it begins is empty, and no mistake.
pub async fn a_range_that_ends_before_it_begins_is_empty(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    place(&*store, &keyed([b"a", b"b", b"c"])).await?;
    let inverted = Range {
        index: LIST,
        from: Some(Position::key("c".into())),
        until: Some(Position::key("a".into())),
    };
    for order in [Order::Ascending, Order::Descending] {
        assert!(found(&*store, inverted.clone(), order).await?.is_empty());
    }
    Ok(())
}

/// R3: an index holds its own entries only, also where one name or key begins the other.
pub async fn an_index_shows_its_own_entries_only(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let [long, longer] = LONG;
    let names = ["a", "a.", "a.b", "a0", "a_", "aa", "b", long, longer].map(Index::new);
    let keys = ["", "\0", "a", ".b", "\u{7f}"];
    let everywhere = names.iter().flat_map(|index| {
        keys.iter().map(move |&key| Entry::Listed {
            index: index.clone(),
            key: Key::from(format!("{key}{index}").as_str()),
        })
    });
    let all: Vec<Entry> = everywhere.collect();
    let writes = (1..).zip(&all);
    let writes = writes.map(|(number, entry)| put(&thing(number)).entry(entry.clone()));
    store.commit(changeset(1, writes)).await?;
    for index in &names {
        let mut expected: Vec<&Key> = all
            .iter()
            .filter(|entry| entry.index() == index)
            .map(Entry::key)
            .collect();
        expected.sort();
        let found = places(&*store, Range::all(index.clone())).await?;
        assert!(found.iter().map(|(key, _)| key).eq(expected), "{index}");
    }
    Ok(())
}

/// Nine documents, several of them at one key, one of them at several.
async fn nine(store: &dyn Store) -> Result<Vec<(Key, DocRef)>, StoreError> {
    let writes = [
        put(&thing(2)).listed("b"),
        put(&thing(4)).listed("a").listed("b").listed("c"),
        put(&thing(6)).listed("b").listed("c"),
        put(&thing(8)).listed("b").listed("b\0").listed("d"),
    ];
    store.commit(changeset(1, writes)).await?;
    let sorted = places(store, Range::all(LIST)).await?;
    assert_eq!(sorted.len(), 9);
    Ok(sorted)
}

/// R4: pages of every size, laid one after another, are the whole, in either direction, and there
/// is a next page when and only when it holds something.
pub async fn pages_laid_end_to_end_are_the_whole(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let sorted = nine(&*store).await?;
    for order in [Order::Ascending, Order::Descending] {
        for limit in 1..=sorted.len() + 1 {
            let mut scan = Scan {
                range: Range::all(LIST),
                order,
                limit,
                want: Want::Nothing,
            };
            let mut found = Vec::new();
            loop {
                let page = store.scan(&scan).await?;
                assert!(page.hits.len() <= limit, "a page above its limit");
                assert!(!page.hits.is_empty(), "a next page that holds nothing");
                found.extend(page.hits.into_iter().map(|hit| (hit.key, hit.at)));
                assert!(found.len() <= sorted.len(), "a hit handed out twice");
                match (page.next, order) {
                    (None, _) => break,
                    (next, Order::Ascending) => scan.range.from = next,
                    (next, Order::Descending) => scan.range.until = next,
                }
            }
            if order == Order::Descending {
                found.reverse();
            }
            assert_eq!(found, sorted, "{order:?} by {limit}");
        }
    }
    let nowhere = scan(Range::all(Index::new("none")), Order::Ascending, Want::Card);
    let page = store.scan(&nowhere).await?;
    assert!(page.hits.is_empty() && page.next.is_none());
    Ok(())
}

/// R4: a page ends right at its last hit: who comes to stand behind it is on the next page, and who
/// is put before it is not.
pub async fn a_scan_resumes_right_after_its_last_hit(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    for order in [Order::Ascending, Order::Descending] {
        let mut fixture = fixture.another();
        let store = fixture.open().await;
        nine(&*store).await?;
        let mut scan = Scan {
            range: Range::all(LIST),
            order,
            limit: 3,
            want: Want::Nothing,
        };
        let page = store.scan(&scan).await?;
        // Ascending the page ends at ("b", 4), descending at ("c", 4); next come 6, and "b\0".
        let last = &page.hits[2];
        assert_eq!(last.at, thing(4));
        let writes = [3, 5].map(|number| put(&thing(number)).listed(last.key.clone()));
        store.commit(changeset(2, writes)).await?;
        let behind = match order {
            Order::Ascending => {
                scan.range.from = page.next;
                thing(5)
            }
            Order::Descending => {
                scan.range.until = page.next;
                thing(3)
            }
        };
        let first = &store.scan(&scan).await?.hits[0];
        assert_eq!((&first.key, &first.at), (&last.key, &behind));
    }
    Ok(())
}
