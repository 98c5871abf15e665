//! Who is behind a byline, for those who have to know: each look is in the audit log.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::model::Byline;
use crate::desk::{Changes, Context, Desk, Outcome, Verb, happened};
use crate::ids::BylineId;
use crate::kernel::{
    Actor, Capacity, Denied, Document, Error, Fact, Guards, Reader, Role, Standing, decode,
};
use crate::record::PersonView;
use crate::record::person::Person;
use crate::store::StoreExt;
use crate::values::Faults;

/// Notes that somebody looks who is behind a byline.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LookUpByline {
    /// The byline.
    pub byline: BylineId,
}

impl Verb for LookUpByline {
    const NAME: &'static str = "look_up_byline";
    type Facts = Byline;
    type Done = ();

    fn check(&self, _: &mut Faults, _: Tz) -> Option<Self> {
        Some(self.clone())
    }

    async fn gather(&self, reader: &mut Reader<'_>, _: &Actor) -> Result<Byline, Error> {
        reader.need(self.byline).await
    }

    fn decide(&self, byline: Byline, cx: &mut Context<'_>) -> Result<Outcome<()>, Denied> {
        let mut guards = Guards::new();
        let by = guards.permit(
            &Standing::of(cx.actor),
            &[Capacity::Admin, Capacity::Editor],
        );
        guards.pass(Self::NAME)?;
        let mut changes = Changes::by(by);
        changes.put(&byline);
        changes.fact(Fact::BylineLookedUp { byline: byline.id });
        Ok(Outcome::Commit(changes))
    }

    fn done(facts: &[Fact]) -> Option<()> {
        happened(facts, |fact| matches!(fact, Fact::BylineLookedUp { .. }))
    }
}

impl Desk {
    /// Who is behind a byline: name and contact, and for editors their note. Each look is written
    /// in the audit log, where the person reads it too, also a second one with the same key.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] unless it is an admin or an editor who asks.
    pub async fn look_up_byline(&self, byline: BylineId) -> Result<PersonView, Error> {
        // With a key of the caller's, a second look would not be a commit of its own.
        let fresh = Self::new(self.inner.clone(), self.actor.clone());
        fresh.run(LookUpByline { byline }).await?;
        let doc = self.store().get_one(&Byline::at(byline)).await?;
        let missing = |id: String| Error::NotFound { id };
        let byline: Byline = decode(&doc.ok_or_else(|| missing(byline.to_string()))?)?;
        let doc = self.store().get_one(&Person::at(byline.person)).await?;
        let doc = doc.ok_or_else(|| missing(byline.person.to_string()))?;
        let mut person = PersonView::from(decode::<Person>(&doc)?);
        person.note = person.note.filter(|_| self.actor.is(Role::Editor));
        Ok(person)
    }
}
