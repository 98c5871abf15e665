//! Consents: what somebody who can be recognised has agreed to, and may take back at any time.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::desk::Desk;
use crate::ids::{ArticleId, AssetId, ConsentId, Id, PersonId};
use crate::kernel::{Document, Error, KeyParts, Reader, Role, may_read};
use crate::site::listed;
use crate::store::{Collection, Entry, Index, Range};
use crate::values::{Private, private};

/// What a consent covers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Covers {
    /// Being depicted in an image.
    Image(AssetId),
    /// Being quoted in an article.
    Quotes(ArticleId),
}

/// Consents by whose they are.
const BY_SUBJECT: Index = Index::new("consent.subject");

/// A consent as it is kept.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Consent {
    pub(crate) id: ConsentId,
    pub(crate) subject: PersonId,
    pub(crate) covers: Covers,
    /// Where the host keeps what shows that it was given.
    #[serde(serialize_with = "private::stored")]
    pub(crate) evidence: Private<Option<String>>,
    /// Which version of the information they were given.
    pub(crate) informed: String,
    pub(crate) given_at: DateTime<Utc>,
    pub(crate) withdrawn_at: Option<DateTime<Utc>>,
}

impl Document for Consent {
    const COLLECTION: Collection = Collection::new("consent");
    type Id = ConsentId;

    fn id(&self) -> ConsentId {
        self.id
    }

    fn entries(&self) -> Vec<Entry> {
        vec![listed(
            BY_SUBJECT,
            KeyParts::new()
                .id(self.subject.uuid())
                .time(self.given_at)
                .key(),
        )]
    }
}

impl Consent {
    /// Whether it covers this now.
    pub(crate) fn is_valid_for(&self, covers: Covers) -> bool {
        self.covers == covers && self.withdrawn_at.is_none()
    }
}

impl Desk {
    /// The consents of a person, oldest first: up to 100, after one. For the person, and for
    /// editors.
    ///
    /// # Errors
    /// [`Error::Refused`] for everybody else, whether or not there is such a person.
    pub async fn consents(
        &self,
        subject: PersonId,
        after: Option<&ConsentView>,
    ) -> Result<Vec<ConsentView>, Error> {
        let may = self.actor.is_person(subject) || self.actor.is(Role::Editor);
        may_read(may, "read_consents")?;
        let prefix = || KeyParts::new().id(subject.uuid());
        let after = after.map(|view| (prefix().time(view.given_at).key(), view.id));
        let range = Range::prefix(BY_SUBJECT, prefix().key());
        let ids = self.page_of_ids::<Consent>(range, after).await?;
        let consents = Reader::new(self.store()).need_all::<Consent>(&ids).await?;
        Ok(consents.into_iter().map(ConsentView::from).collect())
    }
}

/// A consent as the person, or an editor, sees it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentView {
    /// The consent.
    pub id: ConsentId,
    /// What it covers.
    pub covers: Covers,
    /// Which version of the information they were given.
    pub informed: String,
    /// Where the host keeps what shows that it was given.
    pub evidence: Option<String>,
    /// When it was given.
    pub given_at: DateTime<Utc>,
    /// When it was taken back.
    pub withdrawn_at: Option<DateTime<Utc>>,
}

crate::values::redacted! { ConsentView { id, covers } }

impl From<Consent> for ConsentView {
    fn from(consent: Consent) -> Self {
        let Consent {
            id,
            subject: _,
            covers,
            evidence,
            informed,
            given_at,
            withdrawn_at,
        } = consent;
        let evidence = evidence.open().clone();
        Self {
            id,
            covers,
            informed,
            evidence,
            given_at,
            withdrawn_at,
        }
    }
}
