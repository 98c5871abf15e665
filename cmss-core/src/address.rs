//! Addresses of public things, as the private side keeps them: taken at first publication, kept
//! for good, also while the page is paused or hidden.

use crate::kernel::{Error, Guard, Guards, KeyParts, Reader};
use crate::site::PageKind;
use crate::store::{DocRef, Entry, Index, Key};
use crate::values::{Coded, Slug};

/// Who holds an address: kind, slug.
const ADDRESS: Index = Index::new("address");

/// How many numbered forms of a taken slug are tried.
const TRIES: u32 = 50;

/// What was found out about an address.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Address {
    /// Nobody else holds it.
    Free(Slug),
    /// Something else does.
    Taken(Slug),
    /// None was given, and none can be made of the title.
    Missing,
}

impl Address {
    /// The address for a thing: the one wanted, or else one made of its title, numbered where
    /// others have the same.
    pub(crate) async fn find(
        reader: &mut Reader<'_>,
        kind: PageKind,
        wanted: Option<&Slug>,
        title: &str,
        own: &DocRef,
    ) -> Result<Self, Error> {
        let first = match wanted {
            Some(slug) => slug.clone(),
            None => match Slug::from_title(title) {
                Some(slug) => slug,
                None => return Ok(Self::Missing),
            },
        };
        let mut slug = first.clone();
        for number in 2..=TRIES {
            let holder = reader.holder(ADDRESS, key(kind, &slug)).await?;
            if holder.is_none_or(|holder| holder == *own) {
                return Ok(Self::Free(slug));
            }
            if wanted.is_some() {
                break;
            }
            slug = first.numbered(number);
        }
        Ok(Self::Taken(slug))
    }

    /// The slug, or the guard that fails.
    pub(crate) fn judge(&self, guards: &mut Guards) -> Option<Slug> {
        match self {
            Self::Free(slug) => Some(slug.clone()),
            Self::Taken(slug) => {
                guards.push(Guard::SlugTaken {
                    slug: slug.to_string(),
                });
                None
            }
            Self::Missing => {
                guards.push(Guard::SlugNeeded);
                None
            }
        }
    }
}

/// The addresses a thing holds: the current one, and old ones that lead to it.
#[derive(Clone, PartialEq, Eq, Debug, Default, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Addresses {
    /// The current one, from first publication on.
    pub(crate) current: Option<Slug>,
    /// Old ones, newest first.
    pub(crate) old: Vec<Slug>,
}

impl Addresses {
    /// The most old addresses a thing keeps.
    pub(crate) const MOST_OLD: usize = 16;

    /// The guard that it keeps few enough: only an editor gives an old address up.
    pub(crate) fn judge_move(&self, slug: Option<&Slug>, guards: &mut Guards) {
        let moves = slug.is_some() && self.current.is_some() && self.current.as_ref() != slug;
        let back = slug.is_some_and(|slug| self.old.contains(slug));
        let room = !moves || back || self.old.len() < Self::MOST_OLD;
        let limit = Self::MOST_OLD as u32;
        guards.ensure(room, Guard::TooManyOldAddresses { limit });
    }

    /// Moves to an address; the current one becomes an old one.
    pub(crate) fn move_to(&mut self, slug: Slug) {
        self.old.retain(|old| *old != slug);
        if let Some(before) = self.current.replace(slug.clone())
            && before != slug
        {
            self.old.insert(0, before);
        }
    }

    /// Gives up an old address; answers whether it was one.
    pub(crate) fn drop_old(&mut self, slug: &Slug) -> bool {
        let before = self.old.len();
        self.old.retain(|old| old != slug);
        self.old.len() < before
    }

    /// The entries that hold them.
    pub(crate) fn entries(&self, kind: PageKind) -> impl Iterator<Item = Entry> {
        self.current
            .iter()
            .chain(&self.old)
            .map(move |slug| Entry::Unique {
                index: ADDRESS,
                key: key(kind, slug),
            })
    }
}

fn key(kind: PageKind, slug: &Slug) -> Key {
    KeyParts::new().text(kind.code()).text(slug.as_str()).key()
}
