//! Values that a store could have written, which contradict each other.

use super::*;
use crate::records::{Listing, Text};

/// Writes a value as a store would have, in the place of the one there is or beside them.
fn forge(state: &mut Map, key: Vec<u8>, seq: Seq, payload: &[u8]) {
    let value = envelope::seal(&key, seq, 0, payload);
    state.insert(key, value);
}

fn head_of(state: &Map, at: &DocRef) -> (Seq, Head) {
    let key = layout::head(at);
    let opened = envelope::open(&key, &state[&key]).unwrap();
    (opened.seq, Head::read(opened.payload).unwrap())
}

fn record_of(state: &Map, seq: Seq) -> LogRecord {
    let disk = on(state);
    let engine = disk.engine();
    let view = View::of(&engine);
    let key = layout::record(seq);
    let record = view.value(&key, records::read_record);
    record.unwrap().unwrap()
}

#[track_caller]
fn assert_found(whole: &Map, forged: &Map, location: &Location, kind: &CorruptionKind) {
    let found = corruption_under(whole, forged).unwrap();
    assert_eq!((&found.location, &found.kind), (location, kind), "{found}");
}

#[test]
fn an_entry_that_says_something_else_than_its_head_is_found() {
    let (at, state) = (note(110), last());
    let (version, _) = head_of(&state, &at);
    let key = layout::entry(&SLUGS, &"110".into(), &at);
    let location = Location::of(&key);
    for (unique, long, card) in [
        (true, true, "card of another"),
        (false, true, "card 110"),
        (true, false, "card 110"),
    ] {
        let mut forged = state.clone();
        let card = Some(card);
        let listing = Listing { unique, long, card };
        forge(&mut forged, key.clone(), version, &listing.write());
        assert_found(&state, &forged, &location, &CorruptionKind::Differs);
    }
}

#[test]
fn a_head_whose_entries_are_out_of_order_is_found() {
    let (at, state) = (note(110), last());
    let (version, mut head) = head_of(&state, &at);
    head.entries.reverse();
    let mut forged = state.clone();
    forge(&mut forged, layout::head(&at), version, &head.write());
    assert_found(
        &state,
        &forged,
        &Location::Head(at),
        &CorruptionKind::OutOfOrder,
    );
}

#[test]
fn a_head_that_counts_the_pieces_of_another_body_is_found() {
    let (at, state) = (note(110), last());
    let (version, mut head) = head_of(&state, &at);
    head.text = Text::Long(1);
    let mut forged = state.clone();
    forge(&mut forged, layout::head(&at), version, &head.write());
    assert_found(
        &state,
        &forged,
        &Location::Head(at),
        &CorruptionKind::Differs,
    );
}

#[test]
fn a_unique_key_with_two_holders_is_found() {
    let (at, state) = (note(110), last());
    let (version, mut head) = head_of(&state, &at);
    let key: Key = "111".into();
    head.entries.push(Entry::Unique {
        index: SLUGS,
        key: key.clone(),
    });
    let mut forged = state.clone();
    forge(&mut forged, layout::head(&at), version, &head.write());
    let listing = Listing {
        unique: true,
        long: true,
        card: head.card.as_deref(),
    };
    let entry = layout::entry(&SLUGS, &key, &at);
    let location = Location::of(&entry);
    forge(&mut forged, entry, version, &listing.write());
    assert_found(&state, &forged, &location, &CorruptionKind::NotUnique);
}

#[test]
fn a_body_that_is_not_the_one_that_was_logged_is_found() {
    let (at, state) = (note(110), last());
    let (version, _) = head_of(&state, &at);
    for (salt, body) in [([7; 16], "Many"), ([8; 16], "many")] {
        let mut forged = state.clone();
        let payload = records::write_body(Salt(salt), body);
        forge(&mut forged, layout::body(version, &at), version, &payload);
        let location = Location::Body(at.clone());
        assert_found(
            &state,
            &forged,
            &location,
            &CorruptionKind::NotAsLogged(version),
        );
    }
}

#[test]
fn a_short_text_that_is_not_the_one_that_was_logged_is_found() {
    let (at, state) = (note(111), last());
    let (version, head) = head_of(&state, &at);
    for (salt, text) in [([7; 16], "Many"), ([8; 16], "many")] {
        let mut head = head.clone();
        head.text = Text::Short(Salt(salt), text.into());
        let mut forged = state.clone();
        forge(&mut forged, layout::head(&at), version, &head.write());
        let location = Location::Head(at.clone());
        assert_found(
            &state,
            &forged,
            &location,
            &CorruptionKind::NotAsLogged(version),
        );
    }
}

#[test]
fn a_text_too_long_for_its_head_is_found() {
    let (at, state) = (note(111), last());
    let (version, mut head) = head_of(&state, &at);
    head.text = Text::Short(Salt([7; 16]), "many".repeat(300).into());
    let mut forged = state.clone();
    forge(&mut forged, layout::head(&at), version, &head.write());
    assert_found(
        &state,
        &forged,
        &Location::Head(at),
        &CorruptionKind::Differs,
    );
}

#[test]
fn a_log_that_was_rewritten_is_found() {
    let state = last();
    let mut record = record_of(&state, Seq(5));
    record.note = "[\"another\"]".into();
    let mut forged = state.clone();
    let payload = records::write_record(&record);
    forge(&mut forged, layout::record(Seq(5)), Seq(5), &payload);
    assert_found(
        &state,
        &forged,
        &Location::Record(Seq(5)),
        &CorruptionKind::BreaksChain,
    );

    // The last one, with a chain that fits it.
    let states = states();
    let state = &states[5];
    let before = record_of(state, Seq(4)).chain;
    let mut changeset = life().remove(4);
    changeset.note = "[\"another\"]".into();
    let record = LogRecord::next(before, Seq(5), &changeset);
    let mut forged = state.clone();
    let payload = records::write_record(&record);
    forge(&mut forged, layout::record(Seq(5)), Seq(5), &payload);
    assert_found(
        state,
        &forged,
        &Location::Record(Seq(5)),
        &CorruptionKind::BreaksChain,
    );
}

#[test]
fn a_log_that_ends_too_soon_or_goes_on_is_found() {
    let states = states();
    let state = &states[5];
    let receipt = |number| layout::receipt(CommitId(Uuid::from_u128(number)));
    let mut forged = state.clone();
    forged.remove(&layout::record(Seq(5)));
    forged.remove(&receipt(5));
    assert_found(
        state,
        &forged,
        &Location::Record(Seq(5)),
        &CorruptionKind::Missing,
    );

    for seq in [Seq(0), Seq(6)] {
        let before = record_of(state, Seq(5)).chain;
        let remove = vec![Write::Remove { at: note(2) }];
        let record = LogRecord::next(before, seq, &change(77, vec![], remove));
        let mut forged = state.clone();
        let payload = records::write_record(&record);
        forge(&mut forged, layout::record(seq), seq, &payload);
        forge(&mut forged, receipt(77), seq, &record.digest.0);
        assert_found(
            state,
            &forged,
            &Location::Record(seq),
            &CorruptionKind::Stray,
        );
    }
}

#[test]
fn a_piece_that_no_value_counts_is_found() {
    let state = last();
    let body = layout::body(Seq(10), &note(3));
    for number in [0, 4, u16::MAX] {
        let piece = layout::piece(&body, number);
        let mut forged = state.clone();
        forge(&mut forged, piece.clone(), Seq(10), b"more");
        assert_found(
            &state,
            &forged,
            &Location::of(&piece),
            &CorruptionKind::Stray,
        );
    }
}

/// Follows the log with so many documents kept in mind; answers in how many steps.
fn follow_log(disk: &Disk, most: usize) -> Result<usize, Unverified> {
    let store = open(disk)?;
    let mut steps = 0;
    let mut verification = Verification {
        shared: store.shared(),
        examined: Examined::default(),
        progress: |_: &Examined| steps += 1,
    };
    assert_eq!(verification.follow_log(most)?.seq, Seq(3));
    assert_eq!(verification.examined.values, 3);
    Ok(steps)
}

#[test]
fn documents_that_are_gone_are_accounted_for_in_bounded_memory() {
    let disk = Disk::default();
    let store = open(&disk).unwrap();
    let all = || 1..=40_u128;
    let remove = |number| Write::Remove { at: note(number) };
    let puts = all().map(|number| put(number, "x")).collect();
    commit(&store, change(1, vec![], puts)).unwrap();
    commit(&store, change(2, vec![], all().map(remove).collect())).unwrap();
    commit(&store, change(3, vec![], vec![put(50, "x")])).unwrap();
    drop(store);
    assert_eq!(follow_log(&disk, 100).unwrap(), 1);
    assert!(follow_log(&disk, 7).unwrap() > 5);

    // One that the log still has, in the last of these runs.
    disk.underneath(|map| {
        for key in keys_of(&note(50), map) {
            map.remove(&key);
        }
    });
    for most in [3, 7, 100] {
        match follow_log(&disk, most).unwrap_err() {
            Unverified::Corrupt(found) => {
                let location = Location::Document(note(50));
                assert_eq!(
                    (found.location, found.kind),
                    (location, CorruptionKind::Missing)
                );
            }
            error => panic!("{error}"),
        }
    }
}
