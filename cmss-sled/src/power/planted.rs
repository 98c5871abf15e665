//! Engines with a bug each, which cutting the power must bring to light.

use std::path::Path;

use cmss_core::store::StoreError;
use cmss_keyed::{Batch, Engine, KeyedStore};
use cmss_testkit::power::trial::{Tally, Trial};
use cmss_testkit::power::{Past, Synced};
use sled::IVec;

use super::{LARGE, SMALL, open, rules, unasked, verify};
use crate::engine::SledEngine;
use crate::opening;

/// sled's own; a leaf of large documents does not fit then, and becomes a file of its own.
const OWN_SEGMENT: usize = 512 * 1024;

/// An engine that syncs when it pleases.
struct Planted {
    engine: SledEngine,
    synced: Synced,
    bug: Bug,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Bug {
    /// It never syncs.
    Forgetful,
    /// It syncs before it writes, so that what is answered becomes durable with the next group.
    Hasty,
    /// It does not look into `blobs`.
    Blind,
}

impl Planted {
    fn open(path: &Path, synced: Synced, bug: Bug) -> Result<KeyedStore<Self>, StoreError> {
        let segment = match bug {
            Bug::Blind => OWN_SEGMENT,
            Bug::Forgetful | Bug::Hasty => opening::SEGMENT,
        };
        let told = match bug {
            Bug::Blind => synced.clone(),
            _ => unasked(),
        };
        open(path, segment, told, |engine| Self {
            engine,
            synced,
            bug,
        })
    }

    /// The bug is in who writes; looked at is what it leaves.
    fn trial(bug: Bug) -> Trial<KeyedStore<Self>> {
        let base = match bug {
            Bug::Blind => LARGE,
            Bug::Forgetful | Bug::Hasty => SMALL,
        };
        Trial {
            open: match bug {
                Bug::Forgetful => |path, synced| Self::open(path, synced, Bug::Forgetful),
                Bug::Hasty => |path, synced| Self::open(path, synced, Bug::Hasty),
                Bug::Blind => |path, synced| Self::open(path, synced, Bug::Blind),
            },
            reopen: match bug {
                Bug::Blind => |path| Self::open(path, unasked(), Bug::Blind),
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
            (self.synced)();
        }
        self.engine.apply(batch)
    }

    fn settle(&self) -> Result<(), StoreError> {
        self.engine.settle()
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

fn is_loss(wrong: &str) -> bool {
    ["its witness has seen", "acknowledged commit"]
        .iter()
        .any(|what| wrong.contains(what))
}

#[test]
fn a_store_that_never_syncs_is_caught() {
    let wrong = cut(Bug::Forgetful).unwrap_err();
    assert!(is_loss(&wrong), "{wrong}");
}

#[test]
fn a_store_that_syncs_before_it_writes_is_caught() {
    let wrong = cut(Bug::Hasty).unwrap_err();
    assert!(is_loss(&wrong), "{wrong}");
}

#[test]
fn a_store_that_leaves_large_leaves_in_files_that_nobody_syncs_is_caught() {
    let wrong = cut(Bug::Blind).unwrap_err();
    assert!(wrong.contains("news/blobs/"), "{wrong}");
}

#[test]
fn a_load_that_is_never_synced_is_caught() {
    let trial = Planted::trial(Bug::Forgetful);
    let wrong = trial.load(40, &trial.past(4)).unwrap_err();
    // When the witness was synced in time, opening says so before the load is looked for.
    let found = is_loss(&wrong) || wrong.contains("a load that was answered is gone");
    assert!(found, "{wrong}");
}
