//! What is done with bylines.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::model::{Byline, BylineForm, BylineName, free_slug, is_shown};
use crate::desk::{Changes, Context, Outcome, Verb};
use crate::ids::{BylineId, PersonId};
use crate::kernel::{
    Actor, Capacity, Denied, Document, Error, Fact, Guard, Guards, Reader, Standing,
};
use crate::record::person::Person;
use crate::site::FeedItem;
use crate::values::{Faults, Slug};

/// What becomes of works that were published under a byline when it changes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum PastWorks {
    /// They show no name; a new byline serves new works, and nothing joins the two.
    #[default]
    Unnamed,
    /// They show the new name: the same byline changes. Whoever kept a copy can join the two
    /// names, so the reporter must have been told.
    Renamed {
        /// Whether the reporter was told that kept copies join the two names.
        told: bool,
    },
}

/// Creates a byline for a person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateByline {
    /// Whose it is.
    pub person: PersonId,
    /// What it shows.
    pub name: BylineName,
}

/// Changes what a byline shows, on every page at once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeByline {
    /// The byline.
    pub byline: BylineId,
    /// What new works show.
    pub name: BylineName,
    /// What past works show.
    #[serde(default)]
    pub past_works: PastWorks,
}

crate::values::redacted! {
    CreateByline {}
    ChangeByline { byline }
}

impl Verb for CreateByline {
    const NAME: &'static str = "create_byline";
    type Facts = ();
    type Done = BylineId;

    fn check(&self, faults: &mut Faults, _: Tz) -> Option<Self> {
        let name = faults.within("name", |faults| self.name.check(faults))?;
        Some(Self {
            person: self.person,
            name,
        })
    }

    async fn gather(&self, reader: &mut Reader<'_>, _: &Actor) -> Result<Self::Facts, Error> {
        reader.need_there(&[Person::at(self.person)]).await
    }

    fn decide(&self, (): (), cx: &mut Context<'_>) -> Result<Outcome<BylineId>, Denied> {
        let mut guards = Guards::new();
        let standing = Standing::of(cx.actor).when(cx.actor.is_person(self.person), Capacity::Own);
        let by = guards.permit(&standing, &[Capacity::Own, Capacity::Editor]);
        guards.pass(Self::NAME)?;
        let byline = Byline::new(cx.mint.id(), self.person, self.name.clone(), cx.now);
        let mut changes = Changes::by(by);
        changes.put(&byline);
        changes.fact(Fact::BylineCreated { byline: byline.id });
        Ok(Outcome::Commit(changes))
    }

    fn done(facts: &[Fact]) -> Option<BylineId> {
        facts.iter().find_map(|fact| match fact {
            Fact::BylineCreated { byline } => Some(*byline),
            _ => None,
        })
    }
}

/// A byline, whether a live page shows it, and the slug for its new name where one does.
#[derive(Debug)]
pub(crate) struct Change {
    byline: Byline,
    shown: bool,
    slug: Option<Slug>,
}

impl Verb for ChangeByline {
    const NAME: &'static str = "change_byline";
    type Facts = Change;
    type Done = BylineId;

    fn check(&self, faults: &mut Faults, _: Tz) -> Option<Self> {
        let name = faults.within("name", |faults| self.name.check(faults))?;
        Some(Self {
            byline: self.byline,
            name,
            past_works: self.past_works,
        })
    }

    async fn gather(&self, reader: &mut Reader<'_>, _: &Actor) -> Result<Change, Error> {
        let byline: Byline = reader.need(self.byline).await?;
        let shown = is_shown(reader, self.byline, None).await?;
        let same = byline.name == self.name.name;
        let slug = match (shown, same) {
            (true, true) => byline.slug.clone(),
            (true, false) => free_slug(reader, self.name.name.as_deref(), &[]).await?,
            (false, _) => None,
        };
        Ok(Change {
            byline,
            shown,
            slug,
        })
    }

    fn decide(&self, change: Change, cx: &mut Context<'_>) -> Result<Outcome<BylineId>, Denied> {
        let Change {
            byline: before,
            shown,
            slug,
        } = change;
        let mut guards = Guards::new();
        let standing =
            Standing::of(cx.actor).when(cx.actor.is_person(before.person), Capacity::Own);
        let by = guards.permit(&standing, &[Capacity::Own]);
        guards.ensure(!before.retired, Guard::BylineRetired { byline: before.id });
        let told = !matches!(self.past_works, PastWorks::Renamed { told: false });
        guards.ensure(told, Guard::NotTold);
        let room = before.given_up.len() < Byline::MOST_GIVEN_UP;
        let limit = Byline::MOST_GIVEN_UP as u32;
        guards.ensure(room, Guard::TooManyOldNames { limit });
        guards.pass(Self::NAME)?;

        let mut changes = Changes::by(by);
        let mut byline = before.clone();
        let serves = match self.past_works {
            PastWorks::Renamed { .. } => {
                if byline.slug != slug {
                    byline.give_up_slug();
                }
                byline.form = self.name.form;
                byline.name = self.name.name.clone();
                byline.slug = slug;
                byline.id
            }
            PastWorks::Unnamed => {
                byline.give_up_slug();
                byline.form = BylineForm::Unnamed;
                byline.name = None;
                byline.retired = true;
                let new = Byline::new(cx.mint.id(), byline.person, self.name.clone(), cx.now);
                changes.put(&new);
                new.id
            }
        };
        let press = cx.press();
        if changes.show(before.faces(shown, &press), byline.faces(shown, &press)) {
            changes.announce(FeedItem::Revalidate);
        }
        changes.put(&byline);
        changes.fact(Fact::BylineChanged {
            byline: byline.id,
            serves,
        });
        Ok(Outcome::Commit(changes))
    }

    fn done(facts: &[Fact]) -> Option<BylineId> {
        facts.iter().find_map(|fact| match fact {
            Fact::BylineChanged { serves, .. } => Some(*serves),
            _ => None,
        })
    }
}
