//! Documents that are added up: nothing is looked up where that comes out even, and what is wrong is
//! named as lookups name it.

use super::*;

/// What is found when documents are held against each other in one way.
type Compare = fn(&mut Verification<'_, MapEngine, fn(&Examined)>) -> Result<(), Unverified>;

fn found(store: &MapStore, compare: Compare) -> Option<Corruption> {
    let mut verification = Verification {
        shared: store.shared(),
        examined: Examined::default(),
        progress: (|_| ()) as fn(&Examined),
    };
    match compare(&mut verification) {
        Ok(()) => None,
        Err(Unverified::Corrupt(found)) => Some(found),
        Err(error) => panic!("{error}"),
    }
}

/// States with one fault: a value that is lost, older, damaged, or sealed anew as of another commit, with
/// another number of pieces, or as what stands elsewhere.
fn faulty() -> Vec<Map> {
    let states = states();
    let (last, older) = states.split_last().unwrap();
    let mut faulty = Vec::new();
    let mut change = |key: &Vec<u8>, value: Option<Vec<u8>>| {
        if last.get(key) == value.as_ref() {
            return;
        }
        let mut state = last.clone();
        match value {
            Some(value) => drop(state.insert(key.clone(), value)),
            None => drop(state.remove(key)),
        }
        faulty.push(state);
    };
    for (key, value) in last {
        change(key, None);
        let mut damaged = value.clone();
        *damaged.last_mut().unwrap() ^= 1;
        change(key, Some(damaged));
        let opened = envelope::open(key, value).unwrap();
        for (seq, more) in [
            (opened.seq.next(), opened.more),
            (opened.seq, opened.more + 1),
        ] {
            change(key, Some(envelope::seal(key, seq, more, opened.payload)));
        }
        for like in last.keys().step_by(17) {
            let other = envelope::open(like, &last[like]).unwrap();
            change(
                key,
                Some(envelope::seal(key, other.seq, other.more, other.payload)),
            );
        }
    }
    for state in older {
        for (key, value) in state {
            change(key, Some(value.clone()));
        }
    }
    faulty
}

/// Compares as every document would be by lookups alone; answers in how many states something was
/// found, or the first in which something else was.
fn named_alike(compare: Compare) -> Result<usize, String> {
    let by_lookups: Compare = |verification| verification.look_up_documents(&Tally::uneven());
    let mut named = 0;
    let disk = on(&last());
    let store = open(&disk).unwrap();
    for state in faulty() {
        disk.underneath(|map| *map = state);
        let expected = found(&store, by_lookups);
        let found = found(&store, compare);
        if found != expected {
            return Err(format!("{found:?} instead of {expected:?}"));
        }
        named += usize::from(found.is_some());
    }
    Ok(named)
}

#[test]
fn what_does_not_add_up_is_named_as_lookups_name_it() {
    let named = named_alike(|verification| verification.compare_documents()).unwrap();
    assert!(named > 500, "{named}");
}

#[test]
fn a_comparison_that_only_adds_up_is_caught() {
    let caught = named_alike(|verification| verification.add_up_documents().map(drop));
    let caught = caught.unwrap_err();
    assert!(caught.starts_with("None instead of"), "{caught}");
}

#[test]
fn a_comparison_that_looks_up_what_adds_up_is_caught() {
    let caught = named_alike(|verification| verification.look_up_documents(&Tally::new()));
    let caught = caught.unwrap_err();
    assert!(caught.starts_with("None instead of"), "{caught}");
}

#[test]
fn in_a_whole_store_no_text_and_no_entry_is_looked_up_and_a_head_for_the_log_alone() {
    let disk = on(&last());
    let store = open(&disk).unwrap();
    let kinds = |compare: Compare| {
        disk.lookups();
        assert_eq!(found(&store, compare), None);
        let kinds = disk.lookups();
        let kinds = kinds.iter().filter_map(|key| Kind::of(key));
        let of = |kind| kinds.clone().filter(|found| *found == kind).count();
        [of(Kind::Head), of(Kind::Body), of(Kind::Entry)]
    };
    let added_up = kinds(|verification| verification.compare_documents());
    assert_eq!(added_up, [0, 0, 0]);
    let looked_up = kinds(|verification| verification.look_up_documents(&Tally::uneven()));
    assert!(looked_up.iter().all(|count| *count > 10), "{looked_up:?}");
}

#[test]
fn a_fault_is_found_while_commits_keep_every_sum_from_coming_out_even() {
    let state = last();
    let faults = [
        layout::body(Seq(8), &note(110)),
        layout::entry(&SLUGS, &"110".into(), &note(110)),
        layout::head(&note(110)),
    ];
    for key in faults {
        let disk = on(&state);
        let store = Arc::new(open(&disk).unwrap());
        disk.underneath(|map| drop(map.remove(&key)));
        let mut number = 1_000_u128;
        let verified = store.verify(|_| {
            let writes = (111..=129).map(|id| put(id, &format!("{number}").repeat(400)));
            commit(&*store, change(number, vec![], writes.collect())).unwrap();
            number += 1;
        });
        match verified {
            Err(Unverified::Corrupt(found)) => {
                let location = found.location.to_string();
                assert!(location.contains(&note(110).to_string()), "{found}");
            }
            other => panic!("{other:?}"),
        }
    }
}
