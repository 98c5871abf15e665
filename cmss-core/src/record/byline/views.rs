//! Bylines as the desk sees them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::model::{BY_PERSON, Byline, BylineForm};
use crate::desk::Desk;
use crate::ids::{BylineId, Id, PersonId};
use crate::kernel::{Error, KeyParts, Reader, Role, may_read};
use crate::store::Range;
use crate::values::Slug;

/// A byline as its person, or an editor, sees it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    /// When it was created.
    pub created_at: DateTime<Utc>,
}

crate::values::redacted! { BylineView { id, form, retired } }

impl From<Byline> for BylineView {
    fn from(byline: Byline) -> Self {
        let Byline {
            id,
            person: _,
            form,
            name,
            slug,
            given_up: _,
            retired,
            created_at,
        } = byline;
        Self {
            id,
            form,
            name,
            slug,
            retired,
            created_at,
        }
    }
}

impl Desk {
    /// The bylines of a person, oldest first: up to 100, after one. For the person, and for editors.
    ///
    /// # Errors
    /// [`Error::Refused`] for everybody else, whether or not there is such a person.
    pub async fn bylines(
        &self,
        person: PersonId,
        after: Option<&BylineView>,
    ) -> Result<Vec<BylineView>, Error> {
        let may = self.actor.is_person(person) || self.actor.is(Role::Editor);
        may_read(may, "read_bylines")?;
        let prefix = || KeyParts::new().id(person.uuid());
        let after = after.map(|view| (prefix().time(view.created_at).key(), view.id));
        let range = Range::prefix(BY_PERSON, prefix().key());
        let ids = self.page_of_ids::<Byline>(range, after).await?;
        let bylines = Reader::new(self.store()).need_all::<Byline>(&ids).await?;
        Ok(bylines.into_iter().map(BylineView::from).collect())
    }
}
