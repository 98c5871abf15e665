//! Bylines as the desk sees them.

use serde::Serialize;

use super::model::{BY_PERSON, Byline, BylineForm};
use crate::desk::Desk;
use crate::ids::{BylineId, Id, PersonId};
use crate::kernel::{Error, Guard, Guards, KeyParts, Reader, Role};
use crate::store::Range;
use crate::values::{Slug, limits};

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

crate::kernel::redacted! { BylineView { id, form, retired } }

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
            created_at: _,
        } = byline;
        Self {
            id,
            form,
            name,
            slug,
            retired,
        }
    }
}

impl Desk {
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
        Ok(bylines.into_iter().map(BylineView::from).collect())
    }
}
