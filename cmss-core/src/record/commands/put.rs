//! Changing the working copy of a record.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::desk::{Changes, Context, Outcome, Verb};
use crate::ids::Id;
use crate::kernel::{Actor, Denied, Error, Fact, Guard, Guards, Reader, Standing};
use crate::record::{Kept, Kind};
use crate::values::{FaultCode, Faults};

/// Which record is put: a new one, one as it is now, or one at the revision that was read.
///
/// `None` is a new one; `Some(id)` is one whatever has become of it meanwhile; `(id, revision)` is
/// one that nobody has changed since.
///
/// # Examples
///
/// ```
/// # use cmss_core::{Desk, Error, Event};
/// # async fn example(desk: Desk, event: Event) -> Result<(), Error> {
/// let id = desk.put_event(None, &event).await?;
/// let read = desk.event(id).await?;
/// desk.put_event((id, read.revision), &event).await?;
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PutTarget<I> {
    id: Option<I>,
    revision: Option<u32>,
}

impl<I> From<Option<I>> for PutTarget<I> {
    fn from(id: Option<I>) -> Self {
        Self { id, revision: None }
    }
}

impl<I> From<(I, u32)> for PutTarget<I> {
    fn from((id, revision): (I, u32)) -> Self {
        Self {
            id: Some(id),
            revision: Some(revision),
        }
    }
}

impl<C, I> PutRecord<C, I> {
    /// What puts this content.
    pub(in crate::record) fn new(target: PutTarget<I>, content: C) -> Self {
        let PutTarget { id, revision } = target;
        Self {
            id,
            revision,
            content,
        }
    }
}

/// Creates a record, or changes its working copy. An archived record is kept again.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PutRecord<C, I> {
    /// The record; none creates one.
    #[serde(default = "Option::default")]
    pub id: Option<I>,
    /// The revision that the content was made from. Given, the record is left alone when it has
    /// another by now; without one, the content replaces whatever there is.
    #[serde(default)]
    pub revision: Option<u32>,
    /// What it shall hold.
    pub content: C,
}

impl<C, I: std::fmt::Debug> std::fmt::Debug for PutRecord<C, I> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PutRecord")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl<C: Kind> Verb for PutRecord<C, C::Id> {
    const NAME: &'static str = C::PUT;
    type Facts = (Option<Kept<C>>, Guards);
    type Done = C::Id;

    fn check(&self, faults: &mut Faults, _: Tz) -> Option<Self> {
        let news = self.id.is_some() || self.revision.is_none();
        faults.ensure("revision", news, FaultCode::Inconsistent);
        let content = faults.within("content", |faults| self.content.check(faults))?;
        Some(Self {
            id: self.id,
            revision: self.revision,
            content,
        })
    }

    async fn gather(&self, reader: &mut Reader<'_>, _: &Actor) -> Result<Self::Facts, Error> {
        let kept = match self.id {
            None => None,
            Some(id) => Some(reader.need::<Kept<C>>(id).await?),
        };
        reader.need_there(&self.content.refers_to()).await?;
        let mut guards = Guards::new();
        C::may_put(reader, self.id, &self.content, &mut guards).await?;
        Ok((kept, guards))
    }

    fn decide(
        &self,
        (kept, mut guards): Self::Facts,
        cx: &mut Context<'_>,
    ) -> Result<Outcome<C::Id>, Denied> {
        let by = guards.permit(&Standing::of(cx.actor), C::PUT_BY);
        if let (Some(kept), Some(named)) = (&kept, self.revision)
            && kept.working != self.content
        {
            let revision = kept.revision;
            guards.ensure(named == revision, Guard::RecordChanged { revision });
        }
        guards.pass(Self::NAME)?;
        let kept = match kept {
            None => Kept::new(cx.mint.id(), self.content.clone(), cx.now),
            Some(kept) if kept.working == self.content && !kept.archived => {
                return Ok(Outcome::Nothing(kept.id));
            }
            Some(mut kept) => {
                kept.working = self.content.clone();
                kept.revision = kept.revision.saturating_add(1);
                kept.archived = false;
                kept.edited_at = cx.now;
                kept
            }
        };
        let mut changes = Changes::by(by);
        changes.put(&kept.as_revision(cx.mint.id(), cx.actor.person()));
        changes.put(&kept);
        changes.fact(Fact::RecordPut {
            record: kept.id.into(),
            revision: kept.revision,
        });
        Ok(Outcome::Commit(changes))
    }

    fn done(facts: &[Fact]) -> Option<C::Id> {
        facts.iter().find_map(|fact| match fact {
            Fact::RecordPut { record, .. } => {
                let id = C::Id::from_uuid(record.uuid());
                (id.into() == *record).then_some(id)
            }
            _ => None,
        })
    }
}
