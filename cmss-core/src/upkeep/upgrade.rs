//! Spelling every private document as this release does.

use chrono_tz::Tz;
use serde::Serialize;

use super::forms::Spelling;
use super::{STEP, commits_for, one_commit};
use crate::cms::Cms;
use crate::desk::{Changes, Context, Outcome, Sameness, Verb};
use crate::kernel::{Actor, Denied, Error, Fact, Reader, due_work};
use crate::store::DocRef;
use crate::values::Faults;

impl Cms {
    /// Writes every private document again that this release would store differently: in a newer
    /// form, or under other index entries. Answers how many. It is not needed for reading, which
    /// lifts older forms, nor for writing, which spells what it writes as this release does; lists
    /// that a newer release orders anew need it. Afterwards [`rebuild_site`](Cms::rebuild_site)
    /// does the same for the public documents.
    ///
    /// It goes in bounded steps, and others may go on working meanwhile. `progress` is told after
    /// each step how many documents have been looked at.
    ///
    /// # Errors
    /// [`Error::Store`], [`Error::Corrupt`]; what was written until then stays written, and
    /// another upgrade goes on from there.
    pub async fn upgrade(&self, mut progress: impl FnMut(u64) + Send) -> Result<u64, Error> {
        let desk = self.desk(Actor::clock());
        let (mut looked_at, mut written) = (0_u64, 0_u64);
        let mut after = None;
        loop {
            let walked = desk.store().walk(after.as_ref(), STEP).await?;
            let mut differing = Vec::new();
            let mut bytes = 0_usize;
            for stored in &walked.docs {
                let today = Spelling::today(stored)?;
                if let Some(today) = today.filter(|today| !today.is_stored_as(stored)) {
                    bytes = bytes.saturating_add(today.body.len());
                    differing.push(today.at);
                }
            }
            if !differing.is_empty() {
                let most = commits_for(differing.len(), bytes);
                let step = Respell { sources: differing };
                for _ in 0..most {
                    let now = u64::from(desk.run(step.clone()).await?);
                    written = written.saturating_add(now);
                    if now == 0 {
                        break;
                    }
                }
            }
            looked_at = looked_at.saturating_add(walked.docs.len() as u64);
            progress(looked_at);
            after = walked.docs.last().map(|stored| stored.at.clone());
            if !walked.more {
                return Ok(written);
            }
        }
    }
}

/// Spells some documents anew.
#[derive(Clone, Debug)]
struct Respell {
    sources: Vec<DocRef>,
}

impl Sameness for Respell {
    fn spelling(&self) -> impl Serialize + '_ {
        &self.sources
    }
}

impl Verb for Respell {
    const NAME: &'static str = "upgrade";
    type Facts = Vec<Spelling>;
    type Done = u32;

    fn check(&self, _: &mut Faults, _: Tz) -> Option<Self> {
        Some(self.clone())
    }

    async fn gather(&self, reader: &mut Reader<'_>, _: &Actor) -> Result<Self::Facts, Error> {
        let mut differing = Vec::new();
        for at in &self.sources {
            let Some(stored) = reader.stored(at).await? else {
                continue;
            };
            let today = Spelling::today(&stored)?;
            differing.extend(today.filter(|today| !today.is_stored_as(&stored)));
        }
        Ok(differing)
    }

    fn decide(&self, differing: Self::Facts, cx: &mut Context<'_>) -> Result<Outcome<u32>, Denied> {
        let by = due_work(cx.actor, Self::NAME)?;
        let now = one_commit(differing.into_iter(), |one| one.body.len());
        if now.is_empty() {
            return Ok(Outcome::Nothing(0));
        }
        let mut changes = Changes::by(by);
        changes.fact(Fact::DocumentsUpgraded {
            written: now.len() as u32,
        });
        for Spelling {
            at,
            body,
            card,
            entries,
        } in now
        {
            changes.respell(at, body, card, entries);
        }
        Ok(Outcome::Commit(changes))
    }

    fn done(facts: &[Fact]) -> Option<u32> {
        facts.iter().find_map(|fact| match fact {
            Fact::DocumentsUpgraded { written } => Some(*written),
            _ => None,
        })
    }
}
