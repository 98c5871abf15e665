//! Every kind of document that is rendered from no other, in one place, for upkeep that reads whatever
//! a store holds.

use std::sync::Arc;

use serde::Deserialize;

use crate::article::{Article, Revision, Variant};
use crate::assignment::Assignment;
use crate::claim::Claim;
use crate::edition::Edition;
use crate::ids::{AssetId, EventId, Id, OrganisationId, ProjectId, TermId};
use crate::kernel::{Document, Error, decode, encode};
use crate::newsroom::Newsroom;
use crate::record::stored::{Progress, RecordRevision};
use crate::record::{
    Asset, Byline, Consent, Event, Kept, Occasion, Organisation, Person, Project, Reporter, Term,
};
use crate::site::{FEED, Face, FeedHead, FeedItem, OCCASIONS, PAGES, PARTS};
use crate::store::{Collection, DocRef, Entry, Stored};

/// A document that is rendered from no other, as this release would store it.
#[derive(Debug)]
pub(crate) struct Spelling {
    pub(crate) at: DocRef,
    pub(crate) body: Arc<str>,
    pub(crate) card: Option<Arc<str>>,
    pub(crate) entries: Vec<Entry>,
}

impl Spelling {
    fn of<D: Document>(stored: &Stored) -> Result<Self, Error> {
        let doc: D = decode(&stored.doc())?;
        let mut entries = doc.entries();
        entries.sort();
        entries.dedup();
        Ok(Self {
            at: stored.at.clone(),
            body: encode(&doc)?,
            card: doc.card()?,
            entries,
        })
    }

    /// As the document in a store would be stored today; `None` for one that is rendered from private
    /// ones.
    pub(crate) fn today(stored: &Stored) -> Result<Option<Self>, Error> {
        let collection = &stored.at.collection;
        if is_rendered(collection) {
            return Ok(None);
        }
        if *collection == FEED {
            let Face {
                at,
                body,
                card,
                entries,
            } = FeedItem::spelled_anew(stored)?;
            return Ok(Some(Self {
                at,
                body: body.into(),
                card: card.map(Arc::from),
                entries,
            }));
        }
        if *collection == RecordRevision::<Term>::COLLECTION {
            return Self::of_record_revision(stored).map(Some);
        }
        macro_rules! of_kind {
            ($($kind:ty),* $(,)?) => {
                $(if *collection == <$kind>::COLLECTION {
                    return Self::of::<$kind>(stored).map(Some);
                })*
            };
        }
        of_kind!(
            Newsroom,
            FeedHead,
            Person,
            Reporter,
            Byline,
            Consent,
            Kept<Organisation>,
            Kept<Term>,
            Kept<Asset>,
            Kept<Project>,
            Progress,
            Kept<Event>,
            Occasion,
            Assignment,
            Claim,
            Article,
            Variant,
            Edition,
            Revision,
        );
        Err(unknown(collection))
    }

    /// Revisions of all kinds of records stand together: whose one is, its body says.
    fn of_record_revision(stored: &Stored) -> Result<Self, Error> {
        #[derive(Deserialize)]
        struct Whose {
            record: String,
        }
        #[derive(Deserialize)]
        struct Spelled {
            doc: Whose,
        }
        let spelled: Option<Spelled> = serde_json::from_str(&stored.body).ok();
        let kind = spelled.as_ref().and_then(|spelled| {
            let (kind, _) = spelled.doc.record.split_once(':')?;
            Some(kind)
        });
        match kind {
            Some(OrganisationId::KIND) => Self::of::<RecordRevision<Organisation>>(stored),
            Some(TermId::KIND) => Self::of::<RecordRevision<Term>>(stored),
            Some(AssetId::KIND) => Self::of::<RecordRevision<Asset>>(stored),
            Some(ProjectId::KIND) => Self::of::<RecordRevision<Project>>(stored),
            Some(EventId::KIND) => Self::of::<RecordRevision<Event>>(stored),
            _ => Err(Error::Corrupt {
                what: format!("{} does not say whose revision it is", stored.at),
            }),
        }
    }

    /// Whether the index entries and the card are what the body says.
    pub(crate) fn is_indexed_as(&self, stored: &Stored) -> bool {
        self.entries == stored.entries && self.card == stored.card
    }

    /// Whether nothing would be written differently.
    pub(crate) fn is_stored_as(&self, stored: &Stored) -> bool {
        self.body == stored.body && self.is_indexed_as(stored)
    }
}

/// Whether documents of this collection are public, and rendered from private ones.
pub(crate) fn is_rendered(collection: &Collection) -> bool {
    [PAGES, PARTS, OCCASIONS].contains(collection)
}

fn unknown(collection: &Collection) -> Error {
    Error::Corrupt {
        what: format!("the collection {collection} is unknown to this release"),
    }
}
