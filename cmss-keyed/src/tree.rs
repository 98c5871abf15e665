//! What is written to an engine beyond one batch.

use cmss_core::store::{Order, StoreError};

use crate::engine::{Batch, Engine, Item};
use crate::layout::Kind;
use crate::staged::Staged;
use crate::view::View;

/// Keys taken out at once when a store is cleared.
const SWEEP: usize = 10_000;

/// Writes what is staged, durably.
pub(crate) fn write<E: Engine>(engine: &E, staged: Staged) -> Result<(), StoreError> {
    apply(engine, staged.into_batch())
}

/// Writes a batch, durably.
pub(crate) fn apply<E: Engine>(engine: &E, batch: Batch) -> Result<(), StoreError> {
    engine.apply(batch)?;
    engine.settle()
}

/// Writes what comes to stand at new keys and is not read before more is written, durably.
pub(crate) fn fill<E: Engine>(engine: &E, items: Vec<Item>) -> Result<(), StoreError> {
    engine.fill(items)?;
    engine.settle()
}

/// Takes out, durably, all that documents, entries and commits have written.
pub(crate) fn clear<E: Engine>(engine: &E) -> Result<(), StoreError> {
    for kind in [
        Kind::Head,
        Kind::Body,
        Kind::Entry,
        Kind::Record,
        Kind::Receipt,
        Kind::Piece,
        Kind::Tip,
    ] {
        loop {
            let mut staged = Staged::new();
            for item in (View::of(engine).span(&kind.all(), Order::Ascending)).take(SWEEP) {
                staged.remove(item?.0.as_ref().to_vec(), 0);
            }
            if staged.is_empty() {
                break;
            }
            write(engine, staged)?;
        }
    }
    Ok(())
}
