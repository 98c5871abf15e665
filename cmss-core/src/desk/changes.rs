//! What a decision writes, before it is sealed into one changeset.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::kernel::{Capacity, Document, Error, Fact, Ids, Reader, encode, salt};
use crate::site::{Face, FeedHead, FeedItem};
use crate::store::{DocRef, Entry, Write};

/// A document to be put.
#[derive(Debug)]
struct Put {
    body: Arc<str>,
    card: Option<Arc<str>>,
    entries: Vec<Entry>,
}

/// What a decision writes and what it says happened.
#[derive(Debug)]
pub(crate) struct Changes {
    /// As what the actor was let through; `None` where no role was needed.
    pub(crate) by: Option<Capacity>,
    puts: BTreeMap<DocRef, Put>,
    removed: BTreeSet<DocRef>,
    facts: Vec<Fact>,
    feed: Vec<FeedItem>,
    failed: Option<Error>,
}

impl Changes {
    /// Nothing yet, by an actor who was let through as this.
    pub(crate) fn by(by: Option<Capacity>) -> Self {
        Self {
            by,
            puts: BTreeMap::new(),
            removed: BTreeSet::new(),
            facts: Vec::new(),
            feed: Vec::new(),
            failed: None,
        }
    }

    /// Writes a document.
    pub(crate) fn put<D: Document>(&mut self, doc: &D) {
        match encode(doc).and_then(|body| Ok((body, doc.card()?))) {
            Ok((body, card)) => {
                let put = Put {
                    body,
                    card,
                    entries: doc.entries(),
                };
                self.puts.insert(D::at(doc.id()), put);
            }
            Err(error) => self.failed = Some(error),
        }
    }

    /// Something happened.
    pub(crate) fn fact(&mut self, fact: Fact) {
        self.facts.push(fact);
    }

    /// Replaces what the public saw of a thing by what it shall see: what is the same is not
    /// written again, what is no longer there is removed. Answers whether anything changed.
    pub(crate) fn show(&mut self, before: Vec<Face>, after: Vec<Face>) -> bool {
        let mut old: BTreeMap<_, _> = before
            .into_iter()
            .map(|face| (face.at.clone(), face))
            .collect();
        let mut changed = false;
        for face in after {
            if old.remove(&face.at).is_some_and(|before| before == face) {
                continue;
            }
            changed = true;
            let Face {
                at,
                body,
                card,
                entries,
            } = face;
            let put = Put {
                body: body.into(),
                card: card.map(Arc::from),
                entries,
            };
            self.removed.remove(&at);
            self.puts.insert(at, put);
        }
        for at in old.into_keys() {
            changed = true;
            self.remove(at);
        }
        changed
    }

    /// Writes a document in the spelling and under the entries that it has today.
    pub(crate) fn respell(
        &mut self,
        at: DocRef,
        body: Arc<str>,
        card: Option<Arc<str>>,
        entries: Vec<Entry>,
    ) {
        let put = Put {
            body,
            card,
            entries,
        };
        self.puts.insert(at, put);
    }

    /// Takes a document away.
    pub(crate) fn remove(&mut self, at: DocRef) {
        self.puts.remove(&at);
        self.removed.insert(at);
    }

    /// Tells the public feed.
    pub(crate) fn announce(&mut self, item: FeedItem) {
        if !self.feed.contains(&item) {
            self.feed.push(item);
        }
    }

    /// What happened.
    #[cfg(test)]
    pub(crate) fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// Whether nothing would be written.
    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.puts.is_empty() && self.removed.is_empty()
    }

    /// Numbers the announcements, and turns everything into writes and facts.
    pub(crate) async fn seal(
        mut self,
        reader: &mut Reader<'_>,
        ids: &dyn Ids,
    ) -> Result<(Vec<Write>, Vec<Fact>), Error> {
        let feed = std::mem::take(&mut self.feed);
        if !feed.is_empty() {
            let mut head: FeedHead = reader.find(FeedHead::ID).await?.unwrap_or_default();
            let entries = feed
                .into_iter()
                .map(|item| head.next(item))
                .collect::<Vec<_>>();
            self.show(Vec::new(), entries);
            self.put(&head);
        }
        if let Some(error) = self.failed {
            return Err(error);
        }
        let puts = self.puts.into_iter().map(|(at, put)| {
            let Put {
                body,
                card,
                mut entries,
            } = put;
            entries.sort();
            entries.dedup();
            Write::Put {
                at,
                salt: salt(ids),
                body,
                card,
                entries,
            }
        });
        let removed = self.removed.into_iter().map(|at| Write::Remove { at });
        Ok((puts.chain(removed).collect(), self.facts))
    }
}
