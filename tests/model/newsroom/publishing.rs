//! What a text must pass, and how it becomes public.

use super::{
    Against, ClaimState, Covers, CreditedTo, EditionState as S, Foretold, Judged, Latest, Newsroom,
};
use super::{PageState, Text, Writes};
use crate::cast::{HEADLINES, NAMES, Person, Roles, SLUGS};

/// The most old addresses a page keeps.
const MOST_OLD: usize = 16;

impl Newsroom {
    /// What a text must pass, at a variant.
    pub(super) fn gates(
        &self,
        text: &Text,
        authors: &[Person],
        variant: usize,
        against: &mut Against,
    ) {
        against.unless(!text.is_empty(), "field_needed");
        against.unless(
            text.credits.iter().any(|credit| credit.words),
            "text_credit_missing",
        );
        for credit in &text.credits {
            let CreditedTo::Byline(row) = credit.by else {
                continue;
            };
            let byline = &self.bylines[row];
            let theirs = !credit.words || authors.contains(&byline.person);
            against.unless(theirs, "byline_not_authors");
            let latest = self.variants[variant].latest.as_ref();
            let kept = latest.is_some_and(|latest| {
                self.text(latest.revision)
                    .bylines()
                    .any(|shown| shown == row)
            });
            against.unless(!byline.retired || kept, "byline_retired");
        }
        let folded = |name: usize| NAMES[name].0.to_lowercase();
        for name in text.free_names() {
            let names = self.bylines.iter().filter_map(|byline| byline.name);
            let clash = names.into_iter().any(|shown| folded(shown) == folded(name));
            against.unless(!clash, "credit_is_byline");
        }
        if let Some((_, consent)) = text.quote {
            let valid = self.consents[consent].holds_for(Covers::Quotes(variant));
            against.unless(valid, "consent_not_valid");
        }
    }

    /// The address for a page, or the guard that fails.
    fn address(
        &self,
        variant: usize,
        wanted: Option<&str>,
        headline: usize,
    ) -> Result<String, &'static str> {
        let taken = |slug: &str| {
            let others = self
                .variants
                .iter()
                .enumerate()
                .filter(|(row, _)| *row != variant);
            others.into_iter().any(|(_, other)| {
                other.slug.as_deref() == Some(slug) || other.old.iter().any(|old| old == slug)
            })
        };
        if let Some(wanted) = wanted.or(self.variants[variant].slug.as_deref()) {
            return if taken(wanted) {
                Err("slug_taken")
            } else {
                Ok(wanted.to_owned())
            };
        }
        let first = HEADLINES[headline].1.ok_or("slug_needed")?;
        let numbered = (2..50).map(|n| format!("{first}-{n}"));
        let mut slugs = std::iter::once(first.to_owned()).chain(numbered);
        slugs.find(|slug| !taken(slug)).ok_or("slug_taken")
    }

    pub(super) fn publish(
        &mut self,
        by: Roles,
        edition: usize,
        head: usize,
        slug: Option<&'static str>,
    ) -> Judged<Writes> {
        if slug.is_some_and(|slug| slug == SLUGS[3]) {
            return Err(Foretold::Invalid);
        }
        let before = self.seen(edition, head)?;
        let text = self.text(before.head).clone();
        let mut against = Against::of_text(by, &before);
        against.unless(before.state == S::Approved, "wrong_state");
        against.unless(by.editor, "not_permitted");
        against.unless(self.all_accept(&before), "not_accepted");
        against.unless(before.declared, "not_declared");
        against.unless(
            self.variants[before.variant].state != PageState::Paused,
            "wrong_state",
        );
        self.gates(&text, &before.authors, before.variant, &mut against);
        let address = self.address(before.variant, slug, text.headline);
        if let Err(guard) = address {
            against.unless(false, guard);
        }
        Self::pass(against, &before, head)?;
        let slug = address.unwrap();

        let now = self.now();
        let shown = self.live_text(before.variant).cloned();
        let page = &mut self.variants[before.variant];
        let seen = (page.slug.clone(), page.updated);
        self.editions[edition].state = S::Published;
        if let Some(latest) = &page.latest {
            self.editions[latest.edition].state = S::Superseded;
        }
        page.state = PageState::Live;
        page.open = None;
        page.latest = Some(Latest {
            edition,
            revision: before.head,
        });
        page.old.retain(|old| *old != slug);
        if let Some(old) = page.slug.replace(slug.clone()).filter(|old| *old != slug) {
            page.old.insert(0, old);
            page.old.truncate(MOST_OLD);
        }
        page.first.get_or_insert(now);
        page.updated = Some(now);
        page.after = super::After::NotThere;
        let same = seen == (Some(slug.clone()), Some(now));
        match shown {
            None => {
                self.feed.push(("appeared", slug));
                self.revalidate();
            }
            Some(shown) if shown == text && same => {}
            Some(_) => self.feed.push(("changed", slug)),
        }
        self.address_bylines(&text);
        self.move_claims(&before, ClaimState::Delivered, ClaimState::Fulfilled);
        Ok(Writes::Something)
    }
}
