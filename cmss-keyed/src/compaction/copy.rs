//! Everything a store holds, copied key by key, and held against what it was copied from.
//!
//! A value is sealed with its key and its commit, and says nothing of the store it stands in: copied
//! byte for byte, it is as whole as it was.

use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::vec;

use cmss_core::store::{Order, StoreError};

use crate::engine::{Engine, Item};
use crate::envelope;
use crate::layout::{self, Kind, Span};
use crate::loading::Content;
use crate::shared::Shared;
use crate::store::KeyedStore;
use crate::verify::{Corruption, Unverified, at_key};
use crate::view::View;

/// Bytes that are read under one lock.
const PAGE: usize = 512 * 1024;

/// Fills an empty store with what another holds, in which nothing is committed meanwhile.
pub(super) fn write<E: Engine>(
    old: &KeyedStore<E>,
    new: &KeyedStore<E>,
    mut progress: impl FnMut(u64),
) -> Result<(), Unverified> {
    let (told, handed_out) = channel();
    let (answer, answered) = channel();
    let tip = old.shared().settled(|_, tip| Ok(tip))?;
    let values = Values {
        shared: old.shared().clone(),
        rest: Some(layout::everything()),
        page: Vec::new().into_iter(),
        handed_out: 0,
        told,
    };
    new.load_with(Content::Values(Box::new(values), tip), move |loaded| {
        // Who waits no longer has gone.
        let _ = answer.send(loaded);
    })?;
    // This ends with the values.
    for told in handed_out {
        progress(told.map_err(Unverified::Corrupt)?);
    }
    let loaded = answered.recv().map_err(|_| StoreError::Poisoned)?;
    Ok(loaded.map(drop)?)
}

/// What a store holds beside its format and its tip, in the order of the keys.
struct Values<E> {
    shared: Arc<Shared<E>>,
    /// What was not read yet; nothing, when everything was.
    rest: Option<Span>,
    page: vec::IntoIter<Item>,
    handed_out: u64,
    /// Told how many values have been handed out, or which of them is damaged.
    told: Sender<Result<u64, Corruption>>,
}

impl<E: Engine> Values<E> {
    /// Reads on; the page stays empty when there is nothing more.
    fn read(&mut self) -> Result<(), StoreError> {
        while self.page.as_slice().is_empty()
            && let Some(rest) = self.rest.take()
        {
            let read = (self.shared).settled(|view, _| Ok(page(view, rest)))?;
            let (page, rest) = read.inspect_err(|damaged| {
                if let Unverified::Corrupt(corruption) = damaged {
                    // Who listens no longer has gone.
                    let _ = self.told.send(Err(corruption.clone()));
                }
            })?;
            self.handed_out = self.handed_out.saturating_add(page.len() as u64);
            (self.page, self.rest) = (page.into_iter(), rest);
            let _ = self.told.send(Ok(self.handed_out));
        }
        Ok(())
    }
}

impl<E: Engine> Iterator for Values<E> {
    type Item = Result<Item, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.read() {
            Ok(()) => self.page.next().map(Ok),
            Err(error) => Some(Err(error)),
        }
    }
}

/// The first of a stretch, and what is left of it.
fn page<E: Engine>(
    view: View<'_, E>,
    mut span: Span,
) -> Result<(Vec<Item>, Option<Span>), Unverified> {
    let (mut page, mut bytes) = (Vec::new(), 0_usize);
    for item in view.span(&span, Order::Ascending) {
        let (key, value) = item?;
        let (key, value) = (key.as_ref(), value.as_ref());
        if bytes >= PAGE {
            span.from = key.to_vec();
            return Ok((page, Some(span)));
        }
        envelope::open(key, value).map_err(|error| at_key(key, error))?;
        // The new store has its own, and is given its tip last.
        if matches!(Kind::of(key), Some(Kind::Format | Kind::Tip)) {
            continue;
        }
        bytes = bytes.saturating_add(key.len()).saturating_add(value.len());
        page.push((key.to_vec(), value.to_vec()));
    }
    Ok((page, None))
}

/// Whether two stores hold the same keys with the same values, to the end of both.
pub(super) fn compare<E: Engine>(
    old: &Shared<E>,
    new: &Shared<E>,
    mut progress: impl FnMut(u64),
) -> Result<bool, StoreError> {
    let mut rest = layout::everything();
    let mut values = 0;
    loop {
        let compared =
            old.settled(|old, _| new.settled(|new, _| step(old, new, &rest, &mut values)));
        progress(values);
        match compared? {
            Compared::So(next) => rest.from = next,
            Compared::Same => return Ok(true),
            Compared::Different => return Ok(false),
        }
    }
}

/// What comparing has come to.
enum Compared {
    /// The same so far; this is where to go on.
    So(Vec<u8>),
    Same,
    Different,
}

/// Goes through two stretches side by side, until that was enough.
fn step<E: Engine>(
    old: View<'_, E>,
    new: View<'_, E>,
    span: &Span,
    values: &mut u64,
) -> Result<Compared, StoreError> {
    let mut bytes = 0_usize;
    let mut old = old.span(span, Order::Ascending);
    let mut new = new.span(span, Order::Ascending);
    loop {
        let (ours, its) = match (old.next().transpose()?, new.next().transpose()?) {
            (Some(ours), Some(its)) => (ours, its),
            (None, None) => return Ok(Compared::Same),
            _ => return Ok(Compared::Different),
        };
        let (key, value) = (ours.0.as_ref(), ours.1.as_ref());
        if (key, value) != (its.0.as_ref(), its.1.as_ref()) {
            return Ok(Compared::Different);
        }
        if bytes >= PAGE {
            return Ok(Compared::So(key.to_vec()));
        }
        bytes = bytes.saturating_add(key.len()).saturating_add(value.len());
        *values = values.saturating_add(1);
    }
}

#[cfg(test)]
mod tests;
