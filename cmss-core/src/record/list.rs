//! Lists of records at the desk: a page is one scan of cards.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Kept, Kind};
use crate::desk::{Desk, page_size};
use crate::ids::{AssetId, EventId, Id, OrganisationId, ProjectId, RecordRef, TermId};
use crate::kernel::{Cover, Error, KeyParts, decode_cover};
use crate::site::{Vocabulary, listed};
use crate::store::{Entry, Index, Order, Position, Range, Scan, Want};
use crate::values::{Coded, coded};

/// A list of records: those of one kind, and of terms those of one vocabulary.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum RecordList {
    /// Organisations and units.
    Organisations,
    /// The terms of a vocabulary.
    Terms(Vocabulary),
    /// Images.
    Assets,
    /// Projects.
    Projects,
    /// Events.
    Events,
}

/// Whether a list holds the records that were put aside.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Archived {
    /// Without them.
    #[default]
    Without,
    /// With them.
    With,
    /// Them alone.
    Only,
}

coded! {
    /// What the public has of a record, beside its working copy. Of an image that is what was
    /// published, also while a consent that was taken back keeps it off the site.
    pub enum PublicCopy {
        /// Nothing, and never had.
        Never = "never", "Opublicerad", "Never published";
        /// Nothing any more.
        Hidden = "hidden", "Avpublicerad", "Hidden";
        /// The same as the newsroom.
        Same = "same", "Publicerad", "Public";
        /// Something else: the working copy was changed since.
        Differs = "differs", "Publicerad, ändrad sedan dess", "Public, changed since";
    }
}

/// A record as a list shows it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RecordCard {
    /// The record.
    pub record: RecordRef,
    /// The title or name in the working copy: of a term its label, of an image its file.
    pub title: String,
    /// Whether it was put aside.
    pub archived: bool,
    /// What the public has of it.
    pub public: PublicCopy,
    /// The number of the working copy's revision; the first is 1.
    pub revision: u32,
    /// When the working copy was last changed.
    pub edited_at: DateTime<Utc>,
}

/// What a list shows of a record, as it is stored.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Summary {
    title: String,
    archived: bool,
    public: PublicCopy,
    revision: u32,
    edited_at: DateTime<Utc>,
}

impl Cover for Summary {}

impl Summary {
    /// What a list shows of this record.
    pub(super) fn of<C: Kind>(kept: &Kept<C>) -> Self {
        let public = match &kept.public {
            None if kept.first_published_at.is_none() => PublicCopy::Never,
            None => PublicCopy::Hidden,
            Some(public) if *public == kept.working => PublicCopy::Same,
            Some(_) => PublicCopy::Differs,
        };
        Self {
            title: kept.working.title().to_owned(),
            archived: kept.archived,
            public,
            revision: kept.revision,
            edited_at: kept.edited_at,
        }
    }

    fn card(self, record: RecordRef) -> RecordCard {
        let Self {
            title,
            archived,
            public,
            revision,
            edited_at,
        } = self;
        RecordCard {
            record,
            title,
            archived,
            public,
            revision,
            edited_at,
        }
    }
}

/// Records by list, and by when they were last changed: kept or archived, and both together.
const RECORDS: Index = Index::new("record");

/// Where the lists have a record.
pub(super) fn listings<C: Kind>(kept: &Kept<C>) -> [Entry; 2] {
    let own = if kept.archived {
        Archived::Only
    } else {
        Archived::Without
    };
    [own, Archived::With].map(|archived| {
        let stretch = kept.working.list().stretch(archived);
        listed(RECORDS, stretch.time(kept.edited_at).key())
    })
}

impl RecordList {
    /// The beginning of its keys.
    fn stretch(self, archived: Archived) -> KeyParts {
        let list = KeyParts::new();
        let list = match self {
            Self::Organisations => list.text(OrganisationId::KIND),
            Self::Terms(vocabulary) => list.text(TermId::KIND).text(vocabulary.code()),
            Self::Assets => list.text(AssetId::KIND),
            Self::Projects => list.text(ProjectId::KIND),
            Self::Events => list.text(EventId::KIND),
        };
        list.text(match archived {
            Archived::Without => "kept",
            Archived::With => "all",
            Archived::Only => "archived",
        })
    }

    /// The record of this list with these bits.
    fn record(self, id: Uuid) -> RecordRef {
        match self {
            Self::Organisations => OrganisationId::from_uuid(id).into(),
            Self::Terms(_) => TermId::from_uuid(id).into(),
            Self::Assets => AssetId::from_uuid(id).into(),
            Self::Projects => ProjectId::from_uuid(id).into(),
            Self::Events => EventId::from_uuid(id).into(),
        }
    }
}

impl Desk {
    /// The records of a list, last changed first: up to `limit`, 1 to 100, after one. For whoever
    /// is of the newsroom, as each of them is.
    ///
    /// A record that is changed while somebody turns the pages moves to the first.
    ///
    /// # Errors
    /// [`Error::Invalid`] for another limit; [`Error::Refused`] for whoever has no role in the
    /// newsroom.
    ///
    /// # Examples
    ///
    /// Every project that was not put aside, twenty at a time:
    ///
    /// ```
    /// # use cmss_core::{Archived, Desk, Error, RecordCard, RecordList};
    /// # async fn example(desk: Desk) -> Result<(), Error> {
    /// let mut projects: Vec<RecordCard> = Vec::new();
    /// loop {
    ///     let after = projects.last();
    ///     let page = desk.records(RecordList::Projects, Archived::Without, after, 20).await?;
    ///     if page.is_empty() {
    ///         break;
    ///     }
    ///     projects.extend(page);
    /// }
    /// # Ok(()) }
    /// ```
    pub async fn records(
        &self,
        list: RecordList,
        archived: Archived,
        after: Option<&RecordCard>,
        limit: usize,
    ) -> Result<Vec<RecordCard>, Error> {
        self.ensure_role("read_records")?;
        let limit = page_size(limit)?;
        let mut range = Range::prefix(RECORDS, list.stretch(archived).key());
        if let Some(card) = after {
            let key = list.stretch(archived).time(card.edited_at).key();
            range.until = Some(Position::before(key, card.record.at()));
        }
        let scan = Scan {
            range,
            order: Order::Descending,
            limit,
            want: Want::Card,
        };
        let page = self.store().scan(&scan).await?;
        let card = |hit| Ok(decode_cover::<Summary>(hit)?.card(list.record(hit.at.id)));
        page.hits.iter().map(card).collect()
    }
}
