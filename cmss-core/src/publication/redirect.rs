//! Giving up old addresses, of pages of every kind.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::Shown;
use crate::address::Addresses;
use crate::article::Variant;
use crate::desk::{Changes, Context, Desk, Outcome, Verb, happened};
use crate::ids::PageRef;
use crate::kernel::{Actor, Capacity, Denied, Error, Fact, Guard, Guards, Reader, Standing};
use crate::record::{Event, Kept, Kind, Project};
use crate::site::FeedItem;
use crate::values::{Faults, Slug, redacted};

/// Gives up an old address of a page, which then answers *not there*.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DropRedirect {
    /// The page.
    pub page: PageRef,
    /// The old address.
    pub slug: String,
}

redacted! { DropRedirect { page } }

/// The page whose address is given up.
#[derive(Debug)]
pub(crate) enum Page {
    Article(Box<Shown>),
    Project(Box<(Kept<Project>, <Project as Kind>::Around)>),
    Event(Box<(Kept<Event>, <Event as Kind>::Around)>),
}

impl Page {
    const fn addresses(&self) -> &Addresses {
        match self {
            Self::Article(shown) => &shown.variant.addresses,
            Self::Project(record) => &record.0.addresses,
            Self::Event(record) => &record.0.addresses,
        }
    }
}

/// Gives up an old address of a record.
fn drop_of_record<C: Kind>(
    (mut kept, around): (Kept<C>, C::Around),
    slug: &Slug,
    cx: &Context<'_>,
    changes: &mut Changes,
) {
    let press = cx.press();
    let before = C::faces(&kept, &around, &press);
    kept.addresses.drop_old(slug);
    if changes.show(before, C::faces(&kept, &around, &press)) {
        changes.announce(FeedItem::Revalidate);
    }
    changes.put(&kept);
}

impl Verb for DropRedirect {
    const NAME: &'static str = "drop_redirect";
    type Facts = Page;
    type Done = ();

    fn check(&self, faults: &mut Faults, _: Tz) -> Option<Self> {
        let slug = faults.field("slug", self.slug.parse::<Slug>())?;
        Some(Self {
            page: self.page,
            slug: slug.to_string(),
        })
    }

    async fn gather(&self, reader: &mut Reader<'_>, _: &Actor) -> Result<Page, Error> {
        Ok(match self.page {
            PageRef::Article(id) => {
                let variant: Variant = reader.need(id).await?;
                Page::Article(Box::new(Shown::with(reader, variant, &[]).await?))
            }
            PageRef::Project(id) => {
                let kept = reader.need(id).await?;
                let around = Project::around(&kept, reader).await?;
                Page::Project(Box::new((kept, around)))
            }
            PageRef::Event(id) => {
                let kept = reader.need(id).await?;
                let around = Event::around(&kept, reader).await?;
                Page::Event(Box::new((kept, around)))
            }
        })
    }

    fn decide(&self, page: Page, cx: &mut Context<'_>) -> Result<Outcome<()>, Denied> {
        let mut guards = Guards::new();
        let by = guards.permit(&Standing::of(cx.actor), &[Capacity::Editor]);
        let old = page
            .addresses()
            .old
            .iter()
            .find(|old| old.as_str() == self.slug)
            .cloned();
        guards.ensure(
            old.is_some(),
            Guard::SlugNotOld {
                slug: self.slug.clone(),
            },
        );
        guards.pass(Self::NAME)?;
        let mut changes = Changes::by(by);
        if let Some(slug) = old {
            match page {
                Page::Article(shown) => shown.change(&cx.press(), &mut changes, |variant, _| {
                    variant.addresses.drop_old(&slug);
                }),
                Page::Project(record) => drop_of_record(*record, &slug, cx, &mut changes),
                Page::Event(record) => drop_of_record(*record, &slug, cx, &mut changes),
            }
        }
        changes.fact(Fact::RedirectDropped { page: self.page });
        Ok(Outcome::Commit(changes))
    }

    fn done(facts: &[Fact]) -> Option<()> {
        happened(facts, |fact| matches!(fact, Fact::RedirectDropped { .. }))
    }
}

impl Desk {
    /// Gives up an old address of a page, which then answers *not there*.
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`Error::Refused`] unless it is an editor's, and the slug an old
    /// address of the page.
    pub async fn drop_redirect(&self, page: impl Into<PageRef>, slug: &str) -> Result<(), Error> {
        self.run(DropRedirect {
            page: page.into(),
            slug: slug.to_owned(),
        })
        .await
    }
}
