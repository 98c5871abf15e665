//! What the public sees.

use super::{After, Against, Ask, Foretold, Judged, Newsroom, OfPage};
use super::{PageState as S, Variant, Writes};
use crate::cast::{Person, Roles, SLUGS};

impl Newsroom {
    pub(super) fn of_pages(&mut self, by: Roles, ask: &Ask) -> Judged<Writes> {
        match ask {
            Ask::Unpublish {
                variant,
                after,
                blank,
            } => self.unpublish(by, *variant, after, *blank),
            Ask::Page { variant, event } => self.move_page(by, *variant, *event),
            Ask::DropRedirect { variant, slug } => self.drop_redirect(by, *variant, slug),
            other => unreachable!("{other:?} is not of pages"),
        }
    }

    /// Whose what was last public is.
    fn latest_authors(&self, variant: &Variant) -> &[Person] {
        let latest = variant.latest.as_ref();
        latest.map_or(&[], |latest| &self.editions[latest.edition].authors)
    }

    fn unpublish(
        &mut self,
        by: Roles,
        variant: usize,
        after: &After,
        blank: bool,
    ) -> Judged<Writes> {
        if blank || *after == After::Gone("") {
            return Err(Foretold::Invalid);
        }
        if let After::Elsewhere(page) = after {
            Self::row(&self.variants, *page)?;
        }
        let page = Self::row(&self.variants, variant)?;
        let author = by.one_of(self.latest_authors(page));
        let mut against = Against::for_part(by.editor || author);
        against.unless(page.state == S::Live, "wrong_state");
        against.unless(by.editor, "not_permitted");
        against.judged()?;
        self.variants[variant].state = S::Unpublished;
        self.variants[variant].after = after.clone();
        self.tell("left", variant);
        self.revalidate();
        Ok(Writes::Something)
    }

    fn move_page(&mut self, by: Roles, variant: usize, event: OfPage) -> Judged<Writes> {
        let page = Self::row(&self.variants, variant)?.clone();
        let authors = self.latest_authors(&page);
        let author = by.one_of(authors);
        let (right, may, to) = match event {
            OfPage::Republish => (page.state == S::Unpublished, by.editor, S::Live),
            OfPage::Pause => {
                let right = matches!(page.state, S::Live | S::Unpublished);
                (right, author || by.editor, S::Paused)
            }
            OfPage::LiftPause => (page.state == S::Paused, author, S::Unpublished),
        };
        let mut against = Against::for_part(by.editor || author);
        against.unless(right, "wrong_state");
        against.unless(may, "not_permitted");
        if let (OfPage::Republish, Some(latest)) = (event, &page.latest) {
            self.gates(self.text(latest.revision), authors, variant, &mut against);
        }
        against.judged()?;
        let answered = page.state == S::Live || page.after != After::NotThere;
        self.variants[variant].state = to;
        self.variants[variant].after = After::NotThere;
        match event {
            OfPage::Republish => {
                self.tell("appeared", variant);
                self.revalidate();
                let text = self.live_text(variant).cloned().unwrap();
                self.address_bylines(&text);
            }
            OfPage::Pause if answered => {
                if page.state == S::Live {
                    self.tell("left", variant);
                }
                self.revalidate();
            }
            OfPage::Pause | OfPage::LiftPause => {}
        }
        Ok(Writes::Something)
    }

    fn drop_redirect(&mut self, by: Roles, variant: usize, slug: &str) -> Judged<Writes> {
        if slug == SLUGS[3] {
            return Err(Foretold::Invalid);
        }
        let page = Self::row(&self.variants, variant)?;
        let mut against = Against::for_part(by.editor);
        against.unless(by.editor, "not_permitted");
        against.unless(page.old.iter().any(|old| old == slug), "slug_not_old");
        against.judged()?;
        let (live, answers) = (page.state == S::Live, page.after != After::NotThere);
        self.variants[variant].old.retain(|old| old != slug);
        if live {
            self.tell("changed", variant);
        } else if answers {
            self.revalidate();
        }
        Ok(Writes::Something)
    }

    /// Tells the feed that other pages may answer otherwise.
    pub(super) fn revalidate(&mut self) {
        self.feed.push(("revalidate", String::new()));
    }

    /// Tells the feed of a page.
    fn tell(&mut self, change: &'static str, variant: usize) {
        let slug = self.variants[variant].slug.clone().unwrap_or_default();
        self.feed.push((change, slug));
    }
}
