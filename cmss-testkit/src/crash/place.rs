//! A directory in which processes die, and a look at what each has left.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};

use cmss_core::store::{Limits, Order, Range, Seq, Store, StoreError, Want, import};
use cmss_keyed::directory::{JOURNAL, WITNESS};
use cmss_memory::MemoryStore;
use pollster::block_on;
use tempfile::TempDir;

use super::shift::{Said, export_file};
use super::work::Sent;
use crate::durable::damage::copy;
use crate::faults::Dump;
use crate::lines;
use crate::notes::{BY_SIZE, SLUGS};
use crate::samples::{hits, scan};
use crate::seed::Seed;

/// How a store is opened and looked at.
pub(super) struct Eyes<'a, S> {
    pub(super) open: &'a dyn Fn(&Path) -> Result<S, StoreError>,
    pub(super) check: &'a dyn Fn(&S) -> Result<(), StoreError>,
}

/// A directory, and what the store in it must hold.
pub(super) struct Place {
    home: TempDir,
    seed: Seed,
    /// The same commits in memory.
    memory: MemoryStore,
    answered: BTreeMap<Sent, Seq>,
}

/// What became of the commits that had no answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Left {
    pub(super) acknowledged: u64,
    pub(super) whole: u64,
    pub(super) absent: u64,
    /// The last of what there is was in a journal alone.
    pub(super) is_in_journal: bool,
}

/// Which kill a sentence is about.
struct Kill {
    round: u32,
    seed: Seed,
}

impl fmt::Display for Kill {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "after kill {} of {}", self.round, self.seed)
    }
}

impl Place {
    pub(super) fn new(seed: Seed) -> Self {
        Self {
            home: tempfile::tempdir().expect("there is room for a store"),
            seed,
            memory: MemoryStore::new(),
            answered: BTreeMap::new(),
        }
    }

    /// Where the store is.
    pub(super) fn path(&self) -> PathBuf {
        self.home.path().join("news")
    }

    /// The last commit that is known to be in it.
    pub(super) fn commits(&self) -> Seq {
        let log = block_on(self.memory.changes(Seq::ZERO, 1));
        log.expect("memory is read").as_of
    }

    /// Looks at what the process of a round has left, in which so many wrote; then each of them
    /// sends again what they had no answer to.
    pub(super) async fn look<S: Store>(
        &mut self,
        round: u32,
        writers: u32,
        said: &[Said],
        eyes: &Eyes<'_, S>,
    ) -> Result<Left, StoreError> {
        let kill = Kill {
            round,
            seed: self.seed,
        };
        let in_engine = self.in_engine(eyes).await;
        let store = (eyes.open)(&self.path())?;
        (eyes.check)(&store)?;
        let dump = Dump::of(&store).await?;
        let last = dump.records.last().map(|record| record.seq);
        let mut left = Left {
            is_in_journal: in_engine.is_some_and(|in_engine| Some(in_engine) < last),
            ..Left::default()
        };
        for said in said {
            if let Said::Acknowledged(sent, seq) = *said {
                left.acknowledged += 1;
                self.answered.insert(sent, seq);
            }
        }
        let logged: BTreeMap<Sent, Seq> = dump
            .records
            .iter()
            .map(|record| (Sent::of(record.id), record.seq))
            .collect();
        for (sent, seq) in &self.answered {
            let there = logged.get(sent);
            assert_eq!(
                there,
                Some(seq),
                "{kill}: {sent:?} was acknowledged and is lost"
            );
        }
        let known = Dump::of(&self.memory).await?.records.len();
        for record in dump.records.iter().skip(known) {
            let changeset = Sent::of(record.id).changeset(self.seed);
            self.memory.commit(changeset).await?;
        }
        self.compare(&kill, &store).await?;
        for writer in 0..writers {
            match self.settle(&kill, writer, &store, &logged).await? {
                true => left.whole += 1,
                false => left.absent += 1,
            }
        }
        self.compare(&kill, &store).await?;
        (eyes.check)(&store)?;
        store.close().await?;
        Ok(left)
    }

    /// The last commit of the store as it would be without its journal, if it has one and opens then.
    async fn in_engine<S: Store>(&self, eyes: &Eyes<'_, S>) -> Option<Seq> {
        if !self.path().join(JOURNAL).exists() {
            return None;
        }
        let bare = self.home.path().join("bare");
        copy(&self.path(), &bare);
        for name in [JOURNAL, WITNESS] {
            // There may be none yet.
            let _ = fs::remove_file(bare.join(name));
        }
        let last = match (eyes.open)(&bare) {
            Ok(store) => {
                let changes = store.changes(Seq::ZERO, 1).await;
                let closed = store.close().await;
                closed.and(changes).ok().map(|changes| changes.as_of)
            }
            Err(_) => None,
        };
        fs::remove_dir_all(&bare).expect("the copy is removed");
        last
    }

    /// Asserts that the store holds what the same commits leave in memory.
    async fn compare(&self, kill: &Kill, store: &dyn Store) -> Result<(), StoreError> {
        let (found, expected) = (Dump::of(store).await?, Dump::of(&self.memory).await?);
        if let Some(difference) = found.difference(&expected) {
            panic!("{kill}: what is left is not what its log tells of: {difference}");
        }
        for index in [BY_SIZE, SLUGS] {
            let all = || scan(Range::all(index.clone()), Order::Ascending, Want::Body);
            let found = hits(store, all()).await?;
            let expected = hits(&self.memory, all()).await?;
            assert!(found == expected, "{kill}: index {index} is torn");
        }
        Ok(())
    }

    /// Sends again what a writer had no answer to; answers whether it was there.
    async fn settle(
        &mut self,
        kill: &Kill,
        writer: u32,
        store: &dyn Store,
        logged: &BTreeMap<Sent, Seq>,
    ) -> Result<bool, StoreError> {
        let round = kill.round;
        let of = |number| Sent {
            round,
            writer,
            number,
        };
        let last = self.answered.range(of(0)..=of(u32::MAX)).next_back();
        let sent = of(last.map_or(0, |(sent, _)| sent.number) + 1);
        let changeset = sent.changeset(self.seed);
        let receipt = store.commit(changeset.clone()).await?;
        let there = logged.get(&sent);
        match there {
            Some(seq) => assert_eq!(receipt.seq, *seq, "{kill}: {sent:?} happened twice"),
            None => {
                let expected = self.memory.commit(changeset).await?;
                assert_eq!(receipt, expected, "{kill}: {sent:?} is settled otherwise");
            }
        }
        self.answered.insert(sent, receipt.seq);
        Ok(there.is_some())
    }

    /// Looks at the exports that the process of a round has left: one that it said was done is the
    /// store as it was then, and one that was not is that or is refused, with nothing loaded.
    /// Answers how many were refused.
    pub(super) async fn look_at_exports(
        &self,
        round: u32,
        said: &[Said],
    ) -> Result<u32, StoreError> {
        let kill = Kill {
            round,
            seed: self.seed,
        };
        let begun = said.iter().filter_map(|said| match said {
            Said::Exporting(number) => Some(*number),
            _ => None,
        });
        let begun = begun.max().unwrap_or(0);
        let mut refused = 0;
        for number in begun.saturating_sub(1).max(1)..=begun {
            let done = said.iter().find_map(|said| match said {
                Said::Exported(which, seq) if *which == number => Some(*seq),
                _ => None,
            });
            let Ok(file) = File::open(export_file(&self.path(), number)) else {
                assert_eq!(done, None, "{kill}: export {number} is lost");
                continue;
            };
            let loaded = MemoryStore::new();
            let lines_in = import([BufReader::new(file)], &Limits::default());
            let outcome = match lines_in {
                Ok(lines_in) => loaded.load(lines_in).await,
                Err(error) => Err(error),
            };
            match outcome {
                Ok(seq) => {
                    let said = done.unwrap_or(seq);
                    assert_eq!(seq, said, "{kill}: export {number} is of another commit");
                    let then = self.as_of(seq).await?;
                    let same = lines(&loaded).await? == lines(&then).await?;
                    assert!(same, "{kill}: export {number} is not the store it was of");
                }
                Err(StoreError::Corrupt { .. }) if done.is_none() => {
                    refused += 1;
                    let empty = Dump::of(&loaded).await?;
                    assert!(
                        empty.docs.is_empty() && empty.records.is_empty(),
                        "{kill}: something of export {number}, which is refused, is loaded"
                    );
                }
                Err(error) => panic!("{kill}: export {number}, done {done:?}, is refused: {error}"),
            }
        }
        Ok(refused)
    }

    /// The store as a commit left it.
    async fn as_of(&self, seq: Seq) -> Result<MemoryStore, StoreError> {
        let then = MemoryStore::new();
        for record in Dump::of(&self.memory).await?.records {
            if record.seq <= seq {
                let sent = Sent::of(record.id);
                then.commit(sent.changeset(self.seed)).await?;
            }
        }
        Ok(then)
    }
}
