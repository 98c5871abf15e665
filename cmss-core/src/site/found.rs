//! What the site answers to whoever asks for a page.

use serde::{Deserialize, Serialize};

use super::face::Notice;
use super::served::Served;
use super::text::Text;
use super::validator::{Validator, bytes};
use super::{PageKind, PagePart};
use crate::kernel::Error;
use crate::values::{Coded, Slug};

/// What the site answers to whoever asks for a page.
///
/// A page that was never published, a draft, an address that nobody ever had and one that nobody can have
/// are one answer: [`Found::NotThere`].
///
/// # Examples
///
/// How an HTTP layer may answer for the text at an address:
///
/// ```
/// use cmss_core::{Error, Found, Site};
///
/// /// The status, and the body or where to go instead.
/// async fn answer(site: &Site, slug: &str) -> Result<(u16, String), Error> {
///     Ok(match site.article(slug).await? {
///         Found::Here(page) => (200, page.to_json()),
///         Found::Moved(to) => (308, format!("/{}", to.slug)),
///         Found::Gone(gone) => (410, gone.to_json()),
///         Found::NotThere => (404, String::new()),
///     })
/// }
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Found {
    /// The page.
    Here(Served),
    /// It has another address.
    Moved(Moved),
    /// It was here, and was taken down.
    Gone(Gone),
    /// There is nothing at this address.
    NotThere,
}

impl Found {
    /// What tells the answer apart from another one at the same address.
    #[must_use]
    pub fn validator(&self) -> Validator {
        match self {
            Self::Here(page) => page.validator(),
            Self::Moved(Moved { kind, slug }) => {
                Validator::of("moved", [kind.code().as_bytes(), slug.as_str().as_bytes()])
            }
            Self::Gone(Gone(text)) => Validator::of("gone", [bytes(Some(&text.digest))]),
            Self::NotThere => Validator::of("not there", []),
        }
    }
}

/// The address under which a page is found instead.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Moved {
    /// What it is about.
    pub kind: PageKind,
    /// Its address.
    pub slug: Slug,
}

impl From<PagePart> for Moved {
    fn from(page: PagePart) -> Self {
        let PagePart {
            kind,
            slug,
            title: _,
        } = page;
        Self { kind, slug }
    }
}

/// A page that was taken down, and what is said about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Gone(pub(super) Text);

impl Gone {
    /// What readers are told, where there is something to say.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when it is of a type that this version of the library does not know.
    pub fn notice(&self) -> Result<Option<String>, Error> {
        let Notice { notice } = self.0.read()?;
        Ok(notice)
    }

    /// `{"gone":{"notice":"…"}}`, without `notice` where readers are told nothing.
    #[must_use]
    pub fn to_json(&self) -> String {
        format!("{{\"gone\":{}}}", self.0.json())
    }
}
