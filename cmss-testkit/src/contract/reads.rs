//! Reads of documents and what hits bring: R1, R2, R5 and R6.

use cmss_core::store::{
    Collection, Doc, DocRef, Entry, Order, Page, Range, Salt, Scan, Seq, Store, StoreError, Stored,
    Want,
};

use crate::Fixture;
use crate::samples::{LIST, changeset, put, remove, thing};

/// One page of the whole sample index.
async fn page(store: &dyn Store, order: Order, want: Want) -> Result<Page, StoreError> {
    let scan = Scan {
        range: Range::all(LIST),
        order,
        limit: 10,
        want,
    };
    store.scan(&scan).await
}

/// R1: each read names the last commit there is, whether or not that touched what is read.
pub async fn every_read_says_as_of_which_commit(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    for seq in 0..4 {
        let number = u128::from(seq);
        if number > 0 {
            store
                .commit(changeset(number, [put(&thing(number))]))
                .await?;
        }
        assert_eq!(store.get(&[thing(1)]).await?.as_of, Seq(seq));
        assert_eq!(store.get(&[]).await?.as_of, Seq(seq));
        let found = page(&*store, Order::Ascending, Want::Nothing).await?;
        assert_eq!(found.as_of, Seq(seq));
        assert_eq!(store.walk(None, 1).await?.as_of, Seq(seq));
        assert_eq!(store.changes(Seq::ZERO, 1).await?.as_of, Seq(seq));
    }
    Ok(())
}

/// R2: as many answers as questions, each in its place.
pub async fn get_answers_in_the_order_asked(fixture: &mut dyn Fixture) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let writes = [1, 2, 3].map(|number| put(&thing(number)).body(number.to_string()));
    store.commit(changeset(1, writes)).await?;
    let asked = [3, 9, 1, 3, 2, 9, 1];
    let got = store.get(&asked.map(thing)).await?;
    let expected = asked.map(|number| {
        (number < 9).then(|| Doc {
            at: thing(number),
            version: Seq(1),
            salt: Salt([7; 16]),
            body: number.to_string().into(),
        })
    });
    assert_eq!(got.docs, expected);
    assert!(store.get(&[]).await?.docs.is_empty());
    Ok(())
}

/// R5: nothing, the card or the document, and the version each time.
pub async fn a_hit_brings_what_was_wanted_and_no_more(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let (a, b) = (thing(1), thing(2));
    let first = put(&a)
        .body("1")
        .card("one")
        .salt(1)
        .listed("a")
        .listed("c");
    store.commit(changeset(1, [first])).await?;
    let second = put(&b).body("2").salt(2).listed("b");
    store.commit(changeset(2, [second])).await?;
    let docs = [(&a, 1, "1", 1), (&b, 2, "2", 2), (&a, 1, "1", 1)];
    let docs = docs.map(|(at, version, body, salt)| Doc {
        at: at.clone(),
        version: Seq(version),
        salt: Salt([salt; 16]),
        body: body.into(),
    });
    for order in [Order::Ascending, Order::Descending] {
        for want in [Want::Nothing, Want::Card, Want::Body] {
            let found = page(&*store, order, want).await?.hits;
            assert_eq!(found.len(), 3);
            // The sequence of documents is the same in either direction.
            for (hit, doc) in found.iter().zip(&docs) {
                assert_eq!((&hit.at, hit.version), (&doc.at, doc.version));
                let card = (want == Want::Card && hit.at == a).then_some("one");
                assert_eq!(hit.card.as_deref(), card);
                assert_eq!(hit.doc.as_ref(), (want == Want::Body).then_some(doc));
            }
        }
    }
    Ok(())
}

/// R3, R5: a document stands at most once at one key, however often its entries name it, and its
/// entries come back sorted, each once.
pub async fn a_document_stands_once_at_one_key(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let unique = Entry::Unique {
        index: LIST,
        key: "a".into(),
    };
    let often = put(&thing(1)).listed("b").listed("a").entry(unique.clone());
    let often = often.listed("a").entry(unique.clone());
    store.commit(changeset(1, [often])).await?;
    let found = page(&*store, Order::Ascending, Want::Nothing).await?.hits;
    let keys = found.iter().map(|hit| &*hit.key.0);
    assert!(keys.eq([b"a", b"b"]));
    let listed = |key: &str| Entry::Listed {
        index: LIST,
        key: key.into(),
    };
    let walked = store.walk(None, 1).await?.docs;
    assert_eq!(walked[0].entries, [listed("a"), listed("b"), unique]);
    Ok(())
}

/// R6: page after page, every document once, with everything that was put with it, and a last page
/// that says so.
pub async fn walk_hands_out_every_document_whole_in_order(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let elsewhere = |name| DocRef {
        collection: Collection::new(name),
        id: thing(3).id,
    };
    // By collection before id, both as bytes: `.` is before every digit and letter.
    let refs = [
        elsewhere("a"),
        thing(1),
        thing(2),
        thing(0x1_0000),
        thing(u128::MAX - 1),
        elsewhere("thing.s"),
        elsewhere("things"),
    ];
    let writes = refs.iter().rev().map(|at| {
        let named = at.to_string();
        put(at).body(named.clone()).card(named).salt(3).listed("a")
    });
    store.commit(changeset(1, writes)).await?;
    let expected: Vec<Stored> = refs
        .iter()
        .map(|at| Stored {
            at: at.clone(),
            version: Seq(1),
            salt: Salt([3; 16]),
            body: at.to_string().into(),
            card: Some(at.to_string().into()),
            entries: vec![Entry::Listed {
                index: LIST,
                key: "a".into(),
            }],
        })
        .collect();
    for limit in 1..=refs.len() + 1 {
        let mut found: Vec<Stored> = Vec::new();
        loop {
            let after = found.last().map(|stored| stored.at.clone());
            let walked = store.walk(after.as_ref(), limit).await?;
            assert!(walked.docs.len() <= limit);
            assert!(walked.more || found.len() + walked.docs.len() == refs.len());
            assert!(!walked.docs.is_empty(), "more was promised");
            found.extend(walked.docs);
            assert!(found.len() <= refs.len(), "a walk that does not end");
            if !walked.more {
                break;
            }
        }
        assert_eq!(found, expected);
    }
    Ok(())
}

/// R6: a walk goes on after a place, whether or not a document stands there still.
pub async fn walk_goes_on_after_a_document_that_is_gone(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let writes = [1, 2, 3].map(|number| put(&thing(number)));
    store.commit(changeset(1, writes)).await?;
    store.commit(changeset(2, [remove(&thing(2))])).await?;
    let walked = store.walk(Some(&thing(2)), 10).await?;
    assert!(walked.docs.iter().map(|doc| &doc.at).eq([&thing(3)]));
    let walked = store.walk(Some(&thing(3)), 10).await?;
    assert!(walked.docs.is_empty() && !walked.more);
    let empty = fixture.another().open().await.walk(None, 10).await?;
    assert!(empty.docs.is_empty() && !empty.more);
    Ok(())
}
