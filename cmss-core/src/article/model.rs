//! What an article is: its variants, one for each language.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::address::Addresses;
use crate::ids::{
    ArticleId, AssignmentId, BylineId, ConsentId, EditionId, Id, PageRef, PersonId, RevisionId,
    VariantId,
};
use crate::kernel::{Document, KeyParts};
use crate::record::SHOWN;
use crate::site::{PageKind, listed};
use crate::store::{Collection, Entry, Index};
use crate::values::{Coded, Lang, coded};

/// Articles by the assignment they were begun for.
pub(crate) const BY_ASSIGNMENT: Index = Index::new("article.assignment");
/// Variants by what the public sees of them, and since when.
pub(crate) const BY_PUBLICATION: Index = Index::new("variant.publication");

/// An article as it is kept.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Article {
    pub(crate) id: ArticleId,
    /// The assignment it was begun for.
    pub(crate) assignment: Option<AssignmentId>,
    pub(crate) variants: Vec<VariantId>,
    pub(crate) started_at: DateTime<Utc>,
}

impl Document for Article {
    const COLLECTION: Collection = Collection::new("article");
    type Id = ArticleId;

    fn id(&self) -> ArticleId {
        self.id
    }

    fn entries(&self) -> Vec<Entry> {
        let key = |assignment: AssignmentId| {
            let key = KeyParts::new().id(assignment.uuid());
            key.time(self.started_at).key()
        };
        self.assignment
            .map(|assignment| listed(BY_ASSIGNMENT, key(assignment)))
            .into_iter()
            .collect()
    }
}

coded! {
    /// What the public sees of a variant.
    pub enum PublicationState {
        /// Nothing, and it never did.
        Never = "never", "Opublicerad", "Never published";
        /// Its page.
        Live = "live", "Publicerad", "Live";
        /// What the editor chose its address to answer.
        Unpublished = "unpublished", "Avpublicerad", "Unpublished";
        /// Nothing: its author stopped it.
        Paused = "paused", "Pausad", "Paused";
    }
}

/// One language of an article as it is kept.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Variant {
    pub(crate) id: VariantId,
    pub(crate) article: ArticleId,
    pub(crate) language: Lang,
    pub(crate) publication: PublicationState,
    /// The round of work that is under way.
    pub(crate) open: Option<EditionId>,
    /// What is public, or was last.
    pub(crate) latest: Option<Latest>,
    pub(crate) addresses: Addresses,
    pub(crate) first_published_at: Option<DateTime<Utc>>,
    /// When a publication last changed the page.
    pub(crate) updated_at: Option<DateTime<Utc>>,
    /// What its address answers while it is unpublished.
    pub(crate) afterwards: AddressFallback,
    /// Why it was unpublished.
    pub(crate) reason: Option<String>,
    pub(crate) changed_at: DateTime<Utc>,
}

/// What is public of a variant, or was last.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Latest {
    pub(crate) edition: EditionId,
    pub(crate) revision: RevisionId,
    pub(crate) authors: Vec<PersonId>,
    /// The bylines its page shows.
    pub(crate) bylines: Vec<BylineId>,
    /// Consents taken back since: their quotes have left the page.
    pub(crate) withdrawn: Vec<ConsentId>,
}

/// What the address of an unpublished page answers.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum AddressFallback {
    /// That there is no such page.
    #[default]
    NotThere,
    /// That it was taken down, with a notice for readers: up to 1,000 characters.
    Gone(String),
    /// Where to read on; that it was taken down, while that page is not public.
    Redirect(PageRef),
}

impl Variant {
    /// Whether the public sees its page.
    pub(crate) fn is_live(&self) -> bool {
        self.publication == PublicationState::Live
    }
}

impl Document for Variant {
    const COLLECTION: Collection = Collection::new("variant");
    type Id = VariantId;

    fn id(&self) -> VariantId {
        self.id
    }

    fn entries(&self) -> Vec<Entry> {
        let state = KeyParts::new()
            .text(self.publication.code())
            .time(self.changed_at);
        let shown = self
            .latest
            .iter()
            .filter(|_| self.is_live())
            .flat_map(|latest| &latest.bylines);
        let shown = shown.map(|byline| listed(SHOWN, KeyParts::new().id(byline.uuid()).key()));
        self.addresses
            .entries(PageKind::Article)
            .chain(shown)
            .chain([listed(BY_PUBLICATION, state.key())])
            .collect()
    }
}
