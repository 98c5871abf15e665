//! Publications as the desk sees them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::article::{
    AddressFallback, Article, BY_ASSIGNMENT, BY_PUBLICATION, PublicationState, Variant,
};
use crate::desk::Desk;
use crate::ids::{ArticleId, AssignmentId, EditionId, Id, RevisionId, VariantId};
use crate::kernel::{Error, KeyParts, Reader, Role, may_read};
use crate::store::Range;
use crate::values::{Coded, Lang, Slug};

/// A variant as its authors and editors see it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VariantView {
    /// The variant.
    pub id: VariantId,
    /// The article.
    pub article: ArticleId,
    /// The language.
    pub language: Lang,
    /// What the public sees of it.
    pub publication: PublicationState,
    /// The round of work that is under way.
    pub open: Option<EditionId>,
    /// The edition that is public, or was last, and its revision.
    pub latest: Option<(EditionId, RevisionId)>,
    /// Its address, from first publication on.
    pub slug: Option<Slug>,
    /// Old addresses that lead to it.
    pub old_slugs: Vec<Slug>,
    /// When it was first published.
    pub first_published_at: Option<DateTime<Utc>>,
    /// When a publication last changed the page.
    pub updated_at: Option<DateTime<Utc>>,
    /// What its address answers while it is unpublished.
    pub afterwards: AddressFallback,
    /// Why it was unpublished.
    pub reason: Option<String>,
    /// Since when it is what it is.
    pub changed_at: DateTime<Utc>,
}

crate::values::redacted! { VariantView { id, article, publication, latest } }

impl From<Variant> for VariantView {
    fn from(variant: Variant) -> Self {
        let Variant {
            id,
            article,
            language,
            publication,
            open,
            latest,
            addresses,
            first_published_at,
            updated_at,
            afterwards,
            reason,
            changed_at,
        } = variant;
        Self {
            id,
            article,
            language,
            publication,
            open,
            latest: latest.map(|latest| (latest.edition, latest.revision)),
            slug: addresses.current,
            old_slugs: addresses.old,
            first_published_at,
            updated_at,
            afterwards,
            reason,
            changed_at,
        }
    }
}

impl Desk {
    /// A variant that was public once: for its authors and for editors.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] for everybody else.
    pub async fn variant(&self, id: VariantId) -> Result<VariantView, Error> {
        self.ensure_newsroom("read_variant")?;
        let variant: Variant = Reader::new(self.store()).need(id).await?;
        let authors = variant
            .latest
            .as_ref()
            .map_or(&[][..], |latest| &latest.authors);
        let own = self
            .actor
            .person()
            .is_some_and(|person| authors.contains(&person));
        may_read(own || self.actor.is(Role::Editor), "read_variant")?;
        Ok(variant.into())
    }

    /// The variants of which the public sees this, longest unchanged first: up to 100, after one.
    /// For editors.
    ///
    /// # Errors
    /// [`Error::Refused`] for everybody else.
    pub async fn variants(
        &self,
        publication: PublicationState,
        after: Option<&VariantView>,
    ) -> Result<Vec<VariantView>, Error> {
        may_read(self.actor.is(Role::Editor), "read_variants")?;
        let prefix = || KeyParts::new().text(publication.code());
        let after = after.map(|view| (prefix().time(view.changed_at).key(), view.id));
        let range = Range::prefix(BY_PUBLICATION, prefix().key());
        let ids = self.page_of_ids::<Variant>(range, after).await?;
        let variants = Reader::new(self.store()).need_all::<Variant>(&ids).await?;
        Ok(variants.into_iter().map(VariantView::from).collect())
    }

    /// The variants of the articles that were begun for an assignment, oldest article first: of up
    /// to 100 articles, after the article of one. For editors.
    ///
    /// # Errors
    /// [`Error::Refused`] for everybody else.
    pub async fn variants_for(
        &self,
        assignment: AssignmentId,
        after: Option<&VariantView>,
    ) -> Result<Vec<VariantView>, Error> {
        may_read(self.actor.is(Role::Editor), "read_variants_for")?;
        let mut reader = Reader::new(self.store());
        let prefix = || KeyParts::new().id(assignment.uuid());
        let after = match after {
            None => None,
            Some(view) => {
                let article: Article = reader.need(view.article).await?;
                Some((prefix().time(article.started_at).key(), article.id))
            }
        };
        let range = Range::prefix(BY_ASSIGNMENT, prefix().key());
        let ids = self.page_of_ids::<Article>(range, after).await?;
        let articles = reader.need_all::<Article>(&ids).await?;
        let ids: Vec<_> = articles.into_iter().flat_map(|one| one.variants).collect();
        let variants = reader.need_all::<Variant>(&ids).await?;
        Ok(variants.into_iter().map(VariantView::from).collect())
    }
}
