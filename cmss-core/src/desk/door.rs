//! The door itself: commands carried out once, and what reads share.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::{Context, Outcome, Verb};
use crate::ids::Id;
use crate::kernel::{
    Act, Actor, Clock, Document, Error, Fact, Ids, Mint, Note, Policy, Reader, may_read,
};
use crate::newsroom::{Newsroom, SCHEMA};
use crate::store::{
    Changeset, CommitId, Conflict, Hit, Key, Order, Position, Range, Scan, Seq, Store, StoreError,
    Want,
};
use crate::values::{Faults, Invalid, in_range, limits};

/// How often a command is decided again because others changed what it rests on.
const ATTEMPTS: u32 = 100;

/// What every handle shares.
#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn Ids>,
    pub(crate) policy: Policy,
    pub(crate) newsroom: Newsroom,
}

/// The newsroom's private door: every verb, for one actor.
///
/// Cheap to clone, and `Send + Sync`. Verbs borrow what they are given, so a refused text is still
/// with its caller.
///
/// # Keys
///
/// Every command has a key; sent twice with the same key, it changes once and answers twice alike.
/// [`Desk::once`] sets the key of the next command; without it each command has a fresh one.
///
/// # Cancellation
///
/// A verb's future that is dropped may or may not have carried the command out. Send it again with
/// the same key to know.
#[derive(Clone, Debug)]
pub struct Desk {
    pub(crate) inner: Arc<Inner>,
    pub(crate) actor: Actor,
    key: Option<CommitId>,
}

impl Desk {
    pub(crate) const fn new(inner: Arc<Inner>, actor: Actor) -> Self {
        Self {
            inner,
            actor,
            key: None,
        }
    }

    /// The same desk, whose commands have this key: give one command with it. [`CommitId::random`]
    /// makes a key.
    ///
    /// A second, different command with the same key is refused with [`Error::KeyReused`]. A command
    /// that found everything as it wants it has written nothing, its key neither: sent again, it is
    /// decided again.
    #[must_use]
    pub fn once(&self, key: CommitId) -> Self {
        Self {
            inner: self.inner.clone(),
            actor: self.actor.clone(),
            key: Some(key),
        }
    }

    /// Who is at the desk.
    #[must_use]
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// Where documents are kept.
    pub(crate) fn store(&self) -> &dyn Store {
        &*self.inner.store
    }

    /// Checks a command, decides it on the facts, and carries it out once.
    pub(crate) async fn run<V: Verb>(&self, verb: V) -> Result<V::Done, Error> {
        let verb = checked(&verb, self.inner.newsroom.zone)?;
        let key = self.key.unwrap_or_else(|| CommitId(self.inner.ids.fresh()));
        let digest = self.inner.newsroom.secret.sameness(
            &spelled(&(V::NAME, verb.spelling()))?,
            &spelled(&self.actor.spelled())?,
        );
        for _ in 0..ATTEMPTS {
            if let Some(receipt) = self.store().receipt(key).await? {
                if receipt.digest != digest {
                    return Err(Error::KeyReused { key });
                }
                return self.replay::<V>(receipt.seq).await;
            }
            let mut reader = Reader::new(self.store());
            let facts = verb.gather(&mut reader, &self.actor).await;
            let older = self.older_newsroom(&mut reader).await;
            if !reader.is_whole() {
                continue;
            }
            let (facts, older) = (facts?, older?);
            let as_of = match reader.as_of() {
                Some(as_of) => as_of,
                // It rests on nothing; its time still comes after what was done before.
                None => self.store().get(&[]).await?.as_of,
            };
            let now = self.now(as_of).await?;
            let mut cx = Context {
                actor: &self.actor,
                now,
                newsroom: &self.inner.newsroom,
                policy: &self.inner.policy,
                mint: Mint::new(&self.inner.newsroom.secret, key),
            };
            let mut changes = match verb.decide(facts, &mut cx).map_err(Error::from)? {
                Outcome::Nothing(done) => return Ok(done),
                Outcome::Commit(changes) => changes,
            };
            if let Some(newsroom) = older {
                changes.put(&Newsroom {
                    schema: SCHEMA,
                    ..newsroom
                });
                changes.fact(Fact::SchemaRaised { schema: SCHEMA });
            }
            let role = changes.by.and_then(|by| self.actor.role_for(by));
            let (writes, facts) = changes.seal(&mut reader, &*self.inner.ids).await?;
            let act = Act {
                by: self.actor.acted_by(),
                role,
                command: V::NAME.into(),
                facts,
                at: now,
            };
            let note = Note { acts: vec![act] };
            let changeset = Changeset {
                id: key,
                expect: reader.expectations(),
                writes,
                note: String::from_utf8_lossy(&spelled(&note)?).into(),
                digest,
            };
            match self.store().commit(changeset).await {
                Ok(receipt) if receipt.seq == as_of.next() => {
                    return done::<V>(note.acts.into_iter().flat_map(|act| act.facts));
                }
                Ok(receipt) => return self.replay::<V>(receipt.seq).await,
                Err(StoreError::Conflict(Conflict::KeyReused { .. })) => {
                    return Err(Error::KeyReused { key });
                }
                // Somebody changed what this rests on: decide again on what there is now.
                Err(StoreError::Conflict(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(Error::Busy)
    }

    /// The newsroom, when no release that knows the forms of this one has written in it yet. The first
    /// that does says so in the same commit, and releases that do not know them refuse the store.
    async fn older_newsroom(&self, reader: &mut Reader<'_>) -> Result<Option<Newsroom>, Error> {
        if self.inner.newsroom.schema >= SCHEMA {
            return Ok(None);
        }
        let newsroom: Newsroom = reader.need(Newsroom::ID).await?;
        Ok(Some(newsroom).filter(|newsroom| newsroom.schema < SCHEMA))
    }

    /// Refuses whoever is not of the newsroom: the clock and visitors.
    pub(crate) fn ensure_newsroom(&self, command: &'static str) -> Result<(), Error> {
        Ok(may_read(self.actor.person().is_some(), command)?)
    }

    /// Refuses whoever has no role in the newsroom: those it only knows of, too.
    pub(crate) fn ensure_role(&self, command: &'static str) -> Result<(), Error> {
        Ok(may_read(self.actor.has_role(), command)?)
    }

    /// The ids of up to 100 documents of a range, after one at a key.
    pub(crate) async fn page_of_ids<D: Document>(
        &self,
        range: Range,
        after: Option<(Key, D::Id)>,
    ) -> Result<Vec<D::Id>, Error> {
        let hits = self.page::<D>(range, after, Want::Nothing).await?;
        let ids = hits.into_iter().map(|hit| D::Id::from_uuid(hit.at.id));
        Ok(ids.collect())
    }

    /// Up to 100 hits of a range, after a document at a key.
    pub(crate) async fn page<D: Document>(
        &self,
        mut range: Range,
        after: Option<(Key, D::Id)>,
        want: Want,
    ) -> Result<Vec<Hit>, Error> {
        if let Some((key, id)) = after {
            range.from = Some(Position::after(key, D::at(id)));
        }
        let scan = Scan {
            range,
            order: Order::Ascending,
            limit: limits::PAGE,
            want,
        };
        Ok(self.store().scan(&scan).await?.hits)
    }

    /// What a command with this commit answered.
    async fn replay<V: Verb>(&self, seq: Seq) -> Result<V::Done, Error> {
        let changes = self.store().changes(seq.previous(), 1).await?;
        let record = changes.records.first().filter(|record| record.seq == seq);
        let record = record.ok_or_else(|| Error::Corrupt {
            what: format!("commit {seq} is not in the log"),
        })?;
        done::<V>(Note::read(record)?.facts().cloned())
    }

    /// The later of the clock and the last commit.
    pub(crate) async fn now(&self, as_of: Seq) -> Result<DateTime<Utc>, Error> {
        let clock = self.inner.clock.now();
        let clock = whole_micros(clock);
        let changes = self.store().changes(as_of.previous(), 1).await?;
        let Some(record) = changes.records.first() else {
            return Ok(clock);
        };
        let last = Note::read(record)?.acts.into_iter().map(|act| act.at).max();
        Ok(last.map_or(clock, |last| last.max(clock)))
    }
}

/// How many items of a list are asked for: 1 to 100.
pub(crate) fn page_size(limit: usize) -> Result<usize, Invalid> {
    let mut faults = Faults::new();
    let given = i64::try_from(limit).unwrap_or(i64::MAX);
    faults.field("limit", in_range(given, &(1..=limits::PAGE as i64)));
    faults.finish()?;
    Ok(limit)
}

/// Stored instants are whole microseconds, and so is what is decided on.
pub(crate) fn whole_micros(instant: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(instant.timestamp_micros()).unwrap_or(instant)
}

/// The command with every field checked, or every fault.
fn checked<V: Verb>(verb: &V, zone: Tz) -> Result<V, Invalid> {
    let mut faults = Faults::new();
    let sound = verb.check(&mut faults, zone);
    faults.finish()?;
    sound.ok_or_else(Invalid::unexplained)
}

/// What the caller gets from what happened.
fn done<V: Verb>(facts: impl Iterator<Item = Fact>) -> Result<V::Done, Error> {
    let facts: Vec<Fact> = facts.collect();
    V::done(&facts).ok_or_else(|| Error::Corrupt {
        what: format!("the log does not tell what {} did", V::NAME),
    })
}

/// The JSON text of something of the core's own.
pub(crate) fn spelled(value: &impl serde::Serialize) -> Result<Vec<u8>, Error> {
    serde_json::to_vec(value).map_err(|error| Error::Corrupt {
        what: format!("a value has no spelling: {error}"),
    })
}
