//! Public documents: pages, parts, occasions and feed entries, as they are stored.
//!
//! A body is an unserved head and the very text that is served: `head` has how.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::head::{Answer, join, spelled};
use super::layout::*;
use super::{Part, Parts};
use crate::kernel::KeyParts;
use crate::store::{DocRef, Entry, Stored};
use crate::values::{Coded, Slug};

/// A public document as it is stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Face {
    pub(crate) at: DocRef,
    pub(crate) body: String,
    pub(crate) card: Option<String>,
    pub(crate) entries: Vec<Entry>,
}

/// What is said of a page that was taken down.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Notice {
    /// What readers are told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) notice: Option<String>,
}

/// What a page's face is made of.
#[derive(Debug)]
pub(crate) struct PageFace<'a> {
    /// The page's public id.
    pub(crate) id: Uuid,
    /// What it is about.
    pub(crate) kind: PageKind,
    /// Its address.
    pub(crate) slug: &'a Slug,
    /// Old addresses that lead to it.
    pub(crate) old: &'a [Slug],
    /// By which lists are ordered.
    pub(crate) time: DateTime<Utc>,
    /// The parts by which it is listed: topics, bylines, projects, events.
    pub(crate) listed: Vec<Uuid>,
}

impl PageFace<'_> {
    /// A page that is here.
    pub(crate) fn here<P: Serialize>(
        self,
        page: &P,
        parts: &Parts,
        mut card: impl FnMut(usize, &mut Parts) -> String,
    ) -> Face {
        let mut entries = self.addresses();
        entries.push(listed(
            EVERYTHING,
            address_key(self.kind, self.slug.as_str()),
        ));
        entries.push(listed(BY_TIME, KeyParts::new().time(self.time).key()));
        let kind = KeyParts::new().text(Coded::code(self.kind));
        entries.push(listed(BY_KIND, kind.time(self.time).key()));
        for part in &self.listed {
            entries.push(listed(
                BY_PART,
                KeyParts::new().id(*part).time(self.time).key(),
            ));
        }
        // The lead gives way until the card fits.
        let mut room = 400;
        let card = loop {
            let mut parts = Parts::new();
            let text = card(room, &mut parts);
            let card = join(&parts, Answer::Here, None, &text);
            if card.len() <= 2_000 || room == 0 {
                break card;
            }
            room /= 2;
        };
        let body = join(parts, Answer::Here, Some(self.slug), &spelled(page));
        Face {
            at: page_at(self.id),
            body,
            card: Some(card),
            entries,
        }
    }

    /// An address that answers something else than a page.
    pub(crate) fn away(self, answer: Answer, notice: Option<&str>) -> Face {
        let notice = Notice {
            notice: notice.map(str::to_owned),
        };
        let body = join(&Parts::new(), answer, Some(self.slug), &spelled(&notice));
        Face {
            at: page_at(self.id),
            body,
            card: None,
            entries: self.addresses(),
        }
    }

    fn addresses(&self) -> Vec<Entry> {
        std::iter::once(self.slug)
            .chain(self.old)
            .map(|slug| unique(BY_ADDRESS, address_key(self.kind, slug.as_str())))
            .collect()
    }
}

/// The text of a card.
pub(crate) fn card_text(card: &impl Serialize) -> String {
    spelled(card)
}

impl Face {
    /// Whether it is stored just so.
    pub(crate) fn is_stored_as(&self, stored: &Stored) -> bool {
        let mut entries = self.entries.clone();
        entries.sort();
        entries.dedup();
        *self.body == *stored.body
            && self.card.as_deref() == stored.card.as_deref()
            && entries == stored.entries
    }

    /// A part. With an address of its own, it is found by what it is and its slug.
    pub(crate) fn part(id: Uuid, part: &Part) -> Self {
        let entries = part
            .name()
            .map(|(what, slug)| unique(BY_NAME, name_key(what, slug)));
        Self {
            at: part_at(id),
            body: join(&Parts::new(), Answer::Here, None, &spelled(part)),
            card: None,
            entries: entries.into_iter().collect(),
        }
    }

    /// An occasion: listed by when it is over where that is known, by its event's slug otherwise.
    pub(crate) fn occasion(
        id: Uuid,
        occasion: &impl Serialize,
        parts: &Parts,
        over: Option<(DateTime<Utc>, DateTime<Utc>)>,
        slug: &Slug,
    ) -> Self {
        let entry = match over {
            Some((over, starts)) => listed(UPCOMING, KeyParts::new().time(over).time(starts).key()),
            None => listed(UNDATED, KeyParts::new().text(slug.as_str()).key()),
        };
        Self {
            at: DocRef {
                collection: OCCASIONS,
                id,
            },
            body: join(parts, Answer::Here, None, &spelled(occasion)),
            card: None,
            entries: vec![entry],
        }
    }

    /// A feed entry.
    pub(super) fn feed(number: u64, item: &impl Serialize) -> Self {
        Self {
            at: DocRef {
                collection: FEED,
                id: Uuid::from_u128(u128::from(number)),
            },
            body: join(&Parts::new(), Answer::Here, None, &spelled(item)),
            card: None,
            entries: vec![listed(BY_NUMBER, KeyParts::new().number(number).key())],
        }
    }
}
