//! A variant that is or was public, with what its rendering rests on.

use crate::article::{ArticleText, Latest, Variant};
use crate::edition::Revision;
use crate::ids::{BylineId, ConsentId, VariantId};
use crate::kernel::{Changes, Error, Reader};
use crate::record::{Byline, byline_is_shown};
use crate::site::{Face, FeedItem, PageKind, Press};
use crate::values::Speaker;

/// A variant, the text that is or was public, and the bylines on it.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    pub(crate) variant: Variant,
    /// The text; `None` before it was ever public.
    pub(crate) text: Option<ArticleText>,
    /// The bylines that may be on the page, and whether another live page shows each.
    bylines: Vec<(Byline, bool)>,
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
        let mut ids: Vec<BylineId> = there.chain(coming).copied().collect();
        ids.sort_unstable();
        ids.dedup();
        let mut bylines = Vec::with_capacity(ids.len());
        for byline in reader.need_all::<Byline>(&ids).await? {
            let elsewhere = byline_is_shown(reader, byline.id, Some(variant.id)).await?;
            bylines.push((byline, elsewhere));
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
        for (byline, elsewhere) in &self.bylines {
            let latest = self
                .variant
                .latest
                .as_ref()
                .filter(|_| self.variant.is_live());
            let here = latest.is_some_and(|latest| latest.bylines.contains(&byline.id));
            faces.extend(byline.faces(here || *elsewhere, press));
        }
        faces
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
        let changed = changes.show(before, self.faces(press));
        changes.put(&self.variant);
        let (Some(slug), true) = (self.variant.addresses.current.clone(), changed) else {
            return;
        };
        let (page, kind) = (press.page(self.variant.id), PageKind::Article);
        changes.announce(match (was_live, self.variant.is_live()) {
            (false, true) => FeedItem::Appeared { page, kind, slug },
            (true, true) => FeedItem::Changed { page, kind, slug },
            (_, false) => FeedItem::Left { page, kind, slug },
        });
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
