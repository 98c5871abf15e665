//! A complete store in one map.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard};
use std::task::{Poll, Waker};

use async_trait::async_trait;
use cmss_core::store::*;

/// A store in one map.
#[derive(Debug, Default)]
pub struct MapStore {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    docs: BTreeMap<DocRef, Stored>,
    log: Vec<LogRecord>,
    waiting: Vec<Waker>,
    closed: bool,
}

impl MapStore {
    /// The state, unless the store is closed (F1). Every call looks at it or changes it under one
    /// lock, so it is judged alone (C3) and consistent (R1).
    fn state(&self) -> Result<MutexGuard<'_, State>, StoreError> {
        let state = self.state.lock().map_err(|_| StoreError::Poisoned)?;
        if state.closed {
            Err(StoreError::Closed)
        } else {
            Ok(state)
        }
    }
}

impl State {
    /// Numbers are contiguous (C2): the last one is the length of the log.
    fn seq(&self) -> Seq {
        Seq(self.log.len() as u64)
    }

    fn version(&self, at: &DocRef) -> Option<Seq> {
        self.docs.get(at).map(|stored| stored.version)
    }

    /// Where documents stand in a range, by key and then by document, each once at a key (R3).
    fn places(&self, range: &Range) -> BTreeSet<Position> {
        let entries = self
            .docs
            .values()
            .flat_map(|stored| stored.entries.iter().map(move |entry| (entry, &stored.at)));
        entries
            .filter(|(entry, _)| *entry.index() == range.index)
            .map(|(entry, at)| Position::before(entry.key().clone(), at.clone()))
            .filter(|place| range.contains(place))
            .collect()
    }

    fn receipt(&self, id: CommitId) -> Option<Receipt> {
        let record = self.log.iter().find(|record| record.id == id)?;
        Some(Receipt {
            seq: record.seq,
            id,
            digest: record.digest,
        })
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
                let (expected, current) = (*expected, self.version(at));
                let moved = || Conflict::Moved {
                    at: at.clone(),
                    expected,
                    current,
                };
                if current == Some(expected) {
                    Ok(())
                } else {
                    Err(moved())
                }
            }
            Expect::Members { range, docs } => {
                let found = self.places(range).into_iter().filter_map(|place| place.at);
                let same = found.collect::<BTreeSet<_>>() == *docs;
                let index = range.index.clone();
                if same {
                    Ok(())
                } else {
                    Err(Conflict::Members { index })
                }
            }
        }
    }

    /// What is removed is there (C7), and no unique key is held by a document that is not written
    /// as well (C4, C5).
    fn judge_writes(&self, writes: &[Write]) -> Result<(), Conflict> {
        let written: BTreeSet<_> = writes.iter().map(Write::at).collect();
        let others = || {
            self.docs
                .values()
                .filter(|stored| !written.contains(&stored.at))
        };
        for write in writes {
            match write {
                Write::Remove { at } if !self.docs.contains_key(at) => {
                    return Err(Conflict::Missing { at: at.clone() });
                }
                Write::Remove { .. } => {}
                Write::Put { entries, .. } => {
                    for entry in entries.iter().filter(|entry| entry.is_unique()) {
                        if let Some(by) = others().find(|other| other.entries.contains(entry)) {
                            let (index, key) = (entry.index().clone(), entry.key().clone());
                            return Err(Conflict::Taken {
                                index,
                                key,
                                by: by.at.clone(),
                            });
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// Judged whole, then written whole (C1).
    fn commit(&mut self, changeset: Changeset) -> Result<Receipt, Conflict> {
        let id = changeset.id;
        match self.receipt(id) {
            Some(receipt) if receipt.digest == changeset.digest => return Ok(receipt),
            Some(Receipt { seq, .. }) => return Err(Conflict::KeyReused { id, seq }),
            None => {}
        }
        changeset
            .expect
            .iter()
            .try_for_each(|expect| self.judge(expect))?;
        self.judge_writes(&changeset.writes)?;

        let previous = self.log.last().map_or(Digest::ZERO, |record| record.chain);
        let record = LogRecord::next(previous, self.seq().next(), &changeset);
        // A store that lasts makes the record and the writes durable here, and answers only then.
        for write in changeset.writes {
            match write {
                Write::Remove { at } => drop(self.docs.remove(&at)),
                Write::Put {
                    at,
                    salt,
                    body,
                    card,
                    mut entries,
                } => {
                    entries.sort();
                    entries.dedup();
                    let version = record.seq;
                    let stored = Stored {
                        at: at.clone(),
                        version,
                        salt,
                        body,
                        card,
                        entries,
                    };
                    self.docs.insert(at, stored);
                }
            }
        }
        let receipt = Receipt {
            seq: record.seq,
            id,
            digest: record.digest,
        };
        self.log.push(record);
        Ok(receipt)
    }

    fn wake(&mut self) {
        self.waiting.drain(..).for_each(Waker::wake);
    }
}

/// All that these lines tell of, or why they cannot have come from a store (M2).
fn taken_in(lines: Lines, limits: &Limits) -> Result<State, StoreError> {
    let corrupt = |what: &str| StoreError::Corrupt {
        what: what.to_owned(),
        source: None,
    };
    let (mut intake, mut state) = (Intake::new(), State::default());
    let (mut held, mut ids) = (BTreeSet::new(), BTreeSet::new());
    for line in lines {
        let line = line?;
        intake.take(&line)?;
        line.check(limits)?;
        match line {
            Line::Doc(stored) => {
                for entry in stored.entries.iter().filter(|entry| entry.is_unique()) {
                    if !held.insert(entry.clone()) {
                        return Err(corrupt("a unique key has two holders"));
                    }
                }
                state.docs.insert(stored.at.clone(), stored);
            }
            Line::Record(record) => {
                if !ids.insert(record.id) {
                    return Err(corrupt("a commit id stands twice in the log"));
                }
                state.log.push(record);
            }
            Line::End(_) => {}
        }
    }
    intake.finish()?;
    Ok(state)
}

#[async_trait]
impl Store for MapStore {
    async fn get(&self, refs: &[DocRef]) -> Result<Got, StoreError> {
        let state = self.state()?;
        if !refs.is_empty() {
            self.limits().check_page(refs.len())?;
        }
        let docs = refs
            .iter()
            .map(|at| state.docs.get(at).map(Stored::doc))
            .collect();
        Ok(Got {
            as_of: state.seq(),
            docs,
        })
    }

    async fn scan(&self, scan: &Scan) -> Result<Page, StoreError> {
        let state = self.state()?;
        self.limits().check_page(scan.limit)?;
        let mut places: Vec<_> = state.places(&scan.range).into_iter().collect();
        if scan.order == Order::Descending {
            places.reverse();
        }
        let more = places.len() > scan.limit;
        let hit = |Position { key, at }| {
            let stored = state.docs.get(&at?)?;
            let card = stored.card.clone().filter(|_| scan.want == Want::Card);
            let doc = (scan.want == Want::Body).then(|| stored.doc());
            Some(Hit {
                key,
                at: stored.at.clone(),
                version: stored.version,
                card,
                doc,
            })
        };
        let hits: Vec<Hit> = places
            .into_iter()
            .take(scan.limit)
            .filter_map(hit)
            .collect();
        // Right after the last hit, or right before it (R4).
        let next = hits.last().filter(|_| more).map(|hit| {
            let (key, at) = (hit.key.clone(), hit.at.clone());
            match scan.order {
                Order::Ascending => Position::after(key, at),
                Order::Descending => Position::before(key, at),
            }
        });
        Ok(Page {
            as_of: state.seq(),
            hits,
            next,
        })
    }

    async fn walk(&self, after: Option<&DocRef>, limit: usize) -> Result<Walked, StoreError> {
        let state = self.state()?;
        self.limits().check_page(limit)?;
        let rest = state
            .docs
            .values()
            .filter(|stored| Some(&stored.at) > after);
        let mut docs: Vec<_> = rest.take(limit + 1).cloned().collect();
        let more = docs.len() > limit;
        docs.truncate(limit);
        Ok(Walked {
            as_of: state.seq(),
            docs,
            more,
        })
    }

    async fn commit(&self, changeset: Changeset) -> Result<Receipt, StoreError> {
        drop(self.state()?);
        changeset.check(&self.limits())?;
        let mut state = self.state()?;
        let receipt = state.commit(changeset)?;
        state.wake();
        Ok(receipt)
    }

    async fn receipt(&self, id: CommitId) -> Result<Option<Receipt>, StoreError> {
        Ok(self.state()?.receipt(id))
    }

    async fn changes(&self, after: Seq, limit: usize) -> Result<Changes, StoreError> {
        let state = self.state()?;
        self.limits().check_page(limit)?;
        let after = usize::try_from(after.0).unwrap_or(usize::MAX);
        let records = state.log.iter().skip(after).take(limit).cloned().collect();
        Ok(Changes {
            as_of: state.seq(),
            records,
        })
    }

    async fn grown(&self, past: Seq) -> Result<Seq, StoreError> {
        std::future::poll_fn(|context| match self.state() {
            Ok(mut state) if state.seq() <= past => {
                state.waiting.push(context.waker().clone());
                Poll::Pending
            }
            Ok(state) => Poll::Ready(Ok(state.seq())),
            Err(error) => Poll::Ready(Err(error)),
        })
        .await
    }

    async fn load(&self, lines: Lines) -> Result<Seq, StoreError> {
        let refuse = |state: &State| {
            if state.log.is_empty() {
                Ok(())
            } else {
                Err(StoreError::NotEmpty)
            }
        };
        refuse(&*self.state()?)?;
        // The lines may take their time: no lock is held meanwhile.
        let loaded = taken_in(lines, &self.limits())?;
        let mut state = self.state()?;
        refuse(&state)?;
        // A store that lasts makes all of it durable here, at once.
        let State { docs, log, .. } = loaded;
        (state.docs, state.log) = (docs, log);
        state.wake();
        Ok(state.seq())
    }

    fn limits(&self) -> Limits {
        Limits::default()
    }

    async fn close(&self) -> Result<(), StoreError> {
        let mut state = self.state.lock().map_err(|_| StoreError::Poisoned)?;
        state.closed = true;
        state.wake();
        Ok(())
    }
}

/// It is a store like any other. Whether it is a good one, the rules of `cmss-testkit` say.
fn main() -> Result<(), StoreError> {
    pollster::block_on(async {
        let store = MapStore::default();
        let at = DocRef {
            collection: Collection::new("note"),
            id: uuid::Uuid::from_u128(7),
        };
        let slug = Entry::Unique {
            index: Index::new("slug"),
            key: "hello".into(),
        };
        let changeset = Changeset {
            id: CommitId::named("say hello"),
            expect: vec![Expect::Absent(at.clone())],
            writes: vec![Write::Put {
                at: at.clone(),
                salt: Salt([9; 16]),
                body: r#"{"text":"hello"}"#.into(),
                card: None,
                entries: vec![slug],
            }],
            note: "[]".into(),
            digest: Digest::of(b"say hello"),
        };
        let receipt = store.commit(changeset.clone()).await?;
        assert_eq!(store.commit(changeset.clone()).await?, receipt);
        let other = Changeset {
            id: CommitId::named("say it again"),
            ..changeset
        };
        let refused = store.commit(other).await;
        assert!(matches!(
            refused,
            Err(StoreError::Conflict(Conflict::Present { .. }))
        ));
        assert_eq!(
            store.get_one(&at).await?.map(|doc| doc.version),
            Some(Seq(1))
        );
        Ok(())
    })
}
