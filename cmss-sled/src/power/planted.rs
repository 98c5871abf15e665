//! Engines with a bug each, which cutting the power must bring to light.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use cmss_core::store::StoreError;
use cmss_keyed::compaction::Housing;
use cmss_keyed::{Batch, Engine, KeyedStore};
use cmss_testkit::caught_saying_one_of;
use cmss_testkit::durable::losses;
use cmss_testkit::power::shadow::Content;
use cmss_testkit::power::trial::{Tally, Trial};
use cmss_testkit::power::{Past, Synced, Watched, compaction, unasked};
use sled::IVec;

use super::{
    CARRIED, HOUSING, Kind, LAPS, LARGE, MANY, REUSED, SMALL, USUAL, barrier, open, opened, rules,
    verify,
};
use crate::directory;
use crate::engine::{Barrier, SledEngine};

/// sled's own; a leaf of large documents does not fit then, and becomes a file of its own.
const OWN_SEGMENT: usize = 512 * 1024;

/// An engine that syncs when it pleases, its own file or the journal.
struct Planted {
    engine: SledEngine,
    synced: Synced,
    bug: Bug,
    /// The file that was to be synced last.
    journal: Mutex<Option<File>>,
    /// What is found in the journal is read before anything is asked.
    is_asked: AtomicBool,
    data: File,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Bug {
    /// It never syncs anything.
    Forgetful,
    /// It never syncs the journal.
    Unjournaled,
    /// It syncs the journal before that is written: when the next commit is judged.
    Rash,
    /// It does not sync what it finds in the journal before that is carried.
    Trusting,
    /// It never syncs its own file, so that the journal is begun again and the engine has nothing.
    Unsettled,
    /// It syncs that before it writes, so that what is carried becomes durable with the next batch.
    Hasty,
    /// It does not look into `blobs`.
    Blind,
    /// It syncs what was written where nothing was, and not what was written over.
    Thrifty,
}

/// The barrier of that.
fn thrifty(synced: Synced) -> Barrier {
    let seen = Mutex::new(Vec::new());
    Box::new(move |data| {
        let mut now = vec![0; data.metadata()?.len() as usize];
        data.read_exact_at(&mut now, 0)?;
        let mut seen = seen.lock().unwrap();
        if (seen.iter().zip(&now)).all(|(was, is)| *was == 0 || was == is) {
            synced(data);
            *seen = now;
        }
        Ok(())
    })
}

impl Planted {
    fn open(path: &Path, synced: Synced, bug: Bug) -> Result<KeyedStore<Self>, StoreError> {
        let kind = match bug {
            Bug::Blind => Kind {
                segment: OWN_SEGMENT,
                ..CARRIED
            },
            Bug::Thrifty => REUSED,
            _ => CARRIED,
        };
        let barrier = match bug {
            Bug::Blind | Bug::Unjournaled | Bug::Rash | Bug::Trusting => barrier(synced.clone()),
            Bug::Thrifty => thrifty(synced.clone()),
            Bug::Forgetful | Bug::Unsettled | Bug::Hasty => barrier(unasked()),
        };
        open(path, kind, barrier, |engine| Self {
            engine,
            synced,
            bug,
            journal: Mutex::default(),
            is_asked: AtomicBool::new(false),
            data: directory::open_data(path).unwrap(),
        })
    }

    /// The bug is in who writes; looked at is what it leaves.
    fn trial(bug: Bug) -> Trial<KeyedStore<Self>> {
        let base = match bug {
            Bug::Blind => LARGE,
            Bug::Thrifty => MANY,
            _ => LAPS,
        };
        Trial {
            open: match bug {
                Bug::Forgetful => |path, synced| Self::open(path, synced, Bug::Forgetful),
                Bug::Unjournaled => |path, synced| Self::open(path, synced, Bug::Unjournaled),
                Bug::Rash => |path, synced| Self::open(path, synced, Bug::Rash),
                Bug::Trusting => |path, synced| Self::open(path, synced, Bug::Trusting),
                Bug::Unsettled => |path, synced| Self::open(path, synced, Bug::Unsettled),
                Bug::Hasty => |path, synced| Self::open(path, synced, Bug::Hasty),
                Bug::Blind => |path, synced| Self::open(path, synced, Bug::Blind),
                Bug::Thrifty => |path, synced| Self::open(path, synced, Bug::Thrifty),
            },
            reopen: match bug {
                Bug::Blind => |path| Self::open(path, unasked(), Bug::Blind),
                Bug::Thrifty => |path| Self::open(path, unasked(), Bug::Thrifty),
                _ => |path| Self::open(path, unasked(), Bug::Forgetful),
            },
            verify,
            rules,
            lengths: base.lengths,
            notes: base.notes,
            writes: base.writes,
        }
    }
}

impl Engine for Planted {
    const MAGIC: &'static [u8] = SledEngine::MAGIC;

    type Bytes = IVec;

    fn get(&self, key: &[u8]) -> Result<Option<IVec>, StoreError> {
        self.is_asked.store(true, Ordering::SeqCst);
        if let (Bug::Rash, Some(journal)) = (self.bug, &*self.journal.lock().unwrap()) {
            (self.synced)(journal);
        }
        self.engine.get(key)
    }

    fn range<'a>(
        &'a self,
        from: &[u8],
        until: &[u8],
    ) -> impl DoubleEndedIterator<Item = Result<(IVec, IVec), StoreError>> + use<'a> {
        self.engine.range(from, until)
    }

    fn apply(&self, batch: Batch) -> Result<(), StoreError> {
        if self.bug == Bug::Hasty {
            (self.synced)(&self.data);
        }
        self.engine.apply(batch)
    }

    fn settle(&self) -> Result<(), StoreError> {
        self.engine.settle()
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        match self.bug {
            Bug::Forgetful | Bug::Unjournaled => {}
            Bug::Rash => *self.journal.lock().unwrap() = Some(file.try_clone()?),
            Bug::Trusting => {
                if self.is_asked.load(Ordering::SeqCst) {
                    (self.synced)(file);
                }
            }
            Bug::Unsettled | Bug::Hasty | Bug::Blind | Bug::Thrifty => (self.synced)(file),
        }
        Ok(())
    }

    fn is_untouched(&self) -> Result<bool, StoreError> {
        self.engine.is_untouched()
    }

    fn let_go(self) {
        self.engine.let_go();
    }
}

/// Far more lives than are needed: the first cuts bring it to light.
fn cut(bug: Bug) -> Result<Tally, String> {
    Planted::trial(bug).run(40, &Past::default())
}

/// The same of a store that was made as it should be.
fn cut_later(bug: Bug) -> Result<Tally, String> {
    Planted::trial(bug).run(40, &LAPS.past(2))
}

/// Of what was not synced in time, the witness tells, or what is not there, or sled's own snapshot.
fn is_loss(wrong: &str) -> bool {
    [
        "its witness has seen",
        "acknowledged commit",
        "the store does not open",
        "the store is not whole",
        "the store cannot be looked at",
    ]
    .iter()
    .any(|what| wrong.contains(what))
}

#[test]
fn a_store_that_never_syncs_is_caught() {
    let wrong = cut(Bug::Forgetful).unwrap_err();
    assert!(is_loss(&wrong), "{wrong}");
}

#[test]
fn a_journal_that_is_never_synced_is_caught() {
    let wrong = cut_later(Bug::Unjournaled).unwrap_err();
    assert!(is_loss(&wrong), "{wrong}");
}

#[test]
fn a_journal_that_is_synced_before_it_is_written_is_caught() {
    let wrong = cut_later(Bug::Rash).unwrap_err();
    assert!(is_loss(&wrong), "{wrong}");
}

#[test]
fn a_journal_that_is_carried_as_it_is_found_is_caught() {
    // Rarer: the process ends between writing and syncing, and the power goes in the next opening.
    let wrong = Planted::trial(Bug::Trusting).run(400, &LAPS.past(2));
    let wrong = wrong.unwrap_err();
    assert!(is_loss(&wrong), "{wrong}");
}

#[test]
fn a_journal_that_begins_again_though_the_engine_has_settled_nothing_is_caught() {
    let wrong = cut_later(Bug::Unsettled).unwrap_err();
    assert!(is_loss(&wrong), "{wrong}");
}

#[test]
fn an_engine_that_syncs_before_it_writes_is_caught() {
    let wrong = cut_later(Bug::Hasty).unwrap_err();
    assert!(is_loss(&wrong), "{wrong}");
}

#[test]
fn a_store_that_leaves_large_leaves_in_files_that_nobody_syncs_is_caught() {
    let wrong = cut(Bug::Blind).unwrap_err();
    assert!(is_loss(&wrong), "{wrong}");
}

/// The names in the store's directory are never synced.
fn never_named(path: &Path) -> Content {
    match path.ends_with("news") {
        true => Content::Never,
        false => rules(path),
    }
}

#[test]
fn a_store_that_never_syncs_its_directory_is_caught() {
    let trial = Trial {
        rules: never_named,
        ..SMALL
    };
    let wrong = trial.run(40, &Past::default()).unwrap_err();
    assert!(is_loss(&wrong), "{wrong}");
}

#[test]
fn a_load_that_is_never_synced_is_caught() {
    let trial = Planted::trial(Bug::Forgetful);
    let wrong = trial.load(40, &trial.past(4)).unwrap_err();
    // When the witness was synced in time, or the snapshot, which sled syncs by itself, tells of what
    // is gone, opening says so before the load is looked for.
    let found = [
        "a load that was answered is gone",
        "the store does not open",
    ];
    let found = is_loss(&wrong) || found.iter().any(|what| wrong.contains(what));
    assert!(found, "{wrong}");
}

#[test]
fn a_store_that_does_not_sync_what_was_written_over_is_caught_when_segments_are_used_again() {
    let trial = Planted::trial(Bug::Thrifty);
    let wrong = trial.run(40, &trial.past(30)).unwrap_err();
    assert!(is_loss(&wrong), "{wrong}");
}

#[test]
fn a_compaction_into_a_store_that_never_syncs_is_caught() {
    let housing = Housing {
        open: |path| match path.ends_with("news") {
            true => opened(path, USUAL, compaction::told()),
            false => opened(path, USUAL, unasked()),
        },
        ..HOUSING
    };
    let wrong = SMALL.compact(40, &SMALL.past(8), &housing).unwrap_err();
    assert!(is_loss(&wrong), "{wrong}");
}

#[test]
fn a_compaction_that_never_syncs_the_directory_above_is_caught() {
    let trial = Trial {
        rules: |path| match path.ends_with("desk") {
            true => Content::Never,
            false => rules(path),
        },
        ..SMALL
    };
    let wrong = trial.compact(40, &SMALL.past(8), &HOUSING).unwrap_err();
    assert!(
        is_loss(&wrong) || wrong.contains("there is left"),
        "{wrong}"
    );
}

#[test]
fn a_store_that_never_syncs_is_caught_by_what_it_answered_to_many_threads() {
    let trial = Planted::trial(Bug::Forgetful);
    let mut watched = Watched::new(trial.open, rules, 40);
    let lost = || losses::what_was_committed_outlives_a_loss_of_power(&mut watched);
    let ways = [
        "what the power has left opens",
        "no order of these calls explains",
    ];
    caught_saying_one_of(&ways, lost);
}
