//! The contract once more, as plainly as it can be said.

use std::collections::{BTreeMap, BTreeSet};

use cmss_core::store::{
    Changeset, CommitId, Conflict, Digest, DocRef, Entry, Expect, Hit, Key, LogRecord, Order,
    Position, Range, Receipt, Seq, Stored, Want, Write,
};

/// What a commit must come to.
#[derive(Debug)]
pub(crate) enum Foretold {
    /// It happens, with this record.
    New(LogRecord),
    /// It has happened.
    Again(Receipt),
    /// It is refused for one of these, whichever is found first.
    Refused(Vec<Conflict>),
    /// It cannot be meant.
    Malformed,
}

/// A store as it ought to be.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(crate) struct Specification {
    pub(crate) docs: BTreeMap<DocRef, Stored>,
    pub(crate) log: Vec<LogRecord>,
}

impl Specification {
    pub(crate) fn seq(&self) -> Seq {
        Seq(self.log.len() as u64)
    }

    /// Who stands where in a range: every entry of every document, looked at one by one.
    pub(crate) fn list(&self, range: &Range) -> BTreeSet<(Key, DocRef)> {
        let entries = self.docs.values().flat_map(|stored| {
            let own = stored.entries.iter();
            own.map(move |entry| (entry, &stored.at))
        });
        entries
            .filter(|(entry, at)| {
                let place = Position::before(entry.key().clone(), (*at).clone());
                *entry.index() == range.index
                    && range.from.as_ref().is_none_or(|from| *from <= place)
                    && range.until.as_ref().is_none_or(|until| place < *until)
            })
            .map(|(entry, at)| (entry.key().clone(), at.clone()))
            .collect()
    }

    pub(crate) fn scan(&self, range: &Range, order: Order, want: Want) -> Vec<Hit> {
        let hits = self.list(range).into_iter().map(|(key, at)| {
            let stored = &self.docs[&at];
            Hit {
                key,
                at,
                version: stored.version,
                card: stored.card.clone().filter(|_| want == Want::Card),
                doc: (want == Want::Body).then(|| stored.doc()),
            }
        });
        match order {
            Order::Ascending => hits.collect(),
            Order::Descending => hits.rev().collect(),
        }
    }

    pub(crate) fn receipt(&self, id: CommitId) -> Option<Receipt> {
        let record = self.log.iter().find(|record| record.id == id)?;
        Some(Receipt {
            seq: record.seq,
            id: record.id,
            digest: record.digest,
        })
    }

    /// Says what a commit comes to.
    pub(crate) fn judge(&self, change: &Changeset) -> Foretold {
        let claims: Vec<&Entry> = change.writes.iter().flat_map(claims).collect();
        if claims.iter().collect::<BTreeSet<_>>().len() < claims.len() {
            return Foretold::Malformed;
        }
        if let Some(receipt) = self.receipt(change.id) {
            if receipt.digest == change.digest {
                return Foretold::Again(receipt);
            }
            return Foretold::Refused(vec![Conflict::KeyReused {
                id: receipt.id,
                seq: receipt.seq,
            }]);
        }
        let mut conflicts: Vec<Conflict> = change
            .expect
            .iter()
            .filter_map(|expect| self.contradiction(expect))
            .collect();
        conflicts.extend(self.refusals(change));
        if !conflicts.is_empty() {
            return Foretold::Refused(conflicts);
        }
        let previous = self.log.last().map_or(Digest::ZERO, |record| record.chain);
        Foretold::New(LogRecord::next(previous, self.seq().next(), change))
    }

    /// Does what a commit comes to.
    pub(crate) fn commit(&mut self, change: &Changeset) {
        if let Foretold::New(record) = self.judge(change) {
            for write in &change.writes {
                self.write(write, record.seq);
            }
            self.log.push(record);
        }
    }

    /// How an expectation fails, if it does.
    fn contradiction(&self, expect: &Expect) -> Option<Conflict> {
        let version = |at| self.docs.get(at).map(|stored| stored.version);
        match expect {
            Expect::Absent(at) => version(at).map(|current| Conflict::Present {
                at: at.clone(),
                current,
            }),
            Expect::At(at, expected) => {
                let current = version(at);
                (current != Some(*expected)).then(|| Conflict::Moved {
                    at: at.clone(),
                    expected: *expected,
                    current,
                })
            }
            Expect::Members { range, docs } => {
                let found: BTreeSet<DocRef> =
                    self.list(range).into_iter().map(|(_, at)| at).collect();
                (found != *docs).then(|| Conflict::Members {
                    index: range.index.clone(),
                })
            }
        }
    }

    /// Every removal of what is absent, and every claim on a key of somebody not written.
    fn refusals(&self, change: &Changeset) -> Vec<Conflict> {
        let written: BTreeSet<&DocRef> = change.writes.iter().map(Write::at).collect();
        let missing = change.writes.iter().filter_map(|write| match write {
            Write::Remove { at } if !self.docs.contains_key(at) => {
                Some(Conflict::Missing { at: at.clone() })
            }
            _ => None,
        });
        let others = self
            .docs
            .values()
            .filter(|stored| !written.contains(&stored.at));
        let held = others.flat_map(|stored| {
            let claimed = change.writes.iter().flat_map(claims);
            let taken = claimed.filter(|claim| stored.entries.contains(claim));
            taken.map(|claim| Conflict::Taken {
                index: claim.index().clone(),
                key: claim.key().clone(),
                by: stored.at.clone(),
            })
        });
        missing.chain(held).collect()
    }

    fn write(&mut self, write: &Write, version: Seq) {
        match write {
            Write::Remove { at } => {
                self.docs.remove(at);
            }
            Write::Put {
                at,
                salt,
                body,
                card,
                entries,
            } => {
                let sorted: BTreeSet<Entry> = entries.iter().cloned().collect();
                let stored = Stored {
                    at: at.clone(),
                    version,
                    salt: *salt,
                    body: body.clone(),
                    card: card.clone(),
                    entries: sorted.into_iter().collect(),
                };
                self.docs.insert(at.clone(), stored);
            }
        }
    }
}

/// The unique entries a write claims, each once.
fn claims(write: &Write) -> BTreeSet<&Entry> {
    match write {
        Write::Put { entries, .. } => entries.iter().filter(|entry| entry.is_unique()).collect(),
        Write::Remove { .. } => BTreeSet::new(),
    }
}
