//! Unique keys: C4 and C5.

use cmss_core::store::{Conflict, DocRef, Entry, Index, Range, StoreError};

use crate::Fixture;
use crate::samples::{LIST, SLUG, changeset, conflict, members, put, remove, thing};

/// The conflict of a key of the sample index that is held by this document.
fn taken(key: &str, by: &DocRef) -> Conflict {
    Conflict::Taken {
        index: SLUG,
        key: key.into(),
        by: by.clone(),
    }
}

/// C5: a unique key has one holder, who may write it again, and is named to others.
pub async fn a_unique_key_has_one_holder(fixture: &mut dyn Fixture) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let (a, b) = (thing(1), thing(2));
    store.commit(changeset(1, [put(&a).unique("x")])).await?;
    store
        .commit(changeset(2, [put(&a).body("2").unique("x")]))
        .await?;
    let answer = store.commit(changeset(3, [put(&b).unique("x")])).await;
    assert_eq!(conflict(answer), taken("x", &a));
    store.commit(changeset(3, [put(&b).unique("y")])).await?;
    let answer = store
        .commit(changeset(4, [put(&a).unique("y").unique("x")]))
        .await;
    assert_eq!(conflict(answer), taken("y", &b));
    assert_eq!(members(&*store, Range::all(SLUG)).await?, [a, b]);
    Ok(())
}

/// C5: only the same key of the same index is taken, and only among unique entries.
pub async fn a_unique_key_is_free_in_another_index_and_as_a_listed_one(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let (a, b, c) = (thing(1), thing(2), thing(3));
    store.commit(changeset(1, [put(&a).unique("x")])).await?;
    let elsewhere = Entry::Unique {
        index: Index::new("slug.x"),
        key: "x".into(),
    };
    let near = put(&b)
        .unique("x\0")
        .unique("")
        .unique("X")
        .entry(elsewhere);
    store.commit(changeset(2, [near])).await?;
    let listed = Entry::Listed {
        index: SLUG,
        key: "x".into(),
    };
    store.commit(changeset(3, [put(&c).entry(listed)])).await?;
    let found = members(&*store, Range::at(SLUG, "x".into())).await?;
    assert_eq!(found, [a.clone(), c.clone()]);
    // The listed entry holds nothing, so the key passes from the one to the other.
    store.commit(changeset(4, [remove(&a)])).await?;
    store.commit(changeset(5, [put(&b).unique("x")])).await?;
    let found = members(&*store, Range::at(SLUG, "x".into())).await?;
    assert_eq!(found, [b, c]);
    Ok(())
}

/// C4: all entries are taken out before any is put in, so unique keys may change hands.
pub async fn documents_swap_unique_keys_in_one_commit(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let (a, b, c) = (thing(1), thing(2), thing(3));
    let writes = [put(&a).unique("x"), put(&b).unique("y")];
    store.commit(changeset(1, writes)).await?;
    let writes = [put(&a).unique("y"), put(&b).unique("x")];
    store.commit(changeset(2, writes)).await?;
    assert_eq!(
        members(&*store, Range::all(SLUG)).await?,
        [b.clone(), a.clone()]
    );
    // A heir before the one removed, and a heir of one who gives up.
    let writes = [
        put(&c).unique("x").unique("y").into(),
        remove(&b),
        put(&a).into(),
    ];
    store.commit(changeset(3, writes)).await?;
    let found = members(&*store, Range::all(SLUG)).await?;
    assert_eq!(found, [c.clone(), c.clone()]);
    let answer = store.commit(changeset(4, [put(&a).unique("y")])).await;
    assert_eq!(conflict(answer), taken("y", &c));
    Ok(())
}

/// C4, C5: a chain of heirs does not help when its last key is held by somebody not written.
pub async fn a_swap_that_needs_a_third_one_s_key_is_refused(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let (a, b, c) = (thing(1), thing(2), thing(3));
    let writes = [
        put(&a).unique("x"),
        put(&b).unique("y"),
        put(&c).unique("z").listed("a"),
    ];
    store.commit(changeset(1, writes)).await?;
    let writes = [put(&a).unique("y"), put(&b).unique("z")];
    let answer = store.commit(changeset(2, writes)).await;
    assert_eq!(conflict(answer), taken("z", &c));
    assert_eq!(members(&*store, Range::all(SLUG)).await?, [a, b, c.clone()]);
    assert_eq!(members(&*store, Range::all(LIST)).await?, [c]);
    Ok(())
}
