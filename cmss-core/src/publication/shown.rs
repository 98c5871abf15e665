//! A variant that is or was public, with what its rendering rests on.

use crate::article::{Latest, Revision, Variant};
use crate::desk::Changes;
use crate::ids::{BylineId, ConsentId, VariantId};
use crate::kernel::{Error, Reader};
use crate::record::{Byline, byline_is_shown, free_byline_slug};
use crate::site::{Face, FeedItem, PageKind, Press};
use crate::values::{ArticleText, Slug, Speaker};

/// A variant, the text that is or was public, and the bylines on it.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    pub(crate) variant: Variant,
    /// The text; `None` before it was ever public.
    pub(crate) text: Option<ArticleText>,
    bylines: Vec<Named>,
}

/// A byline that may be on the page.
#[derive(Clone, Debug)]
struct Named {
    byline: Byline,
    /// Whether another live page shows it.
    elsewhere: bool,
    /// The address it gets when this page is the first to show it.
    slug: Option<Slug>,
}

impl Shown {
    /// Reads a variant that is or was public.
    pub(crate) async fn read(
        reader: &mut Reader<'_>,
        variant: VariantId,
    ) -> Result<Option<Self>, Error> {
        let variant: Variant = reader.need(variant).await?;
        let shown = Self::with(reader, variant, &[]).await?;
        Ok(shown.variant.latest.is_some().then_some(shown))
    }

    /// The same of a variant that has been read, with bylines that are to be on its page.
    pub(crate) async fn with(
        reader: &mut Reader<'_>,
        variant: Variant,
        coming: &[BylineId],
    ) -> Result<Self, Error> {
        let text = match &variant.latest {
            None => None,
            Some(latest) => Some(reader.need::<Revision>(latest.revision).await?.text),
        };
        let there = variant.latest.iter().flat_map(|latest| &latest.bylines);
        let mut ids: Vec<BylineId> = Vec::new();
        for id in there.chain(coming) {
            if !ids.contains(id) {
                ids.push(*id);
            }
        }
        let mut bylines = Vec::with_capacity(ids.len());
        let mut slugs = Vec::new();
        for byline in reader.need_all::<Byline>(&ids).await? {
            let elsewhere = byline_is_shown(reader, byline.id, Some(variant.id)).await?;
            let stays = coming.is_empty() || coming.contains(&byline.id);
            let addressed = byline.slug.is_some() || !stays;
            let name = byline.name.as_deref().filter(|_| !addressed);
            let slug = free_byline_slug(reader, name, &slugs).await?;
            slugs.extend(slug.clone());
            bylines.push(Named {
                byline,
                elsewhere,
                slug,
            });
        }
        Ok(Self {
            variant,
            text,
            bylines,
        })
    }

    /// What the public sees of it now.
    pub(crate) fn faces(&self, press: &Press<'_>) -> Vec<Face> {
        let mut faces = match &self.text {
            None => Vec::new(),
            Some(text) => self.variant.faces(text, press),
        };
        for named in &self.bylines {
            let shown = self.shows(&named.byline) || named.elsewhere;
            faces.extend(named.byline.faces(shown, press));
        }
        faces
    }

    /// Whether the page shows a byline now.
    fn shows(&self, byline: &Byline) -> bool {
        let latest = self.variant.latest.as_ref();
        let latest = latest.filter(|_| self.variant.is_live());
        latest.is_some_and(|latest| latest.bylines.contains(&byline.id))
    }

    /// Gives an address to each byline that a live page shows for the first time.
    fn address_bylines(&mut self, changes: &mut Changes) {
        for mut named in std::mem::take(&mut self.bylines) {
            if self.shows(&named.byline)
                && let Some(slug) = named.slug.take()
            {
                named.byline.slug = Some(slug);
                changes.put(&named.byline);
            }
            self.bylines.push(named);
        }
    }

    /// Writes a change of the variant, and of what the public sees of it.
    pub(crate) fn change(
        mut self,
        press: &Press<'_>,
        changes: &mut Changes,
        change: impl FnOnce(&mut Variant, &mut Option<ArticleText>),
    ) {
        let before = self.faces(press);
        let was_live = self.variant.is_live();
        change(&mut self.variant, &mut self.text);
        self.address_bylines(changes);
        let changed = changes.show(before, self.faces(press));
        changes.put(&self.variant);
        let (Some(slug), true) = (self.variant.addresses.current.clone(), changed) else {
            return;
        };
        let (page, kind) = (press.page(self.variant.id), PageKind::Article);
        let is_live = self.variant.is_live();
        match (was_live, is_live) {
            (false, true) => changes.announce(FeedItem::Appeared { page, kind, slug }),
            (true, true) => changes.announce(FeedItem::Changed { page, kind, slug }),
            (true, false) => changes.announce(FeedItem::Left { page, kind, slug }),
            (false, false) => {}
        }
        // Its own address, and others that lead to it, answer otherwise now.
        if !(was_live && is_live) {
            changes.announce(FeedItem::Revalidate);
        }
    }

    /// Takes the quotes under a consent off the page; answers whether there were any.
    pub(crate) fn without_quotes_of(
        mut self,
        consent: ConsentId,
        press: &Press<'_>,
        changes: &mut Changes,
    ) -> bool {
        let quotes = self.text.iter().flat_map(|text| text.body.quotes());
        let quoted = quotes.into_iter().any(|(_, quote)| {
            matches!(&quote.speaker, Speaker::Identifiable { consent: of, .. } if *of == consent)
        });
        let before = self.faces(press);
        let Some(Latest { withdrawn, .. }) = &mut self.variant.latest else {
            return false;
        };
        if !quoted || withdrawn.contains(&consent) {
            return false;
        }
        withdrawn.push(consent);
        let changed = changes.show(before, self.faces(press));
        changes.put(&self.variant);
        changed
    }
}
