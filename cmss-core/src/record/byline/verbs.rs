//! The desk's verbs on bylines.

use super::commands::{ChangeByline, CreateByline, PastWorks};
use super::model::BylineName;
use crate::desk::Desk;
use crate::ids::{BylineId, PersonId};
use crate::kernel::Error;

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
}
