use std::fs;
use std::path::Path;

use cmss_core::store::{
    Changeset, Collection, CommitId, Digest, DocRef, Entry, Index, Key, LogRecord, Salt, Write,
};
use cmss_testkit::feed;
use proptest::prelude::*;
use tempfile::tempdir;
use uuid::Uuid;

use super::*;
use crate::journal::Left;
use crate::support::{Disk, Map, MapEngine};
use crate::view::View;
use crate::witness::Witnessed;
use crate::{error, opening};

const LISTED: Index = Index::new("thing.listed");
const NAMES: Index = Index::new("thing.name");

/// What is loaded with.
type Load = fn(&Shared<MapEngine>, Lines, &Room) -> Result<Seq, StoreError>;

/// A document: the commit that wrote it, its number, the length of its text, and what it is called.
type Thing = (u64, u128, usize, Option<u8>);

fn stored((seq, number, length, name): &Thing) -> Stored {
    let collection = ["thing", "things"][usize::from(number % 3 == 0)];
    let key = Key(vec![0; length % 4]);
    // What is listed at a unique key is in nobody's way, and gives way to one's own.
    let mut entries = vec![
        Entry::Listed { index: LISTED, key },
        Entry::Listed {
            index: NAMES,
            key: Key(vec![1, 0]),
        },
    ];
    if let Some(name) = name {
        for index in [LISTED, NAMES] {
            let key = Key(vec![*name, 0]);
            entries.push(Entry::Unique { index, key });
        }
    }
    entries.sort();
    entries.dedup();
    Stored {
        at: DocRef {
            collection: Collection::try_from(collection).unwrap(),
            id: Uuid::from_u128(*number),
        },
        version: Seq(*seq),
        salt: Salt([7; 16]),
        body: "t".repeat(*length).into(),
        card: (number % 2 == 0).then(|| "c".repeat(length % 1_900).into()),
        entries,
    }
}

/// The lines of what was committed in this order, by commits of these ids.
fn lines_of(docs: &[Stored], ids: &[u128]) -> Vec<Line> {
    let mut chain = Digest::ZERO;
    let records = docs.iter().zip(ids).map(|(doc, id)| {
        let changeset = Changeset {
            id: CommitId(Uuid::from_u128(*id)),
            expect: vec![],
            writes: vec![Write::Put {
                at: doc.at.clone(),
                salt: doc.salt,
                body: doc.body.clone(),
                card: None,
                entries: vec![],
            }],
            note: "a note".into(),
            digest: Digest::of(&id.to_be_bytes()),
        };
        let record = LogRecord::next(chain, doc.version, &changeset);
        chain = record.chain;
        Line::Record(record)
    });
    let records: Vec<Line> = records.collect();
    let mut docs = docs.to_vec();
    docs.sort_by(|a, b| a.at.cmp(&b.at));
    let mut lines: Vec<Line> = docs.into_iter().map(Line::Doc).chain(records).collect();
    let mut intake = Intake::new();
    lines.iter().for_each(|line| intake.take(line).unwrap());
    lines.push(Line::End(intake.end()));
    lines
}

/// Documents in the order of their commits, which is another than their own.
fn things() -> impl Strategy<Value = Vec<Thing>> {
    let length = prop_oneof![0..40_usize, 1_000..1_100_usize, 60_000..200_000_usize];
    prop::collection::btree_map(1..u128::MAX, (length, any::<bool>()), 1..12).prop_map(|things| {
        let mut things: Vec<_> = things.into_iter().collect();
        things.sort_by_key(|(number, _)| number.reverse_bits());
        let things = things.into_iter().zip(1_u8..);
        let things = things.map(|((number, (length, is_named)), seq)| {
            (seq.into(), number, length, is_named.then_some(seq))
        });
        things.collect()
    })
}

fn all_of(things: &[Thing]) -> Vec<Stored> {
    things.iter().map(stored).collect()
}

fn ids(docs: &[Stored]) -> Vec<u128> {
    (0..docs.len() as u128)
        .map(|id| (id + 9) * 7 % 997)
        .collect()
}

/// An empty store on a disk.
fn founded(disk: &Disk) -> Shared<MapEngine> {
    let engine = disk.engine();
    let tip = opening::open(&engine, "the map", &Left::default(), &Witnessed::default()).unwrap();
    Shared::new(engine, tip, None)
}

fn map(disk: &Disk) -> Map {
    disk.underneath(|map| map.clone())
}

/// What stands in the tree when each line is staged over those before it.
fn expected(lines: &[Line]) -> Map {
    let disk = Disk::default();
    drop(founded(&disk));
    let mut staged = Staged::new();
    for line in lines {
        match line.clone() {
            Line::Doc(stored) => stage_document(&mut staged, &stored),
            Line::Record(record) => {
                stage_record(&mut staged, &record);
                stage_tip(&mut staged, Tip::of(&record));
            }
            Line::End(_) => {}
        }
    }
    let mut map = map(&disk);
    let staged = staged.into_batch().into_iter();
    map.extend(staged.map(|(key, value)| (key, value.unwrap())));
    map
}

/// Room for so many bytes, with a directory and without one.
fn rooms(run: usize, home: &Path) -> [Room; 2] {
    [Some(home.to_owned()), None].map(|directory| Room { run, directory })
}

/// Holds a load with little room to what the lines come to, and to the order of the keys.
fn is_filled_in_order(load: Load, docs: &[Stored], run: usize) -> Result<(), String> {
    let home = tempdir().unwrap();
    let lines = lines_of(docs, &ids(docs));
    for room in rooms(run, home.path()) {
        let disk = Disk::default();
        let store = founded(&disk);
        let before = disk.batches().len();
        let seq = load(&store, feed(lines.clone()), &room).map_err(|error| error.to_string())?;
        if seq.0 != docs.len() as u64 || map(&disk) != expected(&lines) {
            return Err(format!(
                "{room:?}: what stands there is not what was loaded"
            ));
        }
        // All but the mark and the seal.
        let mut batches = disk.batches().split_off(before + 1);
        batches.pop();
        let keys: Vec<_> = batches.concat();
        if room.directory.is_some() && !keys.is_sorted() {
            return Err(format!("{room:?}: not in the order of the keys"));
        }
    }
    let left = fs::read_dir(home.path()).unwrap().count();
    (left == 0).then_some(()).ok_or("a file is left".to_owned())
}

/// Holds the refusal of lines to what it should say, and to leave the store empty.
fn is_refused(load: Load, lines: &[Line], run: usize, saying: &str) -> Result<(), String> {
    let home = tempdir().unwrap();
    for room in rooms(run, home.path()) {
        let disk = Disk::default();
        let store = founded(&disk);
        let empty = map(&disk);
        match load(&store, feed(lines.to_vec()), &room) {
            Err(error) if error.to_string() == saying => {}
            answer => return Err(format!("{room:?}: {answer:?}")),
        }
        if map(&disk) != empty {
            return Err(format!("{room:?}: something is left"));
        }
        let seen = store.read(|view, seq| Ok((view.tip()?, seq))).unwrap();
        assert_eq!(seen, (Some(Tip::ZERO), Seq::ZERO));
    }
    Ok(())
}

/// Two different ones of these.
fn two_of(
    docs: &[Stored],
    (one, other): (prop::sample::Index, prop::sample::Index),
) -> (usize, usize) {
    let one = one.index(docs.len());
    (one, (one + 1 + other.index(docs.len() - 1)) % docs.len())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_load_fills_the_same_tree_in_order_whatever_fits_into_memory(
        things in things(),
        run in prop_oneof![0..400_usize, 400..400_000_usize, Just(RUN)],
    ) {
        prop_assert_eq!(is_filled_in_order(load, &all_of(&things), run), Ok(()));
    }

    #[test]
    fn a_second_holder_is_refused_whatever_fits_into_memory(
        things in things(),
        both: (prop::sample::Index, prop::sample::Index),
        run in prop_oneof![0..400_usize, 400..400_000_usize, Just(RUN)],
    ) {
        prop_assume!(things.len() > 1);
        let docs = all_of(&things);
        let (one, other) = two_of(&docs, both);
        let (lines, saying) = twice_held(docs, one, other);
        prop_assert_eq!(is_refused(load, &lines, run, &saying), Ok(()));
    }

    #[test]
    fn a_second_commit_of_one_id_is_refused_whatever_fits_into_memory(
        things in things(),
        both: (prop::sample::Index, prop::sample::Index),
        run in prop_oneof![0..400_usize, 400..400_000_usize, Just(RUN)],
    ) {
        prop_assume!(things.len() > 1);
        let docs = all_of(&things);
        let (one, other) = two_of(&docs, both);
        let (lines, saying) = twice_committed(&docs, one, other);
        prop_assert_eq!(is_refused(load, &lines, run, &saying), Ok(()));
    }
}

/// Gives two documents one name, which is listed for the others.
fn twice_held(mut docs: Vec<Stored>, one: usize, other: usize) -> (Vec<Line>, String) {
    for (place, doc) in docs.iter_mut().enumerate() {
        let (index, key) = (NAMES, "held".into());
        doc.entries.push(match [one, other].contains(&place) {
            true => Entry::Unique { index, key },
            false => Entry::Listed { index, key },
        });
        doc.entries.sort();
    }
    let (by, at) = (&docs[one].at, &docs[other].at);
    let (by, at) = (by.min(at), by.max(at));
    let saying = format!("corrupt: {at} and {by} hold the same unique key of index thing.name");
    (lines_of(&docs, &ids(&docs)), saying)
}

/// Gives two commits one id.
fn twice_committed(docs: &[Stored], one: usize, other: usize) -> (Vec<Line>, String) {
    let mut ids = ids(docs);
    ids[other] = ids[one];
    let id = CommitId(Uuid::from_u128(ids[one]));
    let saying = format!("corrupt: commit id {id} stands twice in the log");
    (lines_of(docs, &ids), saying)
}

/// Three documents, the last of them first in the log.
fn three() -> Vec<Stored> {
    [
        (1, 9, 70_000, Some(1)),
        (2, 4, 2_000, Some(2)),
        (3, 6, 5, None),
    ]
    .iter()
    .map(stored)
    .collect()
}

/// Writes each line as it comes, and looks at nothing.
fn unsorted(shared: &Shared<MapEngine>, lines: Lines, _: &Room) -> Result<Seq, StoreError> {
    let state = shared.state()?;
    let engine = state.engine()?;
    tree::write(engine, Staged::new())?;
    let mut tip = Tip::ZERO;
    for line in lines {
        let mut staged = Staged::new();
        match line? {
            Line::Doc(stored) => stage_document(&mut staged, &stored),
            Line::Record(record) => {
                tip = Tip::of(&record);
                stage_record(&mut staged, &record);
            }
            Line::End(_) => continue,
        }
        tree::write(engine, staged)?;
    }
    let mut seal = Staged::new();
    stage_tip(&mut seal, tip);
    tree::write(engine, seal)?;
    Ok(tip.seq)
}

#[test]
fn a_load_that_neither_sorts_nor_looks_is_caught() {
    let docs = three();
    let said = is_filled_in_order(unsorted, &docs, 100).unwrap_err();
    assert!(said.ends_with("not in the order of the keys"), "{said}");
    for (lines, saying) in [twice_held(docs.clone(), 0, 2), twice_committed(&docs, 0, 2)] {
        let said = is_refused(unsorted, &lines, 100, &saying).unwrap_err();
        assert!(said.contains(": Ok("), "{said}");
    }
}

/// Loads all but the pieces of large values.
fn without_pieces(
    shared: &Shared<MapEngine>,
    lines: Lines,
    room: &Room,
) -> Result<Seq, StoreError> {
    let seq = load(shared, lines, room)?;
    let state = shared.state()?;
    let engine = state.engine()?;
    let mut lost = Staged::new();
    let span = crate::layout::Kind::Piece.all();
    for item in View::of(engine).span(&span, cmss_core::store::Order::Ascending) {
        lost.remove(item?.0.as_ref().to_vec(), 0);
    }
    tree::write(engine, lost)?;
    Ok(seq)
}

#[test]
fn a_load_that_loses_something_is_caught() {
    let said = is_filled_in_order(without_pieces, &three(), 100).unwrap_err();
    assert!(said.ends_with("is not what was loaded"), "{said}");
}

#[test]
fn a_load_that_has_no_place_to_sort_in_is_refused_and_another_may_follow() {
    let home = tempdir().unwrap();
    let disk = Disk::default();
    let store = founded(&disk);
    let empty = map(&disk);
    let lines = lines_of(&three(), &[1, 2, 3]);
    let gone = Room {
        run: 100,
        directory: Some(home.path().join("gone")),
    };
    let refused = load(&store, feed(lines.clone()), &gone).unwrap_err();
    assert!(matches!(refused, StoreError::Backend { .. }), "{refused}");
    assert_eq!(map(&disk), empty);
    let room = Room::in_directory(None);
    assert_eq!(load(&store, feed(lines), &room).unwrap(), Seq(3));
}

#[test]
fn lines_that_end_in_an_error_while_some_are_put_aside_leave_the_store_empty() {
    let home = tempdir().unwrap();
    for room in rooms(100, home.path()) {
        let disk = Disk::default();
        let store = founded(&disk);
        let empty = map(&disk);
        let mut lines: Vec<_> = lines_of(&three(), &[1, 2, 3]).into_iter().map(Ok).collect();
        *lines.last_mut().unwrap() = Err(error::unavailable("the source"));
        let refused = load(&store, Box::new(lines.into_iter()), &room).unwrap_err();
        assert!(
            matches!(refused, StoreError::Unavailable { .. }),
            "{refused}"
        );
        assert_eq!(map(&disk), empty);
    }
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
}
