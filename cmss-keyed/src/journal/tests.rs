//! What is read of a journal after its process, its power or its bytes were lost.

mod texts;

use std::fs;
use std::sync::Arc;

use cmss_core::store::{Digest, Seq};
use proptest::prelude::*;
use tempfile::{TempDir, tempdir};

use super::*;
use crate::reads::tip;
use crate::staged::Staged;
use crate::support::{Disk, MapEngine};

/// What a device writes at once, at least.
const SECTOR: usize = 512;

/// A journal in a directory of its own, with the commits that are in it and in the engine.
struct Lived {
    home: TempDir,
    journal: Journal,
    engine: MapEngine,
    /// What the engine has.
    carried: u64,
    /// One batch for each commit since.
    batches: Vec<Batch>,
}

impl Lived {
    fn new() -> Self {
        let home = tempdir().unwrap();
        let engine = Disk::default().engine();
        let journal = Journal::begin(home.path(), &engine, &Left::default()).unwrap();
        Self {
            home,
            journal,
            engine,
            carried: 0,
            batches: Vec::new(),
        }
    }

    fn last(&self) -> u64 {
        self.carried + self.batches.len() as u64
    }

    fn commit(&mut self, batch: Batch) {
        let last = self.last();
        let (before, after) = (tip(last), tip(last + 1));
        (self.journal.append(&self.engine, before, after, &batch)).unwrap();
        self.batches.push(batch);
    }

    fn carry(&mut self) {
        self.carried = self.last();
        self.batches.clear();
        self.journal.restart();
    }

    fn bytes(&self) -> Vec<u8> {
        fs::read(path(self.home.path())).unwrap()
    }

    /// What so many of the commits since come to.
    fn first(&self, count: usize) -> Batch {
        self.batches[..count]
            .iter()
            .flat_map(Batch::clone)
            .collect()
    }
}

/// What is read of these bytes, beyond what the engine has.
fn read(bytes: &[u8], carried: u64) -> Result<Batch, StoreError> {
    let home = tempdir().unwrap();
    fs::write(path(home.path()), bytes).unwrap();
    let left = Left::read(home.path(), &Disk::default().engine())?;
    left.after(tip(carried)).map(Staged::into_batch)
}

#[derive(Clone, Debug)]
enum Step {
    Commit(Batch),
    Carry,
}

fn batches() -> impl Strategy<Value = Batch> {
    let keys = prop::collection::vec(0_u8..3, 1..4);
    let sizes = prop_oneof![0..40_usize, 0..9_000_usize];
    let values = (any::<u8>(), sizes).prop_map(|(byte, size)| vec![byte; size]);
    prop::collection::btree_map(keys, prop::option::of(values), 1..4)
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![6 => batches().prop_map(Step::Commit), 1 => Just(Step::Carry)];
    prop::collection::vec(step, 1..12)
}

fn lived(steps: Vec<Step>) -> Lived {
    let mut lived = Lived::new();
    for step in steps {
        match step {
            Step::Commit(batch) => lived.commit(batch),
            Step::Carry => lived.carry(),
        }
    }
    lived
}

/// What a loss of power leaves of a file: of each part that was not synced, the old or the new.
fn mixed(durable: &[u8], written: &[u8], part: usize, fates: &[bool]) -> Vec<u8> {
    let mut found = durable.to_vec();
    let mut fates = fates.iter().cycle();
    for at in (0..written.len()).step_by(part) {
        let end = (at + part).min(written.len());
        if *fates.next().unwrap() {
            found.resize(found.len().max(end), 0);
            found[at..end].copy_from_slice(&written[at..end]);
        }
    }
    found
}

/// Whether a cut while a commit was written leaves all those before it, and that one whole or not.
fn is_whole_after_a_cut(
    lived: &mut Lived,
    last: Batch,
    is_answered: bool,
    mix: impl Fn(&[u8], &[u8]) -> Vec<u8>,
) -> bool {
    let durable = lived.bytes();
    lived.commit(last);
    let found = read(&mix(&durable, &lived.bytes()), lived.carried);
    let count = lived.batches.len();
    found.is_ok_and(|found| {
        found == lived.first(count) || !is_answered && found == lived.first(count - 1)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_was_committed_after_any_commit_is_read_back(steps in steps()) {
        let lived = lived(steps);
        let bytes = lived.bytes();
        for from in 0..=lived.batches.len() {
            let found = read(&bytes, lived.carried + from as u64).unwrap();
            let expected: Batch = lived.batches[from..].iter().flat_map(Batch::clone).collect();
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn a_cut_leaves_every_commit_before_and_the_last_whole_or_absent(
        steps in steps(),
        last in batches(),
        by_sector: bool,
        fates in prop::collection::vec(any::<bool>(), 1..40),
    ) {
        let mut lived = lived(steps);
        let part = if by_sector { SECTOR } else { PAGE };
        let whole = is_whole_after_a_cut(&mut lived, last, false, |durable, written| {
            mixed(durable, written, part, &fates)
        });
        prop_assert!(whole);
    }

    #[test]
    fn damage_is_noticed_unless_it_is_to_the_last_commit(
        steps in steps(),
        place: prop::sample::Index,
        bits in 1_u8..,
        length in 1..3_000_usize,
    ) {
        let lived = lived(steps);
        let mut bytes = lived.bytes();
        let at = place.index(bytes.len());
        // Within one page, and so within one record.
        for byte in bytes.iter_mut().skip(at).take(length.min(PAGE - at % PAGE)) {
            *byte ^= bits;
        }
        let count = lived.batches.len();
        match read(&bytes, lived.carried) {
            Ok(found) => prop_assert!(
                found == lived.first(count) || found == lived.first(count.saturating_sub(1))
            ),
            Err(error) => {
                let is_named = error.to_string().contains("journal");
                prop_assert!(is_named, "{}", error);
            }
        }
    }

    #[test]
    fn any_bytes_are_read_without_panic(
        steps in steps(),
        at: prop::sample::Index,
        bytes in prop::collection::vec(any::<u8>(), 0..9_000),
    ) {
        let lived = lived(steps);
        let mut found = lived.bytes();
        let at = at.index(found.len());
        found.truncate(at);
        found.extend(&bytes);
        let _ = read(&found, lived.carried);
        let _ = read(&bytes, 0);
    }
}

fn batch(number: u8, size: usize) -> Batch {
    Batch::from([(vec![number], Some(vec![number; size]))])
}

fn three() -> Lived {
    let commits = (1..=3).map(|number| Step::Commit(batch(number, 5_000)));
    lived(commits.collect())
}

#[test]
fn a_journal_that_answers_before_it_syncs_is_caught() {
    let nothing = |durable: &[u8], _: &[u8]| durable.to_vec();
    assert!(is_whole_after_a_cut(
        &mut three(),
        batch(4, 10),
        false,
        nothing
    ));
    assert!(!is_whole_after_a_cut(
        &mut three(),
        batch(4, 10),
        true,
        nothing
    ));
}

#[test]
fn damage_to_each_record_but_the_last_is_told_with_the_commit_before_it() {
    let lived = three();
    for (number, at) in [PAGE, 3 * PAGE].into_iter().enumerate() {
        for place in [at + 3, at + HEADER + 100, at + PAGE + 7] {
            let mut bytes = lived.bytes();
            bytes[place] ^= 1;
            let error = read(&bytes, 0).unwrap_err().to_string();
            let said = format!("journal is damaged after commit {number}, ");
            assert!(error.contains(&said), "{error}");
        }
    }
    let mut bytes = lived.bytes();
    bytes[5 * PAGE + 7] ^= 1;
    assert_eq!(read(&bytes, 0).unwrap(), lived.first(2));
}

#[test]
fn a_damaged_record_whose_commits_the_engine_has_is_passed_over() {
    let lived = three();
    let mut bytes = lived.bytes();
    bytes[PAGE + 200] ^= 1;
    assert!(read(&bytes, 0).is_err());
    // Those after it can no longer be followed, and the engine has to have them as well.
    assert!(read(&bytes, 1).is_err());
    assert_eq!(read(&bytes, 3).unwrap(), Batch::new());
}

#[test]
fn what_is_left_from_before_it_began_again_is_passed_over() {
    let mut lived = three();
    lived.carry();
    assert_eq!(read(&lived.bytes(), 3).unwrap(), Batch::new());
    lived.commit(batch(4, 10));
    assert_eq!(read(&lived.bytes(), 3).unwrap(), lived.first(1));
}

#[test]
fn a_journal_of_another_history_is_refused() {
    let mut lived = three();
    lived.carry();
    lived.commit(batch(4, 10));
    for carried in [1, 2] {
        let error = read(&lived.bytes(), carried).unwrap_err().to_string();
        assert!(
            error.contains("goes on from commit 3 of another history"),
            "{error}"
        );
    }
    let home = tempdir().unwrap();
    fs::write(path(home.path()), lived.bytes()).unwrap();
    let left = Left::read(home.path(), &lived.engine).unwrap();
    let other = Tip {
        seq: Seq(3),
        chain: Digest::of(b"another"),
    };
    assert!(left.after(other).is_err());
    let error = left.check_empty("here").unwrap_err().to_string();
    assert!(error.contains("here holds no commits"), "{error}");
}

#[test]
fn two_journals_have_two_secrets() {
    assert_ne!(Lived::new().journal.secret, Lived::new().journal.secret);
}

#[test]
fn a_journal_that_was_never_finished_is_begun_again_and_another_file_is_not() {
    let whole = Lived::new().bytes();
    let begun = [
        &b""[..],
        &[0; PAGE],
        &[0; 100],
        &b"cmss-jou"[..],
        &whole[..20],
    ];
    for bytes in begun {
        assert_eq!(read(bytes, 0).unwrap(), Batch::new());
    }
    let mut torn = whole.clone();
    torn[14] ^= 1;
    torn.extend([1; PAGE]);
    for bytes in [&b"dear diary"[..], &torn] {
        let error = read(bytes, 0).unwrap_err().to_string();
        assert!(error.contains("journal is damaged"), "{error}");
    }
    let mut newer = first_page([7; 32]);
    newer[15] = 2;
    let sum = crc32fast::hash(&newer[..48]).to_be_bytes();
    newer[48..52].copy_from_slice(&sum);
    let error = read(&newer, 0).unwrap_err().to_string();
    assert!(error.contains("is written in format 2"), "{error}");
}

#[test]
fn what_is_found_is_made_durable_before_it_is_gone_by_the_first_page_too() {
    let disk = Disk::default();
    disk.before_syncing(Some(Arc::new(|| Err(io::Error::other("injected")))));
    let home = tempdir().unwrap();
    let mut begun = Lived::new().bytes();
    begun.truncate(PAGE);
    for bytes in [begun, three().bytes()] {
        fs::write(path(home.path()), bytes).unwrap();
        let error = Left::read(home.path(), &disk.engine()).unwrap_err();
        assert!(error.to_string().contains("cannot be read"), "{error}");
    }
    // This much there is only when the first page is durable, and nothing follows it.
    fs::write(path(home.path()), Lived::new().bytes()).unwrap();
    Left::read(home.path(), &disk.engine()).unwrap();
}

#[test]
fn a_journal_goes_on_in_the_file_that_was_left() {
    let mut lived = three();
    let left = Left::read(lived.home.path(), &lived.engine).unwrap();
    let secret = lived.journal.secret;
    lived.journal = Journal::begin(lived.home.path(), &lived.engine, &left).unwrap();
    assert_eq!(lived.journal.secret, secret);
    lived.carry();
    lived.commit(batch(4, 10));
    assert_eq!(read(&lived.bytes(), 3).unwrap(), lived.first(1));
}

#[test]
fn no_two_records_share_a_page() {
    let lived = lived(
        (1..=3)
            .map(|number| Step::Commit(batch(number, 10)))
            .collect(),
    );
    assert_eq!(lived.bytes().len(), 4 * PAGE);
}
