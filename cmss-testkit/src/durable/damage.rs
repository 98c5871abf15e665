//! Damaged files: a store opens as it was, or says what is wrong. It never panics, hangs, or takes
//! changed data for good.
//!
//! Each damaged store is opened in a process of its own, since an engine may take that with it.

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use cmss_core::store::{Digest, Expect, Seq, Store, StoreError, Write};
use pollster::block_on;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, TestCaseError, TestError, TestRunner};
use tempfile::TempDir;

use super::{Backend, Trial};
use crate::children::{Child, Outcome, Task, say, serve};
use crate::notes::{body, change, commit, lines, note, put};
use crate::seed::Seed;

/// What a child may take: a hundred times what it needs.
const LONGEST: Duration = Duration::from_secs(60);

/// The process that has left a store.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Left {
    /// It closed the store.
    Closed,
    /// It was killed, when all that it did had been answered.
    Killed,
}

/// What became of the damaged stores.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// So many were as they had been.
    pub whole: u32,
    /// So many were refused, with a reason.
    pub refused: u32,
}

/// What is done to a file of a store, which is one of those in it when they are sorted by name.
#[derive(Clone, Debug)]
enum Damage {
    Flip {
        place: Index,
        bit: u8,
    },
    Zero {
        place: Index,
        length: usize,
    },
    Garble {
        place: Index,
        length: usize,
        with: u64,
    },
    Swap {
        one: Index,
        other: Index,
        length: usize,
    },
    Cut {
        place: Index,
    },
    Extend {
        length: usize,
    },
    Empty,
    Remove,
    /// Replaced by the file of that name of an older state of the store.
    Older,
    /// Replaced by the file of that name of another store.
    Other,
}

fn damages() -> impl Strategy<Value = Damage> {
    let index = any::<Index>;
    let length = || prop::sample::select(vec![1_usize, 64, 512, 4096, 65_536, 1 << 20]);
    prop_oneof![
        6 => (index(), 0..8_u8).prop_map(|(place, bit)| Damage::Flip { place, bit }),
        3 => (index(), length()).prop_map(|(place, length)| Damage::Zero { place, length }),
        3 => (index(), length(), any::<u64>())
            .prop_map(|(place, length, with)| Damage::Garble { place, length, with }),
        3 => (index(), index(), length())
            .prop_map(|(one, other, length)| Damage::Swap { one, other, length }),
        3 => index().prop_map(|place| Damage::Cut { place }),
        1 => length().prop_map(|length| Damage::Extend { length }),
        1 => Just(Damage::Empty),
        1 => Just(Damage::Remove),
        2 => Just(Damage::Older),
        2 => Just(Damage::Other),
    ]
}

/// Damages stores in many ways, 30 or `CMSS_CASES`, and looks at each in a child.
///
/// # Errors
/// What a child did with which damage, when it should not have.
///
/// # Panics
/// When the stores to be damaged cannot be made.
pub fn try_damages<B: Backend>(trial: &Trial<'_, B>, left: Left) -> Result<Tally, String> {
    serve("look", |home, _| look_at(home, trial.backend));
    serve("fill", |home, _| fill_and_die(home, trial.backend));
    let stores = Stores::make(trial, left);
    let cases = std::env::var("CMSS_CASES").ok();
    let cases = cases.and_then(|cases| cases.parse().ok()).unwrap_or(30);
    let config = Config {
        failure_persistence: None,
        max_shrink_iters: 20,
        ..Config::with_cases(cases)
    };
    let seed = Seed::given();
    let mut runner = TestRunner::new_with_rng(config, seed.rng());
    let tally = Cell::new(Tally::default());
    let play = |path: &Path| -> Result<(), String> {
        let looked = Child::start(trial.test, &Task::new("look", path, "")).wait(LONGEST);
        let mut counted = tally.get();
        match judge(&looked, &stores.expected)? {
            true => counted.whole += 1,
            false => counted.refused += 1,
        }
        tally.set(counted);
        Ok(())
    };
    for damage in [Damage::Older, Damage::Other, Damage::Empty, Damage::Remove] {
        let path = stores.damaged(std::slice::from_ref(&damage), None);
        play(&path).map_err(|why| format!("{why}: {damage:?}"))?;
    }
    // The file of most of the data comes up most often.
    let file = prop_oneof![3 => Just(None), 1 => any::<Index>().prop_map(Some)];
    let plans = (prop::collection::vec(damages(), 1..3), file);
    let played = runner.run(&plans, |(damages, file)| {
        let path = stores.damaged(&damages, file);
        play(&path).map_err(TestCaseError::fail)
    });
    match played {
        Ok(()) => {
            seed.print(&format!("{}: {:?}", trial.test, tally.get()));
            Ok(tally.get())
        }
        Err(TestError::Fail(why, plan)) => Err(format!("{why}: {plan:?}, {seed}")),
        Err(TestError::Abort(why)) => Err(why.to_string()),
    }
}

/// They are what they were, or refused with a reason.
pub fn damaged_files_of_a_closed_store_are_noticed<B: Backend>(trial: &Trial<'_, B>) {
    are_noticed(trial, Left::Closed);
}

/// Likewise.
pub fn damaged_files_of_a_store_whose_process_was_killed_are_noticed<B: Backend>(
    trial: &Trial<'_, B>,
) {
    are_noticed(trial, Left::Killed);
}

fn are_noticed<B: Backend>(trial: &Trial<'_, B>, left: Left) {
    let tally = try_damages(trial, left).unwrap_or_else(|why| panic!("{why}"));
    assert!(tally.refused > 5, "{tally:?}");
}

/// A backend that has no witness.
struct Forgetful<'a, B>(&'a B);

impl<B: Backend> Backend for Forgetful<'_, B> {
    type Store = B::Store;

    const FILE: &'static str = B::FILE;

    fn open(&self, path: &Path) -> Result<B::Store, StoreError> {
        let witness = path.join("witness");
        if witness.exists() {
            fs::remove_file(witness).map_err(|_| StoreError::Closed)?;
        }
        self.0.open(path)
    }

    fn verify(&self, store: &B::Store) -> Result<String, StoreError> {
        self.0.verify(store)
    }

    fn compact(&self, path: &Path, reached: &mut dyn FnMut(&str)) -> Result<(), StoreError> {
        self.0.compact(path, reached)
    }
}

/// Data of last week, mostly.
pub fn changed_data_that_is_taken_for_good_is_caught<B: Backend>(trial: &Trial<'_, B>) {
    let forgetful = Forgetful(trial.backend);
    let caught = try_damages(&trial.of(&forgetful), Left::Killed);
    assert!(caught.is_err(), "{caught:?}");
}

/// Whether the store was as it had been, or else refused, each time it was opened.
fn judge(looked: &Outcome, expected: &str) -> Result<bool, String> {
    let strange = || Err(format!("{looked:?}"));
    let looks = looked.said.split_last().filter(|_| looked.is_done());
    let Some((_, looks @ [_, _])) = looks else {
        return strange();
    };
    let mut whole = true;
    for said in looks {
        match said.split_once(' ') {
            Some(("holds", found)) if found == expected => {}
            Some(("refused", why)) if !why.is_empty() => whole = false,
            _ => return strange(),
        }
    }
    Ok(whole)
}

/// The stores that are damaged, and those their files are mixed up with.
struct Stores {
    home: TempDir,
    store: PathBuf,
    older: PathBuf,
    other: PathBuf,
    /// What the store says of itself.
    expected: String,
}

impl Stores {
    fn make<B: Backend>(trial: &Trial<'_, B>, left: Left) -> Self {
        let home = trial.home();
        let place = |name| home.path().join(name);
        let [store, older, other] = ["store", "older", "other"].map(place);
        let open = |path: &Path| trial.open(path).expect("a new store");
        let close = |store: B::Store| block_on(store.close()).expect("the store closes");
        let begun = open(&store);
        live(&begun, 1..=30);
        close(begun);
        copy(&store, &older);
        match left {
            Left::Closed => {
                let again = open(&store);
                live(&again, 31..=60);
                close(again);
            }
            Left::Killed => {
                let fill = Task::new("fill", &store, "");
                let filled = Child::start(trial.test, &fill).wait(LONGEST);
                assert_eq!(filled.said, ["filled"], "{filled:?}");
            }
        }
        let another = open(&other);
        live(&another, 511..=560);
        close(another);

        let copied = place("copy");
        copy(&store, &copied);
        let expected = open(&copied);
        let found = found(&expected, trial.backend).expect("the store is whole");
        close(expected);
        Self {
            home,
            store,
            older,
            other,
            expected: found,
        }
    }

    /// A copy of the store of which a file, the one with most of the data unless told, is damaged
    /// so.
    fn damaged(&self, damages: &[Damage], file: Option<Index>) -> PathBuf {
        let path = self.home.path().join("damaged");
        if path.exists() {
            fs::remove_dir_all(&path).expect("the last one is removed");
        }
        copy(&self.store, &path);
        let mut names = names(&path);
        let largest = names.iter().max_by_key(|name| size(&path.join(name)));
        let largest = largest.cloned().expect("a store has files");
        if damages.len() > 1 {
            // Who damages the witness as well as the data leaves nothing to notice it by.
            names.retain(|name| name != "witness");
        }
        for damage in damages {
            let name = file.map_or(&largest, |file| file.get(&names));
            self.apply(damage, &path, name);
        }
        path
    }

    fn apply(&self, damage: &Damage, store: &Path, name: &str) {
        let path = store.join(name);
        let Ok(mut bytes) = fs::read(&path) else {
            // An earlier damage has removed it.
            return;
        };
        // Where the zeros at the end begin.
        let used = bytes.iter().rposition(|byte| *byte != 0);
        let used = used.map_or(0, |last| last + 1);
        let stretch = |place: &Index, length: usize| {
            let from = place.index(used.max(1)) / length * length;
            from.min(bytes.len())..(from + length).min(bytes.len())
        };
        match damage {
            Damage::Flip { .. } if used == 0 => {}
            Damage::Flip { place, bit } => bytes[place.index(used)] ^= 1 << bit,
            Damage::Zero { place, length } => {
                let stretch = stretch(place, *length);
                bytes[stretch].fill(0);
            }
            Damage::Garble {
                place,
                length,
                with,
            } => {
                let stretch = stretch(place, *length);
                let mut with = *with;
                for byte in &mut bytes[stretch] {
                    with = with.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    *byte = with.to_be_bytes()[0];
                }
            }
            Damage::Swap { one, other, length } => {
                let (one, other) = (stretch(one, *length), stretch(other, *length));
                let (first, second) = (bytes[one.clone()].to_vec(), bytes[other.clone()].to_vec());
                if first.len() == second.len() {
                    bytes[one].copy_from_slice(&second);
                    bytes[other].copy_from_slice(&first);
                }
            }
            Damage::Cut { place } => bytes.truncate(place.index(used.max(1))),
            Damage::Extend { length } => bytes.extend(std::iter::repeat_n(0xa5, *length)),
            Damage::Empty => bytes.clear(),
            Damage::Remove => return fs::remove_file(path).expect("the file is removed"),
            Damage::Older => return replace(&path, &self.older, name),
            Damage::Other => return replace(&path, &self.other, name),
        }
        fs::write(path, bytes).expect("the file is written");
    }
}

/// Replaces a file by the one of the same name in another store, or the one that is most like it;
/// takes it away if there is none.
fn replace(path: &Path, from: &Path, name: &str) {
    let stem = |name: &str| name.split('.').next().map(str::to_owned);
    let alike = names(from)
        .into_iter()
        .find(|other| stem(other) == stem(name));
    match alike {
        Some(alike) => drop(fs::copy(from.join(alike), path).expect("the file is copied")),
        None => fs::remove_file(path).expect("the file is removed"),
    }
}

/// Work of all kinds, one commit for each number.
fn live(store: &dyn Store, numbers: std::ops::RangeInclusive<u128>) {
    for number in numbers {
        let size = usize::try_from(number % 11).expect("a small number");
        let text = number.to_string().repeat(10 + size * size * 200);
        let mut writes = vec![put(number % 13 + 1, &text), put(1_000 + number, "x")];
        if number % 30 > 10 {
            let at = note(1_000 + number - 10);
            writes.push(Write::Remove { at });
        }
        commit(store, change(number, vec![], writes)).expect("a commit");
    }
}

/// The child that leaves a store behind as it is when the process dies.
fn fill_and_die<B: Backend>(path: &Path, backend: &B) -> ! {
    let store = backend.open(path).expect("the store opens");
    live(&store, 31..=60);
    // An answer to something else shows that what follows the last commit has been done.
    let refused = change(99, vec![Expect::At(note(1), Seq(99))], vec![put(1, "x")]);
    commit(&store, refused).expect_err("another version was expected");
    say("filled");
    std::process::abort();
}

/// The child that looks at a damaged store, twice: what is wrong may have been put right, or made
/// worse, by the first time.
fn look_at<B: Backend>(path: &Path, backend: &B) {
    let mut is_whole = false;
    for _ in 0..2 {
        let looked = backend.open(path).and_then(|store| {
            let found = found(&store, backend)?;
            block_on(store.close())?;
            Ok(found)
        });
        is_whole = looked.is_ok();
        match looked {
            Ok(found) => say(&format!("holds {found}")),
            Err(error) => say(&format!("refused {error}")),
        }
    }
    if is_whole {
        go_on(path, backend);
    }
}

/// What a store holds, in few words, if it is whole.
fn found<B: Backend>(store: &B::Store, backend: &B) -> Result<String, StoreError> {
    let verified = backend.verify(store)?;
    let held = Digest::of(format!("{:?}", lines(store)).as_bytes());
    Ok(format!("{verified} {held}"))
}

/// A store that was found whole can be written to, or says why not.
fn go_on<B: Backend>(path: &Path, backend: &B) {
    let written = backend.open(path).and_then(|store| {
        backend.verify(&store)?;
        commit(&store, change(100, vec![], vec![put(7, "after")]))?;
        block_on(store.close())
    });
    if written.is_ok() {
        let store = backend.open(path).expect("what was written to opens");
        backend
            .verify(&store)
            .expect("what was written to is whole");
        assert_eq!(body(&store, 7).as_deref(), Some("after"));
    }
}

fn names(path: &Path) -> Vec<String> {
    let found = fs::read_dir(path).expect("the directory is read");
    let found = found.map(|entry| entry.expect("a name is read"));
    let files = found.filter(|entry| entry.path().is_file());
    let names = files.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

fn size(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |found| found.len())
}

/// The files of a store that is not open.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a directory is made");
    for name in names(from) {
        fs::copy(from.join(&name), to.join(&name)).expect("a file is copied");
    }
}
