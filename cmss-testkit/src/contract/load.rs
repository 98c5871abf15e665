//! Moving house: M1 to M3.

use std::pin::pin;
use std::sync::Arc;

use cmss_core::store::{
    Conflict, Digest, Entry, Intake, Line, Lines, LogRecord, Seq, Store, StoreError, Stored,
};

use crate::bell::Bell;
use crate::samples::{SLUG, changeset, commit_id, conflict, put, remove, thing, whole};
use crate::{Fixture, feed, lines};

/// A store with a little of everything.
async fn furnish(store: &dyn Store) -> Result<(), StoreError> {
    let writes = [
        put(&thing(1))
            .body(" {\"a\":1.0}")
            .card("one")
            .salt(1)
            .listed("a")
            .unique("x"),
        put(&thing(2)).salt(2).listed("a").listed("b"),
        put(&thing(3)).unique("z"),
    ];
    store.commit(changeset(1, writes)).await?;
    let writes = [
        put(&thing(2))
            .body("2")
            .listed("\0")
            .listed("\u{ff}")
            .into(),
        remove(&thing(3)),
    ];
    store.commit(changeset(2, writes)).await?;
    store
        .commit(changeset(3, [put(&thing(4)).unique("y")]))
        .await?;
    Ok(())
}

/// The lines of such a store.
pub(super) async fn furniture(fixture: &dyn Fixture) -> Result<Vec<Line>, StoreError> {
    let mut fixture = fixture.another();
    let store = fixture.open().await;
    furnish(&*store).await?;
    lines(&*store).await
}

/// These lines with an end line that fits them, whatever they say.
fn sealed(mut lines: Vec<Line>) -> Result<Vec<Line>, StoreError> {
    lines.retain(|line| !matches!(line, Line::End(_)));
    let mut intake = Intake::new();
    for line in &lines {
        intake.take(line)?;
    }
    lines.push(Line::End(intake.end()));
    Ok(lines)
}

/// M3: documents, cards, entries, log, receipts and conflicts, and the next commit goes on from
/// there.
pub async fn a_loaded_store_answers_as_the_one_it_came_from(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    furnish(&*store).await?;
    let mut twin = fixture.another();
    let loaded = twin.open().await;
    assert_eq!(loaded.load(feed(lines(&*store).await?)).await?, Seq(3));
    assert_eq!(whole(&*loaded).await?, whole(&*store).await?);
    for number in 1..=4 {
        let id = commit_id(number);
        assert_eq!(loaded.receipt(id).await?, store.receipt(id).await?);
    }
    let replay = changeset(2, [put(&thing(1))]);
    assert_eq!(loaded.commit(replay).await?.seq, Seq(2));
    let held = loaded
        .commit(changeset(4, [put(&thing(2)).unique("x")]))
        .await;
    let taken = Conflict::Taken {
        index: SLUG,
        key: "x".into(),
        by: thing(1),
    };
    assert_eq!(conflict(held), taken);
    let next = [put(&thing(2)).unique("z").into(), remove(&thing(1))];
    for store in [&store, &loaded] {
        store.commit(changeset(4, next.clone())).await?;
    }
    assert_eq!(whole(&*loaded).await?, whole(&*store).await?);
    Ok(())
}

/// M3, U1: a load is as durable as a commit.
pub async fn a_load_survives_reopening(fixture: &mut dyn Fixture) -> Result<(), StoreError> {
    let furniture = furniture(fixture).await?;
    let store = fixture.open().await;
    store.load(feed(furniture)).await?;
    let before = whole(&*store).await?;
    drop(store);
    match fixture.reopen().await {
        Ok(store) => {
            assert_eq!(whole(&*store).await?, before);
            let next = store.commit(changeset(4, [put(&thing(1))])).await?;
            assert_eq!(next.seq, Seq(4));
        }
        Err(declined) => declined.print("a_load_survives_reopening"),
    }
    Ok(())
}

/// M1: a store that holds something is not touched, be it only the log of what has been removed.
pub async fn load_refuses_a_store_that_holds_something(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let furniture = furniture(fixture).await?;
    let store = fixture.open().await;
    for change in [
        changeset(1, [put(&thing(9)).listed("a")]),
        changeset(2, [remove(&thing(9))]),
    ] {
        store.commit(change).await?;
        let before = whole(&*store).await?;
        let answer = store.load(feed(furniture.clone())).await;
        assert!(matches!(answer, Err(StoreError::NotEmpty)), "{answer:?}");
        assert_eq!(whole(&*store).await?, before);
    }
    let mut loaded = fixture.another();
    let loaded = loaded.open().await;
    loaded.load(feed(furniture.clone())).await?;
    let answer = loaded.load(feed(furniture)).await;
    assert!(matches!(answer, Err(StoreError::NotEmpty)), "{answer:?}");
    Ok(())
}

/// M1: the lines of an empty store leave it as empty as it was.
pub async fn an_empty_store_loads_nothing_and_stays_empty(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let furniture = furniture(fixture).await?;
    let store = fixture.open().await;
    let nothing = lines(&*store).await?;
    assert_eq!(nothing.len(), 1);
    assert_eq!(store.load(feed(nothing)).await?, Seq::ZERO);
    assert_eq!(store.load(feed(furniture)).await?, Seq(3));
    Ok(())
}

/// M2: a load that is cut short, at whichever line, has not happened, and another may follow.
pub async fn a_load_cut_short_leaves_the_store_empty(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let furniture = furniture(fixture).await?;
    let store = fixture.open().await;
    let empty = whole(&*store).await?;
    for length in 0..furniture.len() {
        let mut short = furniture.clone();
        short.truncate(length);
        let answer = store.load(feed(short.clone())).await;
        assert!(
            matches!(answer, Err(StoreError::Corrupt { .. })),
            "{answer:?}"
        );
        assert_eq!(whole(&*store).await?, empty);
        for number in 1..=3 {
            assert_eq!(store.receipt(commit_id(number)).await?, None);
        }
        let broken = Err(StoreError::Unavailable {
            what: "the source".to_owned(),
            source: None,
        });
        let broken: Lines = Box::new(short.into_iter().map(Ok).chain([broken]));
        let answer = store.load(broken).await;
        assert!(
            matches!(answer, Err(StoreError::Unavailable { .. })),
            "{answer:?}"
        );
        assert_eq!(whole(&*store).await?, empty);
    }
    assert_eq!(store.load(feed(furniture)).await?, Seq(3));
    Ok(())
}

/// M2: lines that contradict each other are refused, whole, and another load may follow.
pub async fn a_load_that_contradicts_itself_leaves_the_store_empty(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let furniture = furniture(fixture).await?;
    let store = fixture.open().await;
    let empty = whole(&*store).await?;
    for (place, line) in furniture.iter().enumerate() {
        let mut without = furniture.clone();
        without.remove(place);
        let mut twice = furniture.clone();
        twice.insert(place, line.clone());
        let mut altered = furniture.clone();
        altered[place] = alter(line);
        for wrong in [without, twice, altered] {
            let answer = store.load(feed(wrong)).await;
            assert!(
                matches!(answer, Err(StoreError::Corrupt { .. })),
                "line {place}: {answer:?}"
            );
            assert_eq!(whole(&*store).await?, empty);
        }
    }
    assert_eq!(store.load(feed(furniture)).await?, Seq(3));
    Ok(())
}

/// The line with one thing in it changed.
fn alter(line: &Line) -> Line {
    match line.clone() {
        Line::Doc(stored) => Line::Doc(Stored {
            card: Some("altered".into()),
            ..stored
        }),
        Line::Record(record) => Line::Record(LogRecord {
            note: "altered".into(),
            ..record
        }),
        Line::End(mut end) => {
            end.docs += 1;
            Line::End(end)
        }
    }
}

/// C5, M2: lines in which a unique key has two holders come from no store.
pub async fn a_load_in_which_a_unique_key_has_two_holders_is_refused(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let mut wrong = furniture(fixture).await?;
    let x = Entry::Unique {
        index: SLUG,
        key: "x".into(),
    };
    for line in &mut wrong {
        if let Line::Doc(stored) = line
            && stored.at == thing(4)
        {
            stored.entries = vec![x.clone()];
        }
    }
    let store = fixture.open().await;
    let empty = whole(&*store).await?;
    let answer = store.load(feed(sealed(wrong)?)).await;
    assert!(
        matches!(answer, Err(StoreError::Corrupt { .. })),
        "{answer:?}"
    );
    assert_eq!(whole(&*store).await?, empty);
    Ok(())
}

/// C8, M2: lines in which a commit id stands twice come from no store.
pub async fn a_load_in_which_a_commit_id_stands_twice_is_refused(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let store = fixture.open().await;
    let empty = whole(&*store).await?;
    let (first, again) = (
        changeset(1, [put(&thing(1))]),
        changeset(1, [remove(&thing(1))]),
    );
    let between = changeset(2, [put(&thing(1))]);
    for changesets in [vec![&first, &again], vec![&first, &between, &again]] {
        let (mut records, mut chain) = (Vec::new(), Digest::ZERO);
        for (seq, changeset) in (1..).zip(changesets) {
            let record = LogRecord::next(chain, Seq(seq), changeset);
            chain = record.chain;
            records.push(Line::Record(record));
        }
        let answer = store.load(feed(sealed(records)?)).await;
        assert!(
            matches!(answer, Err(StoreError::Corrupt { .. })),
            "{answer:?}"
        );
        assert_eq!(whole(&*store).await?, empty);
    }
    Ok(())
}

/// M2: a document that no commit could have put comes from no store: its entries out of order, or
/// a card over the limit; nor does a record of none: its note over the limit, or a document named
/// twice.
pub async fn a_load_of_what_no_commit_could_put_is_refused(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let furniture = furniture(fixture).await?;
    let store = fixture.open().await;
    let limits = store.limits();
    let empty = whole(&*store).await?;
    let spoil: [fn(&mut Stored, usize); 2] = [
        |stored, _| stored.entries.reverse(),
        |stored, limit| stored.card = Some("c".repeat(limit + 1).into()),
    ];
    let documents = spoil.map(|spoil| {
        let mut wrong = furniture.clone();
        for line in &mut wrong {
            if let Line::Doc(stored) = line
                && stored.at == thing(2)
            {
                spoil(stored, limits.card);
            }
        }
        wrong
    });
    let mut long = changeset(1, [remove(&thing(1))]);
    long.note = "n".repeat(limits.note + 1).into();
    let twice = changeset(1, [remove(&thing(1)), remove(&thing(1))]);
    let records = [long, twice].map(|wrong| {
        let record = LogRecord::next(Digest::ZERO, Seq(1), &wrong);
        vec![Line::Record(record)]
    });
    for wrong in documents.into_iter().chain(records) {
        let answer = store.load(feed(sealed(wrong)?)).await;
        assert!(
            matches!(
                answer,
                Err(StoreError::Corrupt { .. } | StoreError::Limit { .. })
            ),
            "{answer:?}"
        );
        assert_eq!(whole(&*store).await?, empty);
    }
    Ok(())
}

/// L3, M3: a load is growth, and ends the wait for it.
pub async fn a_load_ends_the_wait_for_growth(fixture: &mut dyn Fixture) -> Result<(), StoreError> {
    let furniture = furniture(fixture).await?;
    let store = fixture.open().await;
    let bell = Arc::new(Bell::default());
    let mut waiting = pin!(store.grown(Seq(2)));
    assert!(bell.poll(waiting.as_mut()).is_pending());
    store.load(feed(furniture)).await?;
    bell.heard_past(0);
    assert_eq!(waiting.await?, Seq(3));
    Ok(())
}
