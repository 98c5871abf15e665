//! A small newsroom's real documents, multiplied: each copy of an article has ids, an address, a
//! time and a commit of its own, and shows the bylines and topics there are.
//!
//! Everything that is replaced keeps its length, so a copy is its original with a few bytes
//! written over. What a copy's public head says of the digest of its text is the original's: it is
//! served, and nobody checks it.

use std::collections::BTreeSet;
use std::sync::Arc;

use cmss_core::PersonId;
use cmss_core::store::{
    Changeset, Collection, CommitId, Digest, DocRef, Entry, Intake, Key, Line, Lines, LogRecord,
    Seq, Stored, Write,
};
use memchr::memmem;
use pollster::block_on;
use uuid::Uuid;

use crate::Failure;
use crate::newsroom::{Newsroom, everything};

/// Articles that are multiplied.
const ORIGINALS: usize = 8;
/// Texts that wait for an editor.
const WAITING: usize = 20;
/// The number in the headline of the first original: eight digits that stand nowhere else.
const NUMBER: u64 = 73_519_000;
/// The number in the headline of the first copy.
const FIRST: u64 = 10_000_000;
const FEED: &str = "public.feed";
/// Room for the feed entries of one copy.
const FEED_ROOM: u64 = 8;

/// A newsroom with so many articles.
pub(crate) struct Multiplied {
    docs: Vec<Stored>,
    records: Vec<LogRecord>,
    originals: Vec<Original>,
    copies: u64,
}

/// An article as the newsroom made it.
struct Original {
    docs: Vec<Stored>,
    /// The ids that are its own.
    ids: Vec<Uuid>,
    /// Its entries in the feed, in order.
    feed: Vec<Uuid>,
    number: u64,
    micros: i64,
    note: Arc<str>,
}

/// The address of a copy.
pub(crate) fn slug(copy: u64) -> String {
    format!("rapport-{}", FIRST + copy)
}

/// Whom the worklist is for: the same person in every run.
pub(crate) fn editor() -> Result<PersonId, Failure> {
    Ok(block_on(Newsroom::found())?.editor)
}

impl Multiplied {
    /// So many articles with texts of so many bytes.
    pub(crate) fn newsroom(copies: u64, bytes: usize) -> Result<Self, Failure> {
        block_on(async {
            let newsroom = Newsroom::found().await?;
            for place in 0..WAITING {
                newsroom.minute(place as i64 + 1);
                let headline = format!("Väntande text {place}");
                newsroom.handed_in(place, &headline, bytes).await?;
            }
            // The first page under a byline brings the byline's part, which is no copy's own.
            for place in 0..ORIGINALS {
                newsroom.minute(50 + place as i64);
                let headline = format!("Tidig text {place}");
                newsroom.published(place, &headline, bytes).await?;
            }
            let mut originals = Vec::new();
            for place in 0..ORIGINALS {
                let (before, _) = everything(&newsroom.store).await?;
                let before: BTreeSet<DocRef> = before.into_iter().map(|doc| doc.at).collect();
                let number = NUMBER + place as u64;
                let now = newsroom.minute(100 + place as i64);
                let headline = format!("Rapport {number}");
                newsroom.published(place, &headline, bytes).await?;
                let (docs, records) = everything(&newsroom.store).await?;
                let own = docs.into_iter().filter(|doc| !before.contains(&doc.at));
                let docs: Vec<Stored> = own.collect();
                let (feed, others): (Vec<_>, Vec<_>) =
                    docs.iter().partition(|doc| in_feed(&doc.at));
                if feed.len() as u64 > FEED_ROOM {
                    return Err("an article has more feed entries than there is room for".into());
                }
                originals.push(Original {
                    ids: others.iter().map(|doc| doc.at.id).collect(),
                    feed: feed.iter().map(|doc| doc.at.id).collect(),
                    docs,
                    number,
                    micros: now.timestamp_micros(),
                    note: records
                        .last()
                        .map(|last| last.note.clone())
                        .ok_or("no log")?,
                });
            }
            let (docs, records) = everything(&newsroom.store).await?;
            Ok(Self {
                docs,
                records,
                originals,
                copies,
            })
        })
    }

    /// The lines that fill a store with it.
    pub(crate) fn lines(self: &Arc<Self>) -> Result<Lines, Failure> {
        let mut places = self.places();
        places.sort_unstable();
        let all = self.clone();
        let docs = places
            .into_iter()
            .map(move |place| all.doc(&place).map(Line::Doc));
        let written = self
            .records
            .clone()
            .into_iter()
            .map(|record| Ok(Line::Record(record)));
        let all = self.clone();
        let mut chain = self
            .records
            .last()
            .map_or(Digest::ZERO, |record| record.chain);
        let copied = (0..self.copies).map(move |copy| {
            let record = all.record(chain, copy)?;
            chain = record.chain;
            Ok(Line::Record(record))
        });
        let mut lines = docs.chain(written).chain(copied);
        let mut intake = Some(Intake::new());
        Ok(Box::new(std::iter::from_fn(move || match lines.next() {
            Some(line) => {
                let taken = line
                    .map_err(|error: Failure| stopped(error.as_ref()))
                    .and_then(|line| {
                        if let Some(intake) = &mut intake {
                            intake.take(&line)?;
                        }
                        Ok(line)
                    });
                Some(taken)
            }
            None => intake.take().map(|intake| Ok(Line::End(intake.end()))),
        })))
    }

    /// Where every document stands: collection, id, and which it is.
    fn places(&self) -> Vec<Place> {
        let mut places = Vec::new();
        for (number, doc) in self.docs.iter().enumerate() {
            places.push((doc.at.collection.clone(), doc.at.id, None, number));
        }
        for copy in 0..self.copies {
            let Some(original) = self.original(copy) else {
                continue;
            };
            for (number, doc) in original.docs.iter().enumerate() {
                let id = original.id(copy, &doc.at);
                places.push((doc.at.collection.clone(), id, Some(copy), number));
            }
        }
        places
    }

    fn original(&self, copy: u64) -> Option<&Original> {
        self.originals
            .iter()
            .cycle()
            .nth((copy % ORIGINALS as u64) as usize)
    }

    /// The commit of a copy.
    fn seq(&self, copy: u64) -> Seq {
        Seq(self.records.len() as u64 + copy + 1)
    }

    fn doc(&self, (_, _, copy, number): &Place) -> Result<Stored, Failure> {
        let lost = "a document that is not there";
        match copy {
            None => Ok(self.docs.get(*number).ok_or(lost)?.clone()),
            Some(copy) => {
                let original = self.original(*copy).ok_or(lost)?;
                let doc = original.docs.get(*number).ok_or(lost)?;
                self.copy(original, *copy, doc)
            }
        }
    }

    fn copy(&self, original: &Original, copy: u64, doc: &Stored) -> Result<Stored, Failure> {
        let replaced = Replaced { original, copy };
        let mut entries: Vec<Entry> = doc
            .entries
            .iter()
            .map(|entry| {
                let key = |key: &Key| {
                    let mut bytes = key.0.clone();
                    if in_feed(&doc.at) {
                        bytes = original.feed_number(copy, &doc.at).to_be_bytes().to_vec();
                    }
                    replaced.bytes(&mut bytes);
                    Key(bytes)
                };
                match entry {
                    Entry::Listed { index, key: at } => Entry::Listed {
                        index: index.clone(),
                        key: key(at),
                    },
                    Entry::Unique { index, key: at } => Entry::Unique {
                        index: index.clone(),
                        key: key(at),
                    },
                }
            })
            .collect();
        entries.sort();
        Ok(Stored {
            at: DocRef {
                collection: doc.at.collection.clone(),
                id: original.id(copy, &doc.at),
            },
            version: self.seq(copy),
            salt: doc.salt,
            body: replaced.text(&doc.body)?,
            card: doc
                .card
                .as_ref()
                .map(|card| replaced.text(card))
                .transpose()?,
            entries,
        })
    }

    fn record(&self, previous: Digest, copy: u64) -> Result<LogRecord, Failure> {
        let original = self.original(copy).ok_or("no originals")?;
        let replaced = Replaced { original, copy };
        let mut writes = Vec::new();
        for doc in &original.docs {
            let Stored { at, salt, body, .. } = self.copy(original, copy, doc)?;
            writes.push(Write::Put {
                at,
                salt,
                body,
                card: None,
                entries: Vec::new(),
            });
        }
        let id = copied_id(Uuid::max(), copy);
        let changeset = Changeset {
            id: CommitId(id),
            expect: Vec::new(),
            writes,
            note: replaced.text(&original.note)?,
            digest: Digest::of(id.as_bytes()),
        };
        Ok(LogRecord::next(previous, self.seq(copy), &changeset))
    }
}

type Place = (Collection, Uuid, Option<u64>, usize);

fn stopped(error: &dyn std::error::Error) -> cmss_core::store::StoreError {
    cmss_keyed::error::corrupt(error.to_string())
}

impl Original {
    /// The id of a copy's document.
    fn id(&self, copy: u64, at: &DocRef) -> Uuid {
        if in_feed(at) {
            Uuid::from_u128(u128::from(self.feed_number(copy, at)))
        } else {
            copied_id(at.id, copy)
        }
    }

    /// The place in the feed of a copy's entry.
    fn feed_number(&self, copy: u64, at: &DocRef) -> u64 {
        let rank = self.feed.iter().position(|id| *id == at.id);
        1_000 + copy * FEED_ROOM + rank.unwrap_or_default() as u64
    }
}

fn in_feed(at: &DocRef) -> bool {
    at.collection.as_str() == FEED
}

/// Scattered as ids are, and of the same length.
fn copied_id(id: Uuid, copy: u64) -> Uuid {
    let Digest(digest) = Digest::of(&[&id.as_bytes()[..], &copy.to_be_bytes()].concat());
    let (bytes, _) = digest.split_first_chunk().unwrap_or((&[0; 16], &[]));
    Uuid::new_v8(*bytes)
}

/// What is written over in a copy.
struct Replaced<'a> {
    original: &'a Original,
    copy: u64,
}

impl Replaced<'_> {
    fn text(&self, text: &str) -> Result<Arc<str>, Failure> {
        let mut bytes = text.as_bytes().to_vec();
        for id in &self.original.ids {
            let found = id.hyphenated().to_string();
            let put = copied_id(*id, self.copy).hyphenated().to_string();
            write_over(&mut bytes, found.as_bytes(), put.as_bytes());
        }
        self.number(&mut bytes);
        Ok(String::from_utf8(bytes)?.into())
    }

    fn bytes(&self, bytes: &mut [u8]) {
        for id in &self.original.ids {
            let put = copied_id(*id, self.copy);
            write_over(bytes, id.as_bytes(), put.as_bytes());
        }
        let time = |micros: i64| ((micros as u64) ^ (1 << 63)).to_be_bytes();
        let later = self.original.micros + (self.copy as i64 + 1) * 60_000_000;
        write_over(bytes, &time(self.original.micros), &time(later));
        self.number(bytes);
    }

    fn number(&self, bytes: &mut [u8]) {
        let found = format!("{:08}", self.original.number);
        let put = format!("{:08}", FIRST + self.copy);
        write_over(bytes, found.as_bytes(), put.as_bytes());
    }
}

/// Puts bytes in the place of others that are as many, wherever they stand.
fn write_over(bytes: &mut [u8], found: &[u8], put: &[u8]) {
    let mut from = 0;
    while let Some(rest) = bytes.get_mut(from..) {
        let Some(at) = memmem::find(rest, found) else {
            return;
        };
        if let Some(place) = rest.get_mut(at..at + found.len()) {
            place.copy_from_slice(put);
        }
        from += at + found.len();
    }
}
