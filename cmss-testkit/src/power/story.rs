//! What is committed until the power goes, and what must be found afterwards.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use cmss_core::store::{Changeset, CommitId, Receipt, Seq, Store, StoreError, Write};
use cmss_memory::MemoryStore;
use pollster::block_on;

use crate::notes::{BY_SIZE, SLUGS, change, commit, lines, listing, note, put};

/// One write: a note of so many bytes, or none.
pub type Step = (u128, Option<usize>);

/// What one commit writes; a note written twice is written once.
#[must_use]
pub fn changeset(id: u128, steps: &[Step]) -> Changeset {
    let writes: BTreeMap<u128, Write> = steps
        .iter()
        .map(|(number, length)| {
            let write = match length {
                Some(length) => {
                    let letter = char::from(b'a' + (id % 26) as u8);
                    put(*number, &letter.to_string().repeat(*length))
                }
                None => Write::Remove { at: note(*number) },
            };
            (*number, write)
        })
        .collect();
    change(id, vec![], writes.into_values().collect())
}

/// All that was ever sent to a store, and what it answered. It is told by one thread, and another
/// may look at it meanwhile.
#[derive(Default, Debug)]
pub struct Story(Mutex<Told>);

#[derive(Clone, Default, Debug)]
struct Told {
    sent: BTreeMap<CommitId, Arc<Changeset>>,
    acknowledged: BTreeMap<CommitId, Receipt>,
    /// Refused, or found to be gone.
    absent: BTreeSet<CommitId>,
}

/// What became of the commits whose outcome was unknown when the power went.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Unknown {
    /// They were found.
    pub there: usize,
    /// They were not.
    pub gone: usize,
}

impl Story {
    /// The story as it stands, to be compared with what is found later.
    #[must_use]
    pub fn so_far(&self) -> Self {
        Self(Mutex::new(self.told().clone()))
    }

    /// How many commits were acknowledged.
    #[must_use]
    pub fn acknowledged(&self) -> usize {
        self.told().acknowledged.len()
    }

    /// All that another story tells has happened to this store as well.
    pub(super) fn take_over(&self, other: &Self) {
        let told = other.told().clone();
        *self.told() = told;
    }

    /// A changeset is sent by somebody else.
    pub fn sends(&self, changeset: Changeset) {
        let mut told = self.told();
        told.sent.insert(changeset.id, Arc::new(changeset));
    }

    /// That one was answered.
    pub fn is_answered(&self, receipt: Receipt) {
        self.told().acknowledged.insert(receipt.id, receipt);
    }

    /// Sends groups of commits, each group at once and when the one before is answered, until the
    /// store answers no more; answers whether it came to that.
    ///
    /// # Panics
    /// When the store answers what a loss of power is no reason for.
    pub fn play(&self, store: &dyn Store, groups: &[Vec<Vec<Step>>]) -> bool {
        groups.iter().any(|group| self.play_group(store, group))
    }

    fn play_group(&self, store: &dyn Store, group: &[Vec<Step>]) -> bool {
        let mut context = Context::from_waker(Waker::noop());
        let mut waiting = Vec::new();
        for steps in group {
            let changeset = {
                let mut told = self.told();
                let changeset = changeset(1 + told.sent.len() as u128, steps);
                told.sent.insert(changeset.id, Arc::new(changeset.clone()));
                changeset
            };
            let id = changeset.id;
            let mut answer = store.commit(changeset);
            let early = answer.as_mut().poll(&mut context);
            waiting.push((id, answer, early));
        }
        let mut went = false;
        for (id, answer, early) in waiting {
            let answer = match early {
                Poll::Ready(answer) => answer,
                Poll::Pending => block_on(answer),
            };
            match answer {
                Ok(receipt) => _ = self.told().acknowledged.insert(id, receipt),
                Err(StoreError::Conflict(_)) => {
                    self.told().absent.insert(id);
                }
                Err(StoreError::Unknown { .. } | StoreError::Poisoned) => went = true,
                Err(error) => panic!("{error}"),
            }
        }
        went
    }

    /// Compares what is found when the power is back with what was answered: every acknowledged
    /// commit is there, every refused one is not, every other one is whole or absent, and nothing
    /// else is there. From now on, what was found must be found, and what was not must not.
    ///
    /// # Errors
    /// What is wrong.
    pub fn compare(&self, found: &dyn Store) -> Result<Unknown, String> {
        let records = log(found)?;
        let mut told = self.told();
        let expected = MemoryStore::new();
        let mut there = BTreeMap::new();
        for record in &records {
            let sent = told.sent.get(&record.id).ok_or("a commit nobody sent")?;
            let again = commit(&expected, Changeset::clone(sent));
            let again =
                again.map_err(|error| format!("a commit that is no consequence: {error}"))?;
            if again != *record {
                return Err(format!("commit {} has become {}", again.seq, record.seq));
            }
            there.insert(record.id, *record);
        }
        let read = |what: &str, error| format!("{what} cannot be read: {error}");
        let all = block_on(crate::lines(found)).map_err(|error| read("the store", error))?;
        let same = all == lines(&expected)
            && listing(found, &BY_SIZE) == listing(&expected, &BY_SIZE)
            && listing(found, &SLUGS) == listing(&expected, &SLUGS);
        if !same {
            return Err("what is found is not what the log's commits wrote".to_owned());
        }
        for (id, receipt) in &told.acknowledged {
            let kept = block_on(found.receipt(*id)).map_err(|error| read("a receipt", error))?;
            if kept.as_ref() != Some(receipt) || there.get(id) != Some(receipt) {
                return Err(format!("acknowledged commit {} is gone", receipt.seq));
            }
        }
        if told.absent.iter().any(|id| there.contains_key(id)) {
            return Err("a commit is there that was refused, or gone before".to_owned());
        }
        let ids = told.sent.keys().copied();
        let absent: BTreeSet<CommitId> = ids.filter(|id| !there.contains_key(id)).collect();
        let unknown = Unknown {
            there: there.len() - told.acknowledged.len(),
            gone: absent.len() - told.absent.len(),
        };
        (told.acknowledged, told.absent) = (there, absent);
        Ok(unknown)
    }

    fn told(&self) -> MutexGuard<'_, Told> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The receipts of the commits in a log, in order.
fn log(store: &dyn Store) -> Result<Vec<Receipt>, String> {
    let mut receipts: Vec<Receipt> = Vec::new();
    loop {
        let after = receipts.last().map_or(Seq::ZERO, |receipt| receipt.seq);
        let changes = block_on(store.changes(after, store.limits().page));
        let changes = changes.map_err(|error| format!("the log cannot be read: {error}"))?;
        if changes.records.is_empty() {
            return Ok(receipts);
        }
        let records = changes.records.iter();
        receipts.extend(records.map(|record| Receipt {
            seq: record.seq,
            id: record.id,
            digest: record.digest,
        }));
    }
}
