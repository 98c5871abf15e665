//! A store while it has power, and what cuts of it at chosen moments leave.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use cmss_keyed::directory;
use tempfile::{TempDir, tempdir};

use super::chance::Chance;
use super::shadow::{Content, Image, Kept, Rules, Shadow};
use super::story::Story;

/// The directory of the store, in one of the test's own; both are made when the store is.
pub(super) const STORE: &str = "desk/news";

/// What a store tells at each sync of a file, in the place of that sync: what it has written to it is
/// durable when this returns.
pub type Synced = Arc<dyn Fn(&File) + Send + Sync>;

/// Nobody asks.
#[must_use]
pub fn unasked() -> Synced {
    Arc::new(|_| ())
}

/// When the power went.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Moment {
    /// While the store was opened.
    Opening,
    /// At any time while it was open.
    Open,
    /// Right before a sync of a file that is not the journal.
    BeforeSync,
    /// Right after it.
    AfterSync,
    /// Right before a sync of the journal.
    BeforeJournaled,
    /// Right after it.
    AfterJournaled,
    /// Right before a sync of the names in a directory.
    BeforeNamed,
    /// Right after it.
    AfterNamed,
    /// While the store was closed.
    Closing,
    /// When it was closed.
    Closed,
    /// Right before a sync: the process ended, and the power stayed until the next.
    Killed,
}

/// The moments a life reaches by itself, in order.
const PHASES: [Moment; 4] = [
    Moment::Opening,
    Moment::Open,
    Moment::Closing,
    Moment::Closed,
];

/// What was done to a store before.
#[derive(Debug, Default)]
pub struct Past {
    pub(super) image: Image,
    /// What of that is durable, where it is not all.
    pub(super) kept: Option<Kept>,
    pub(super) story: Story,
}

impl Past {
    /// The directory in which the store is, in one of its own.
    pub(super) fn home(&self) -> (TempDir, PathBuf) {
        let home = tempdir().expect("there is room for a store");
        self.image.write(home.path());
        let path = home.path().join(STORE);
        (home, path)
    }

    pub(super) fn copy(&self) -> Self {
        Self {
            image: self.image.clone(),
            kept: self.kept.clone(),
            story: self.story.so_far(),
        }
    }
}

/// When the power is cut.
pub(super) struct Plan {
    /// Syncs, counted from 0: twice the number before it, and one more after it.
    pub(super) syncs: Vec<usize>,
    /// Any time from these moments on.
    pub(super) moments: Vec<Moment>,
    /// The process ends, and the power stays: right before these.
    pub(super) kills: Vec<Kill>,
}

/// A sync before which a process ends, counted from 0.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kill {
    /// Of the journal.
    Journal(usize),
    Any(usize),
}

/// What a cut leaves, and what had been answered by then.
pub(super) struct Cut {
    pub(super) moment: Moment,
    pub(super) left: Past,
}

impl Cut {
    /// What was wrong after it.
    pub(super) fn found(&self, wrong: &str) -> String {
        let (moment, files) = (self.moment, self.left.image.lengths());
        format!("{wrong}, when the power went at {moment:?} and left {files:?}")
    }
}

/// A store that somebody uses.
pub(super) struct Life {
    now: Mutex<Now>,
    pub(super) story: Story,
    phase: AtomicUsize,
}

struct Now {
    shadow: Shadow,
    chance: Chance,
    syncs: usize,
    journaled: usize,
    planned: Vec<usize>,
    kills: Vec<Kill>,
    cuts: Vec<Cut>,
}

impl Life {
    /// Lets somebody use what was left, and answers what the planned cuts would leave of it.
    pub(super) fn cuts(
        past: &Past,
        rules: Rules,
        plan: Plan,
        chance: &mut Chance,
        lead: impl FnOnce(&Path, Synced, &Self) + Send,
    ) -> Vec<Cut> {
        Self::led(past, rules, plan, chance, lead).0
    }

    /// How often it syncs when nobody cuts it.
    pub(super) fn syncs(
        past: &Past,
        rules: Rules,
        lead: impl FnOnce(&Path, Synced, &Self) + Send,
    ) -> usize {
        let plan = Plan {
            syncs: Vec::new(),
            moments: Vec::new(),
            kills: Vec::new(),
        };
        Self::led(past, rules, plan, &mut Chance::new(0), lead).1
    }

    fn led(
        past: &Past,
        rules: Rules,
        plan: Plan,
        chance: &mut Chance,
        lead: impl FnOnce(&Path, Synced, &Self) + Send,
    ) -> (Vec<Cut>, usize) {
        let (home, path) = past.home();
        let life = Arc::new(Self {
            now: Mutex::new(Now {
                shadow: match &past.kept {
                    Some(kept) => Shadow::of_kept(home.path(), rules, kept),
                    None => Shadow::of(home.path(), rules),
                },
                chance: Chance::new(chance.draw()),
                syncs: 0,
                journaled: 0,
                planned: plan.syncs,
                kills: plan.kills,
                cuts: Vec::new(),
            }),
            story: past.story.so_far(),
            phase: AtomicUsize::new(0),
        });
        let synced: Synced = {
            let life = life.clone();
            Arc::new(move |file: &File| life.sync(file))
        };
        directory::told(&synced);
        let mut moments = plan.moments;
        moments.sort_unstable();
        thread::scope(|scope| {
            scope.spawn(|| {
                let _ended = Ended(&life);
                lead(&path, synced.clone(), &life);
            });
            for moment in moments {
                life.wait_for(moment);
                // From nothing to some milliseconds, each order of magnitude as often as the next.
                let magnitude = chance.below(20);
                let turns = chance.below(1 << magnitude);
                (0..turns).for_each(|_| std::hint::spin_loop());
                let mut now = life.now();
                life.cut(&mut now, life.moment());
            }
        });
        let mut now = life.now();
        (std::mem::take(&mut now.cuts), now.syncs)
    }

    /// The store is that far.
    pub(super) fn reach(&self, moment: Moment) {
        let phase = PHASES.iter().position(|phase| *phase == moment);
        let phase = phase.expect("a life has this phase");
        self.phase.store(phase, Ordering::SeqCst);
    }

    fn sync(&self, file: &File) {
        let mut now = self.now();
        let is_directory = file.metadata().is_ok_and(|found| found.is_dir());
        let (before, after) = match now.shadow.rule(file) {
            // It is no file of this store.
            None => return,
            Some(_) if is_directory => (Moment::BeforeNamed, Moment::AfterNamed),
            Some(Content::Journal) => (Moment::BeforeJournaled, Moment::AfterJournaled),
            Some(_) => (Moment::BeforeSync, Moment::AfterSync),
        };
        let mut is_last = now.kills.contains(&Kill::Any(now.syncs));
        if before == Moment::BeforeJournaled {
            is_last |= now.kills.contains(&Kill::Journal(now.journaled));
            now.journaled += 1;
        }
        if is_last {
            self.kill(&mut now);
        }
        let number = 2 * now.syncs;
        now.syncs += 1;
        self.cut_at(&mut now, number, before);
        now.shadow.sync(file);
        self.cut_at(&mut now, number + 1, after);
    }

    fn cut_at(&self, now: &mut Now, number: usize, moment: Moment) {
        let planned = now.planned.iter().filter(|planned| **planned == number);
        for _ in 0..planned.count() {
            self.cut(now, moment);
        }
    }

    fn cut(&self, now: &mut Now, moment: Moment) {
        let image = now.shadow.cut(&mut now.chance);
        // Whatever is in the files has been sent by now; whatever has been answered was synced, and
        // no sync has come between.
        let story = self.story.so_far();
        now.cuts.push(Cut {
            moment,
            left: Past {
                image,
                kept: None,
                story,
            },
        });
    }

    /// The process ends, as far as what it leaves goes.
    fn kill(&self, now: &mut Now) {
        let (image, kept) = now.shadow.end();
        now.cuts.push(Cut {
            moment: Moment::Killed,
            left: Past {
                image,
                kept: Some(kept),
                story: self.story.so_far(),
            },
        });
    }

    fn moment(&self) -> Moment {
        PHASES[self.phase.load(Ordering::SeqCst)]
    }

    fn wait_for(&self, moment: Moment) {
        while self.moment() < moment {
            thread::yield_now();
        }
    }

    fn now(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Says so when a life has ended, however it has.
struct Ended<'a>(&'a Life);

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        self.0.reach(Moment::Closed);
    }
}
