//! An edition in a list.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Edition, EditionKind, EditionState};
use crate::ids::{ArticleId, EditionId, PersonId, VariantId};
use crate::kernel::Cover;

/// An edition as a worklist shows it, to its authors and to editors: title and state.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditionCard {
    /// The edition.
    pub id: EditionId,
    /// The article.
    pub article: ArticleId,
    /// The variant.
    pub variant: VariantId,
    /// Why it was begun.
    pub kind: EditionKind,
    /// Its state.
    pub state: EditionState,
    /// The headline.
    pub title: String,
    /// Whose text it is.
    pub authors: Vec<PersonId>,
    /// When it was begun.
    pub opened_at: DateTime<Utc>,
    /// When it last changed.
    pub changed_at: DateTime<Utc>,
}

crate::values::redacted! { EditionCard { id, article, variant, state } }

/// What a worklist shows of an edition, as it is stored.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Outline {
    article: ArticleId,
    variant: VariantId,
    kind: EditionKind,
    state: EditionState,
    title: String,
    authors: Vec<PersonId>,
    opened_at: DateTime<Utc>,
    changed_at: DateTime<Utc>,
}

crate::values::redacted! { Outline { article, variant, state } }

impl Cover for Outline {}

impl Outline {
    /// What a worklist shows of this edition.
    pub(super) fn of(edition: &Edition) -> Self {
        let Edition {
            id: _,
            article,
            variant,
            kind,
            state,
            authors,
            house: _,
            opened_by: _,
            opened_at,
            base: _,
            head: _,
            title,
            authors_head: _,
            revisions: _,
            accepted: _,
            declarations: _,
            submitted: _,
            approval: _,
            said: _,
            changed_at,
        } = edition;
        Self {
            article: *article,
            variant: *variant,
            kind: *kind,
            state: *state,
            title: title.clone(),
            authors: authors.clone(),
            opened_at: *opened_at,
            changed_at: *changed_at,
        }
    }

    /// The card of this edition.
    pub(super) fn card(self, id: EditionId) -> EditionCard {
        let Self {
            article,
            variant,
            kind,
            state,
            title,
            authors,
            opened_at,
            changed_at,
        } = self;
        EditionCard {
            id,
            article,
            variant,
            kind,
            state,
            title,
            authors,
            opened_at,
            changed_at,
        }
    }
}
