//! What the first opening by a newer release writes down.

use chrono_tz::Tz;
use serde::Serialize;

use crate::desk::{Changes, Context, Outcome, Sameness, Verb, happened};
use crate::kernel::{Actor, Denied, Error, Fact, Reader, due_work};
use crate::newsroom::{Newsroom, SCHEMA};
use crate::values::Faults;

/// Notes that documents may be in the forms of this release from now on, so that an older one
/// refuses the store by name.
#[derive(Clone, Debug)]
pub(super) struct RaiseSchema;

impl Sameness for RaiseSchema {
    fn spelling(&self) -> impl Serialize + '_ {
        SCHEMA
    }
}

impl Verb for RaiseSchema {
    const NAME: &'static str = "raise_schema";
    type Facts = Newsroom;
    type Done = ();

    fn check(&self, _: &mut Faults, _: Tz) -> Option<Self> {
        Some(Self)
    }

    async fn gather(&self, reader: &mut Reader<'_>, _: &Actor) -> Result<Newsroom, Error> {
        reader.need(Newsroom::ID).await
    }

    fn decide(&self, newsroom: Newsroom, cx: &mut Context<'_>) -> Result<Outcome<()>, Denied> {
        let by = due_work(cx.actor, Self::NAME)?;
        if newsroom.schema >= SCHEMA {
            return Ok(Outcome::Nothing(()));
        }
        let mut changes = Changes::by(by);
        changes.put(&Newsroom {
            schema: SCHEMA,
            ..newsroom
        });
        changes.fact(Fact::SchemaRaised { schema: SCHEMA });
        Ok(Outcome::Commit(changes))
    }

    fn done(facts: &[Fact]) -> Option<()> {
        happened(facts, |fact| matches!(fact, Fact::SchemaRaised { .. }))
    }
}
