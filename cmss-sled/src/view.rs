//! One consistent state: the tree, under writes that are staged on top of it.

use std::cmp::Ordering;
use std::iter::Peekable;

use cmss_core::store::{Order, Seq, StoreError};
use sled::{IVec, Tree};

use crate::layout::{self, Kind, Span};
use crate::staged::Staged;
use crate::{envelope, error};

static NOTHING: Staged = Staged::new();

/// What one call reads from.
///
/// Whoever makes one sees to it that the tree does not change meanwhile.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    tree: Option<&'a Tree>,
    staged: &'a Staged,
}

type Item = Result<(IVec, IVec), StoreError>;
type Items<'a> = Box<dyn Iterator<Item = Item> + 'a>;

impl<'a> View<'a> {
    /// What an empty store looks like.
    pub(crate) fn empty() -> View<'static> {
        View {
            tree: None,
            staged: &NOTHING,
        }
    }

    pub(crate) fn of(tree: &'a Tree) -> Self {
        Self {
            tree: Some(tree),
            staged: &NOTHING,
        }
    }

    pub(crate) const fn over(tree: &'a Tree, staged: &'a Staged) -> Self {
        Self {
            tree: Some(tree),
            staged,
        }
    }

    /// Reads the value at a key, its pieces put together; `read` answers `None` for a payload that
    /// no commit wrote.
    pub(crate) fn value<T>(
        &self,
        key: &[u8],
        read: impl FnOnce(Seq, &[u8]) -> Option<T>,
    ) -> Result<Option<T>, StoreError> {
        match self.raw(key)? {
            Some(value) => self.complete(key, &value, read).map(Some),
            None => Ok(None),
        }
    }

    /// Reads the value whose first piece was found at a key.
    pub(crate) fn complete<T>(
        &self,
        key: &[u8],
        value: &[u8],
        read: impl FnOnce(Seq, &[u8]) -> Option<T>,
    ) -> Result<T, StoreError> {
        let first = envelope::open(key, value)?;
        let read = if first.more == 0 {
            read(first.seq, first.payload)
        } else {
            let mut payload = first.payload.to_vec();
            for number in 1..=first.more {
                let place = layout::piece(key, number);
                let value = self.raw(&place)?;
                let value = value.ok_or_else(|| strange(key, "lacks a piece"))?;
                let piece = envelope::open(&place, &value)?;
                if piece.seq != first.seq || piece.more != first.more.saturating_sub(number) {
                    return Err(strange(key, "has a piece of another"));
                }
                payload.extend_from_slice(piece.payload);
            }
            read(first.seq, &payload)
        };
        read.ok_or_else(|| strange(key, "holds what no commit writes"))
    }

    /// The keys and values in a span, in their envelopes.
    pub(crate) fn span(&self, span: &Span, order: Order) -> Items<'a> {
        // A map panics when asked for a range that ends before it begins; here it is empty.
        if span.from >= span.until {
            return Box::new(std::iter::empty());
        }
        let bounds = span.from.clone()..span.until.clone();
        let stored = self.tree.map(|tree| tree.range(bounds.clone()));
        let stored = stored.into_iter().flatten().map(read);
        let staged = self.staged.writes().range(bounds);
        match (order, self.staged.is_empty()) {
            (Order::Ascending, true) => Box::new(stored),
            (Order::Descending, true) => Box::new(stored.rev()),
            (Order::Ascending, false) => Box::new(Merged {
                stored: stored.peekable(),
                staged: staged.peekable(),
                order,
            }),
            (Order::Descending, false) => Box::new(Merged {
                stored: stored.rev().peekable(),
                staged: staged.rev().peekable(),
                order,
            }),
        }
    }

    fn raw(&self, key: &[u8]) -> Result<Option<IVec>, StoreError> {
        if let Some(staged) = self.staged.writes().get(key) {
            return Ok(staged.clone());
        }
        match self.tree {
            Some(tree) => (tree.get(key)).map_err(|source| error::engine("while reading", source)),
            None => Ok(None),
        }
    }
}

/// The value at this key is not what it should be.
pub(crate) fn strange(key: &[u8], how: &str) -> StoreError {
    let kind = Kind::of(key).map_or("a value of no known kind", Kind::name);
    error::corrupt(format!("{kind} {how}"))
}

fn read(item: sled::Result<(IVec, IVec)>) -> Item {
    item.map_err(|source| error::engine("while reading", source))
}

/// Two runs of keys in one order; where both hold a key, the staged one counts.
struct Merged<A: Iterator, B: Iterator> {
    stored: Peekable<A>,
    staged: Peekable<B>,
    order: Order,
}

impl<'a, A, B> Iterator for Merged<A, B>
where
    A: Iterator<Item = Item>,
    B: Iterator<Item = (&'a Vec<u8>, &'a Option<IVec>)>,
{
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        loop {
            let turn = match (self.stored.peek(), self.staged.peek()) {
                (_, None) | (Some(Err(_)), _) => return self.stored.next(),
                (None, Some(_)) => Ordering::Greater,
                (Some(Ok((stored, _))), Some((staged, _))) => {
                    let ascending = stored.as_ref().cmp(staged.as_slice());
                    match self.order {
                        Order::Ascending => ascending,
                        Order::Descending => ascending.reverse(),
                    }
                }
            };
            match turn {
                Ordering::Less => return self.stored.next(),
                Ordering::Equal => drop(self.stored.next()),
                Ordering::Greater => {}
            }
            if let Some((key, Some(value))) = self.staged.next() {
                return Some(Ok((key.as_slice().into(), value.clone())));
            }
        }
    }
}

#[cfg(test)]
mod tests;
