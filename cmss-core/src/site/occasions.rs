//! Occasions, by when they are over.

use chrono::{DateTime, TimeDelta, Utc};

use super::Site;
use super::cursor::{Asked, Cursor};
use super::list::ListPage;
use super::window::{Shelf, Stretch};
use crate::kernel::{Error, KeyParts};
use crate::store::Key;

impl Site {
    /// Occasions that are not over at this instant, by when they will be.
    ///
    /// The items are `OccasionItem`s, and spelled `{"item":…,"parts":[…]}`.
    ///
    /// A cursor stays good while time passes: the next page may be asked for with a later instant.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a limit that is not 1 to 100, and a cursor of another list.
    pub async fn upcoming(
        &self,
        at: DateTime<Utc>,
        limit: usize,
        after: Option<&Cursor>,
    ) -> Result<ListPage, Error> {
        // One that is over at this very instant is over.
        let from = at.checked_add_signed(TimeDelta::microseconds(1));
        let stretch = Stretch {
            from: Some(KeyParts::new().time(from.unwrap_or(at)).key()),
            ..Stretch::all(Shelf::Upcoming, Key::default())
        };
        self.occasions("upcoming", &stretch, limit, after).await
    }

    /// Occasions that no date can be given for, by the address of their event.
    ///
    /// The items are as those of [`Site::upcoming`].
    ///
    /// # Errors
    /// [`Error::Invalid`] for a limit that is not 1 to 100, and a cursor of another list.
    pub async fn undated(&self, limit: usize, after: Option<&Cursor>) -> Result<ListPage, Error> {
        let stretch = Stretch::all(Shelf::Undated, Key::default());
        self.occasions("undated", &stretch, limit, after).await
    }

    async fn occasions(
        &self,
        name: &str,
        stretch: &Stretch,
        limit: usize,
        after: Option<&Cursor>,
    ) -> Result<ListPage, Error> {
        let asked = Asked::of(name, limit, after)?;
        let (finds, next) = self.window.page(stretch, &asked).await?;
        let parts = self.window.parts(&finds.parts).await?;
        Ok(ListPage::join("item", None, finds.stored, &parts, next))
    }
}
