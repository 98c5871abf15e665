//! How a store is opened: one function, through which every opening goes.

use cmss_core::store::{Order, Seq, StoreError};

use crate::codec::{Reader, Writer};
use crate::engine::Engine;
use crate::journal::Left;
use crate::judge::stage_tip;
use crate::reads::Tip;
use crate::staged::Staged;
use crate::tree;
use crate::view::{View, strange};
use crate::witness::Witnessed;
use crate::{error, layout};

/// The format this release writes.
pub(crate) const FORMAT: u32 = 1;

/// Reads what kind of store this is, makes it one if it is new, clears an unfinished load, and writes
/// what a journal was left with; answers its last commit. What was witnessed must be in it.
pub(crate) fn open<E: Engine>(
    engine: &E,
    place: &str,
    left: &Left,
    witnessed: &Witnessed,
) -> Result<Tip, StoreError> {
    let view = View::of(engine);
    match view.value(&layout::format(), |_, payload| {
        read_format(E::MAGIC, payload)
    })? {
        Some(FORMAT) => {}
        Some(newer) => {
            return Err(error::unavailable(format!(
                "{place} is written in format {newer}, this release reads format {FORMAT}: use \
                 the release that wrote it, or a newer one"
            )));
        }
        None if engine.is_untouched()? => {
            witnessed.check_age(place, Seq::ZERO)?;
            left.check_empty(place)?;
            found(engine)?;
            return Ok(Tip::ZERO);
        }
        None => return Err(error::foreign(place)),
    }
    if view.value(&layout::loading(), |_, _| Some(()))?.is_some() {
        // Only an empty store is loaded, and the tip is set in the batch that takes the mark away.
        if view.tip()?.is_some_and(|tip| tip != Tip::ZERO) {
            return Err(strange(
                &layout::loading(),
                "stands where there are commits",
            ));
        }
        witnessed.check_age(place, Seq::ZERO)?;
        left.check_empty(place)?;
        unload(engine)?;
        return Ok(Tip::ZERO);
    }
    let tip_of = |view: View<'_, E>| {
        let tip = view.tip()?;
        tip.ok_or_else(|| strange(&layout::tip(), "is missing"))
    };
    let carried = tip_of(view)?;
    // The records are carried first, and the tip last.
    let mut more = view.span(&layout::records_after(carried.seq), Order::Ascending);
    let has_part = more.next().transpose()?.is_some();
    let refused = |error| match has_part {
        true => left.lacks(carried).unwrap_or(error),
        false => error,
    };
    let pending = left.after(carried).map_err(refused)?;
    let view = View::over(engine, &pending);
    let tip = tip_of(view)?;
    let last = view.records(tip.seq.previous(), 2, tip.seq)?;
    if last.last().map_or(Tip::ZERO, Tip::of) != tip {
        return Err(refused(strange(&layout::tip(), "is not the last record")));
    }
    witnessed.check_age(place, tip.seq)?;
    witnessed.check_history(place, |seq| {
        let record = view.records(seq.previous(), 1, tip.seq)?;
        Ok(match record.first() {
            Some(record) if seq > Seq::ZERO => record.chain,
            _ => Tip::ZERO.chain,
        })
    })?;
    for batch in pending.batches() {
        tree::apply(engine, batch)?;
    }
    Ok(tip)
}

/// Makes an untouched engine a store.
fn found<E: Engine>(engine: &E) -> Result<(), StoreError> {
    let mut staged = Staged::new();
    staged.put(layout::format(), Seq::ZERO, &write_format(E::MAGIC, FORMAT));
    stage_tip(&mut staged, Tip::ZERO);
    tree::write(engine, staged)
}

/// Undoes a load that was not sealed.
pub(crate) fn unload<E: Engine>(engine: &E) -> Result<(), StoreError> {
    tree::clear(engine)?;
    let mut staged = Staged::new();
    staged.remove(layout::loading(), 0);
    stage_tip(&mut staged, Tip::ZERO);
    tree::write(engine, staged)
}

fn write_format(magic: &[u8], format: u32) -> Vec<u8> {
    let mut out = Writer::default();
    out.raw(magic);
    out.raw(&format.to_be_bytes());
    out.finish()
}

/// Later formats may add to this value, and keep its beginning.
pub(crate) fn read_format(magic: &[u8], payload: &[u8]) -> Option<u32> {
    let mut reader = Reader::new(payload);
    (reader.take(magic.len())? == magic).then_some(())?;
    reader.u32()
}

#[cfg(test)]
mod tests;
