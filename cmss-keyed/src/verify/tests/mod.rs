//! A life of a store, and what is found in what became of it.

mod forged;
mod mutations;
mod orders;

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt;
use std::sync::Arc;

use cmss_core::store::{
    Changeset, CommitId, Entry, Expect, Index, Key, LogRecord, Salt, Store, StoreError, Write,
};
use cmss_testkit::notes::{BY_SIZE, SLUGS, change, commit, lines, load, note, put};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::support::{Disk, Map, MapEngine};
use crate::{KeyedStore, envelope, records};

type MapStore = KeyedStore<MapEngine>;

fn open(disk: &Disk) -> Result<MapStore, StoreError> {
    KeyedStore::open(disk.engine(), "the map")
}

/// What opening and looking at everything says.
fn look_at(disk: &Disk) -> Result<Verified, Unverified> {
    open(disk)?.verify(|_| ())
}

fn on(map: &Map) -> Disk {
    let disk = Disk::default();
    disk.underneath(|under| *under = map.clone());
    disk
}

/// What is found in a store that became this after it was opened on what it should be.
fn corruption_under(whole: &Map, map: &Map) -> Option<Corruption> {
    let disk = on(whole);
    let store = open(&disk).unwrap();
    disk.underneath(|under| *under = map.clone());
    match store.verify(|_| ()) {
        Ok(_) => None,
        Err(Unverified::Corrupt(found)) => Some(found),
        Err(error) => panic!("{error}"),
    }
}

/// What is found in a store that became this; and if it is reopened, it is found then or before.
fn corruption(map: &Map) -> Option<Corruption> {
    let found = corruption_under(&last(), map);
    assert_eq!(found.is_some(), look_at(&on(map)).is_err());
    found
}

/// A note that has one entry listed and unique at once, and one more, listed.
fn doubly(number: u128, body: &str) -> Write {
    let index = Index::new("note.both");
    let key = Key(vec![0, 1, 0]);
    let entries = vec![
        Entry::Listed {
            index: index.clone(),
            key: key.clone(),
        },
        Entry::Unique { index, key },
        Entry::Listed {
            index: BY_SIZE,
            key: Key(vec![]),
        },
    ];
    Write::Put {
        at: note(number),
        salt: Salt([9; 16]),
        body: body.into(),
        card: None,
        entries,
    }
}

fn swapped(number: u128, slug: &str) -> Write {
    let Write::Put {
        at,
        salt,
        body,
        card,
        ..
    } = put(number, "swapped")
    else {
        unreachable!()
    };
    let entries = vec![Entry::Unique {
        index: SLUGS,
        key: slug.into(),
    }];
    Write::Put {
        at,
        salt,
        body,
        card,
        entries,
    }
}

/// A life with everything in it: large texts that shrink and grow, removal, return, keys that
/// change hands, a commit of many writes.
fn life() -> Vec<Changeset> {
    let large = |letter: &str, length: usize| letter.repeat(length);
    let note_of = |id: u128| Write::Remove { at: note(id) };
    let long = large("many ", 300);
    let many_of = |number: u128| {
        if number.is_multiple_of(2) {
            &long
        } else {
            "many"
        }
    };
    let mut many = change(
        8,
        vec![],
        (100..130)
            .map(|number| put(number, many_of(number)))
            .collect(),
    );
    many.note = "n".repeat(64_000).into();
    vec![
        change(1, vec![], vec![put(1, "one"), put(2, "two")]),
        change(2, vec![], vec![put(3, &large("a", 150_000))]),
        change(3, vec![], vec![put(1, "one again"), doubly(4, "four")]),
        change(
            4,
            vec![Expect::At(note(3), Seq(2))],
            vec![put(3, &large("b", 70_000))],
        ),
        change(5, vec![], vec![note_of(2)]),
        change(6, vec![], vec![put(2, "back"), doubly(4, "four")]),
        change(7, vec![], vec![swapped(1, "2"), swapped(2, "1")]),
        many,
        change(9, vec![], vec![put(3, "small"), note_of(101)]),
        change(10, vec![], vec![put(3, &large("c", 200_000)), note_of(4)]),
    ]
}

/// What the engine held after each commit of a life.
fn states() -> Vec<Map> {
    let disk = Disk::default();
    let store = open(&disk).unwrap();
    let mut states = vec![disk.underneath(|map| map.clone())];
    for changeset in life() {
        commit(&store, changeset).unwrap();
        states.push(disk.underneath(|map| map.clone()));
    }
    states
}

fn last() -> Map {
    states().pop().unwrap()
}

#[test]
fn a_store_is_whole_at_every_point_of_its_life() {
    for (commits, state) in states().into_iter().enumerate() {
        let verified = look_at(&on(&state)).unwrap();
        assert_eq!(verified.as_of, Seq(commits as u64));
        assert_eq!(verified.examined.records, commits as u64);
        assert_eq!(verified.examined.values, state.len() as u64);
    }
}

#[test]
fn what_was_looked_at_is_counted_and_told_on_the_way() {
    let store = open(&on(&last())).unwrap();
    let mut told = vec![Examined::default()];
    let verified = store.verify(|examined| told.push(*examined)).unwrap();
    assert_eq!(verified.examined.documents, 1 + 1 + 1 + 29);
    assert_eq!(verified.examined.entries, 1 + 1 + 2 + 29 * 2);
    let changes = pollster::block_on(store.changes(Seq(9), 1)).unwrap();
    assert_eq!(
        (verified.as_of, verified.chain),
        (Seq(10), changes.records[0].chain)
    );
    assert!(told.is_sorted_by(|a, b| a.values <= b.values && a.records <= b.records));
    assert_eq!(told.last(), Some(&verified.examined));
}

#[test]
fn a_loaded_store_is_as_whole_as_the_one_it_came_from() {
    let from = open(&on(&last())).unwrap();
    let to = open(&Disk::default()).unwrap();
    load(&to, lines(&from)).unwrap();
    assert_eq!(to.verify(|_| ()).unwrap(), from.verify(|_| ()).unwrap());
}

#[test]
fn commits_that_go_on_meanwhile_are_no_fault() {
    let disk = on(&last());
    let store = Arc::new(open(&disk).unwrap());
    let next = std::cell::Cell::new(1_000_u128);
    let verified = store.verify(|_| {
        // Between any two steps, keys change hands and documents come and go.
        let number = next.get();
        let (one, two) = if number.is_multiple_of(2) {
            ("2", "1")
        } else {
            ("1", "2")
        };
        let mut writes = vec![swapped(1, one), swapped(2, two), put(number, "new")];
        if number > 1_000 {
            let at = note(number - 1);
            writes.push(Write::Remove { at });
        }
        commit(&*store, change(number, vec![], writes)).unwrap();
        next.set(number + 1);
    });
    let verified = verified.unwrap();
    assert!(verified.as_of > Seq(20), "{verified:?}");
}

#[test]
fn a_store_that_is_closed_poisoned_or_being_loaded_cannot_be_looked_at() {
    let store = Arc::new(open(&Disk::default()).unwrap());
    let looked = store.clone();
    let lines = std::iter::from_fn(move || {
        let loading = looked.verify(|_| ());
        let Err(Unverified::Unread(StoreError::Unavailable { what, .. })) = loading else {
            panic!("{loading:?}");
        };
        assert_eq!(what, "a load is under way");
        None
    });
    let refused = pollster::block_on(store.load(Box::new(lines)));
    assert!(matches!(refused, Err(StoreError::Corrupt { .. })));
    store.verify(|_| ()).unwrap();
    pollster::block_on(store.close()).unwrap();
    let closed = store.verify(|_| ());
    assert!(matches!(
        closed,
        Err(Unverified::Unread(StoreError::Closed))
    ));
}

/// The keys of everything that belongs to one document.
fn keys_of(at: &DocRef, state: &Map) -> BTreeSet<Vec<u8>> {
    fn is_of(at: &DocRef, key: &[u8]) -> bool {
        use crate::layout::Spot;
        match Spot::of(key) {
            Some(Spot::Head(of) | Spot::Body(_, of) | Spot::Entry(_, _, of)) => of == *at,
            Some(Spot::Piece(of, _)) => is_of(at, &of),
            _ => false,
        }
    }
    state.keys().filter(|key| is_of(at, key)).cloned().collect()
}

#[test]
fn a_fault_is_named_by_kind_and_place_and_never_by_content() {
    let state = last();
    let body = layout::body(Seq(8), &note(110));
    let entry = layout::entry(&SLUGS, &"110".into(), &note(110));
    let damage = |key: &Vec<u8>| {
        let mut damaged = state.clone();
        *damaged.get_mut(key).unwrap().last_mut().unwrap() ^= 1;
        corruption(&damaged).unwrap().to_string()
    };
    let lose = |key: &Vec<u8>| {
        let mut without = state.clone();
        without.remove(key);
        corruption(&without).unwrap().to_string()
    };
    let id = note(110).id;
    assert_eq!(
        damage(&body),
        format!(
            "the body of document note/{id} is not what was written: a document body has the \
             wrong checksum"
        )
    );
    assert_eq!(
        lose(&entry),
        format!("an entry of document note/{id} in index note.slug is missing")
    );
    assert_eq!(
        lose(&body),
        format!("the body of document note/{id} is missing")
    );
    assert_eq!(
        lose(&layout::head(&note(110))),
        format!("the body of document note/{id} belongs to nothing")
    );
    assert_eq!(lose(&layout::record(Seq(4))), "log record 4 is missing");
    let receipt = CommitId(Uuid::from_u128(4));
    assert_eq!(
        lose(&layout::receipt(receipt)),
        format!("the receipt of commit {receipt} is missing")
    );
    let piece = layout::piece(&layout::body(Seq(10), &note(3)), 1);
    let mut stray = state.clone();
    let key = layout::piece(&body, 1);
    stray.insert(key, state[&piece].clone());
    assert_eq!(
        corruption(&stray).unwrap().to_string(),
        format!("further piece 1 of the body of document note/{id} belongs to nothing")
    );
}

#[test]
fn an_older_state_as_a_whole_is_whole_and_left_to_the_witness() {
    for state in states() {
        assert!(look_at(&on(&state)).is_ok());
    }
}

#[test]
fn what_the_engine_says_of_itself_is_heard_when_opening_verifying_and_closing() {
    let disk = on(&last());
    let says = "there is a file that is not synced";
    let store = open(&disk).unwrap();
    disk.untidy(Some(says));
    let error = store.verify(|_| ()).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("the store is not whole: the engine is not what was written: {says}")
    );
    let heard = |answer| match answer {
        Err(StoreError::Corrupt { what, .. }) => assert_eq!(what, says),
        other => panic!("{other:?}"),
    };
    heard(pollster::block_on(store.close()));
    heard(open(&disk).map(drop));
    disk.untidy(None);
    open(&disk).unwrap().verify(|_| ()).unwrap();
}

/// What an engine says, and what is behind that.
#[derive(Debug)]
struct Said(&'static str, Option<Box<Self>>);

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Error for Said {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let behind = self.1.as_deref()?;
        Some(behind)
    }
}

#[test]
fn all_that_is_behind_damage_is_told_with_it_and_once() {
    for (what, said) in [("the data file", "page 3"), ("page 3", "page 3")] {
        let error = || {
            let behind = Said("its checksum", None);
            StoreError::Corrupt {
                what: what.to_owned(),
                source: Some(Box::new(Said(said, Some(Box::new(behind))))),
            }
        };
        let told = match what == said {
            true => "page 3: its checksum".to_owned(),
            false => format!("{what}: page 3: its checksum"),
        };
        for unverified in [Unverified::from(error()), at_key(&layout::tip(), error())] {
            let found = unverified.to_string();
            let (_, found) = found.split_once("is not what was written: ").unwrap();
            assert_eq!(found, told);
        }
    }
}
