use proptest::prelude::*;

use super::*;

/// Bytes in which the ones with a meaning of their own are common.
fn keys() -> impl Strategy<Value = Key> {
    let byte = prop_oneof![Just(0), Just(1), Just(0xfe), Just(0xff), any::<u8>()];
    prop::collection::vec(byte, 0..12).prop_map(Key)
}

fn documents() -> impl Strategy<Value = DocRef> {
    let id = prop_oneof![
        Just(1_u128),
        Just(255),
        Just(256),
        Just(u128::MAX),
        any::<u128>()
    ];
    ("[a.z_0]{1,3}", id).prop_map(|(name, id)| DocRef {
        collection: Collection::try_from(name).unwrap(),
        id: Uuid::from_u128(id),
    })
}

fn positions() -> impl Strategy<Value = Position> {
    (keys(), prop::option::of(documents())).prop_map(|(key, at)| Position { key, at })
}

fn indexes() -> impl Strategy<Value = Index> {
    "[a.z_0]{1,3}".prop_map(|name| Index::try_from(name).unwrap())
}

proptest! {
    #[test]
    fn places_of_an_index_sort_as_their_positions(a in positions(), b in positions()) {
        let index = Index::new("by.key");
        prop_assert_eq!(bound(&index, &a).cmp(&bound(&index, &b)), a.cmp(&b));
    }

    #[test]
    fn heads_sort_as_their_documents(a in documents(), b in documents()) {
        prop_assert_eq!(head(&a).cmp(&head(&b)), a.cmp(&b));
    }

    #[test]
    fn records_sort_as_their_numbers(a: u64, b: u64) {
        prop_assert_eq!(record(Seq(a)).cmp(&record(Seq(b))), a.cmp(&b));
    }

    #[test]
    fn an_entry_is_read_back_from_its_place(index in indexes(), key in keys(), at in documents()) {
        let place = entry(&index, &key, &at);
        prop_assert_eq!(read_index(&place), Some(index));
        prop_assert_eq!(read_entry(&place, None), Some((key.clone(), at.clone())));
        prop_assert_eq!(read_entry(&place, Some(&at.collection)), Some((key.clone(), at.clone())));
        let other = Collection::new("other");
        prop_assert_eq!(read_entry(&place, Some(&other)), Some((key, at)));
    }

    #[test]
    fn every_place_is_read_back_and_no_key_is_read_as_two(
        index in indexes(),
        key in keys(),
        at in documents(),
        seq: u64,
        id: u128,
        number: u16,
    ) {
        let id = CommitId(Uuid::from_u128(id));
        let places = [
            (format(), Spot::Format),
            (tip(), Spot::Tip),
            (loading(), Spot::Loading),
            (head(&at), Spot::Head(at.clone())),
            (body(Seq(seq), &at), Spot::Body(Seq(seq), at.clone())),
            (entry(&index, &key, &at), Spot::Entry(index, key, at.clone())),
            (record(Seq(seq)), Spot::Record(Seq(seq))),
            (receipt(id), Spot::Receipt(id)),
            (
                piece(&body(Seq(seq), &at), number),
                Spot::Piece(body(Seq(seq), &at), number),
            ),
        ];
        for (place, spot) in places {
            prop_assert_eq!(Spot::of(&place), Some(spot.clone()));
            let mut longer = place;
            longer.push(7);
            prop_assert_ne!(Spot::of(&longer), Some(spot));
        }
    }

    #[test]
    fn a_key_stands_in_a_gap_when_it_is_of_no_kind(key in prop::collection::vec(any::<u8>(), 0..9)) {
        let in_gaps = gaps().iter().filter(|gap| gap.from <= key && key < gap.until).count();
        prop_assert_eq!(in_gaps, usize::from(Kind::of(&key).is_none()));
    }

    #[test]
    fn a_document_is_read_back_from_its_head(at in documents()) {
        prop_assert_eq!(read_head(&head(&at)), Some(at));
    }

    #[test]
    fn an_entry_lies_in_a_range_when_its_position_does(
        index in indexes(),
        other in indexes(),
        from in prop::option::of(positions()),
        until in prop::option::of(positions()),
        key in keys(),
        at in documents(),
    ) {
        let range = Range { index: index.clone(), from, until };
        let span = entries(&range);
        let place = entry(&other, &key, &at);
        let inside = span.from <= place && place < span.until;
        let expected = index == other && range.contains(&Position::before(key, at));
        prop_assert_eq!(inside, expected);
    }

    #[test]
    fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        let _ = read_index(&bytes);
        let _ = (read_entry(&bytes, None), read_head(&bytes), read_record(&bytes), Kind::of(&bytes));
        let _ = Spot::of(&bytes);
    }
}

#[test]
fn spans_leave_out_the_place_they_begin_after() {
    let at = DocRef {
        collection: Collection::new("a"),
        id: Uuid::from_u128(7),
    };
    assert!(heads_after(Some(&at)).from > head(&at));
    assert!(records_after(Seq(3)).from > record(Seq(3)));
    assert!(records_after(Seq(3)).from < record(Seq(4)));
}
