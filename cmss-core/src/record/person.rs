//! Persons: private through and through. A person has no public copy; what the public sees of
//! somebody is a byline.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::desk::{Changes, Context, Desk, Outcome, Sameness, Verb};
use crate::ids::{Id, PersonId};
use crate::kernel::{
    Actor, Capacity, Denied, Document, Error, Fact, Guard, Guards, KeyParts, Reader, Role,
    Standing, decode, may_read,
};
use crate::site::{listed, unique};
use crate::store::{Collection, Entry, Index, Key, Range, StoreExt};
use crate::values::{Faults, Private, contact, limits, private, text};

/// What is written down about a person.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPerson {
    /// The legal name: up to 200 characters.
    pub name: Private<String>,
    /// The key by which the host finds the person from its login, with
    /// [`Cms::account`](crate::Cms::account): up to 200 characters, unique. Where none is given, a
    /// person keeps the one they have.
    #[serde(default)]
    pub account: Private<Option<String>>,
    /// How the newsroom reaches them.
    #[serde(default)]
    pub email: Private<Option<String>>,
    /// How the newsroom reaches them.
    #[serde(default)]
    pub phone: Private<Option<String>>,
    /// What the editor keeps in mind: suitability, own experience; up to 10,000 characters.
    #[serde(default)]
    pub note: Private<Option<String>>,
}

impl NewPerson {
    /// A person of whom only the name is known.
    #[must_use]
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: Private::new(name.into()),
            account: Private::default(),
            email: Private::default(),
            phone: Private::default(),
            note: Private::default(),
        }
    }

    /// Every field checked and normalised.
    pub(crate) fn check(&self, faults: &mut Faults) -> Option<Self> {
        let Self {
            name,
            account,
            email,
            phone,
            note,
        } = self;
        let name = faults.field("name", text::line(name.open(), limits::TITLE));
        let account = text::optional_line(account.open().as_deref(), limits::TITLE);
        let account = faults.field("account", account);
        let email = email.open().as_deref().map(contact::email).transpose();
        let email = faults.field("email", email);
        let phone = phone.open().as_deref().map(contact::phone).transpose();
        let phone = faults.field("phone", phone);
        let note = text::optional_prose(note.open().as_deref(), limits::NOTE);
        let note = faults.field("note", note);
        Some(Self {
            name: name?.into(),
            account: account?.into(),
            email: email?.into(),
            phone: phone?.into(),
            note: note?.into(),
        })
    }

    /// The person's document.
    pub(crate) fn person(&self, id: PersonId, at: DateTime<Utc>) -> Person {
        let Self {
            name,
            account,
            email,
            phone,
            note,
        } = self.clone();
        Person {
            id,
            name,
            account,
            email,
            phone,
            note,
            edited_at: at,
        }
    }
}

/// Persons by when they were last written down.
const PEOPLE: Index = Index::new("person");
/// Who has an account key.
const ACCOUNTS: Index = Index::new("person.account");

/// A person as they are kept.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Person {
    pub(crate) id: PersonId,
    #[serde(serialize_with = "private::stored")]
    pub(crate) name: Private<String>,
    #[serde(serialize_with = "private::stored")]
    pub(crate) account: Private<Option<String>>,
    #[serde(serialize_with = "private::stored")]
    pub(crate) email: Private<Option<String>>,
    #[serde(serialize_with = "private::stored")]
    pub(crate) phone: Private<Option<String>>,
    #[serde(serialize_with = "private::stored")]
    pub(crate) note: Private<Option<String>>,
    pub(crate) edited_at: DateTime<Utc>,
}

/// An account key as an index key: a digest, for it may be long and shall not be read there.
fn account_key(account: &str) -> Key {
    KeyParts::new()
        .text(&crate::store::Digest::of(account.as_bytes()).to_string())
        .key()
}

impl Document for Person {
    const COLLECTION: Collection = Collection::new("person");
    type Id = PersonId;

    fn id(&self) -> PersonId {
        self.id
    }

    fn entries(&self) -> Vec<Entry> {
        let account = self.account.open().as_deref();
        let account = account.map(|account| unique(ACCOUNTS, account_key(account)));
        std::iter::once(listed(PEOPLE, KeyParts::new().time(self.edited_at).key()))
            .chain(account)
            .collect()
    }
}

/// Writes down a person, or changes what is written down.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PutPerson {
    /// The person; none writes down a new one.
    #[serde(default)]
    pub id: Option<PersonId>,
    /// What shall be written down.
    pub person: NewPerson,
}

/// What is private cannot be written down; here it is digested with the newsroom's secret.
impl Sameness for PutPerson {
    fn spelling(&self) -> impl Serialize + '_ {
        let NewPerson {
            name,
            account,
            email,
            phone,
            note,
        } = &self.person;
        (
            self.id,
            name.open(),
            account.open(),
            email.open(),
            phone.open(),
            note.open(),
        )
    }
}

impl Verb for PutPerson {
    const NAME: &'static str = "put_person";
    type Facts = (Option<Person>, bool);
    type Done = PersonId;

    fn check(&self, faults: &mut Faults, _: chrono_tz::Tz) -> Option<Self> {
        let person = faults.within("person", |faults| self.person.check(faults))?;
        Some(Self {
            id: self.id,
            person,
        })
    }

    async fn gather(&self, reader: &mut Reader<'_>, _: &Actor) -> Result<Self::Facts, Error> {
        let before = match self.id {
            None => None,
            Some(id) => Some(reader.need::<Person>(id).await?),
        };
        let holder = match self.person.account.open() {
            None => None,
            Some(account) => reader.holder(ACCOUNTS, account_key(account)).await?,
        };
        let taken = holder.is_some() && holder != self.id.map(Person::at);
        Ok((before, taken))
    }

    fn decide(
        &self,
        (before, taken): Self::Facts,
        cx: &mut Context<'_>,
    ) -> Result<Outcome<PersonId>, Denied> {
        let mut guards = Guards::new();
        let standing = Standing::of(cx.actor);
        let by = guards.permit(&standing, &[Capacity::Editor, Capacity::Admin]);
        guards.ensure(!taken, Guard::AccountTaken);
        guards.pass(Self::NAME)?;
        let id = before
            .as_ref()
            .map_or_else(|| cx.mint.id(), |before| before.id);
        let mut person = self.person.person(id, cx.now);
        if let Some(before) = before {
            // Nobody loses their log-in because somebody writes down an address.
            if person.account.open().is_none() {
                person.account = before.account.clone();
            }
            // Who may not read a field does not take it away by writing the rest.
            if by != Some(Capacity::Editor) {
                for (field, kept) in [
                    (&mut person.email, &before.email),
                    (&mut person.phone, &before.phone),
                    (&mut person.note, &before.note),
                ] {
                    if field.open().is_none() {
                        *field = kept.clone();
                    }
                }
            }
            let edited_at = before.edited_at;
            if before
                == (Person {
                    edited_at,
                    ..person.clone()
                })
            {
                return Ok(Outcome::Nothing(id));
            }
        }
        let mut changes = Changes::by(by);
        changes.put(&person);
        changes.fact(Fact::PersonPut { person: id });
        Ok(Outcome::Commit(changes))
    }

    fn done(facts: &[Fact]) -> Option<PersonId> {
        facts.iter().find_map(|fact| match fact {
            Fact::PersonPut { person } => Some(*person),
            _ => None,
        })
    }
}

/// A person as an editor, or the person, sees them.
///
/// Its `Debug` shows the id alone.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonView {
    /// The person.
    pub id: PersonId,
    /// The legal name.
    pub name: String,
    /// How the newsroom reaches them.
    pub email: Option<String>,
    /// How the newsroom reaches them.
    pub phone: Option<String>,
    /// What the editor keeps in mind.
    pub note: Option<String>,
    /// When they were last written down.
    pub edited_at: DateTime<Utc>,
}

crate::values::redacted! { PersonView { id } }

impl From<Person> for PersonView {
    fn from(person: Person) -> Self {
        let Person {
            id,
            name,
            account: _,
            email,
            phone,
            note,
            edited_at,
        } = person;
        Self {
            id,
            name: name.open().clone(),
            email: email.open().clone(),
            phone: phone.open().clone(),
            note: note.open().clone(),
            edited_at,
        }
    }
}

/// The person with this account key. What is no account key belongs to nobody.
pub(crate) async fn with_account(
    reader: &mut Reader<'_>,
    key: &str,
) -> Result<Option<PersonId>, Error> {
    let Ok(key) = text::line(key, limits::TITLE) else {
        return Ok(None);
    };
    let holder = reader.holder(ACCOUNTS, account_key(&key)).await?;
    Ok(holder.map(|at| Id::from_uuid(at.id)))
}

impl Desk {
    /// Writes down a person, or changes what is written down: all of it, but for an account key
    /// that is not given. An admin, who does not read persons, changes what is given alone.
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`Error::Refused`] unless it is an admin's or an editor's and the
    /// account key belongs to nobody else.
    pub async fn put_person(
        &self,
        id: Option<PersonId>,
        person: &NewPerson,
    ) -> Result<PersonId, Error> {
        self.run(PutPerson {
            id,
            person: person.clone(),
        })
        .await
    }

    /// Everybody who is written down, those last who were written down last: up to 100, after one.
    /// For editors.
    ///
    /// # Errors
    /// [`Error::Refused`] for everybody else.
    pub async fn people(&self, after: Option<&PersonView>) -> Result<Vec<PersonView>, Error> {
        may_read(self.actor.is(Role::Editor), "read_people")?;
        let after = after.map(|view| (KeyParts::new().time(view.edited_at).key(), view.id));
        let range = Range::prefix(PEOPLE, KeyParts::new().key());
        let ids = self.page_of_ids::<Person>(range, after).await?;
        let people = Reader::new(self.store()).need_all::<Person>(&ids).await?;
        Ok(people.into_iter().map(PersonView::from).collect())
    }

    /// What is written down about a person: for editors, and for the person.
    ///
    /// # Errors
    /// [`Error::Refused`] for everybody else, whether or not there is such a person.
    pub async fn person(&self, id: PersonId) -> Result<PersonView, Error> {
        let may = self.actor.is_person(id) || self.actor.is(Role::Editor);
        may_read(may, "read_person")?;
        let doc = self.store().get_one(&Person::at(id)).await?;
        let doc = doc.ok_or_else(|| Error::NotFound { id: id.to_string() })?;
        Ok(decode::<Person>(&doc)?.into())
    }
}
