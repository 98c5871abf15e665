use cmss_core::store::{Key, Order, Position, Range, Store, Want, Write};
use cmss_testkit::notes::{BY_SIZE, SLUGS, change, commit, lines, load, note, put};
use pollster::block_on;
use proptest::prelude::*;

use super::*;
use crate::KeyedStore;
use crate::support::{Disk, MapEngine};

/// Numbers of notes: few, so that they are written and read again and again.
const NOTES: u128 = 6;

type Kept = KeyedStore<MapEngine>;

#[derive(Clone, Debug)]
enum Step {
    Put(u128, String),
    Remove(u128),
    /// A note gets a text that has a body of its own, and another place.
    Grow(u128),
    Get(Vec<u128>),
    Scan(Scan),
}

fn scans() -> impl Strategy<Value = Scan> {
    let ranges = prop_oneof![
        Just(Range::all(BY_SIZE)),
        Just(Range::all(SLUGS)),
        (0..NOTES).prop_map(|number| Range::at(SLUGS, number.to_string().as_str().into())),
        (0..40_usize).prop_map(|size| Range {
            index: BY_SIZE,
            from: Some(Position::key(Key(size.to_be_bytes().to_vec()))),
            until: None,
        }),
    ];
    let orders = prop_oneof![Just(Order::Ascending), Just(Order::Descending)];
    let wants = prop_oneof![Just(Want::Nothing), Just(Want::Card), Just(Want::Body)];
    (ranges, orders, 1..5_usize, wants).prop_map(|(range, order, limit, want)| Scan {
        range,
        order,
        limit,
        want,
    })
}

fn steps() -> impl Strategy<Value = Step> {
    let numbers = || 1..=NOTES;
    prop_oneof![
        2 => (numbers(), "[a-z]{0,30}").prop_map(|(number, text)| Step::Put(number, text)),
        1 => numbers().prop_map(Step::Remove),
        1 => numbers().prop_map(Step::Grow),
        3 => prop::collection::vec(numbers(), 0..4).prop_map(Step::Get),
        4 => scans().prop_map(Step::Scan),
    ]
}

/// What two stores are asked, and what each answers, where that differs.
fn difference(steps: &[Step], write: &Kept, asked: &Kept, plain: &Kept) -> Option<String> {
    for (number, step) in (1..).zip(steps) {
        let writes = match step {
            Step::Put(number, text) => vec![put(*number, text)],
            Step::Grow(number) => vec![put(*number, &"long".repeat(300))],
            Step::Remove(number) => vec![Write::Remove { at: note(*number) }],
            Step::Get(_) | Step::Scan(_) => Vec::new(),
        };
        if !writes.is_empty() {
            // A removal of what is not there is refused by both.
            let _ = commit(write, change(number, vec![], writes.clone()));
            let _ = commit(plain, change(number, vec![], writes));
        }
        let (ours, theirs) = match step {
            Step::Get(numbers) => {
                let refs: Vec<_> = numbers.iter().map(|number| note(*number)).collect();
                let docs = |store: &Kept| block_on(store.get(&refs)).unwrap().docs;
                (format!("{:?}", docs(asked)), format!("{:?}", docs(plain)))
            }
            Step::Scan(scan) => {
                let page = |store: &Kept| {
                    let page = block_on(store.scan(scan)).unwrap();
                    format!("{:?} {:?}", page.hits, page.next)
                };
                (page(asked), page(plain))
            }
            _ => continue,
        };
        if ours != theirs {
            return Some(format!("{step:?}: {ours} instead of {theirs}"));
        }
    }
    None
}

fn opened(disk: &Disk) -> Kept {
    KeyedStore::open(disk.engine(), "the map").unwrap()
}

/// Room for all, and for hardly any, so that halves are full again and again.
const ROOMS: [usize; 2] = [1 << 20, 16_000];

proptest! {
    #[test]
    fn a_store_that_remembers_answers_as_one_that_does_not(
        steps in prop::collection::vec(steps(), 1..60),
        room in prop::sample::select(&ROOMS[..]),
    ) {
        let (remembering, plain) = (Disk::with_room(room), Disk::default());
        let (remembering, plain) = (opened(&remembering), opened(&plain));
        prop_assert_eq!(difference(&steps, &remembering, &remembering, &plain), None);
    }
}

#[test]
fn a_store_that_forgets_nothing_is_caught() {
    let disk = Disk::with_room(1 << 20);
    let (deaf, plain) = (opened(&disk), opened(&Disk::default()));
    // What it writes goes by the one that is asked.
    let beneath = opened(&disk);
    let steps = [
        Step::Put(1, "a".to_owned()),
        Step::Get(vec![1]),
        Step::Put(1, "b".to_owned()),
        Step::Get(vec![1]),
    ];
    let caught = difference(&steps, &beneath, &deaf, &plain);
    assert!(caught.is_some());
    let all = Scan {
        range: Range::all(BY_SIZE),
        order: Order::Ascending,
        limit: 10,
        want: Want::Nothing,
    };
    let steps = [
        Step::Scan(all.clone()),
        Step::Put(2, "a".to_owned()),
        Step::Scan(all),
    ];
    let (deaf, plain) = (opened(&disk), opened(&Disk::default()));
    let caught = difference(&steps, &beneath, &deaf, &plain);
    assert!(caught.is_some());
}

#[test]
fn what_is_read_again_is_not_asked_of_the_engine() {
    let disk = Disk::with_room(1 << 20);
    let store = opened(&disk);
    commit(&store, change(1, vec![], vec![put(1, "a"), put(2, "b")])).unwrap();
    let by_slug = Scan {
        range: Range::all(SLUGS),
        order: Order::Descending,
        limit: 1,
        want: Want::Body,
    };
    let read = || {
        let got = block_on(store.get(&[note(1)])).unwrap();
        (got, block_on(store.scan(&by_slug)).unwrap())
    };
    let before = read();
    // A store that asks would find nothing.
    disk.underneath(std::collections::BTreeMap::clear);
    assert_eq!(read(), before);
}

#[test]
fn an_empty_list_that_was_read_before_a_load_is_forgotten() {
    let source = opened(&Disk::default());
    commit(&source, change(1, vec![], vec![put(1, "a")])).unwrap();
    let store = opened(&Disk::with_room(1 << 20));
    let all = Scan {
        range: Range::all(BY_SIZE),
        order: Order::Ascending,
        limit: 10,
        want: Want::Nothing,
    };
    assert_eq!(block_on(store.scan(&all)).unwrap().hits.len(), 0);
    load(&store, lines(&source)).unwrap();
    assert_eq!(block_on(store.scan(&all)).unwrap().hits.len(), 1);
}

#[test]
fn what_is_kept_stays_within_its_room() {
    let answers = Answers::within(100_000);
    let doc = |number: u128| Doc {
        at: note(number),
        version: Seq(1),
        salt: cmss_core::store::Salt([7; 16]),
        body: "x".repeat(1_000).into(),
    };
    let kept = |number: u128| answers.docs(&[note(number)])[0].is_some();
    for number in 1..1_000 {
        answers.keep_doc(&doc(number));
        // It is used again and again, and so it stays.
        assert!(number == 1 || kept(1));
        let halves = answers.halves.read().unwrap();
        let docs = halves.young.docs.len() + halves.old.docs.len();
        assert!(docs * 1_000 <= 100_000, "{docs}");
    }
    assert!(kept(999) && !kept(500));
    // What would fill much of the room is not kept.
    answers.keep_doc(&Doc {
        body: "x".repeat(10_000).into(),
        ..doc(2_000)
    });
    assert!(!kept(2_000));
}
