//! Index entries: each is told of by its document, and unique ones are.

use crate::engine::Engine;
use crate::layout::{self, Spot};
use crate::records::Listing;

use super::{CorruptionKind, Examined, Location, Look, Pass, Unverified, at_key};
use cmss_core::store::{Index, Key, Order, Range};

/// That an entry is as its head says shows with the head; here it shows that there is one.
pub(super) struct Entries;

impl<E: Engine> Pass<E> for Entries {
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
        let unique = (look.view).complete(place, value, |_, payload| {
            Some(Listing::read(payload)?.unique)
        });
        let unique = unique.map_err(|error| at_key(place, error))?;
        let told_of = look.head(&at)?.is_some_and(|(_, head)| {
            let mut entries = head.entries.iter();
            entries.any(|entry| *entry.index() == index && *entry.key() == key)
        });
        if !told_of {
            return Err(Location::of(place).is(CorruptionKind::Stray));
        }
        if unique && is_held_after(look, place, &index, key)? {
            return Err(Location::of(place).is(CorruptionKind::NotUnique));
        }
        examined.entries = examined.entries.saturating_add(1);
        Ok(2 + usize::from(unique))
    }
}

/// Whether a unique entry stands at the same key after a place.
fn is_held_after<E: Engine>(
    look: &Look<'_, E>,
    place: &[u8],
    index: &Index,
    key: Key,
) -> Result<bool, Unverified> {
    let mut span = layout::entries(&Range::at(index.clone(), key));
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
