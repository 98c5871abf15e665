//! Index entries: each is told of by its document, and unique ones are.

use crate::engine::Engine;
use crate::layout::{self, Spot};
use crate::records::Listing;

use super::documents::judge;
use super::tally::{Thing, Way};
use super::{CorruptionKind, Examined, Location, Look, Pass, Unverified, at_key};
use cmss_core::store::{DocRef, Index, Key, Order, Range};

/// Where they are looked up, that an entry is as its head says shows with the head; here it shows that
/// there is one.
pub(super) struct Entries<'a>(pub(super) Way<'a>);

impl<E: Engine> Pass<E> for Entries<'_> {
    fn visit(
        &mut self,
        look: &Look<'_, E>,
        place: &[u8],
        value: &[u8],
        examined: &mut Examined,
    ) -> Result<usize, Unverified> {
        let Some(Spot::Entry(index, key, at)) = Spot::of(place) else {
            return Err(Location::of(place).is(CorruptionKind::Stray));
        };
        if self.0.is_even_for(&at) {
            return Ok(1);
        }
        let looked_at = self.look_at(look, place, value, (&index, &key, &at));
        let cost = looked_at.map_err(|error| judge(look, &at, error))?;
        examined.entries = examined.entries.saturating_add(1);
        Ok(cost)
    }
}

impl Entries<'_> {
    fn look_at<E: Engine>(
        &mut self,
        look: &Look<'_, E>,
        place: &[u8],
        value: &[u8],
        (index, key, at): (&Index, &Key, &DocRef),
    ) -> Result<usize, Unverified> {
        let way = &mut self.0;
        let unique = (look.view).complete(place, value, |seq, payload| {
            let listing = Listing::read(payload)?;
            if let Way::AddUp(tally) = way {
                tally.find(at, &Thing::Entry(place, seq, listing));
            }
            Some(listing.unique)
        });
        let unique = unique.map_err(|error| at_key(place, error))?;
        let is_alone = !unique || !is_held_after(look, place, index, key)?;
        // Where it belongs says more than who else is there.
        let is_looked_up = !is_alone || matches!(self.0, Way::LookUp(_));
        if is_looked_up && !is_told_of(look, index, key, at)? {
            return Err(Location::of(place).is(CorruptionKind::Stray));
        }
        if !is_alone {
            return Err(Location::of(place).is(CorruptionKind::NotUnique));
        }
        Ok(2 + usize::from(unique))
    }
}

/// Whether the head of a document tells of an entry.
fn is_told_of<E: Engine>(
    look: &Look<'_, E>,
    index: &Index,
    key: &Key,
    at: &DocRef,
) -> Result<bool, Unverified> {
    let head = look.head(at)?;
    Ok(head.is_some_and(|(_, head)| {
        let mut entries = head.entries.iter();
        entries.any(|entry| (entry.index(), entry.key()) == (index, key))
    }))
}

/// Whether a unique entry stands at the same key after a place.
fn is_held_after<E: Engine>(
    look: &Look<'_, E>,
    place: &[u8],
    index: &Index,
    key: &Key,
) -> Result<bool, Unverified> {
    let mut span = layout::entries(&Range::at(index.clone(), key.clone()));
    span.from = place.to_vec();
    span.from.push(0);
    for item in look.view.span(&span, Order::Ascending) {
        let (place, value) = item?;
        let place = place.as_ref();
        let unique = look.view.complete(place, value.as_ref(), |_, payload| {
            Some(Listing::read(payload)?.unique)
        });
        if unique.map_err(|error| at_key(place, error))? {
            return Ok(true);
        }
    }
    Ok(false)
}
