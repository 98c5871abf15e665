//! What an edition is.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::EditionState;
use super::card::Outline;
use crate::ids::{ArticleId, EditionId, Id, PersonId, RevisionId, VariantId};
use crate::kernel::{Document, Error, KeyParts, encode_cover};
use crate::site::listed;
use crate::store::{Collection, Digest, Entry, Index};
use crate::values::{Coded, coded};

coded! {
    /// Why an edition was begun.
    pub enum EditionKind {
        /// Nothing was public before.
        First = "first", "Första", "First";
        /// It shall replace what is public.
        Update = "update", "Uppdatering", "Update";
    }
}

/// What its author declares when a text is handed in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declarations {
    /// That the text tells nothing by which a client of the services can be recognised.
    pub no_client_information: bool,
    /// The author's ties to the unit that the text is about.
    pub ties: Ties,
}

crate::values::redacted! { Declarations { no_client_information } }

/// An author's ties to the unit that a text is about.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Ties {
    /// There are none, or none that matter. The flag must be true.
    Nothing(bool),
    /// These, in plain words for the editor: up to 1,000 characters.
    Declared(String),
}

impl std::fmt::Debug for Ties {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Nothing(_) => "Nothing",
            Self::Declared(_) => "Declared(..)",
        })
    }
}

/// An article begun: what the verbs that follow are given.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StartedArticle {
    /// The article.
    pub article: ArticleId,
    /// Its first language.
    pub variant: VariantId,
    /// The round of work on it.
    pub edition: EditionId,
    /// The newest revision of its text.
    pub head: RevisionId,
}

/// An edition opened: what the verbs that follow are given.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OpenedEdition {
    /// The round of work.
    pub edition: EditionId,
    /// The newest revision of its text: what was last public, word for word.
    pub head: RevisionId,
}

/// An approval of one exact text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Approval {
    pub(crate) revision: RevisionId,
    pub(crate) digest: Digest,
    pub(crate) by: PersonId,
    pub(crate) at: DateTime<Utc>,
    /// Whether policy let one editor stand behind it alone.
    pub(crate) alone: bool,
}

/// Editions by state, since when.
pub(crate) const BY_STATE: Index = Index::new("edition.state");
/// Editions by author, since when they were begun.
pub(crate) const BY_AUTHOR: Index = Index::new("edition.author");

/// An edition as it is kept.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Edition {
    pub(crate) id: EditionId,
    pub(crate) article: ArticleId,
    pub(crate) variant: VariantId,
    pub(crate) kind: EditionKind,
    pub(crate) state: EditionState,
    /// Whose text it is; saves do not touch it.
    pub(crate) authors: Vec<PersonId>,
    /// Whether it was written by the newsroom: its authors are editors.
    pub(crate) house: bool,
    pub(crate) opened_by: PersonId,
    pub(crate) opened_at: DateTime<Utc>,
    /// The revision that was public when it was begun.
    pub(crate) base: Option<RevisionId>,
    pub(crate) head: RevisionId,
    /// The headline of the head.
    pub(crate) title: String,
    /// The newest revision that an author wrote.
    pub(crate) authors_head: RevisionId,
    /// How many revisions there are.
    pub(crate) revisions: u32,
    /// Who has accepted exactly the head.
    pub(crate) accepted: BTreeSet<PersonId>,
    pub(crate) declarations: Option<Declarations>,
    /// What was last handed in, and by whom.
    pub(crate) submitted: Option<(RevisionId, PersonId)>,
    pub(crate) approval: Option<Approval>,
    /// What the editor last said to the author.
    pub(crate) said: Option<String>,
    pub(crate) changed_at: DateTime<Utc>,
}

impl Document for Edition {
    const COLLECTION: Collection = Collection::new("edition");
    type Id = EditionId;

    fn id(&self) -> EditionId {
        self.id
    }

    fn entries(&self) -> Vec<Entry> {
        let state = KeyParts::new()
            .text(self.state.code())
            .time(self.changed_at);
        let authors = self.authors.iter().map(|author| {
            listed(
                BY_AUTHOR,
                KeyParts::new().id(author.uuid()).time(self.opened_at).key(),
            )
        });
        authors.chain([listed(BY_STATE, state.key())]).collect()
    }

    fn card(&self) -> Result<Option<Arc<str>>, Error> {
        encode_cover(&self.id, &Outline::of(self)).map(Some)
    }
}
