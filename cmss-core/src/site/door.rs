//! The door itself: pages by address.

use std::sync::Arc;

use super::found::{Found, Gone, Moved};
use super::served::Served;
use super::text::Text;
use super::window::{Shelf, Window};
use super::{Answer, PageKind, Part, address_key};
use crate::kernel::Error;
use crate::store::Store;
use crate::values::Slug;

/// The public door: what the site shows, and nothing else.
///
/// It needs no actor and takes no flag. It can only read what publishing wrote: a draft cannot be
/// named, listed, counted or sorted by here, because there is nothing here to find.
///
/// Cheap to clone, and `Send + Sync`.
#[derive(Clone, Debug)]
pub struct Site {
    pub(super) window: Window,
}

impl Site {
    pub(crate) const fn new(store: Arc<dyn Store>) -> Self {
        Self {
            window: Window::new(store),
        }
    }

    /// The text at this address.
    ///
    /// # Errors
    /// [`Error::Store`] and [`Error::Corrupt`]. A text that no slug can be is an address that nobody has.
    pub async fn article(&self, slug: &str) -> Result<Found, Error> {
        self.page(PageKind::Article, slug).await
    }

    /// The project at this address.
    ///
    /// # Errors
    /// [`Error::Store`] and [`Error::Corrupt`]. A text that no slug can be is an address that nobody has.
    pub async fn project(&self, slug: &str) -> Result<Found, Error> {
        self.page(PageKind::Project, slug).await
    }

    /// The event at this address.
    ///
    /// # Errors
    /// [`Error::Store`] and [`Error::Corrupt`]. A text that no slug can be is an address that nobody has.
    pub async fn event(&self, slug: &str) -> Result<Found, Error> {
        self.page(PageKind::Event, slug).await
    }

    /// The page of this kind at this address.
    ///
    /// # Errors
    /// [`Error::Store`] and [`Error::Corrupt`]. A text that no slug can be is an address that nobody has.
    pub async fn page(&self, kind: PageKind, slug: &str) -> Result<Found, Error> {
        // It comes from a visitor's browser, as any other address that leads nowhere.
        let Ok(slug) = slug.parse::<Slug>() else {
            return Ok(Found::NotThere);
        };
        let key = address_key(kind, slug.as_str());
        let finds = self.window.at(Shelf::Addresses, key).await?;
        let Some(page) = finds.stored.into_iter().next() else {
            return Ok(Found::NotThere);
        };
        match (page.answer, &page.slug) {
            (Answer::Here, Some(current)) if *current == slug => {
                let parts = self.window.parts(&finds.parts).await?;
                Ok(Found::Here(Served::join("page", page, &parts)))
            }
            (Answer::Here, Some(current)) => Ok(Found::Moved(Moved {
                kind,
                slug: current.clone(),
            })),
            (Answer::Here, None) => Err(Error::Corrupt {
                what: format!("the {kind:?} at {slug} has no address of its own"),
            }),
            (Answer::Gone, _) => Ok(Found::Gone(Gone(page.text))),
            (Answer::Moved(part), _) => {
                let parts = self.window.parts(&[part]).await?;
                let part = parts.at(0..1).next().flatten();
                match part.map(Text::read).transpose()? {
                    Some(Part::Page(page)) => Ok(Found::Moved(page.into())),
                    Some(_) => Err(Error::Corrupt {
                        what: format!("the {kind:?} at {slug} has moved to what is no page"),
                    }),
                    None => Ok(Found::Gone(Gone(page.text))),
                }
            }
        }
    }
}
