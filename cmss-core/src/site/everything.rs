//! Every page there is, for whoever writes them all out.

use super::cursor::{Asked, Cursor};
use super::served::Served;
use super::window::{Shelf, Stored, Stretch};
use super::{PageKind, Site};
use crate::kernel::{Error, KeyParts};
use crate::store::Key;
use crate::values::{Coded, Slug};

/// A page of the site, with its address.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SitePage {
    /// What it is about.
    pub kind: PageKind,
    /// Its address.
    pub slug: Slug,
    /// The page.
    pub page: Served,
}

/// Some of the pages of the site, as [`Site::everything`] answers them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SitePages {
    /// The pages, by kind and address.
    pub pages: Vec<SitePage>,
    /// Where the next ones begin, when there are more.
    pub next: Option<Cursor>,
}

impl Site {
    /// Every page that is here, whole, by kind and address: for a static site, or a search engine.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a limit that is not 1 to 100, and a cursor of another list.
    pub async fn everything(
        &self,
        limit: usize,
        after: Option<&Cursor>,
    ) -> Result<SitePages, Error> {
        let asked = Asked::of("everything", limit, after)?;
        let stretch = Stretch::all(Shelf::Everything, Key::default());
        let (finds, next) = self.window.page(&stretch, &asked).await?;
        let parts = self.window.parts(&finds.parts).await?;
        let pages = finds.stored.into_iter().map(|stored| {
            let (kind, slug) = address(&stored)?;
            let page = Served::join("page", stored, &parts);
            Ok(SitePage { kind, slug, page })
        });
        Ok(SitePages {
            pages: pages.collect::<Result<_, Error>>()?,
            next,
        })
    }
}

/// The address of a page: its kind stands in the key it was found at, its slug in its head.
fn address(page: &Stored) -> Result<(PageKind, Slug), Error> {
    let kind = PageKind::ALL.iter().find(|kind| {
        let Key(stem) = KeyParts::new().text(kind.code()).key();
        page.spot.rest.starts_with(&stem)
    });
    kind.copied()
        .zip(page.slug.clone())
        .ok_or_else(|| Error::Corrupt {
            what: "a page has no address of its own".to_owned(),
        })
}
