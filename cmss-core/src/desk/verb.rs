//! What a command is: plain input that is checked, decided on facts, and carried out once.

use std::future::Future;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::Serialize;

use super::Changes;
use crate::ids::PersonId;
use crate::kernel::{Actor, Denied, Error, Fact, Mint, Policy, Reader};
use crate::newsroom::Newsroom;
use crate::site::Press;
use crate::values::Faults;

/// What a decision may look at beside its facts.
#[derive(Debug)]
pub(crate) struct Context<'a> {
    /// Who gives the command.
    pub(crate) actor: &'a Actor,
    /// The later of the clock and the last commit.
    pub(crate) now: DateTime<Utc>,
    /// The newsroom's settings.
    pub(crate) newsroom: &'a Newsroom,
    /// The host's choices.
    pub(crate) policy: &'a Policy,
    /// The ids of this command.
    pub(crate) mint: Mint<'a>,
}

impl<'a> Context<'a> {
    /// Who gives the command, where nobody but a person passes its guards.
    pub(crate) fn person(&self) -> Result<PersonId, Denied> {
        let person = self.actor.person();
        person.ok_or_else(|| Denied::Corrupt("who passed the guards is no person".to_owned()))
    }

    /// What renders public documents.
    pub(crate) fn press(&self) -> Press<'a> {
        self.newsroom.press()
    }
}

/// What a decision came to.
#[derive(Debug)]
pub(crate) enum Outcome<T> {
    /// These changes, in one commit.
    Commit(Changes),
    /// Everything is as the command wants it already: nothing is written.
    Nothing(T),
}

/// What the sameness of two sendings is judged on: the whole command, its text included.
pub(crate) trait Sameness {
    /// The whole, as it is digested.
    fn spelling(&self) -> impl Serialize + '_;
}

/// What can be written down is spelled as it is written down.
impl<T: Serialize> Sameness for T {
    fn spelling(&self) -> impl Serialize + '_ {
        self
    }
}

/// A command: its fields checked, its facts gathered, its decision pure, its result a function of
/// what happened, so that sending it twice answers twice alike.
pub(crate) trait Verb: Sameness + Sized + Sync {
    /// How [`Command`](crate::Command) spells it.
    const NAME: &'static str;

    /// What the decision rests on.
    type Facts: Send;

    /// What the caller gets.
    type Done;

    /// The same command with every field checked and normalised; every fault is noted.
    fn check(&self, faults: &mut Faults, zone: Tz) -> Option<Self>;

    /// Reads what the decision rests on.
    fn gather(
        &self,
        reader: &mut Reader<'_>,
        actor: &Actor,
    ) -> impl Future<Output = Result<Self::Facts, Error>> + Send;

    /// Decides: pure, synchronous, total.
    fn decide(
        &self,
        facts: Self::Facts,
        cx: &mut Context<'_>,
    ) -> Result<Outcome<Self::Done>, Denied>;

    /// What the caller gets, from what happened.
    fn done(facts: &[Fact]) -> Option<Self::Done>;
}

/// What a command answers that has nothing to say but that it was carried out.
pub(crate) fn happened(facts: &[Fact], what: impl Fn(&Fact) -> bool) -> Option<()> {
    facts.iter().any(what).then_some(())
}
