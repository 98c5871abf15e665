//! Organisations and their units.

use serde::{Deserialize, Serialize};

use super::{Kept, Kind, PutTarget, RecordList, RecordView};
use crate::desk::Desk;
use crate::ids::OrganisationId;
use crate::kernel::{Document, Error, Guards, Reader};
use crate::site::{Face, OrganisationKind, OrganisationPart, PageKind, Part, Press};
use crate::store::{Collection, DocRef};
use crate::values::{Faults, Slug, contact, limits, text};

/// An organisation, or a unit of one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    /// Its name: up to 200 characters.
    pub name: String,
    /// What kind it is.
    pub kind: OrganisationKind,
    /// What it is a unit of.
    #[serde(default)]
    pub parent: Option<OrganisationId>,
    /// Its own site: an https, http, mailto or tel address.
    #[serde(default)]
    pub url: Option<String>,
}

impl Organisation {
    /// An organisation of which only name and kind are known.
    #[must_use]
    pub fn named(name: impl Into<String>, kind: OrganisationKind) -> Self {
        Self {
            name: name.into(),
            kind,
            parent: None,
            url: None,
        }
    }
}

impl Kind for Organisation {
    type Id = OrganisationId;
    type Around = ();

    const COLLECTION: Collection = Collection::new("organisation");
    const PUT: &'static str = "put_organisation";

    fn check(&self, faults: &mut Faults) -> Option<Self> {
        let name = faults.field("name", text::line(&self.name, limits::TITLE));
        let url = faults.field("url", self.url.as_deref().map(contact::link).transpose());
        Some(Self {
            name: name?,
            kind: self.kind,
            parent: self.parent,
            url: url?,
        })
    }

    fn refers_to(&self) -> Vec<DocRef> {
        self.parent
            .iter()
            .map(|parent| Kept::<Self>::at(*parent))
            .collect()
    }

    fn title(&self) -> &str {
        &self.name
    }

    fn list(&self) -> RecordList {
        RecordList::Organisations
    }

    fn page(&self) -> Option<(PageKind, Option<&Slug>)> {
        None
    }

    async fn around(_: &Kept<Self>, _: &mut Reader<'_>) -> Result<(), Error> {
        Ok(())
    }

    fn may_publish(_: &Kept<Self>, (): &(), _: &mut Guards) {}

    fn faces(kept: &Kept<Self>, (): &(), press: &Press<'_>) -> Vec<Face> {
        let Some(Self {
            name,
            kind,
            parent: _,
            url,
        }) = &kept.public
        else {
            return Vec::new();
        };
        let part = OrganisationPart {
            name: name.clone(),
            kind: *kind,
            url: url.clone(),
        };
        let part = Part::Organisation(part);
        vec![Face::part(press.part(kept.id), &part)]
    }
}

impl Desk {
    /// Creates an organisation, or changes its working copy.
    ///
    /// Which one, and whether others may have changed it meanwhile: see [`PutTarget`].
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`Error::NotFound`] for a parent that is not there;
    /// [`Error::Refused`] unless it is an editor's or an admin's.
    pub async fn put_organisation(
        &self,
        target: impl Into<PutTarget<OrganisationId>>,
        organisation: &Organisation,
    ) -> Result<OrganisationId, Error> {
        self.put(target, organisation).await
    }

    /// An organisation, for whoever has a role in the newsroom.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] for everybody else.
    pub async fn organisation(
        &self,
        id: OrganisationId,
    ) -> Result<RecordView<Organisation, OrganisationId>, Error> {
        self.record(id).await
    }
}
