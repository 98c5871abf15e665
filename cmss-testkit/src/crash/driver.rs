//! The parent: it kills, opens, and compares.

use std::path::Path;
use std::sync::Arc;

use cmss_core::store::{Store, StoreError};
use pollster::block_on;

use super::place::{Eyes, Place};
use super::shift::{self, Exports, Open, Said, Shift};
use super::work::WRITERS;
use crate::children::{Child, Ended, Task, serve};
use crate::looked::ran;
use crate::seed::Seed;

/// How many kills there are unless another number is asked for.
const KILLS: u32 = 60;
/// How many of them one store goes through.
const EACH: u32 = 6;

/// A process that commits to a store in a directory, to be killed again and again.
///
/// The [module's page](super) says what is looked for, and has an example.
pub struct Crash<'a, S> {
    test: &'a str,
    open: &'a dyn Fn(&Path) -> Result<S, StoreError>,
    check: &'a dyn Fn(&S) -> Result<(), StoreError>,
    in_child: Option<Open<'a>>,
    kills: Option<u32>,
    pub(super) exports: Exports,
}

/// What was seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Crashed {
    /// The kills.
    pub kills: u32,
    /// Those that came while the store was being opened.
    pub in_opening: u32,
    /// Those that came while the store was being exported.
    pub in_export: u32,
    /// Those that left the last commits in a journal alone, where the store keeps one.
    pub in_journal: u32,
    /// The exports that were not finished, and refused as such.
    pub exports_refused: u32,
    /// The commits that were answered before a kill: all of them were there afterwards.
    pub acknowledged: u64,
    /// The commits that were not, and were there all the same.
    pub whole: u64,
    /// The commits that were not, and were not there.
    pub absent: u64,
}

impl<S> std::fmt::Debug for Crash<'_, S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Crash")
            .field("test", &self.test)
            .field("kills", &self.kills)
            .finish_non_exhaustive()
    }
}

impl<'a, S: Store> Crash<'a, S> {
    /// `test` is the name of the test that calls this, as the test runner prints it, modules
    /// included; `open` opens the store in a directory, or creates it there.
    #[must_use]
    pub const fn of(test: &'a str, open: &'a dyn Fn(&Path) -> Result<S, StoreError>) -> Self {
        Self {
            test,
            open,
            check: &|_| Ok(()),
            in_child: None,
            kills: None,
            exports: shift::export,
        }
    }

    /// A look at a whole store, where the backend has one: it is taken after each kill, and again
    /// when what had no answer has been settled.
    #[must_use]
    pub const fn check(self, check: &'a dyn Fn(&S) -> Result<(), StoreError>) -> Self {
        Self { check, ..self }
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
        Self {
            in_child: Some(in_child),
            ..self
        }
    }

    /// Kills, opens and compares, as often as was asked for. In the process that is to be killed it
    /// does not come back.
    ///
    /// # Panics
    /// When something that was answered is lost, something is torn, or the store does not open; and
    /// when there is no test of this name.
    pub fn run(self) -> Crashed {
        serve("commit", |home, with| {
            let open = |home: &Path| match self.in_child {
                Some(open) => open(home),
                None => (self.open)(home).map(|store| Arc::new(store) as _),
            };
            Shift::read(with).work(home, &open, self.exports);
        });
        let kills = self.kills.unwrap_or_else(|| super::kills(KILLS));
        let seed = Seed::given();
        let eyes = Eyes {
            open: self.open,
            check: self.check,
        };
        let mut crashed = Crashed::default();
        let mut place = Place::new(seed);
        for round in 1..=kills {
            if round % EACH == 0 {
                place = Place::new(seed);
            }
            let said = self.killed(&place.path(), round, seed, &mut crashed);
            let looked = block_on(async {
                let left = place.look(round, WRITERS, &said, &eyes).await?;
                let refused = place.look_at_exports(round, &said).await?;
                Ok::<_, StoreError>((left, refused))
            });
            let (left, refused) =
                looked.unwrap_or_else(|error| panic!("after kill {round} of {seed}: {error}"));
            crashed.acknowledged += left.acknowledged;
            crashed.whole += left.whole;
            crashed.absent += left.absent;
            crashed.in_journal += u32::from(left.is_in_journal);
            crashed.exports_refused += refused;
        }
        seed.print(&format!("{}: {crashed:?}", self.test));
        ran(crashed.kills, "kills");
        crashed
    }

    /// One process, killed at a moment that the seed chooses as far as it can.
    fn killed(&self, home: &Path, round: u32, seed: Seed, crashed: &mut Crashed) -> Vec<Said> {
        let chance = |what: &str| seed.number(&format!("{what} {round}"));
        let in_opening = chance("in opening").is_multiple_of(5);
        let exports = !in_opening && chance("exports").is_multiple_of(3);
        let exporting = u64::from(exports) * (1 + chance("exporting") % 2);
        let acknowledged = chance("acknowledged") % 60;
        let shift = Shift {
            seed,
            round,
            exports,
        };
        let is_enough = |said: &[Said]| {
            let counted = |is: fn(&Said) -> bool| said.iter().filter(|said| is(said)).count();
            let acks = counted(|said| matches!(said, Said::Acknowledged(..)));
            let begun = counted(|said| matches!(said, Said::Exporting(_)));
            match in_opening {
                true => said.contains(&Said::Opening),
                false => {
                    let opened = said.contains(&Said::Opened);
                    opened && acks as u64 >= acknowledged && begun as u64 >= exporting
                }
            }
        };
        let mut child = Child::start(self.test, &Task::new("commit", home, shift));
        let mut said = Vec::new();
        while !is_enough(&said) {
            match child.listen() {
                Some(line) => said.extend(Said::read(line, round)),
                None => break,
            }
        }
        seed.spin(&format!("turns {round}"));
        let outcome = child.kill();
        if let Ended::Exited(status) = outcome.ended {
            panic!(
                "the process ended by itself, with {status}; is the test named as it is called?\n\
                 {outcome:#?}"
            );
        }
        let said = Said::all(&outcome, round);
        let last = said
            .iter()
            .rfind(|said| matches!(said, Said::Exporting(_) | Said::Exported(..)));
        crashed.kills += 1;
        crashed.in_opening += u32::from(!said.contains(&Said::Opened));
        crashed.in_export += u32::from(matches!(last, Some(Said::Exporting(_))));
        said
    }
}
