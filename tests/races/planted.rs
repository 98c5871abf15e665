//! The races can be lost: each finds out a store that does not judge what it is asked to.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;

use cmss::MemoryStore;
use cmss::store::{Changeset, Entry, Write};

use crate::altered::Altered;

/// How long a commit waits for others to have read what it has read.
const PATIENCE: usize = 100;

/// Expects nothing, and lets any two hold the same unique key.
fn carelessly(changeset: &mut Changeset) {
    changeset.expect.clear();
    for write in &mut changeset.writes {
        if let Write::Put { entries, .. } = write {
            for entry in entries {
                if let Entry::Unique { index, key } = entry {
                    *entry = Entry::Listed {
                        index: index.clone(),
                        key: key.clone(),
                    };
                }
            }
        }
    }
    for _ in 0..PATIENCE {
        thread::yield_now();
    }
}

/// Asserts that a race fails.
pub fn found_out(race: impl FnOnce(Altered)) {
    let store = Altered {
        store: Arc::new(MemoryStore::new()),
        alter: carelessly,
    };
    let answer = catch_unwind(AssertUnwindSafe(|| race(store)));
    assert!(answer.is_err(), "nothing was noticed");
}
