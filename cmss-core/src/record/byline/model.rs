//! What a byline is, and how one is found.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::{BylineId, Id, PersonId, VariantId};
use crate::kernel::{Document, Error, KeyParts, Reader};
use crate::site::{BylinePart, Face, Part, Press, listed, unique};
use crate::store::{Collection, Digest, Entry, Index, Key, Range, Want};
use crate::values::{FaultCode, Faults, Slug, coded, limits, text};

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

crate::values::redacted! { BylineName { form } }

impl BylineName {
    /// Every field checked and normalised.
    pub(super) fn check(&self, faults: &mut Faults) -> Option<Self> {
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

/// Bylines of a person.
pub(super) const BY_PERSON: Index = Index::new("byline.person");
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

crate::values::redacted! { Byline { id } }

/// A name as it is compared.
fn folded(name: &str) -> Key {
    // Letters and digits alone: what stands between them may be invisible.
    let letters: String = name.chars().filter(|c| c.is_alphanumeric()).collect();
    let told = if letters.is_empty() { name } else { &letters };
    let digest = Digest::of(told.to_lowercase().as_bytes());
    KeyParts::new().text(&digest.to_string()).key()
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
    pub(super) const MOST_GIVEN_UP: usize = 32;

    /// A new byline of a person: no live page shows it yet.
    pub(super) fn new(id: BylineId, person: PersonId, name: BylineName, at: DateTime<Utc>) -> Self {
        let BylineName { form, name } = name;
        Self {
            id,
            person,
            form,
            name,
            slug: None,
            given_up: Vec::new(),
            retired: false,
            created_at: at,
        }
    }

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
    pub(super) fn give_up_slug(&mut self) {
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

/// Whether a byline shows this name.
pub(crate) async fn has_name(reader: &mut Reader<'_>, name: &str) -> Result<bool, Error> {
    Ok(reader.holder(BY_NAME, folded(name)).await?.is_some())
}

/// What a name is called in an address when no slug can be made of it.
const SPEECHLESS: &str = "byline";

/// A free slug for a name, numbered where others have or had the same; `byline`, numbered, for one
/// in letters that no slug is made of. Only what was public counts: a byline has no slug before a
/// live page shows it, so that a name which nobody has published under leaves no gap that tells of
/// it.
pub(crate) async fn free_slug(
    reader: &mut Reader<'_>,
    name: Option<&str>,
    coming: &[Slug],
) -> Result<Option<Slug>, Error> {
    let Some(name) = name else {
        return Ok(None);
    };
    let Some(first) = Slug::from_title(name).or_else(|| Slug::from_title(SPEECHLESS)) else {
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
