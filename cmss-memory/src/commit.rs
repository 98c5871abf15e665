//! How the state changes: a changeset is judged whole, then applied whole.

use std::collections::BTreeSet;

use cmss_core::store::{
    Changeset, Conflict, Digest, DocRef, Entry, Expect, LogRecord, Position, Range, Receipt,
    Stored, Unchained, Write,
};

use crate::state::State;

/// What became of a changeset that was not refused.
pub(crate) enum Outcome {
    /// It has been applied now.
    Applied(Receipt),
    /// It had been applied before.
    Replayed(Receipt),
}

impl State {
    /// Judges a changeset that has passed [`Changeset::check`], and applies it unless refused.
    pub(crate) fn commit(
        &mut self,
        changeset: Changeset,
        record: Unchained,
    ) -> Result<Outcome, Conflict> {
        if let Some(&receipt) = self.receipts.get(&changeset.id) {
            return if receipt.digest == changeset.digest {
                Ok(Outcome::Replayed(receipt))
            } else {
                Err(Conflict::KeyReused {
                    id: receipt.id,
                    seq: receipt.seq,
                })
            };
        }
        for expect in &changeset.expect {
            self.judge(expect)?;
        }
        self.judge_writes(&changeset.writes)?;
        Ok(Outcome::Applied(self.apply(changeset.writes, record)))
    }

    fn judge(&self, expect: &Expect) -> Result<(), Conflict> {
        match expect {
            Expect::Absent(at) => match self.version(at) {
                None => Ok(()),
                Some(current) => Err(Conflict::Present {
                    at: at.clone(),
                    current,
                }),
            },
            Expect::At(at, expected) => {
                let current = self.version(at);
                if current == Some(*expected) {
                    Ok(())
                } else {
                    Err(Conflict::Moved {
                        at: at.clone(),
                        expected: *expected,
                        current,
                    })
                }
            }
            Expect::Members { range, docs } => {
                if self.members_are(range, docs) {
                    Ok(())
                } else {
                    Err(Conflict::Members {
                        index: range.index.clone(),
                    })
                }
            }
        }
    }

    /// Whether exactly these documents stand in the range; stops at the first that should not.
    fn members_are(&self, range: &Range, docs: &BTreeSet<DocRef>) -> bool {
        let mut missing: BTreeSet<&DocRef> = docs.iter().collect();
        for at in self.places(range).filter_map(|place| place.at.as_ref()) {
            if !docs.contains(at) {
                return false;
            }
            missing.remove(at);
        }
        missing.is_empty()
    }

    fn judge_writes(&self, writes: &[Write]) -> Result<(), Conflict> {
        let written: BTreeSet<&DocRef> = writes.iter().map(Write::at).collect();
        for write in writes {
            match write {
                Write::Remove { at } if !self.documents.contains_key(at) => {
                    return Err(Conflict::Missing { at: at.clone() });
                }
                Write::Remove { .. } => {}
                Write::Put { entries, .. } => {
                    for entry in entries.iter().filter(|entry| entry.is_unique()) {
                        // What written documents hold is taken out first, and that no two of them
                        // claim one key has been checked before.
                        if let Some(by) = self.holder(entry.index(), entry.key())
                            && !written.contains(by)
                        {
                            return Err(taken(entry, by));
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn apply(&mut self, writes: Vec<Write>, record: Unchained) -> Receipt {
        let previous = self.log.last().map_or(Digest::ZERO, |record| record.chain);
        let record = record.chained(previous, self.seq().next());
        for write in &writes {
            self.take_out(write.at());
        }
        for write in writes {
            if let Write::Put {
                at,
                salt,
                body,
                card,
                mut entries,
            } = write
            {
                entries.sort();
                entries.dedup();
                self.put_in(Stored {
                    at,
                    version: record.seq,
                    salt,
                    body,
                    card,
                    entries,
                });
            }
        }
        self.append(record)
    }

    fn take_out(&mut self, at: &DocRef) {
        let Some(stored) = self.documents.remove(at) else {
            return;
        };
        for entry in stored.entries {
            if let Some(places) = self.entries.get_mut(entry.index()) {
                places.remove(&Position::before(entry.key().clone(), at.clone()));
            }
        }
    }

    /// Puts in a document whose place is free and whose unique keys are, too.
    pub(crate) fn put_in(&mut self, stored: Stored) {
        for entry in &stored.entries {
            let place = Position::before(entry.key().clone(), stored.at.clone());
            let places = match self.entries.get_mut(entry.index()) {
                Some(places) => places,
                None => self.entries.entry(entry.index().clone()).or_default(),
            };
            // It may stand there twice: listed, and unique.
            *places.entry(place).or_default() |= entry.is_unique();
        }
        self.documents.insert(stored.at.clone(), stored);
    }

    /// Appends the record that follows the last one.
    pub(crate) fn append(&mut self, record: LogRecord) -> Receipt {
        let receipt = Receipt {
            seq: record.seq,
            id: record.id,
            digest: record.digest,
        };
        self.receipts.insert(record.id, receipt);
        self.log.push(record);
        receipt
    }
}

/// The conflict of a unique entry that another document holds.
fn taken(entry: &Entry, by: &DocRef) -> Conflict {
    Conflict::Taken {
        index: entry.index().clone(),
        key: entry.key().clone(),
        by: by.clone(),
    }
}
