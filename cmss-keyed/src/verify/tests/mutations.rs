//! Single values that are lost, changed, old or stray.

use std::cell::Cell;

use super::*;

#[test]
fn every_value_that_is_removed_is_missed() {
    let state = last();
    for key in state.keys() {
        let mut without = state.clone();
        without.remove(key);
        assert!(
            corruption(&without).is_some(),
            "{:?} was removed, and the store is found whole",
            Location::of(key)
        );
    }
}

#[test]
fn every_older_value_that_is_put_back_is_found() {
    let states = states();
    let (last, older) = states.split_last().unwrap();
    let mut tried = 0;
    for state in older {
        for (key, value) in state {
            if last.get(key) == Some(value) {
                continue;
            }
            let mut turned_back = last.clone();
            turned_back.insert(key.clone(), value.clone());
            let location = Location::of(key);
            assert!(
                corruption(&turned_back).is_some(),
                "{location:?} was put back, and the store is found whole"
            );
            tried += 1;
        }
    }
    assert!(tried > 50, "{tried}");
}

#[test]
fn a_document_that_as_a_whole_is_an_older_one_of_itself_or_gone_is_found() {
    let states = states();
    let (last, older) = states.split_last().unwrap();
    let ids: Vec<u128> = [1, 2, 3, 4, 101, 110].into();
    let (mut gone, mut turned_back) = (0, 0);
    for at in ids.into_iter().map(note) {
        for state in older {
            let (now, then) = (keys_of(&at, last), keys_of(&at, state));
            let same = |key: &Vec<u8>| last.get(key) == state.get(key);
            if now == then && now.iter().all(same) {
                continue;
            }
            let mut changed = last.clone();
            changed.retain(|key, _| !now.contains(key));
            changed.extend(then.iter().map(|key| (key.clone(), state[key].clone())));
            let found = corruption(&changed).unwrap();
            let location = Location::Document(at.clone());
            // A key that has changed hands is found first.
            let unique = matches!(found.kind, CorruptionKind::NotUnique);
            assert!(found.location == location || unique, "{at}: {found}");
            match then.is_empty() {
                true => gone += 1,
                false => turned_back += 1,
            }
        }
    }
    assert!(gone > 10 && turned_back > 10, "{gone} {turned_back}");
}

/// An engine that forgets one write of one batch, as a backend with a mistake would.
fn without_one_write(commit_number: usize, nth: usize) -> Option<Map> {
    let states = states();
    let (before, after) = (&states[commit_number - 1], &states[commit_number]);
    let keys: BTreeSet<&Vec<u8>> = before.keys().chain(after.keys()).collect();
    let written: Vec<_> = keys
        .into_iter()
        .filter(|key| before.get(*key) != after.get(*key))
        .collect();
    let forgotten = written.get(nth)?;
    let mut state = after.clone();
    match before.get(*forgotten) {
        Some(value) => state.insert((*forgotten).clone(), value.clone()),
        None => state.remove(*forgotten),
    };
    Some(state)
}

#[test]
fn a_write_that_an_engine_forgot_is_found() {
    let mut tried = 0;
    for commit_number in 1..=life().len() {
        for nth in 0.. {
            // Some fifty of a large commit are enough.
            let step = if commit_number == 8 { 3 } else { 1 };
            let Some(state) = without_one_write(commit_number, nth * step) else {
                break;
            };
            assert!(
                corruption_under(&states()[commit_number], &state).is_some(),
                "write {nth} of commit {commit_number} was forgotten, and the store is found whole"
            );
            tried += 1;
        }
    }
    assert!(tried > 100, "{tried}");
}

/// Keys that mean something, beside those there are.
fn stray_keys(state: &Map) -> impl Strategy<Value = Vec<u8>> + use<> {
    let keys: Vec<Vec<u8>> = state.keys().cloned().collect();
    let kinds = b"FTLhtelrpabz\0\xff".to_vec();
    let random = (
        prop::sample::select(kinds),
        prop::collection::vec(any::<u8>(), 0..30),
    );
    let random = random.prop_map(|(kind, mut rest)| {
        rest.insert(0, kind);
        rest
    });
    let changed = (
        prop::sample::select(keys),
        any::<prop::sample::Index>(),
        any::<u8>(),
        0..4_u8,
    );
    let changed = changed.prop_map(|(mut key, place, byte, how)| {
        let place = place.index(key.len());
        match how {
            0 => key[place] = byte,
            1 => key.push(byte),
            2 => drop(key.remove(place)),
            _ => key.insert(place, byte),
        }
        key
    });
    prop_oneof![random, changed]
}

fn cases() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(cmss_testkit::asked("CMSS_CASES", 150))
    }
}

#[test]
fn any_changed_bit_of_any_value_is_found() {
    let ran = Cell::new(0_u64);
    proptest!(cases(), |(
        place in any::<prop::sample::Index>(),
        byte in any::<prop::sample::Index>(),
        bit in 0..8,
    )| {
        let mut state = last();
        let key = place.get(&state.keys().cloned().collect::<Vec<_>>()).clone();
        let value = state.get_mut(&key).unwrap();
        let byte = byte.index(value.len());
        value[byte] ^= 1_u8 << bit;
        prop_assert!(corruption(&state).is_some(), "{:?}", Location::of(&key));
        ran.set(ran.get() + 1);
    });
    cmss_testkit::ran(ran.get(), "stores");
}

#[test]
fn any_value_at_a_key_of_its_own_is_found() {
    let ran = Cell::new(0_u64);
    proptest!(cases(), |(
        key in stray_keys(&last()),
        like in any::<prop::sample::Index>(),
        seq in 0..12_u64,
        sealed in any::<bool>(),
    )| {
        let mut state = last();
        prop_assume!(!state.contains_key(&key));
        let values: Vec<(&Vec<u8>, &Vec<u8>)> = state.iter().collect();
        let (at, like) = *like.get(&values);
        let value = if sealed {
            // As if a store had written it there.
            let payload = envelope::open(at, like).unwrap().payload.to_vec();
            envelope::seal(&key, Seq(seq), 0, &payload)
        } else {
            like.clone()
        };
        state.insert(key.clone(), value);
        prop_assert!(corruption(&state).is_some(), "{:?}", Location::of(&key));
        ran.set(ran.get() + 1);
    });
    cmss_testkit::ran(ran.get(), "stores");
}

#[test]
fn any_value_that_a_store_could_have_written_in_the_place_of_another_is_found() {
    let ran = Cell::new(0_u64);
    proptest!(cases(), |(
        place in any::<prop::sample::Index>(),
        like in any::<prop::sample::Index>(),
        seq in 0..12_u64,
        more in 0..3_u16,
    )| {
        let mut state = last();
        let keys: Vec<Vec<u8>> = state.keys().cloned().collect();
        let (key, like) = (place.get(&keys).clone(), like.get(&keys).clone());
        let payload = envelope::open(&like, &state[&like]).unwrap().payload.to_vec();
        let value = envelope::seal(&key, Seq(seq), more, &payload);
        prop_assume!(state[&key] != value);
        state.insert(key.clone(), value);
        prop_assert!(corruption(&state).is_some(), "{:?} like {:?}", Location::of(&key), Location::of(&like));
        ran.set(ran.get() + 1);
    });
    cmss_testkit::ran(ran.get(), "stores");
}
