//! Bylines: the names under which a person's work is published. Who is behind one is sealed.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::person::Person;
use crate::desk::Desk;
use crate::ids::{BylineId, Id, PersonId, VariantId};
use crate::kernel::{
    Actor, By, Changes, Context, Denied, Document, Error, Fact, Guard, Guards, KeyParts, Outcome,
    Reader, Role, Standing, Verb, coded,
};
use crate::site::{BylinePart, Face, FeedItem, Part, Press, listed, unique};
use crate::store::{Collection, Entry, Index, Key, Range, Want};
use crate::values::{FaultCode, Faults, Slug, limits, text};

coded! {
    /// What kind of name it is.
    pub enum BylineForm {
        /// First and last name.
        FullName = "full_name", "Fullt namn", "Full name";
        /// First name only.
        FirstName = "first_name", "Förnamn", "First name";
        /// A pen name.
        PenName = "pen_name", "Pseudonym", "Pen name";
        /// No name: no address, no list, and nothing that joins one work to another.
        Unnamed = "unnamed", "Anonym", "Unnamed";
    }
}

/// What a byline shows.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BylineName {
    /// What kind of name it is.
    pub form: BylineForm,
    /// The name: up to 80 characters; none when and only when the form is unnamed.
    #[serde(default)]
    pub name: Option<String>,
}

impl BylineName {
    fn check(&self, faults: &mut Faults) -> Option<Self> {
        let name = text::optional_line(self.name.as_deref(), limits::DISPLAY_NAME);
        let name = faults.field("name", name)?;
        let unnamed = self.form == BylineForm::Unnamed;
        if !unnamed && name.is_none() {
            faults.ensure("name", false, FaultCode::Empty);
        }
        faults.ensure(
            "name",
            !(unnamed && name.is_some()),
            FaultCode::Inconsistent,
        );
        Some(Self {
            form: self.form,
            name,
        })
    }
}

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

/// Bylines of a person.
const BY_PERSON: Index = Index::new("byline.person");
/// Slugs of bylines, given up ones too: an old address is nobody's again.
const SLUGS: Index = Index::new("byline.slug");
/// Bylines by the name they show, folded.
const BY_NAME: Index = Index::new("byline.name");
/// Live pages by the bylines they show.
pub(crate) const SHOWN: Index = Index::new("byline.shown");

/// A byline as it is kept.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Byline {
    pub(crate) id: BylineId,
    pub(crate) person: PersonId,
    pub(crate) form: BylineForm,
    pub(crate) name: Option<String>,
    pub(crate) slug: Option<Slug>,
    /// Addresses it had.
    pub(crate) given_up: Vec<Slug>,
    /// Whether it serves no new works.
    pub(crate) retired: bool,
    pub(crate) created_at: DateTime<Utc>,
}

impl std::fmt::Debug for Byline {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Byline")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// A name as it is compared.
fn folded(name: &str) -> Key {
    KeyParts::new()
        .text(&crate::store::Digest::of(name.to_lowercase().as_bytes()).to_string())
        .key()
}

fn slug_key(slug: &Slug) -> Key {
    KeyParts::new().text(slug.as_str()).key()
}

impl Document for Byline {
    const COLLECTION: Collection = Collection::new("byline");
    type Id = BylineId;

    fn id(&self) -> BylineId {
        self.id
    }

    fn entries(&self) -> Vec<Entry> {
        let slugs = self
            .slug
            .iter()
            .chain(&self.given_up)
            .map(|s| unique(SLUGS, slug_key(s)));
        let name = self.name.iter().map(|name| listed(BY_NAME, folded(name)));
        let person = KeyParts::new()
            .id(self.person.uuid())
            .time(self.created_at)
            .key();
        slugs
            .chain(name)
            .chain([listed(BY_PERSON, person)])
            .collect()
    }
}

impl Byline {
    /// The most addresses a byline gives up.
    const MOST_GIVEN_UP: usize = 32;

    /// What the public sees of it: something while a live page shows it.
    pub(crate) fn faces(&self, shown: bool, press: &Press<'_>) -> Vec<Face> {
        if !shown {
            return Vec::new();
        }
        let part = Part::Byline(BylinePart {
            name: self.name.clone(),
            slug: self.slug.clone(),
        });
        vec![Face::part(press.part(self.id), &part)]
    }

    /// Gives up the address.
    fn give_up_slug(&mut self) {
        if let Some(slug) = self.slug.take() {
            self.given_up.push(slug);
        }
    }
}

/// Whether a live page other than this one shows a byline.
pub(crate) async fn is_shown(
    reader: &mut Reader<'_>,
    byline: BylineId,
    beside: Option<VariantId>,
) -> Result<bool, Error> {
    let range = Range::at(SHOWN, KeyParts::new().id(byline.uuid()).key());
    let hits = reader.scan(range, 2, Want::Nothing).await?;
    let beside = beside.map(Id::uuid);
    Ok(hits.iter().any(|hit| Some(hit.at.id) != beside))
}

/// The byline that shows this name, if one does.
pub(crate) async fn with_name(
    reader: &mut Reader<'_>,
    name: &str,
) -> Result<Option<BylineId>, Error> {
    let hit = reader.holder(BY_NAME, folded(name)).await?;
    Ok(hit.map(|at| BylineId::from_uuid(at.id)))
}

/// A free slug for a name, numbered where others have or had the same. Only what was public
/// counts: a byline has no slug before a live page shows it, so that a name which nobody has
/// published under leaves no gap that tells of it.
pub(crate) async fn free_slug(
    reader: &mut Reader<'_>,
    name: Option<&str>,
    coming: &[Slug],
) -> Result<Option<Slug>, Error> {
    let Some(first) = name.and_then(Slug::from_title) else {
        return Ok(None);
    };
    let mut slug = first.clone();
    for number in 2..=1_000 {
        let taken = reader.holder(SLUGS, slug_key(&slug)).await?.is_some();
        if !taken && !coming.contains(&slug) {
            return Ok(Some(slug));
        }
        slug = first.numbered(number);
    }
    Ok(None)
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

crate::kernel::redacted! {
    BylineName { form }
    BylineView { id, form, retired }
    CreateByline {}
    ChangeByline { byline }
}

impl Verb for CreateByline {
    const NAME: &'static str = "create_byline";
    type Facts = ();
    type Done = BylineId;

    fn spelling(&self) -> impl Serialize + '_ {
        self
    }

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
        let standing = Standing::of(cx.actor).when(cx.actor.is_person(self.person), By::Own);
        let by = guards.permit(&standing, &[By::Own, By::Editor]);
        guards.pass(Self::NAME)?;
        let byline = Byline {
            id: cx.mint.id(),
            person: self.person,
            form: self.name.form,
            name: self.name.name.clone(),
            slug: None,
            given_up: Vec::new(),
            retired: false,
            created_at: cx.now,
        };
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

    fn spelling(&self) -> impl Serialize + '_ {
        self
    }

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
        let standing = Standing::of(cx.actor).when(cx.actor.is_person(before.person), By::Own);
        let by = guards.permit(&standing, &[By::Own]);
        guards.ensure(!before.retired, Guard::BylineRetired { byline: before.id });
        let told = !matches!(self.past_works, PastWorks::Renamed { told: false });
        guards.ensure(told, Guard::NotTold);
        let room = before.given_up.len() < Byline::MOST_GIVEN_UP;
        guards.ensure(room, Guard::BylineRetired { byline: before.id });
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
                let new = Byline {
                    id: cx.mint.id(),
                    person: byline.person,
                    form: self.name.form,
                    name: self.name.name.clone(),
                    slug: None,
                    given_up: Vec::new(),
                    retired: false,
                    created_at: cx.now,
                };
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

/// A byline as its person, or an editor, sees it.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct BylineView {
    /// The byline.
    pub id: BylineId,
    /// What kind of name it is.
    pub form: BylineForm,
    /// The name it shows.
    pub name: Option<String>,
    /// Its address on the site, from the first live page that shows it on.
    pub slug: Option<Slug>,
    /// Whether it serves no new works.
    pub retired: bool,
}

impl Desk {
    /// Creates a byline for a person.
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`Error::NotFound`]; [`Error::Refused`] unless it is the person's own
    /// or an editor's.
    pub async fn create_byline(
        &self,
        person: PersonId,
        name: &BylineName,
    ) -> Result<BylineId, Error> {
        self.run(CreateByline {
            person,
            name: name.clone(),
        })
        .await
    }

    /// Changes what a byline shows, on every page at once, in a commit that is as small for 2,000
    /// pages as for one. Answers the byline that serves new works.
    ///
    /// The old address answers *not there* for ever. Names in running text are not changed.
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`Error::NotFound`]; [`Error::Refused`] unless it is the person's own,
    /// serves new works, and, where past works are renamed, the person has been told.
    pub async fn change_byline(
        &self,
        byline: BylineId,
        name: &BylineName,
        past_works: PastWorks,
    ) -> Result<BylineId, Error> {
        self.run(ChangeByline {
            byline,
            name: name.clone(),
            past_works,
        })
        .await
    }

    /// The bylines of a person, oldest first: for the person, and for editors.
    ///
    /// # Errors
    /// [`Error::Refused`] for everybody else, whether or not there is such a person.
    pub async fn bylines(&self, person: PersonId) -> Result<Vec<BylineView>, Error> {
        let mut guards = Guards::new();
        let may = self.actor.is_person(person) || self.actor.is(Role::Editor);
        guards.ensure(may, Guard::MayNotRead);
        guards.pass("read_bylines")?;
        let range = Range::prefix(BY_PERSON, KeyParts::new().id(person.uuid()).key());
        let bylines = Reader::new(self.store())
            .members::<Byline>(range, limits::PAGE)
            .await?;
        let view = |byline: Byline| {
            let Byline {
                id,
                person: _,
                form,
                name,
                slug,
                given_up: _,
                retired,
                created_at: _,
            } = byline;
            BylineView {
                id,
                form,
                name,
                slug,
                retired,
            }
        };
        Ok(bylines.into_iter().map(view).collect())
    }
}
