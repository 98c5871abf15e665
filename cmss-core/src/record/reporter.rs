//! Reporters: persons whom the editor has taken on, active or resting.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::person::Person;
use crate::desk::{Changes, Context, Desk, Outcome, Verb, happened};
use crate::ids::PersonId;
use crate::kernel::{
    Actor, Capacity, Denied, Document, Error, Fact, Guards, KeyParts, Reader, Role, Standing,
    may_read,
};
use crate::site::listed;
use crate::store::{Collection, Entry, Index, Range};
use crate::values::{Coded, Faults, coded};

coded! {
    /// What a reporter works with.
    pub enum Medium {
        /// Words.
        Text = "text", "Text", "Text";
        /// Photos.
        Photo = "photo", "Foto", "Photo";
        /// Film.
        Film = "film", "Film", "Film";
    }
}

/// Reporters: active or not, since when.
const BY_STATE: Index = Index::new("reporter.state");

/// A reporter as they are kept. The id is the person's.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reporter {
    pub(crate) person: PersonId,
    pub(crate) active: bool,
    pub(crate) media: Vec<Medium>,
    pub(crate) since: DateTime<Utc>,
}

impl Reporter {
    /// The key of one state.
    fn state(active: bool) -> KeyParts {
        KeyParts::new().text(if active { "active" } else { "resting" })
    }
}

impl Document for Reporter {
    const COLLECTION: Collection = Collection::new("reporter");
    type Id = PersonId;

    fn id(&self) -> PersonId {
        self.person
    }

    fn entries(&self) -> Vec<Entry> {
        vec![listed(
            BY_STATE,
            Self::state(self.active).time(self.since).key(),
        )]
    }
}

/// Takes a person on as an active reporter, or back after a rest.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdmitReporter {
    /// The person.
    pub person: PersonId,
    /// What they work with.
    #[serde(default)]
    pub media: Vec<Medium>,
}

/// Lets a reporter rest: they claim nothing, and what they have begun goes on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RestReporter {
    /// The reporter.
    pub person: PersonId,
}

impl Verb for AdmitReporter {
    const NAME: &'static str = "admit_reporter";
    type Facts = Option<Reporter>;
    type Done = ();

    fn check(&self, _: &mut Faults, _: Tz) -> Option<Self> {
        let media = Medium::ALL
            .iter()
            .copied()
            .filter(|medium| self.media.contains(medium));
        Some(Self {
            person: self.person,
            media: media.collect(),
        })
    }

    async fn gather(&self, reader: &mut Reader<'_>, _: &Actor) -> Result<Self::Facts, Error> {
        reader.need::<Person>(self.person).await?;
        reader.find(self.person).await
    }

    fn decide(&self, before: Self::Facts, cx: &mut Context<'_>) -> Result<Outcome<()>, Denied> {
        let mut guards = Guards::new();
        let by = guards.permit(&Standing::of(cx.actor), &[Capacity::Editor]);
        guards.pass(Self::NAME)?;
        let media = self.media.clone();
        if before.is_some_and(|before| before.active && before.media == media) {
            return Ok(Outcome::Nothing(()));
        }
        let mut changes = Changes::by(by);
        changes.put(&Reporter {
            person: self.person,
            active: true,
            media,
            since: cx.now,
        });
        changes.fact(Fact::ReporterAdmitted {
            person: self.person,
        });
        Ok(Outcome::Commit(changes))
    }

    fn done(facts: &[Fact]) -> Option<()> {
        happened(facts, |fact| matches!(fact, Fact::ReporterAdmitted { .. }))
    }
}

impl Verb for RestReporter {
    const NAME: &'static str = "rest_reporter";
    type Facts = Reporter;
    type Done = ();

    fn check(&self, _: &mut Faults, _: Tz) -> Option<Self> {
        Some(self.clone())
    }

    async fn gather(&self, reader: &mut Reader<'_>, _: &Actor) -> Result<Reporter, Error> {
        reader.need(self.person).await
    }

    fn decide(&self, mut reporter: Reporter, cx: &mut Context<'_>) -> Result<Outcome<()>, Denied> {
        let mut guards = Guards::new();
        let standing = Standing::of(cx.actor).when(cx.actor.is_person(self.person), Capacity::Own);
        let by = guards.permit(&standing, &[Capacity::Own, Capacity::Editor]);
        guards.pass(Self::NAME)?;
        if !reporter.active {
            return Ok(Outcome::Nothing(()));
        }
        reporter.active = false;
        reporter.since = cx.now;
        let mut changes = Changes::by(by);
        changes.put(&reporter);
        changes.fact(Fact::ReporterRested {
            person: self.person,
        });
        Ok(Outcome::Commit(changes))
    }

    fn done(facts: &[Fact]) -> Option<()> {
        happened(facts, |fact| matches!(fact, Fact::ReporterRested { .. }))
    }
}

/// A reporter as an editor, or the reporter, sees them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReporterView {
    /// The person.
    pub person: PersonId,
    /// Whether they take on assignments.
    pub active: bool,
    /// What they work with.
    pub media: Vec<Medium>,
    /// Since when they are active, or rest.
    pub since: DateTime<Utc>,
}

impl From<Reporter> for ReporterView {
    fn from(reporter: Reporter) -> Self {
        let Reporter {
            person,
            active,
            media,
            since,
        } = reporter;
        Self {
            person,
            active,
            media,
            since,
        }
    }
}

impl Desk {
    /// Takes a person on as an active reporter, or back after a rest.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] unless it is an editor's.
    pub async fn admit_reporter(&self, person: PersonId, media: &[Medium]) -> Result<(), Error> {
        self.run(AdmitReporter {
            person,
            media: media.to_vec(),
        })
        .await
    }

    /// Lets a reporter rest: they claim nothing, and what they have begun goes on.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] unless it is the reporter's own or an editor's.
    pub async fn rest_reporter(&self, person: PersonId) -> Result<(), Error> {
        self.run(RestReporter { person }).await
    }

    /// The active or the resting reporters: up to 100, after one. For editors.
    ///
    /// # Errors
    /// [`Error::Refused`] for everybody else.
    pub async fn reporters(
        &self,
        active: bool,
        after: Option<&ReporterView>,
    ) -> Result<Vec<ReporterView>, Error> {
        may_read(self.actor.is(Role::Editor), "read_reporters")?;
        let after = after.map(|view| (Reporter::state(active).time(view.since).key(), view.person));
        let range = Range::prefix(BY_STATE, Reporter::state(active).key());
        let ids = self.page_of_ids::<Reporter>(range, after).await?;
        let reporters = Reader::new(self.store()).need_all::<Reporter>(&ids).await?;
        Ok(reporters.into_iter().map(ReporterView::from).collect())
    }
}
