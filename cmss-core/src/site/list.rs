//! Lists of pages, newest first.

use chrono::{DateTime, TimeDelta, Utc};

use super::cursor::{Asked, Cursor, ListId};
use super::served::{Served, list};
use super::text::{PartTexts, Text};
use super::validator::{Validator, bytes};
use super::window::{Finds, Shelf, Stored, Stretch};
use super::{PageKind, Part, Site, Vocabulary, name_key};
use crate::kernel::{Error, KeyParts};
use crate::store::Key;
use crate::values::{Coded, FaultCode, Faults, Invalid, Slug};

/// Which pages a list holds.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum ListBy {
    /// All of them.
    All,
    /// Those of a kind.
    Kind(PageKind),
    /// Those with this topic.
    Topic(Slug),
    /// Those in this category.
    Category(Slug),
    /// Those in this stage.
    Stage(Slug),
    /// Those with this byline.
    Byline(Slug),
    /// Those about the project at this address.
    Project(Slug),
    /// Those about the event at this address.
    Event(Slug),
}

impl ListBy {
    /// The name of the part by which pages are listed.
    fn name(&self) -> Option<(&'static str, &Slug)> {
        match self {
            Self::All | Self::Kind(_) => None,
            Self::Topic(slug) => Some((Vocabulary::Topic.code(), slug)),
            Self::Category(slug) => Some((Vocabulary::Category.code(), slug)),
            Self::Stage(slug) => Some((Vocabulary::Stage.code(), slug)),
            Self::Byline(slug) => Some((Part::BYLINE, slug)),
            Self::Project(slug) => Some((PageKind::Project.code(), slug)),
            Self::Event(slug) => Some((PageKind::Event.code(), slug)),
        }
    }
}

/// A question for pages, newest first.
///
/// # Examples
///
/// ```
/// use cmss_core::{ListBy, Listing, PageKind};
///
/// let newest = Listing::by(ListBy::All);
/// assert_eq!(newest.limit, 20);
///
/// let about_housing = Listing {
///     limit: 50,
///     ..Listing::by(ListBy::Topic("bostad".parse()?))
/// };
/// assert_eq!(about_housing.after, None);
/// # Ok::<(), cmss_core::values::Flaw>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listing {
    /// Which pages.
    pub by: ListBy,
    /// Only those of this instant and later.
    pub from: Option<DateTime<Utc>>,
    /// Only those before this instant, which is later than `from`.
    pub until: Option<DateTime<Utc>>,
    /// The most pages to answer: 1 to 100.
    pub limit: usize,
    /// Where a page of the same list ended; the limit may be another.
    pub after: Option<Cursor>,
}

impl Listing {
    /// The newest twenty.
    #[must_use]
    pub const fn by(by: ListBy) -> Self {
        Self {
            by,
            from: None,
            until: None,
            limit: 20,
            after: None,
        }
    }

    /// What is asked of every list; or all that is at fault.
    fn check(&self) -> Result<Asked, Invalid> {
        let mut faults = Faults::new();
        let asked = Asked::check(&mut faults, self.id(), self.limit, self.after.as_ref());
        let ordered = self
            .from
            .zip(self.until)
            .is_none_or(|(from, until)| from < until);
        faults.ensure("until", ordered, FaultCode::Inconsistent);
        faults.finish()?;
        asked.ok_or_else(Invalid::unexplained)
    }

    /// Everything that decides which pages it holds.
    fn id(&self) -> ListId {
        let parts = KeyParts::new().text("pages");
        let parts = match (&self.by, self.by.name()) {
            (ListBy::Kind(kind), _) => parts.text("kind").text(kind.code()),
            (_, Some((what, slug))) => parts.text(what).text(slug.as_str()),
            (_, None) => parts,
        };
        let parts = [self.from, self.until]
            .into_iter()
            .fold(parts.text(""), |parts, bound| match bound {
                Some(bound) => parts.number(1).time(whole(bound)),
                None => parts.number(0),
            });
        ListId::of(&parts.key())
    }
}

/// The first whole microsecond that is not before an instant: stored times are whole.
fn whole(instant: DateTime<Utc>) -> DateTime<Utc> {
    let rest = instant.timestamp_subsec_nanos() % 1_000;
    let missing = TimeDelta::nanoseconds(i64::from((1_000 - rest) % 1_000));
    instant.checked_add_signed(missing).unwrap_or(instant)
}

/// One page of a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ListPage {
    of: Option<Text>,
    /// The items, in order.
    pub items: Vec<Served>,
    /// Where the next page begins, when there is more.
    pub next: Option<Cursor>,
}

impl ListPage {
    /// What the pages are listed by, where it is a part: the topic, the byline, the project.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when it is of a type that this version of the library does not know.
    pub fn of(&self) -> Result<Option<Part>, Error> {
        self.of.as_ref().map(Text::read).transpose()
    }

    /// What tells it apart from what it was before.
    #[must_use]
    pub fn validator(&self) -> Validator {
        let items: Vec<_> = self.items.iter().map(Served::validator).collect();
        let of = bytes(self.of.as_ref().map(|text| &text.digest));
        let next = self.next.as_ref().map_or("", Cursor::as_str);
        let ends = [of, next.as_bytes()];
        Validator::of(
            "list",
            ends.into_iter().chain(items.iter().map(Validator::bytes)),
        )
    }

    /// `{"of":…,"items":[{"page":…,"parts":[…]}],"next":"…"}`, without `of` where the list is not
    /// by a part, and without `next` on the last page.
    #[must_use]
    pub fn to_json(&self) -> String {
        let room = self.items.iter().map(Served::room).sum::<usize>();
        let mut json = String::with_capacity(room + 500);
        json.push('{');
        if let Some(of) = &self.of {
            json.push_str("\"of\":");
            json.push_str(of.json());
            json.push(',');
        }
        json.push_str("\"items\":");
        list(&mut json, &self.items, |json, item| item.write(json));
        if let Some(next) = &self.next {
            json.push_str(",\"next\":\"");
            json.push_str(next.as_str());
            json.push('"');
        }
        json.push('}');
        json
    }

    /// What was found, joined with its parts.
    pub(super) fn join(
        name: &'static str,
        of: Option<Text>,
        stored: Vec<Stored>,
        parts: &PartTexts,
        next: Option<Cursor>,
    ) -> Self {
        let items = stored.into_iter();
        let items = items.map(|stored| Served::join(name, stored, parts));
        Self {
            of,
            items: items.collect(),
            next,
        }
    }
}

impl Site {
    /// Pages, newest first: the texts are [`Card`](super::Card)s.
    ///
    /// `None` when what they are listed by is not on the site: a topic that is not there, a byline
    /// that no page shows, a hidden project. A topic without pages is an empty list.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a limit that is not 1 to 100, a cursor of another list, and an
    /// `until` that is not after `from`.
    pub async fn list(&self, listing: &Listing) -> Result<Option<ListPage>, Error> {
        let asked = listing.check()?;
        let mut of = None;
        let (shelf, prefix) = match (&listing.by, listing.by.name()) {
            (ListBy::Kind(kind), _) => (Shelf::ByKind, KeyParts::new().text(kind.code())),
            (_, None) => (Shelf::ByTime, KeyParts::new()),
            (_, Some((what, slug))) => {
                let Some(id) = self.window.named(name_key(what, slug)).await? else {
                    return Ok(None);
                };
                of = Some(id);
                (Shelf::ByPart, KeyParts::new().id(id))
            }
        };
        let prefix = prefix.key();
        let bound = |bound: Option<DateTime<Utc>>| {
            let Key(prefix) = &prefix;
            let time = KeyParts::new().time(whole(bound?)).key();
            Some(Key([&prefix[..], &time.0].concat()))
        };
        let stretch = Stretch {
            shelf,
            from: bound(listing.from),
            until: bound(listing.until),
            prefix: prefix.clone(),
        };
        let (
            Finds {
                stored,
                parts: mut ids,
            },
            next,
        ) = self.window.page(&stretch, &asked).await?;
        let own = ids.len()..ids.len() + 1;
        ids.extend(of);
        let parts = self.window.parts(&ids).await?;
        let found = parts.at(own).next().flatten().cloned();
        // It may have left the site since it was found; what is not there is not listed by.
        if of.is_some() && found.is_none() {
            return Ok(None);
        }
        let page = ListPage::join("page", found, stored, &parts, next);
        Ok(Some(page))
    }
}
