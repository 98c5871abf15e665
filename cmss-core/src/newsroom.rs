//! The newsroom itself: one store holds one.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::ids::NewsroomId;
use crate::kernel::{Document, Secret};
use crate::site::Press;
use crate::store::{Collection, Doc, Entry};
use crate::values::{Faults, Lang, limits, text};

/// What a newsroom is founded with.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewNewsroom {
    /// Its name: up to 200 characters.
    pub name: String,
    /// The zone in which its local times are meant; it does not change.
    pub zone: Tz,
    /// The language its texts are in unless they say otherwise.
    pub language: Lang,
}

impl NewNewsroom {
    pub(crate) fn check(&self, faults: &mut Faults) -> Option<Self> {
        let name = faults.field("name", text::line(&self.name, limits::TITLE))?;
        Some(Self {
            name,
            zone: self.zone,
            language: self.language.clone(),
        })
    }
}

/// Which forms documents may be in: raised whenever a stored form or an index changes, so that a
/// release that does not know them refuses the store when it is opened, by name.
pub(crate) const SCHEMA: u32 = 1;

/// The newsroom's document.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Newsroom {
    /// The newest [`SCHEMA`] that has written in the store.
    pub(crate) schema: u32,
    pub(crate) name: String,
    pub(crate) zone: Tz,
    pub(crate) language: Lang,
    pub(crate) secret: Secret,
    pub(crate) founded_at: DateTime<Utc>,
}

impl Newsroom {
    /// The one there is.
    pub(crate) const ID: NewsroomId = NewsroomId::ONLY;

    /// The schema that the newsroom's document tells, also where a newer release has given the rest
    /// another form: this stands under its name, in this place, in every form.
    pub(crate) fn schema_of(doc: &Doc) -> Option<u32> {
        #[derive(Deserialize)]
        struct Spelled {
            doc: Stamp,
        }
        #[derive(Deserialize)]
        struct Stamp {
            schema: u32,
        }
        let spelled: Spelled = serde_json::from_str(&doc.body).ok()?;
        Some(spelled.doc.schema)
    }

    /// What renders public documents.
    pub(crate) const fn press(&self) -> Press<'_> {
        Press {
            secret: &self.secret,
            zone: self.zone,
        }
    }
}

impl Document for Newsroom {
    const COLLECTION: Collection = Collection::new("newsroom");
    type Id = NewsroomId;

    fn id(&self) -> NewsroomId {
        Self::ID
    }

    fn entries(&self) -> Vec<Entry> {
        Vec::new()
    }
}
