//! The parent: it kills, opens, and compares.

use std::collections::BTreeMap;
use std::env;
use std::path::Path;
use std::sync::Arc;

use cmss_core::store::{Order, Range, Seq, Store, StoreError, Want};
use cmss_memory::MemoryStore;
use pollster::block_on;
use tempfile::TempDir;

use super::child::{Process, Said, Told};
use super::work::{Sent, WRITERS};
use crate::durable::directories::Open;
use crate::faults::Dump;
use crate::notes::{BY_SIZE, SLUGS};
use crate::samples::{hits, scan};
use crate::seed::Seed;

/// How many kills there are unless another number is asked for.
const KILLS: u32 = 30;
/// How many of them one store goes through.
const EACH: u32 = 6;

/// A process that commits to a store in a directory, to be killed again and again.
///
/// The [module's page](super) says what is looked for, and has an example.
pub struct Crash<'a> {
    test: &'a str,
    open: Open<'a>,
    in_child: Open<'a>,
    kills: Option<u32>,
}

/// What was seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Crashed {
    /// The kills.
    pub kills: u32,
    /// Those that came while the store was being opened.
    pub in_opening: u32,
    /// The commits that were answered before a kill: all of them were there afterwards.
    pub acknowledged: u64,
    /// The commits that were not, and were there all the same.
    pub whole: u64,
    /// The commits that were not, and were not there.
    pub absent: u64,
}

impl std::fmt::Debug for Crash<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Crash")
            .field("test", &self.test)
            .field("kills", &self.kills)
            .finish_non_exhaustive()
    }
}

impl<'a> Crash<'a> {
    /// `test` is the name of the test that calls this, as the test runner prints it, modules
    /// included; `open` opens the store in a directory, or creates it there.
    #[must_use]
    pub const fn of(test: &'a str, open: Open<'a>) -> Self {
        Self {
            test,
            open,
            in_child: open,
            kills: None,
        }
    }

    /// A number of kills that stays, whatever `CMSS_KILLS` asks for.
    #[must_use]
    pub const fn kills(mut self, kills: u32) -> Self {
        self.kills = Some(kills);
        self
    }

    /// What the process to be killed opens, where that is another store than is looked at
    /// afterwards: one with a fault, such as [`Hasty`](super::Hasty), that must be caught.
    #[must_use]
    pub const fn in_child(self, in_child: Open<'a>) -> Self {
        Self { in_child, ..self }
    }

    /// Kills, opens and compares, as often as was asked for. In the process that is to be killed it
    /// does not come back.
    ///
    /// # Panics
    /// When something that was answered is lost, something is torn, or the store does not open; and
    /// when there is no test of this name.
    pub fn run(self) -> Crashed {
        if let Some(told) = Told::is() {
            told.work(self.in_child);
        }
        let asked = || env::var("CMSS_KILLS").ok();
        let asked = || asked().map(|kills| kills.parse().expect("CMSS_KILLS is a number"));
        let kills = self.kills.or_else(asked).unwrap_or(KILLS);
        let seed = Seed::given();
        let mut crashed = Crashed::default();
        let mut place = None;
        for round in 1..=kills {
            if round % EACH == 1 {
                place = None;
            }
            let place = place.get_or_insert_with(Place::new);
            let said = self.killed(place.home.path(), round, seed, &mut crashed);
            let looked = Look { round, seed };
            block_on(looked.at(place, self.open, &said, &mut crashed))
                .unwrap_or_else(|error| panic!("{looked}: {error}"));
        }
        seed.print(&format!("{}: {crashed:?}", self.test));
        crashed
    }

    /// One process, killed at a moment that the seed chooses as far as it can.
    fn killed(&self, home: &Path, round: u32, seed: Seed, crashed: &mut Crashed) -> Vec<Said> {
        let chance = |what: &str| seed.number(&format!("{what} {round}"));
        let mut process = Process::start(self.test, home, round, seed);
        let in_opening = chance("in opening").is_multiple_of(5);
        let acknowledged = match in_opening {
            true => 0,
            false => chance("acknowledged") % 60,
        };
        let enough = |said: &[Said]| match in_opening {
            true => said.contains(&Said::Opening),
            false => {
                said.contains(&Said::Opened) && said.len() as u64 >= acknowledged.saturating_add(2)
            }
        };
        let mut said = Vec::new();
        while !enough(&said) {
            match process.next() {
                Some(next) => said.push(next),
                None => break,
            }
        }
        // From nothing to some milliseconds, each order of magnitude as often as the next.
        let turns = chance("turns") % (1 << (chance("magnitude") % 20));
        (0..turns).for_each(|_| std::hint::spin_loop());
        said.extend(process.kill());
        crashed.kills += 1;
        crashed.in_opening += u32::from(!said.contains(&Said::Opened));
        said
    }
}

/// A directory, and what it must hold.
struct Place {
    home: TempDir,
    /// The same commits in memory.
    memory: MemoryStore,
    answered: BTreeMap<Sent, Seq>,
}

impl Place {
    fn new() -> Self {
        Self {
            home: tempfile::tempdir().expect("there is room for a store"),
            memory: MemoryStore::new(),
            answered: BTreeMap::new(),
        }
    }
}

/// A look at what a kill has left.
struct Look {
    round: u32,
    seed: Seed,
}

impl std::fmt::Display for Look {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "after kill {} of {}", self.round, self.seed)
    }
}

impl Look {
    async fn at(
        &self,
        place: &mut Place,
        open: Open<'_>,
        said: &[Said],
        crashed: &mut Crashed,
    ) -> Result<(), StoreError> {
        let Place {
            home,
            memory,
            answered,
        } = place;
        let store = open(home.path())?;
        let dump = Dump::of(&*store).await?;
        for said in said {
            if let Said::Acknowledged(sent, seq) = *said {
                crashed.acknowledged += 1;
                answered.insert(sent, seq);
            }
        }
        let logged: BTreeMap<Sent, Seq> = dump
            .records
            .iter()
            .map(|record| (Sent::of(record.id), record.seq))
            .collect();
        for (sent, seq) in &*answered {
            let there = logged.get(sent);
            assert_eq!(
                there,
                Some(seq),
                "{self}: {sent:?} was acknowledged and is lost"
            );
        }
        let known = Dump::of(memory).await?.records.len();
        for record in dump.records.iter().skip(known) {
            memory
                .commit(Sent::of(record.id).changeset(self.seed))
                .await?;
        }
        self.compare(&store, memory).await?;
        self.settle(&store, memory, answered, &logged, crashed)
            .await?;
        store.close().await
    }

    /// Asserts that the store holds what the same commits leave in memory.
    async fn compare(
        &self,
        store: &Arc<dyn Store>,
        memory: &MemoryStore,
    ) -> Result<(), StoreError> {
        let (found, expected) = (Dump::of(&**store).await?, Dump::of(memory).await?);
        if let Some(difference) = found.difference(&expected) {
            panic!("{self}: what is left is not what its log tells of: {difference}");
        }
        for index in [BY_SIZE, SLUGS] {
            let all = || scan(Range::all(index.clone()), Order::Ascending, Want::Body);
            let found = hits(&**store, all()).await?;
            let expected = hits(memory, all()).await?;
            assert!(found == expected, "{self}: index {index} is torn");
        }
        Ok(())
    }

    /// Sends again what each writer had no answer to.
    async fn settle(
        &self,
        store: &Arc<dyn Store>,
        memory: &MemoryStore,
        answered: &mut BTreeMap<Sent, Seq>,
        logged: &BTreeMap<Sent, Seq>,
        crashed: &mut Crashed,
    ) -> Result<(), StoreError> {
        for writer in 0..WRITERS {
            let of = |number| Sent {
                round: self.round,
                writer,
                number,
            };
            let last = answered.range(of(0)..=of(u32::MAX)).next_back();
            let sent = of(last.map_or(0, |(sent, _)| sent.number) + 1);
            let changeset = sent.changeset(self.seed);
            let receipt = store.commit(changeset.clone()).await?;
            match logged.get(&sent) {
                Some(seq) => {
                    crashed.whole += 1;
                    assert_eq!(receipt.seq, *seq, "{self}: {sent:?} happened twice");
                }
                None => {
                    crashed.absent += 1;
                    let expected = memory.commit(changeset).await?;
                    assert_eq!(receipt, expected, "{self}: {sent:?} is settled otherwise");
                }
            }
            answered.insert(sent, receipt.seq);
        }
        self.compare(store, memory).await
    }
}
