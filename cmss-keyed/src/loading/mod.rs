//! How an empty store is filled: in bounded batches under a mark, which is taken away in the same
//! batch that sets the tip. A store that is found with the mark is cleared, and empty.
//!
//! Lines come in the order of documents, and an engine is filled soonest in the order of its keys. So
//! what the lines come to is [sorted](runs) first, and only then written. What can be said twice, a
//! unique key and a commit id, then stands side by side ([`Claims`]).
//!
//! What comes from another store, key by key, is in that order already, and is written as it is.
//!
//! Each batch is settled before the next is begun, though nobody may see it yet: an engine is only
//! asked to come through a loss of power with one batch that is not.

mod claims;
mod runs;

use std::cell::Cell;
use std::path::PathBuf;

use cmss_core::store::{Intake, Limits, Line, Lines, Seq, StoreError, Stored};

use crate::engine::{Engine, Item};
use crate::judge::{stage_record, stage_tip};
use crate::opening::unload;
use crate::proposal::Document;
use crate::reads::Tip;
use crate::shared::{Life, Shared};
use crate::staged::Staged;
use crate::{layout, tree};
use claims::Claims;
use runs::Runs;

pub(crate) use runs::tidy;

/// Bytes of one batch.
const BATCH: usize = 4_000_000;

/// Bytes that are sorted in memory, with what they cost there.
const RUN: usize = 64 * 1024 * 1024;

thread_local! {
    /// As many, for the stores that this thread opens.
    static WITHIN: Cell<usize> = const { Cell::new(RUN) };
}

/// The stores that this thread opens from now on sort so many bytes in memory: for tests, which have no
/// time to fill it.
#[doc(hidden)]
pub fn sort_within(bytes: usize) {
    WITHIN.set(bytes);
}

/// Where a load may sort.
#[derive(Debug)]
pub(crate) struct Room {
    /// Bytes in memory.
    run: usize,
    /// Where a file may hold what is more than that. Without one, as much as fits into memory is
    /// written at a time, and looked up among what was written before.
    directory: Option<PathBuf>,
}

impl Room {
    pub(crate) fn in_directory(directory: Option<PathBuf>) -> Self {
        Self {
            run: WITHIN.get(),
            directory,
        }
    }
}

/// What an empty store is filled with.
pub(crate) enum Content {
    /// The lines of a load.
    Lines(Lines),
    /// What another store with this tip holds beside its format and its tip.
    Values(Values, Tip),
}

/// Keys in their order, with the values that stand there.
pub(crate) type Values = Box<dyn Iterator<Item = Result<Item, StoreError>> + Send>;

impl Content {
    /// Fills an empty store, or leaves it empty. Runs on the committer's thread, so that nothing is
    /// committed meanwhile.
    pub(crate) fn fill<E: Engine>(
        self,
        shared: &Shared<E>,
        room: &Room,
    ) -> Result<Seq, StoreError> {
        match self {
            Self::Lines(lines) => load(shared, lines, room),
            Self::Values(values, tip) => under_mark(shared, || {
                write(shared, values, Claims::alone()).map(|()| tip)
            }),
        }
    }
}

fn load<E: Engine>(shared: &Shared<E>, lines: Lines, room: &Room) -> Result<Seq, StoreError> {
    under_mark(shared, || fill(shared, lines, room))
}

/// Fills an empty store up to a tip, or leaves it empty.
fn under_mark<E: Engine>(
    shared: &Shared<E>,
    fill: impl FnOnce() -> Result<Tip, StoreError>,
) -> Result<Seq, StoreError> {
    if shared.state()?.tip != Tip::ZERO {
        return Err(StoreError::NotEmpty);
    }
    shared.change(|state| {
        let mut mark = Staged::new();
        mark.put(layout::loading(), Seq::ZERO, &[]);
        tree::write(state.engine()?, mark)?;
        state.forget_all();
        state.life = Life::Loading;
        Ok(())
    })?;
    let filled = fill();
    let finished = match &filled {
        Ok(tip) => seal(shared, *tip),
        Err(_) => shared.state().and_then(|state| unload(state.engine()?)),
    };
    let changed = shared.change(|state| {
        finished?;
        state.tip = filled.as_ref().map_or(Tip::ZERO, |tip| *tip);
        state.life = Life::Open;
        Ok(())
    });
    match (filled, changed) {
        (Ok(tip), Ok(())) => Ok(tip.seq),
        // Whether the seal is durable is unknown, and only reopening tells.
        (Ok(_), Err(_)) => Err(StoreError::Poisoned),
        // What is left of it stands under the mark: should that not be cleared now, reopening does.
        (Err(error), _) => Err(error),
    }
}

/// Takes the mark away; what is sealed is durable.
fn seal<E: Engine>(shared: &Shared<E>, tip: Tip) -> Result<(), StoreError> {
    let mut seal = Staged::new();
    seal.remove(layout::loading(), 0);
    stage_tip(&mut seal, tip);
    tree::write(shared.state()?.engine()?, seal)
}

/// Writes what the lines come to, which is not visible before it is sealed.
fn fill<E: Engine>(shared: &Shared<E>, lines: Lines, room: &Room) -> Result<Tip, StoreError> {
    let mut intake = Intake::new();
    let mut runs = Runs::new(room.directory.as_deref());
    let mut tip = Tip::ZERO;
    let mut among = Claims::alone();
    for line in lines {
        let line = line?;
        intake.take(&line)?;
        line.check(&Limits::default())?;
        let mut staged = Staged::new();
        match line {
            Line::Doc(stored) => stage_document(&mut staged, &stored),
            Line::Record(record) => {
                tip = Tip::of(&record);
                stage_record(&mut staged, &record);
            }
            Line::End(_) => continue,
        }
        runs.add(staged);
        if runs.bytes() > room.run && !runs.put_aside()? {
            write(shared, runs.sorted()?, among)?;
            among = Claims::among_written();
        }
    }
    intake.finish()?;
    write(shared, runs.sorted()?, among)?;
    Ok(tip)
}

fn stage_document(staged: &mut Staged, stored: &Stored) {
    let (text, card) = ((stored.salt, &stored.body), stored.card.as_deref());
    let document = Document::of(&stored.at, text, card, &stored.entries);
    document.stage(staged, stored.version);
}

/// Writes what comes in the order of the keys, durably.
fn write<E: Engine>(
    shared: &Shared<E>,
    sorted: impl Iterator<Item = Result<Item, StoreError>>,
    mut claims: Claims,
) -> Result<(), StoreError> {
    let mut batch = Vec::new();
    let mut bytes = 0_usize;
    for item in sorted {
        let (key, value) = item?;
        claims.take(shared.state()?.engine()?, &key, &value)?;
        bytes = bytes.saturating_add(key.len()).saturating_add(value.len());
        batch.push((key, value));
        if bytes > BATCH {
            tree::fill(shared.state()?.engine()?, std::mem::take(&mut batch))?;
            bytes = 0;
        }
    }
    match batch.is_empty() {
        true => Ok(()),
        false => tree::fill(shared.state()?.engine()?, batch),
    }
}

#[cfg(test)]
mod tests;
