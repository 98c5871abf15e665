use cmss_core::store::{Seq, Write};
use cmss_testkit::notes::{change, commit, lines, note, put};

use super::*;
use crate::layout;
use crate::support::{Disk, MapEngine};
use crate::verify::{CorruptionKind, Location};

fn open(disk: &Disk) -> KeyedStore<MapEngine> {
    KeyedStore::open(disk.engine(), "the map").unwrap()
}

/// A store with texts of one and of several pages and pieces, and a removal.
fn filled() -> (Disk, KeyedStore<MapEngine>) {
    let disk = Disk::default();
    let store = open(&disk);
    for number in 1..=12 {
        let writes = vec![
            put(number, "x"),
            put(100 + number, &"long ".repeat(20_000)),
            put(200, &number.to_string().repeat(900)),
        ];
        commit(&store, change(number, vec![], writes)).unwrap();
    }
    let remove = Write::Remove { at: note(101) };
    commit(&store, change(50, vec![], vec![remove])).unwrap();
    (disk, store)
}

fn same(old: &KeyedStore<MapEngine>, new: &KeyedStore<MapEngine>) -> bool {
    compare(old.shared(), new.shared(), |_| ()).unwrap()
}

#[test]
fn a_copy_holds_the_same_to_the_byte_and_is_counted_on_the_way() {
    let (old_disk, old) = filled();
    let new_disk = Disk::default();
    let new = open(&new_disk);
    let (mut written, mut compared) = (Vec::new(), Vec::new());
    write(&old, &new, |values| written.push(values)).unwrap();
    assert!(compare(old.shared(), new.shared(), |values| compared.push(values)).unwrap());
    let map = old_disk.underneath(|map| map.clone());
    assert_eq!(new_disk.underneath(|map| map.clone()), map);
    // The format and the tip are the new store's own.
    let all = map.len() as u64;
    assert_eq!(
        (written.last(), compared.last()),
        (Some(&(all - 2)), Some(&all))
    );
    assert!(written.len() > 2 && written.is_sorted(), "{written:?}");
    assert!(compared.len() > 2 && compared.is_sorted(), "{compared:?}");
    assert_eq!(new.verify(|_| ()).unwrap(), old.verify(|_| ()).unwrap());
    assert_eq!(lines(&new), lines(&old));
}

#[test]
fn each_value_that_is_lost_changed_or_added_in_a_copy_is_noticed() {
    let (disk, old) = filled();
    let map = disk.underneath(|map| map.clone());
    let copy = Disk::default();
    copy.underneath(|under| *under = map.clone());
    let new = open(&copy);
    assert!(same(&old, &new));
    for (key, value) in &map {
        let opened = envelope::open(key, value).unwrap();
        // Whole, and something else.
        let later = envelope::seal(key, opened.seq.next(), opened.more, opened.payload);
        let behind = [key.as_slice(), &[0]].concat();
        copy.underneath(|under| drop(under.remove(key)));
        assert!(!same(&old, &new), "{key:?} was lost");
        copy.underneath(|under| under.insert(key.clone(), later));
        assert!(!same(&old, &new), "{key:?} was changed");
        copy.underneath(|under| under.insert(key.clone(), value.clone()));
        assert!(same(&old, &new));
        copy.underneath(|under| under.insert(behind.clone(), value.clone()));
        assert!(!same(&old, &new), "something was added behind {key:?}");
        copy.underneath(|under| under.remove(&behind));
    }
}

#[test]
fn a_copy_that_stops_anywhere_is_noticed() {
    let (disk, old) = filled();
    let mut rest = disk.underneath(|map| map.clone());
    let copy = Disk::default();
    copy.underneath(|under| *under = rest.clone());
    let new = open(&copy);
    assert!(same(&old, &new));
    while rest.pop_last().is_some() {
        copy.underneath(|under| *under = rest.clone());
        assert!(!same(&old, &new), "it stopped after {} values", rest.len());
    }
}

#[test]
fn a_value_that_does_not_open_is_named_and_nothing_is_left_of_the_copy() {
    let (disk, old) = filled();
    let whole = disk.underneath(|map| map.clone());
    for key in [
        layout::head(&note(3)),
        layout::body(Seq(3), &note(103)),
        layout::piece(&layout::body(Seq(3), &note(103)), 1),
        layout::record(Seq(2)),
        layout::tip(),
    ] {
        disk.underneath(|map| *map.get_mut(&key).unwrap().last_mut().unwrap() ^= 1);
        let copy = Disk::default();
        let new = open(&copy);
        match write(&old, &new, |_| ()) {
            Err(Unverified::Corrupt(Corruption { location, kind })) => {
                assert_eq!(location, Location::of(&key));
                assert!(matches!(kind, CorruptionKind::Damaged(_)), "{kind:?}");
            }
            other => panic!("{other:?}"),
        }
        // This waits for the thread that was loading.
        drop(new);
        assert_eq!(lines(&open(&copy)).len(), 1, "{key:?}");
        assert_eq!(copy.underneath(|map| map.len()), 2);
        disk.underneath(|map| *map = whole.clone());
    }
}

#[test]
fn what_is_copied_is_settled_batch_by_batch_and_nobody_sees_it_before_it_is_sealed() {
    let (_, old) = filled();
    let copy = Disk::default();
    let new = open(&copy);
    let before = copy.unsettled().ever;
    write(&old, &new, |_| ()).unwrap();
    let unsettled = copy.unsettled();
    assert_eq!((unsettled.most, unsettled.now), (1, 0));
    // The mark, more than one batch of values, and the seal.
    let batches = unsettled.ever - before;
    assert!(batches >= 3, "{batches}");
    drop(new);
    let keys = copy.batches();
    let (seal, rest) = keys.split_last().unwrap();
    assert_eq!(seal, &[layout::loading(), layout::tip()]);
    for keys in rest.iter().skip(before + 1) {
        assert!(!keys.contains(&layout::tip()) && !keys.contains(&layout::loading()));
    }
}
