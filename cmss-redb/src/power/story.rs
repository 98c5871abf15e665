//! What is committed until the power goes, and what must be found afterwards.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use cmss_core::store::{Changeset, CommitId, Receipt, Seq, Store, StoreError, Write};
use cmss_keyed::{Engine, KeyedStore};
use cmss_memory::MemoryStore;
use cmss_testkit::notes::{BY_SIZE, SLUGS, change, commit, lines, listing, note, put};
use pollster::block_on;

use super::device::{Device, Fate, Plugged, Survive};
use crate::engine::RedbEngine;

/// How the store under test is opened.
pub(crate) type Open = fn(Plugged) -> Result<Arc<dyn Store>, StoreError>;

const CACHE: u64 = 4 * 1024 * 1024;

/// The store as it is.
pub(crate) fn open(plugged: Plugged) -> Result<Arc<dyn Store>, StoreError> {
    open_with(plugged, |engine| engine)
}

/// The store on an engine that something has been done to.
pub(crate) fn open_with<E: Engine>(
    plugged: Plugged,
    alter: fn(RedbEngine) -> E,
) -> Result<Arc<dyn Store>, StoreError> {
    let engine = RedbEngine::open(plugged, CACHE)
        .map_err(|source| crate::engine::failed("while opening", source.into()))?;
    Ok(Arc::new(KeyedStore::open(alter(engine), "the device")?))
}

/// One write: a note of so many bytes, or none.
pub(crate) type Step = (u128, Option<usize>);

/// What one commit writes; a note written twice is written once.
pub(crate) fn changeset(id: u128, steps: &[Step]) -> Changeset {
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

/// A store on a device, and all that was ever sent to it.
pub(crate) struct Story {
    open: Open,
    device: Device,
    sent: BTreeMap<CommitId, Changeset>,
    acknowledged: Vec<Receipt>,
    refused: Vec<CommitId>,
}

/// What became of the commits whose outcome was unknown when the power went.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct Unknown {
    pub(crate) there: usize,
    pub(crate) gone: usize,
}

impl Story {
    /// Founds a store on a new device.
    pub(crate) fn begin(open: Open) -> Self {
        let device = Device::default();
        drop(open(device.plug(usize::MAX, Fate::Cut)).unwrap());
        Self {
            open,
            device,
            sent: BTreeMap::new(),
            acknowledged: Vec::new(),
            refused: Vec::new(),
        }
    }

    /// Sends groups of commits until the power goes, after so many operations of the device, or
    /// right after the last; answers whether it went before.
    pub(crate) fn play(&mut self, groups: &[Vec<Vec<Step>>], operations: usize) -> bool {
        let plugged = self.device.plug(operations, Fate::Cut);
        let Ok(store) = (self.open)(plugged) else {
            return true;
        };
        for group in groups {
            let mut context = Context::from_waker(Waker::noop());
            let mut sent = Vec::new();
            for steps in group {
                let changeset = changeset(1 + self.sent.len() as u128, steps);
                self.sent.insert(changeset.id, changeset.clone());
                let id = changeset.id;
                let mut answer = store.commit(changeset);
                let early = answer.as_mut().poll(&mut context);
                sent.push((id, answer, early));
            }
            let mut went = false;
            for (id, answer, early) in sent {
                let answer = match early {
                    Poll::Ready(answer) => answer,
                    Poll::Pending => block_on(answer),
                };
                match answer {
                    Ok(receipt) => self.acknowledged.push(receipt),
                    Err(StoreError::Conflict(_)) => self.refused.push(id),
                    Err(StoreError::Unknown { .. } | StoreError::Poisoned) => went = true,
                    Err(error) => panic!("{error}"),
                }
            }
            if went {
                return true;
            }
        }
        // Nothing is closed in good order.
        self.device.unplug();
        false
    }

    /// Brings the power back and compares what is found with what was answered; the error says
    /// what is wrong.
    pub(crate) fn check(&self, survive: &Survive) -> Result<Unknown, String> {
        self.device.cut(survive);
        let found = (self.open)(self.device.plug(usize::MAX, Fate::Cut));
        let found = found.map_err(|error| format!("the store does not open: {error}"))?;
        let (records, as_of) = log(&*found)?;
        let expected = MemoryStore::new();
        for id in &records {
            let sent = self.sent.get(id).ok_or("a commit nobody sent")?;
            let again = commit(&expected, sent.clone());
            again.map_err(|error| format!("a commit that is no consequence: {error}"))?;
        }
        let same = lines(&*found) == lines(&expected)
            && listing(&*found, &BY_SIZE) == listing(&expected, &BY_SIZE)
            && listing(&*found, &SLUGS) == listing(&expected, &SLUGS);
        if !same {
            return Err("what is found is not what the log's commits wrote".to_owned());
        }
        for receipt in &self.acknowledged {
            let kept = block_on(found.receipt(receipt.id)).map_err(|error| error.to_string())?;
            if kept.as_ref() != Some(receipt) || receipt.seq > as_of {
                return Err(format!("acknowledged commit {} is gone", receipt.seq));
            }
        }
        if self.refused.iter().any(|id| records.contains(id)) {
            return Err("a refused commit is there".to_owned());
        }
        // The process ends, and the power stays.
        self.device.unplug();
        let answered = self.acknowledged.len() + self.refused.len();
        let there = records.len() - self.acknowledged.len();
        Ok(Unknown {
            there,
            gone: self.sent.len() - answered - there,
        })
    }
}

/// Which commits the log holds, in order, and its end.
fn log(store: &dyn Store) -> Result<(Vec<CommitId>, Seq), String> {
    let changes = block_on(store.changes(Seq::ZERO, store.limits().page));
    let changes = changes.map_err(|error| format!("the log cannot be read: {error}"))?;
    let ids = changes.records.iter().map(|record| record.id);
    Ok((ids.collect(), changes.as_of))
}
