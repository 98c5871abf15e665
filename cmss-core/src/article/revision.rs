//! A saved state of a text.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::{EditionId, Id, PersonId, RevisionId};
use crate::kernel::{Document, KeyParts};
use crate::site::listed;
use crate::store::{Collection, Digest, Entry, Index};
use crate::values::ArticleText;

/// Revisions of an edition by number.
pub(crate) const REVISIONS: Index = Index::new("revision.edition");

/// A revision of a text as it is kept: never changed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Revision {
    pub(crate) id: RevisionId,
    pub(crate) edition: EditionId,
    pub(crate) number: u32,
    pub(crate) parent: Option<RevisionId>,
    pub(crate) digest: Digest,
    pub(crate) writer: PersonId,
    pub(crate) at: DateTime<Utc>,
    pub(crate) text: ArticleText,
}

impl Document for Revision {
    const COLLECTION: Collection = Collection::new("revision");
    type Id = RevisionId;

    fn id(&self) -> RevisionId {
        self.id
    }

    fn entries(&self) -> Vec<Entry> {
        let key = KeyParts::new()
            .id(self.edition.uuid())
            .number(u64::from(self.number));
        vec![listed(REVISIONS, key.key())]
    }
}

impl ArticleText {
    /// The digest of the text: equal when and only when nothing differs.
    pub(crate) fn digest(&self) -> Digest {
        let spelled = serde_json::to_vec(self).unwrap_or_default();
        Digest::of(&spelled)
    }
}
