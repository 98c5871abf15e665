use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::support::{Disk, MapEngine};

type Model = BTreeMap<Vec<u8>, Vec<u8>>;

fn empty() -> MapEngine {
    Disk::default().engine()
}

fn keys() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(0_u8..4, 1..4)
}

fn writes() -> impl Strategy<Value = Vec<(Vec<u8>, Option<u8>)>> {
    prop::collection::vec((keys(), prop::option::of(any::<u8>())), 0..20)
}

fn stage(writes: &[(Vec<u8>, Option<u8>)], model: &mut Model) -> Staged {
    let mut staged = Staged::new();
    for (key, value) in writes {
        match value {
            Some(value) => {
                staged.put(key.clone(), Seq(1), &[*value]);
                model.insert(key.clone(), vec![*value]);
            }
            None => {
                staged.remove(key.clone(), 0);
                model.remove(key);
            }
        }
    }
    staged
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_pending_sent_and_staged_reads_as_if_it_were_in_the_tree(
        stored in writes(),
        pending in writes(),
        sent in writes(),
        staged in writes(),
        from in keys(),
        until in keys(),
    ) {
        let tree = empty();
        let mut model = Model::new();
        tree.apply(stage(&stored, &mut model).into_batch()).unwrap();
        let pending = stage(&pending, &mut model);
        let sent = stage(&sent, &mut model);
        let staged = stage(&staged, &mut model);
        let view = View::over(&tree, &pending).under(&sent, &staged);

        let span = Span { from, until };
        let inside = |key: &&Vec<u8>| span.from <= **key && **key < span.until;
        let mut expected: Vec<Vec<u8>> = model.keys().filter(inside).cloned().collect();
        for order in [Order::Ascending, Order::Descending] {
            let found: Vec<Vec<u8>> = view
                .span(&span, order)
                .map(|item| item.unwrap().0.as_ref().to_vec())
                .collect();
            prop_assert_eq!(&found, &expected);
            expected.reverse();
        }
        for (key, value) in &model {
            let read = view.value(key, |_, payload| Some(payload.to_vec())).unwrap();
            prop_assert_eq!(read.as_ref(), Some(value));
        }
    }
}

#[test]
fn what_is_newer_counts() {
    let (tree, mut model) = (empty(), Model::new());
    let older = stage(&[(vec![1], Some(1)), (vec![2], None)], &mut model);
    let newer = stage(&[(vec![1], None), (vec![2], Some(2))], &mut model);
    let keys = |view: View<'_, _>| {
        let span = Span {
            from: vec![0],
            until: vec![9],
        };
        let items = view.span(&span, Order::Ascending);
        let keys: Vec<u8> = items.map(|item| item.unwrap().0.as_ref()[0]).collect();
        let there = [1, 2].map(|key| view.raw(&[key]).unwrap().is_some());
        (keys, there)
    };
    let over = |pending| View::over(&tree, pending);
    for view in [
        over(&older).under(&newer, &NOTHING),
        over(&older).under(&NOTHING, &newer),
        over(&NOTHING).under(&older, &newer),
    ] {
        assert_eq!(keys(view), (vec![2], [false, true]));
    }
}

/// A view in which a value of three pieces is staged.
fn in_pieces() -> (Staged, Vec<u8>) {
    let payload: Vec<u8> = (0..150_000_u32).map(|n| n.to_be_bytes()[3]).collect();
    let mut staged = Staged::new();
    staged.put(b"tx".to_vec(), Seq(3), &payload);
    (staged, payload)
}

#[test]
fn a_value_in_pieces_is_put_together() {
    let tree = empty();
    let (staged, payload) = in_pieces();
    assert!(
        staged
            .writes()
            .values()
            .flatten()
            .all(|value| value.len() <= crate::MAX_VALUE)
    );
    let view = View::over(&tree, &staged);
    let read = view.value(b"tx", |seq, payload| Some((seq, payload.to_vec())));
    assert_eq!(read.unwrap(), Some((Seq(3), payload)));
}

#[test]
fn a_lost_piece_and_a_piece_of_another_commit_are_noticed() {
    let tree = empty();
    let piece = layout::piece(b"tx", 2);

    let (mut staged, _) = in_pieces();
    staged.remove(piece.clone(), 0);
    let view = View::over(&tree, &staged);
    let error = view.value(b"tx", |_, _| Some(())).unwrap_err();
    assert_eq!(error.to_string(), "corrupt: a document body lacks a piece");

    let (mut staged, _) = in_pieces();
    staged.put(piece, Seq(2), b"older");
    let view = View::over(&tree, &staged);
    let error = view.value(b"tx", |_, _| Some(())).unwrap_err();
    assert_eq!(
        error.to_string(),
        "corrupt: a document body has a piece of another"
    );
}
