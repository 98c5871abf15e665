//! Documents: D1 to D4.

use cmss_core::store::{Collection, DocRef, Order, Range, Salt, Seq, StoreError, StoreExt, Want};

use crate::Fixture;
use crate::samples::{LIST, LONG, SLUG, changeset, hits, members, put, remove, scan, thing};

/// D1: nothing between the first and the last byte is touched, be it what a parser would tidy up.
pub async fn a_body_comes_back_byte_for_byte(fixture: &mut dyn Fixture) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let bodies = [
        "{}",
        " {\"b\" : 1.0,\r\n\t\"a\":1e0, \"a\":2}\n",
        r#"{"escaped":"\u00e5\/\ud83d\ude00","number":123456789012345678901234567890}"#,
        "\"\u{e5}a\u{30a}\u{1f600}\u{7f}\u{feff}\u{10ffff}\"",
        "",
    ];
    for (number, body) in (1..).zip(bodies) {
        let at = thing(number);
        store
            .commit(changeset(number, [put(&at).body(body)]))
            .await?;
    }
    for (number, body) in (1..).zip(bodies) {
        let doc = store.get_one(&thing(number)).await?;
        assert_eq!(doc.as_ref().map(|doc| &*doc.body), Some(body));
    }
    Ok(())
}

/// D1: a card is kept as it was given; an empty one is not the same as none.
pub async fn a_card_comes_back_byte_for_byte(fixture: &mut dyn Fixture) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let cards = [Some(" {\"b\":1.0, \"a\":\"\u{e5}\"}\n"), Some(""), None];
    for (number, card) in (1..).zip(cards) {
        let mut new = put(&thing(number)).listed("a");
        if let Some(card) = card {
            new = new.card(card);
        }
        store.commit(changeset(number, [new])).await?;
    }
    let all = scan(Range::all(LIST), Order::Ascending, Want::Card);
    let found = hits(&*store, all).await?;
    assert!(found.iter().map(|hit| hit.card.as_deref()).eq(cards));
    let walked = store.walk(None, 10).await?;
    assert!(walked.docs.iter().map(|doc| doc.card.as_deref()).eq(cards));
    Ok(())
}

/// D1: the collection belongs to the name.
pub async fn one_id_in_two_collections_names_two_documents(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    // Names of which one begins with the other, so that no layout can run them together.
    let [short, long] = ["thin", "thing.s"].map(|name| DocRef {
        collection: Collection::new(name),
        id: thing(1).id,
    });
    let middle = thing(1);
    let writes = [
        put(&long).body("3"),
        put(&short).body("1"),
        put(&middle).body("2"),
    ];
    store.commit(changeset(1, writes)).await?;
    store.commit(changeset(2, [remove(&middle)])).await?;
    let got = store.get(&[short.clone(), middle, long.clone()]).await?;
    let bodies = got
        .docs
        .iter()
        .map(|doc| doc.as_ref().map(|doc| &*doc.body));
    assert!(bodies.eq([Some("1"), None, Some("3")]));
    let [x, y] = LONG.map(|name| DocRef {
        collection: Collection::new(name),
        id: thing(1).id,
    });
    store.commit(changeset(3, [put(&x)])).await?;
    store.commit(changeset(4, [put(&y)])).await?;
    let got = store.get(&[y, x]).await?.docs;
    let versions = got.iter().flatten().map(|doc| doc.version);
    assert!(versions.eq([Seq(4), Seq(3)]));
    Ok(())
}

/// D2: a version is the number of the last commit that wrote the document, and of no other.
pub async fn a_version_is_the_commit_that_last_wrote_the_document(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let (a, b) = (thing(1), thing(2));
    store.commit(changeset(1, [put(&a).listed("a")])).await?;
    store.commit(changeset(2, [put(&b).listed("b")])).await?;
    store.commit(changeset(3, [put(&a).listed("a")])).await?;
    let got = store.get(&[a, b]).await?;
    let versions = got.docs.iter().flatten().map(|doc| doc.version);
    assert!(versions.eq([Seq(3), Seq(2)]));
    let walked = store.walk(None, 10).await?;
    let versions = walked.docs.iter().map(|doc| doc.version);
    assert!(versions.eq([Seq(3), Seq(2)]));
    let all = scan(Range::all(LIST), Order::Ascending, Want::Nothing);
    let versions = hits(&*store, all).await?.into_iter().map(|hit| hit.version);
    assert!(versions.eq([Seq(3), Seq(2)]));
    Ok(())
}

/// D2: what is put again after its removal is new, even when it is the same.
pub async fn a_document_that_comes_back_has_a_new_version(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let a = thing(1);
    store.commit(changeset(1, [put(&a)])).await?;
    store.commit(changeset(2, [remove(&a)])).await?;
    assert_eq!(store.get_one(&a).await?, None);
    store.commit(changeset(3, [put(&a)])).await?;
    let doc = store.get_one(&a).await?;
    assert_eq!(doc.map(|doc| doc.version), Some(Seq(3)));
    Ok(())
}

/// D3: nothing of the earlier put is left.
pub async fn a_put_replaces_everything_of_the_one_before(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let a = thing(1);
    let first = put(&a).body("1").card("one").salt(1);
    let first = first.listed("a").listed("b").unique("x");
    store.commit(changeset(1, [first])).await?;
    let second = put(&a)
        .body("2")
        .salt(2)
        .listed("b")
        .listed("c")
        .unique("y");
    store.commit(changeset(2, [second])).await?;

    let walked = store.walk(None, 10).await?;
    assert_eq!(walked.docs.len(), 1);
    assert_eq!(&*walked.docs[0].body, "2");
    assert_eq!(walked.docs[0].salt, Salt([2; 16]));
    assert_eq!(walked.docs[0].card, None);
    assert_eq!(walked.docs[0].entries.len(), 3);
    for (key, there) in [("a", false), ("b", true), ("c", true)] {
        let found = members(&*store, Range::at(LIST, key.into())).await?;
        assert_eq!(!found.is_empty(), there, "{key}");
    }
    // The key it gave up is free, the one it took is not.
    assert!(
        members(&*store, Range::at(SLUG, "x".into()))
            .await?
            .is_empty()
    );
    assert_eq!(members(&*store, Range::at(SLUG, "y".into())).await?, [a]);
    store
        .commit(changeset(3, [put(&thing(2)).unique("x")]))
        .await?;
    Ok(())
}

/// D4: a removal takes the entries with it, and frees the unique keys.
pub async fn a_removed_document_is_gone_with_its_entries(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let (a, b) = (thing(1), thing(2));
    let writes = [
        put(&a).card("one").listed("a").unique("x"),
        put(&b).listed("a"),
    ];
    store.commit(changeset(1, writes)).await?;
    store.commit(changeset(2, [remove(&a)])).await?;
    assert_eq!(store.get_one(&a).await?, None);
    let left = members(&*store, Range::all(LIST)).await?;
    assert!(left.iter().eq([&b]));
    assert!(members(&*store, Range::all(SLUG)).await?.is_empty());
    let walked = store.walk(None, 10).await?;
    assert!(walked.docs.iter().map(|doc| &doc.at).eq([&b]));
    store.commit(changeset(3, [put(&b).unique("x")])).await?;
    Ok(())
}
