//! What a store has one of, what belongs to a larger value, and what belongs nowhere.

use crate::engine::Engine;
use crate::layout::Spot;
use crate::opening::{self, FORMAT};
use crate::{envelope, records};

use super::{CorruptionKind, Examined, Location, Look, Pass, Unverified, at_key, weight};

/// Where nothing may stand.
pub(super) struct Nowhere;

impl<E: Engine> Pass<E> for Nowhere {
    fn visit(
        &mut self,
        _: &Look<'_, E>,
        key: &[u8],
        _: &[u8],
        _: &mut Examined,
    ) -> Result<usize, Unverified> {
        Err(Location::of(key).is(CorruptionKind::Stray))
    }
}

/// The format: there, and the one this release writes.
#[derive(Default)]
pub(super) struct Format {
    found: bool,
}

impl<E: Engine> Pass<E> for Format {
    fn visit(
        &mut self,
        look: &Look<'_, E>,
        key: &[u8],
        value: &[u8],
        _: &mut Examined,
    ) -> Result<usize, Unverified> {
        if Spot::of(key) != Some(Spot::Format) {
            return Err(Location::of(key).is(CorruptionKind::Stray));
        }
        let format = look.view.complete(key, value, |_, payload| {
            opening::read_format(E::MAGIC, payload)
        });
        if format.map_err(|error| at_key(key, error))? != FORMAT {
            return Err(Location::Format.is(CorruptionKind::Differs));
        }
        self.found = true;
        Ok(1)
    }

    fn end(&mut self, _: &Look<'_, E>) -> Result<(), Unverified> {
        if self.found {
            Ok(())
        } else {
            Err(Location::Format.is(CorruptionKind::Missing))
        }
    }
}

/// The tip: there, and the one the store goes by.
#[derive(Default)]
pub(super) struct Tips {
    found: bool,
}

impl<E: Engine> Pass<E> for Tips {
    fn visit(
        &mut self,
        look: &Look<'_, E>,
        key: &[u8],
        value: &[u8],
        _: &mut Examined,
    ) -> Result<usize, Unverified> {
        if Spot::of(key) != Some(Spot::Tip) {
            return Err(Location::of(key).is(CorruptionKind::Stray));
        }
        let tip = look.view.complete(key, value, |seq, payload| {
            Some((seq, records::read_digest(payload)?))
        });
        if tip.map_err(|error| at_key(key, error))? != (look.tip.seq, look.tip.chain) {
            return Err(Location::Tip.is(CorruptionKind::Differs));
        }
        self.found = true;
        Ok(1)
    }

    fn end(&mut self, _: &Look<'_, E>) -> Result<(), Unverified> {
        if self.found {
            Ok(())
        } else {
            Err(Location::Tip.is(CorruptionKind::Missing))
        }
    }
}

/// Further pieces: each belongs to a value that has so many. That they are whole and of its commit
/// shows when the value is read.
pub(super) struct Pieces;

impl<E: Engine> Pass<E> for Pieces {
    fn visit(
        &mut self,
        look: &Look<'_, E>,
        key: &[u8],
        value: &[u8],
        _: &mut Examined,
    ) -> Result<usize, Unverified> {
        let Some(Spot::Piece(of, number)) = Spot::of(key) else {
            return Err(Location::of(key).is(CorruptionKind::Stray));
        };
        let stray = || Err(Location::of(key).is(CorruptionKind::Stray));
        if number == 0 || matches!(Spot::of(&of), None | Some(Spot::Piece(..))) {
            return stray();
        }
        let Some(first) = look.view.raw(&of)? else {
            return stray();
        };
        let first = envelope::open(&of, first.as_ref()).map_err(|error| at_key(&of, error))?;
        if number > first.more {
            return stray();
        }
        envelope::open(key, value).map_err(|error| at_key(key, error))?;
        Ok(weight(value.len()).saturating_add(1))
    }
}
