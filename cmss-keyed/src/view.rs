//! One consistent state: the tree, under writes that are to come into it.

use std::cmp::Ordering;
use std::iter::Peekable;

use cmss_core::store::{Order, Seq, StoreError};

use crate::answers::Answers;
use crate::engine::Engine;
use crate::layout::{self, Kind, Span};
use crate::staged::{NOTHING, Staged};
use crate::{envelope, error};

/// What one call reads from.
///
/// Whoever makes one sees to it that the tree does not change meanwhile.
pub(crate) struct View<'a, E> {
    tree: Option<&'a E>,
    /// Committed, and not yet in the tree.
    pending: &'a Staged,
    /// Being committed.
    sent: &'a Staged,
    /// Decided on, and not yet sent.
    staged: &'a Staged,
    answers: Option<&'a Answers>,
}

impl<E> Clone for View<'_, E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for View<'_, E> {}

/// Bytes of a key or value, where they stand.
pub(crate) enum Bytes<'a, B> {
    Staged(&'a [u8]),
    Stored(B),
}

impl<B: AsRef<[u8]>> AsRef<[u8]> for Bytes<'_, B> {
    fn as_ref(&self) -> &[u8] {
        match self {
            Self::Staged(bytes) => bytes,
            Self::Stored(bytes) => bytes.as_ref(),
        }
    }
}

type Item<'a, B> = Result<(Bytes<'a, B>, Bytes<'a, B>), StoreError>;
type Items<'a, B> = Box<dyn Iterator<Item = Item<'a, B>> + 'a>;

impl<'a, E: Engine> View<'a, E> {
    /// What an empty store looks like.
    pub(crate) fn empty() -> Self {
        Self {
            tree: None,
            pending: &NOTHING,
            sent: &NOTHING,
            staged: &NOTHING,
            answers: None,
        }
    }

    /// A tree that everything is in.
    pub(crate) fn of(tree: &'a E) -> Self {
        Self::over(tree, &NOTHING)
    }

    /// A tree, under what is to come into it.
    pub(crate) const fn over(tree: &'a E, pending: &'a Staged) -> Self {
        Self {
            tree: Some(tree),
            pending,
            sent: &NOTHING,
            staged: &NOTHING,
            answers: None,
        }
    }

    /// The same under what is being committed, and what is staged on it.
    pub(crate) const fn under(self, sent: &'a Staged, staged: &'a Staged) -> Self {
        Self {
            sent,
            staged,
            ..self
        }
    }

    /// The same with what was answered of it.
    pub(crate) const fn answering(self, answers: Option<&'a Answers>) -> Self {
        Self { answers, ..self }
    }

    /// What was answered of this state, where that is kept.
    pub(crate) const fn answers(&self) -> Option<&'a Answers> {
        self.answers
    }

    /// Reads the value at a key, its pieces put together; `read` answers `None` for a payload that
    /// no commit wrote.
    pub(crate) fn value<T>(
        &self,
        key: &[u8],
        read: impl FnOnce(Seq, &[u8]) -> Option<T>,
    ) -> Result<Option<T>, StoreError> {
        match self.raw(key)? {
            Some(value) => self.complete(key, value.as_ref(), read).map(Some),
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
                let piece = envelope::open(&place, value.as_ref())?;
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
    pub(crate) fn span(&self, span: &Span, order: Order) -> Items<'a, E::Bytes> {
        // Maps and engines may not be asked for a range that ends before it begins.
        if span.from >= span.until {
            return Box::new(std::iter::empty());
        }
        let stored = self.tree.map(|tree| tree.range(&span.from, &span.until));
        let stored = stored.into_iter().flatten();
        let stored =
            stored.map(|item| item.map(|(key, value)| (Bytes::Stored(key), Bytes::Stored(value))));
        let mut items: Items<'a, E::Bytes> = match order {
            Order::Ascending => Box::new(stored),
            Order::Descending => Box::new(stored.rev()),
        };
        for layer in [self.pending, self.sent, self.staged] {
            let writes = layer.writes().range::<Vec<u8>, _>(&span.from..&span.until);
            if writes.clone().next().is_none() {
                continue;
            }
            let stored = items.peekable();
            items = match order {
                Order::Ascending => Box::new(Merged {
                    stored,
                    staged: writes.peekable(),
                    order,
                }),
                Order::Descending => Box::new(Merged {
                    stored,
                    staged: writes.rev().peekable(),
                    order,
                }),
            };
        }
        items
    }

    pub(crate) fn raw(&self, key: &[u8]) -> Result<Option<Bytes<'a, E::Bytes>>, StoreError> {
        for layer in [self.staged, self.sent, self.pending] {
            if let Some(staged) = layer.writes().get(key) {
                return Ok(staged.as_deref().map(Bytes::Staged));
            }
        }
        match self.tree {
            Some(tree) => Ok(tree.get(key)?.map(Bytes::Stored)),
            None => Ok(None),
        }
    }
}

/// The value at this key is not what it should be.
pub(crate) fn strange(key: &[u8], how: &str) -> StoreError {
    let kind = Kind::of(key).map_or("a value of no known kind", Kind::name);
    error::corrupt(format!("{kind} {how}"))
}

/// Two runs of keys in one order; where both hold a key, the staged one counts.
struct Merged<A: Iterator, B: Iterator> {
    stored: Peekable<A>,
    staged: Peekable<B>,
    order: Order,
}

impl<'a, A, B, C> Iterator for Merged<A, B>
where
    A: Iterator<Item = Item<'a, C>>,
    B: Iterator<Item = (&'a Vec<u8>, &'a Option<Vec<u8>>)>,
    C: AsRef<[u8]>,
{
    type Item = Item<'a, C>;

    fn next(&mut self) -> Option<Item<'a, C>> {
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
                return Some(Ok((Bytes::Staged(key), Bytes::Staged(value))));
            }
        }
    }
}

#[cfg(test)]
mod tests;
