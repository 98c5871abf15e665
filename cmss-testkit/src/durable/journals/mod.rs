//! Damaged journals: a store that was not closed, and of which the file `journal` is damaged, opens
//! with all that was committed, or says which file is wrong and what can be done.
//!
//! A record behind which no whole one stands cannot be told from one that was never finished: where the
//! last is damaged, or all from one on, the store may be as before it, and so may one of which the end of
//! the journal is missing. Then the witness tells, where there is one; half of the stores have none.

mod file;
mod left;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::ops::Range;
use std::path::Path;

use cmss_core::store::Store;
use cmss_keyed::directory::{JOURNAL, WITNESS};
use pollster::block_on;

use self::file::{FIRST, HEADER, PAGE, Record, seal};
use self::left::{LAST, Left, remove, serve_filling};
use super::{Backend, Trial};
use crate::looked::{asked, ran};
use crate::notes::{body, change, commit, put};
use crate::seed::Seed;

/// What became of the stores.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Tally {
    /// So many were as they had been.
    whole: u32,
    /// So many were refused, and it was said which file is wrong.
    refused: u32,
    /// So many of those by the witness.
    by_witness: u32,
    /// So many had nothing to tell that the last record, or the end of the journal, was gone.
    shorter: u32,
}

/// What is made of the file of the journal before it is read, by whoever reads it in a way of their own.
type Reader = fn(&mut Vec<u8>, &Left);

/// What is done to a journal.
#[derive(Clone, Debug)]
enum Damage {
    Flip { place: usize, with: u8 },
    Zero { page: usize },
    Swap { one: usize, other: usize },
    Cut { length: usize },
    Remove,
    Older,
    Other,
    Fork { further: bool },
}

impl Damage {
    /// The one with a number. What stands in the first page, in the headers of records, in what they
    /// say, and behind them, is damaged each in its turn.
    fn of(number: u32, seed: Seed, left: &Left) -> Self {
        let below = |what: &str, most: usize| {
            let chosen = seed.number(&format!("{what} {number}")) % most.max(1) as u64;
            chosen as usize
        };
        let record = &left.records[below("record", left.records.len())].at;
        let used = left.records.last().map_or(PAGE, |record| record.at.end);
        let pages = left.journal.len() / PAGE;
        let place = match number % 12 {
            0 => {
                return Self::Cut {
                    length: below("length", used),
                };
            }
            1 => {
                return Self::Zero {
                    page: below("page", pages),
                };
            }
            2 => {
                return Self::Zero {
                    page: record.start / PAGE,
                };
            }
            3 => {
                let [one, other] = ["one", "other"].map(|which| below(which, pages));
                return Self::Swap { one, other };
            }
            4 => match below("whole", 5) {
                0 => return Self::Remove,
                1 => return Self::Older,
                2 => return Self::Other,
                more => return Self::Fork { further: more == 4 },
            },
            5 => below("first", FIRST),
            6 | 7 => record.start + below("header", HEADER),
            8 => record.end - 1 - below("end", 8),
            9 => left.journal.len() - 1 - below("behind", left.journal.len() - used),
            _ => record.start + below("place", record.len()),
        };
        let with = below("with", 255) as u8 + 1;
        Self::Flip { place, with }
    }

    /// What is left of the journal.
    fn apply(&self, left: &Left) -> Option<Vec<u8>> {
        let mut bytes = left.journal.clone();
        match self {
            Self::Flip { place, with } => bytes[*place] ^= with,
            Self::Zero { page } => bytes[page * PAGE..][..PAGE].fill(0),
            Self::Swap { one, other } => {
                for at in 0..PAGE {
                    bytes.swap(one * PAGE + at, other * PAGE + at);
                }
            }
            Self::Cut { length } => bytes.truncate(*length),
            Self::Remove => return None,
            Self::Older => bytes.clone_from(&left.older),
            Self::Other => bytes.clone_from(&left.other),
            Self::Fork { further } => bytes.clone_from(&left.forks[usize::from(*further)]),
        }
        Some(bytes)
    }
}

/// Which commit a store may hold as its last one, beside the last of all, where no witness tells.
fn shortest(damage: &Damage, damaged: Option<&[u8]>, left: &Left) -> u64 {
    let is_changed = |at: &Range<usize>| {
        let now = damaged.and_then(|bytes| bytes.get(at.clone()));
        now != left.journal.get(at.clone())
    };
    let is_whole = |record: &Record| !is_changed(&record.at);
    let first = left.records.iter().position(|record| !is_whole(record));
    let (before, rest) = left.records.split_at(first.unwrap_or(left.records.len()));
    let last = before.last().map_or(left::CARRIED, |record| record.last);
    // A whole one behind it tells that it was durable.
    let is_told = rest.iter().any(is_whole);
    match damage {
        Damage::Cut { .. } | Damage::Remove | Damage::Older | Damage::Other => last,
        _ if !is_told && !is_changed(&(0..FIRST)) => last,
        _ => LAST,
    }
}

/// Whether anything is damaged that counts.
fn counts(damaged: Option<&[u8]>, left: &Left) -> bool {
    let mut that_count = left.records.iter().map(|record| record.at.clone());
    let is_changed = |at: Range<usize>| {
        let now = damaged.and_then(|bytes| bytes.get(at.clone()));
        now != left.journal.get(at)
    };
    is_changed(0..FIRST) || that_count.any(is_changed)
}

/// Damages the journal of a store that was not closed in many ways, 60 or `CMSS_CASES`.
fn try_damages<B: Backend>(trial: &Trial<'_, B>, reader: Reader) -> Result<Tally, String> {
    serve_filling(trial);
    let left = Left::make(trial);
    let seed = Seed::given();
    let mut tally = Tally::default();
    for number in 0..asked("CMSS_CASES", 60) {
        let damage = Damage::of(number, seed, &left);
        // Each kind of damage comes with a witness and without, but for one that only it can tell.
        let is_witnessed = (number / 12) % 2 == 0 || matches!(damage, Damage::Fork { .. });
        let told = |why: String| format!("{why}: {damage:?}, witnessed {is_witnessed}, {seed}");
        let mut damaged = damage.apply(&left);
        let shortest = match is_witnessed {
            true => LAST,
            false => shortest(&damage, damaged.as_deref(), &left),
        };
        let counts = counts(damaged.as_deref(), &left);
        if let Some(damaged) = &mut damaged {
            reader(damaged, &left);
        }
        let path = left.copy(damaged.as_deref(), is_witnessed);
        let looked = left.look(trial.backend, &path);
        match &looked {
            Ok(LAST) => tally.whole += 1,
            Ok(last) if *last == shortest => tally.shorter += 1,
            Ok(last) => return Err(told(format!("it is opened as of commit {last}"))),
            Err(_) if !counts => return Err(told(format!("nothing is wrong with it: {looked:?}"))),
            Err(why) => {
                let is_by_witness = check_words(why, &path, is_witnessed).map_err(told)?;
                tally.refused += 1;
                tally.by_witness += u32::from(is_by_witness);
            }
        }
        let after = match looked {
            Ok(last) => goes_on(trial, &path, last),
            Err(why) => is_refused_again(trial, &left, &path, &why),
        };
        after.map_err(told)?;
    }
    seed.print(&format!("{}: {tally:?}", trial.test));
    ran(tally.whole + tally.refused + tally.shorter, "journals");
    Ok(tally)
}

/// Whether the witness refuses; or else the file is named, and what can be done.
fn check_words(why: &str, path: &Path, is_witnessed: bool) -> Result<bool, String> {
    let named = |name: &str| why.contains(&path.join(name).display().to_string());
    let is_by_witness = why.contains("its witness has seen");
    let says_so = match is_by_witness {
        true => is_witnessed && named(WITNESS),
        false => named(JOURNAL),
    };
    match says_so && why.contains("remove") && why.contains(" back; or, to ") {
        true => Ok(is_by_witness),
        false => Err(format!("it is refused in other words: {why}")),
    }
}

/// What was opened takes commits, and keeps them.
fn goes_on<B: Backend>(trial: &Trial<'_, B>, path: &Path, last: u64) -> Result<(), String> {
    let again = || {
        let opened = trial.open(path);
        opened.map_err(|error| format!("opened again: {error}"))
    };
    let store = again()?;
    let more = commit(&store, change(1_000, vec![], vec![put(7, "after")]));
    let seq = more
        .map_err(|error| format!("it takes no commit: {error}"))?
        .seq
        .0;
    let closed = block_on(store.close());
    closed.map_err(|error| format!("it does not close: {error}"))?;
    drop(store);
    let store = again()?;
    match (seq == last + 1, body(&store, 7).as_deref()) {
        (true, Some("after")) => Ok(()),
        _ => Err("what was committed after it was opened is lost".to_owned()),
    }
}

/// It was refused for good; who does what was said has what was said, and who puts the right file back
/// has everything.
fn is_refused_again<B: Backend>(
    trial: &Trial<'_, B>,
    left: &Left,
    path: &Path,
    why: &str,
) -> Result<(), String> {
    let again = left.look(trial.backend, path);
    if again.as_ref() != Err(&why.to_owned()) {
        return Err(format!("it was refused for {why}, and then {again:?}"));
    }
    if let Some((_, promised)) = why.split_once("to lose what came after commit ") {
        let number = promised.split(',').next();
        let kept = number.and_then(|number| number.parse().ok());
        let kept: u64 = kept.ok_or_else(|| format!("it is not said after which commit: {why}"))?;
        for name in [JOURNAL, WITNESS] {
            if path.join(name).exists() {
                remove(path, name);
            }
        }
        match left.look(trial.backend, path) {
            Ok(last) if last == kept => {}
            other => return Err(format!("it was to keep commit {kept}, and keeps {other:?}")),
        }
    }
    fs::write(path.join(JOURNAL), &left.journal).expect("a file is written");
    match left.look(trial.backend, path) {
        Ok(LAST) => Ok(()),
        other => Err(format!("with the right file it is {other:?}")),
    }
}

/// H5: it tells that there was a store, whether it has anything itself or not: the data are not begun
/// anew, and their files can be put back.
pub fn a_store_of_which_the_data_are_gone_is_refused_and_left_as_it_was<B: Backend>(
    trial: &Trial<'_, B>,
) {
    serve_filling(trial);
    let left = Left::make(trial);
    for (is_closed, is_emptied) in [(false, false), (false, true), (true, false), (true, true)] {
        let path = left.copy(Some(&left.journal), true);
        if is_closed {
            assert_eq!(left.look(trial.backend, &path), Ok(LAST));
        }
        remove(&path, WITNESS);
        match is_emptied {
            true => fs::write(path.join(B::FILE), "").expect("a file is written"),
            false => remove(&path, B::FILE),
        }
        let before = files(&path);
        for _ in 0..2 {
            let opened = trial.open(&path).map(drop);
            opened.expect_err("the data are gone");
            assert_eq!(
                files(&path),
                before,
                "closed {is_closed}, emptied {is_emptied}"
            );
        }
    }
}

/// The names in a directory, and the lengths of the files.
fn files(path: &Path) -> BTreeMap<OsString, u64> {
    let found = fs::read_dir(path).expect("the directory is read");
    let found = found.map(|entry| entry.expect("a name is read"));
    let length = |entry: &fs::DirEntry| entry.metadata().expect("it is there").len();
    found
        .map(|entry| (entry.file_name(), length(&entry)))
        .collect()
}

/// H8: a journal moves into a new store with all that it has.
pub fn a_store_that_was_not_closed_is_compacted_whole<B: Backend>(trial: &Trial<'_, B>) {
    serve_filling(trial);
    let left = Left::make(trial);
    let path = left.copy(Some(&left.journal), true);
    let compacted = trial.backend.compact(&path, &mut |_| ());
    compacted.expect("the store is compacted");
    assert_eq!(left.look(trial.backend, &path), Ok(LAST));
}

/// H5: also when only the journal has what was committed last.
pub fn damaged_journals_of_stores_that_were_not_closed_are_noticed<B: Backend>(
    trial: &Trial<'_, B>,
) {
    let tally = try_damages(trial, |_, _| ()).unwrap_or_else(|why| panic!("{why}"));
    assert!(tally.refused > 0, "{tally:?}");
}

/// Breaks [`damaged_journals_of_stores_that_were_not_closed_are_noticed`]: it believes that
/// everything before was all there ever was.
pub fn a_reader_that_stops_at_the_first_damage_is_caught<B: Backend>(trial: &Trial<'_, B>) {
    let caught = try_damages(trial, |damaged, left| {
        let is_as_it_was = |record: &&Record| {
            damaged.get(record.at.clone()) == left.journal.get(record.at.clone())
        };
        let whole = left.records.iter().take_while(is_as_it_was).last();
        let end = whole.map_or(PAGE, |record| record.at.end.next_multiple_of(PAGE));
        damaged.truncate(end);
    });
    let why = caught.expect_err("it is caught");
    assert!(why.starts_with("it is opened as of commit 5"), "{why}");
}

/// Breaks [`damaged_journals_of_stores_that_were_not_closed_are_noticed`]: it looks at no checksum.
pub fn a_reader_that_believes_what_stands_there_is_caught<B: Backend>(trial: &Trial<'_, B>) {
    let caught = try_damages(trial, |damaged, left| seal(damaged, &left.records));
    let why = caught.expect_err("it is caught");
    assert!(why.contains("it is refused in other words"), "{why}");
}
