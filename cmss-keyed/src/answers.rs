//! What was read lately, kept until it is written: most of what a public site is asked is what it was
//! asked before.
//!
//! An answer costs a lookup in the engine for each value, a checksum, a look at every byte of text
//! and a copy. One that is kept costs none of these. It is of the state that is read, for three
//! reasons:
//!
//! - what a batch changes is forgotten when it comes into the [state](crate::shared::State), and a
//!   load forgets everything;
//! - that happens while nobody reads, and answers are kept and handed out only by who reads;
//! - a document that is written or removed writes its head, and all of its entries, since each of
//!   them carries its version.
//!
//! So a document is forgotten with its head, and all scans of an index with any entry of it. Only
//! [`get`] and [`scan`] hand out what is kept: judging, verifying and walking read the state itself.

use std::collections::HashMap;
use std::mem;
use std::sync::{Arc, PoisonError, RwLock};

use cmss_core::store::{Doc, DocRef, Hit, Index, Page, Scan, Seq, StoreError};

use crate::engine::{Batch, Engine};
use crate::layout::{self, Kind};
use crate::view::View;

/// What an answer costs beside its texts and keys, about.
const BESIDE: usize = 200;

/// The documents at these places, in the order asked.
pub(crate) fn get<E: Engine>(
    view: &View<'_, E>,
    refs: &[DocRef],
) -> Result<Vec<Option<Doc>>, StoreError> {
    let Some(answers) = view.answers() else {
        return refs.iter().map(|at| view.doc(at)).collect();
    };
    let mut docs = answers.docs(refs);
    for (at, found) in refs.iter().zip(&mut docs) {
        if found.is_none() {
            *found = view.doc(at)?;
            found.iter().for_each(|doc| answers.keep_doc(doc));
        }
    }
    Ok(docs)
}

/// One page of an index.
pub(crate) fn scan<E: Engine>(
    view: &View<'_, E>,
    as_of: Seq,
    scan: &Scan,
) -> Result<Page, StoreError> {
    let read = || {
        let (hits, next) = view.scan(scan)?;
        Ok(Page { as_of, hits, next })
    };
    let Some(answers) = view.answers() else {
        return read();
    };
    if let Some(page) = answers.page(scan) {
        let (hits, next) = (page.hits.clone(), page.next.clone());
        return Ok(Page { as_of, hits, next });
    }
    let page = read()?;
    answers.keep_page(scan, &page);
    Ok(page)
}

/// Answers in two halves: what is used again moves to the young one, and when that is full, the old
/// one is dropped.
pub(crate) struct Answers {
    /// The bytes of each half.
    half: usize,
    halves: RwLock<Halves>,
}

#[derive(Default)]
struct Halves {
    young: Half,
    old: Half,
}

#[derive(Default)]
struct Half {
    docs: HashMap<DocRef, Doc>,
    pages: HashMap<Index, HashMap<Scan, Arc<Page>>>,
    bytes: usize,
}

impl Answers {
    /// With so many bytes of room.
    pub(crate) fn within(room: usize) -> Self {
        Self {
            half: room / 2,
            halves: RwLock::default(),
        }
    }

    /// Those of the documents that are kept.
    fn docs(&self, refs: &[DocRef]) -> Vec<Option<Doc>> {
        let mut ageing = Vec::new();
        let docs = {
            let halves = self.halves.read().unwrap_or_else(PoisonError::into_inner);
            let kept = refs.iter().map(|at| {
                let young = halves.young.docs.get(at);
                young.cloned().or_else(|| {
                    let old = halves.old.docs.get(at).cloned();
                    ageing.extend(old.clone());
                    old
                })
            });
            kept.collect()
        };
        ageing.iter().for_each(|doc| self.keep_doc(doc));
        docs
    }

    /// The page, when it is kept.
    fn page(&self, scan: &Scan) -> Option<Arc<Page>> {
        let page = {
            let halves = self.halves.read().unwrap_or_else(PoisonError::into_inner);
            match halves.young.page(scan) {
                Some(page) => return Some(page.clone()),
                None => halves.old.page(scan)?.clone(),
            }
        };
        self.keep_page(scan, &page);
        Some(page)
    }

    fn keep_doc(&self, doc: &Doc) {
        self.keep(weight(doc), |half| {
            half.docs.insert(doc.at.clone(), doc.clone());
        });
    }

    fn keep_page(&self, scan: &Scan, page: &Page) {
        let weight = page.hits.iter().fold(BESIDE, |weight, hit| {
            let Hit { key, card, doc, .. } = hit;
            let card = card.as_ref().map_or(0, |card| card.len());
            let texts = card.saturating_add(doc.as_ref().map_or(0, self::weight));
            weight.saturating_add(BESIDE + key.0.len() + texts)
        });
        self.keep(weight, |half| {
            let pages = half.pages.entry(scan.range.index.clone()).or_default();
            pages.insert(scan.clone(), Arc::new(page.clone()));
        });
    }

    /// Puts an answer of this weight into the young half; one that would fill much of it is not kept.
    fn keep(&self, weight: usize, put: impl FnOnce(&mut Half)) {
        if weight > self.half / 8 {
            return;
        }
        // What is dropped is dropped after the lock.
        let mut dropped = Half::default();
        let mut halves = self.halves.write().unwrap_or_else(PoisonError::into_inner);
        if halves.young.bytes.saturating_add(weight) > self.half {
            let full = mem::take(&mut halves.young);
            dropped = mem::replace(&mut halves.old, full);
        }
        halves.young.bytes = halves.young.bytes.saturating_add(weight);
        put(&mut halves.young);
        drop(halves);
        drop(dropped);
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) {
        let mut halves = self.halves.write().unwrap_or_else(PoisonError::into_inner);
        *halves = Halves::default();
    }

    /// Forgets what a batch changes.
    pub(crate) fn forget(&self, batch: &Batch) {
        let mut halves = self.halves.write().unwrap_or_else(PoisonError::into_inner);
        let Halves { young, old } = &mut *halves;
        for half in [young, old] {
            if half.bytes > 0 {
                half.forget(batch);
            }
        }
    }
}

/// What a document weighs.
fn weight(doc: &Doc) -> usize {
    doc.body.len().saturating_add(BESIDE)
}

impl Half {
    fn page(&self, scan: &Scan) -> Option<&Arc<Page>> {
        self.pages.get(&scan.range.index)?.get(scan)
    }

    /// What is forgotten keeps its weight until the half is full: that is sooner, never later.
    fn forget(&mut self, batch: &Batch) {
        for key in batch.keys() {
            let known = match Kind::of(key) {
                Some(Kind::Head) => layout::read_head(key).map(|at| drop(self.docs.remove(&at))),
                Some(Kind::Entry) => {
                    layout::read_index(key).map(|index| drop(self.pages.remove(&index)))
                }
                _ => Some(()),
            };
            if known.is_none() {
                // No store writes such a key.
                *self = Self::default();
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests;
