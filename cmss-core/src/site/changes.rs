//! The public feed, as it is read.

use uuid::Uuid;

use super::cursor::{Asked, Cursor, Spot};
use super::served::list;
use super::text::Text;
use super::window::{Finds, Shelf, Stretch};
use super::{FeedItem, Site};
use crate::kernel::{Error, KeyParts};
use crate::store::Key;

/// Some of the public feed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FeedPage {
    items: Vec<Text>,
    /// Where to go on, now or later: there is always something to come.
    pub next: Cursor,
}

impl FeedPage {
    /// What changed, oldest first.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when one is of a type that this version of the library does not know.
    pub fn items(&self) -> Result<Vec<FeedItem>, Error> {
        self.items.iter().map(Text::read).collect()
    }

    /// Whether nothing has changed since.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// `{"items":[{"change":…}],"next":"…"}`
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = "{\"items\":".to_owned();
        list(&mut json, &self.items, |json, item| {
            json.push_str(item.json())
        });
        json.push_str(",\"next\":\"");
        json.push_str(self.next.as_str());
        json.push_str("\"}");
        json
    }
}

impl Site {
    /// What changed on the site after a place in the feed, oldest first; `None` begins.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a limit that is not 1 to 100, and a cursor that is not the feed's.
    ///
    /// # Examples
    ///
    /// Everything that is new since a cursor that was kept:
    ///
    /// ```
    /// use cmss_core::{Cursor, Error, FeedItem, Site};
    ///
    /// async fn catch_up(site: &Site, mut kept: Option<Cursor>) -> Result<Option<Cursor>, Error> {
    ///     loop {
    ///         let news = site.changes(kept.as_ref(), 100).await?;
    ///         for item in news.items()? {
    ///             match item {
    ///                 FeedItem::Appeared { slug, .. } | FeedItem::Changed { slug, .. } => {
    ///                     println!("fetch {slug}");
    ///                 }
    ///                 FeedItem::Left { slug, .. } => println!("drop {slug}"),
    ///                 // A change on pages that are not named, or one that came later.
    ///                 _ => println!("fetch again whatever is kept"),
    ///             }
    ///         }
    ///         let caught_up = news.is_empty();
    ///         kept = Some(news.next);
    ///         if caught_up {
    ///             return Ok(kept);
    ///         }
    ///     }
    /// }
    /// ```
    pub async fn changes(&self, after: Option<&Cursor>, limit: usize) -> Result<FeedPage, Error> {
        let asked = Asked::of("changes", limit, after)?;
        let stretch = Stretch::all(Shelf::Feed, Key::default());
        let (Finds { stored, .. }, _) = self.window.page(&stretch, &asked).await?;
        let reached = stored.last().map(|last| &last.spot);
        let beginning = Spot {
            rest: KeyParts::new().number(0).key().0,
            id: Uuid::nil(),
        };
        let reached = reached.or(asked.after.as_ref()).unwrap_or(&beginning);
        Ok(FeedPage {
            next: Cursor::new(asked.list, reached),
            items: stored.into_iter().map(|stored| stored.text).collect(),
        })
    }
}
