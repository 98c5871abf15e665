//! How an empty store is filled: in bounded batches under a mark, which is taken away in the same
//! batch that sets the tip. A store that is found with the mark is cleared, and empty.
//!
//! Each batch is settled before the next is begun, though nobody may see it yet: an engine is only
//! asked to come through a loss of power with one batch that is not.

use cmss_core::store::{Intake, Limits, Line, Lines, LogRecord, Seq, StoreError, Stored};

use crate::engine::Engine;
use crate::judge::{stage_record, stage_tip};
use crate::opening::unload;
use crate::proposal::Document;
use crate::reads::Tip;
use crate::shared::{Life, Shared};
use crate::staged::Staged;
use crate::view::View;
use crate::{error, layout, tree};

/// Bytes of one batch.
const BATCH: usize = 4_000_000;

/// Fills an empty store, or leaves it empty. Runs on the committer's thread, so that nothing is
/// committed meanwhile.
pub(crate) fn load<E: Engine>(shared: &Shared<E>, lines: Lines) -> Result<Seq, StoreError> {
    if shared.state()?.tip != Tip::ZERO {
        return Err(StoreError::NotEmpty);
    }
    shared.change(|state| {
        let mut mark = Staged::new();
        mark.put(layout::loading(), Seq::ZERO, &[]);
        tree::write(state.engine()?, mark)?;
        state.life = Life::Loading;
        Ok(())
    })?;
    let filled = fill(shared, lines);
    let finished = match &filled {
        Ok(tip) => seal(shared, *tip),
        Err(_) => shared.state().and_then(|state| unload(state.engine()?)),
    };
    shared
        .change(|state| {
            finished?;
            state.tip = filled.as_ref().map_or(Tip::ZERO, |tip| *tip);
            state.life = Life::Open;
            Ok(())
        })
        // Whether the seal is durable is unknown then, and only reopening tells.
        .map_err(|_| StoreError::Poisoned)?;
    Ok(filled?.seq)
}

/// Takes the mark away; what is sealed must be durable before the seal is.
fn seal<E: Engine>(shared: &Shared<E>, tip: Tip) -> Result<(), StoreError> {
    let state = shared.state()?;
    let engine = state.engine()?;
    engine.settle()?;
    let mut seal = Staged::new();
    seal.remove(layout::loading(), 0);
    stage_tip(&mut seal, tip);
    tree::write(engine, seal)
}

/// Writes the lines, which are not visible before they are sealed.
fn fill<E: Engine>(shared: &Shared<E>, lines: Lines) -> Result<Tip, StoreError> {
    let mut intake = Intake::new();
    let mut staged = Staged::new();
    let mut tip = Tip::ZERO;
    for line in lines {
        let line = line?;
        intake.take(&line)?;
        let state = shared.state()?;
        let engine = state.engine()?;
        let view = View::over(engine, &staged);
        let writes = match line {
            Line::Doc(stored) => take_document(&view, stored)?,
            Line::Record(record) => {
                tip = Tip::of(&record);
                take_record(&view, &record)?
            }
            Line::End(_) => continue,
        };
        staged.absorb(writes);
        if staged.bytes() > BATCH {
            tree::write(engine, std::mem::take(&mut staged))?;
        }
    }
    intake.finish()?;
    shared.state()?.engine()?.apply(staged.into_batch())?;
    Ok(tip)
}

fn take_document<E: Engine>(view: &View<'_, E>, stored: Stored) -> Result<Staged, StoreError> {
    let at = &stored.at;
    stored.check(&Limits::default())?;
    for entry in stored.entries.iter().filter(|entry| entry.is_unique()) {
        if let Some(by) = view.holder(entry.index(), entry.key())? {
            let index = entry.index();
            return Err(error::corrupt(format!(
                "{at} and {by} hold the same unique key of index {index}"
            )));
        }
    }
    let mut staged = Staged::new();
    let text = (stored.salt, &stored.body);
    let document = Document::of(at, text, stored.card.as_deref(), &stored.entries);
    document.stage(&mut staged, stored.version);
    Ok(staged)
}

fn take_record<E: Engine>(view: &View<'_, E>, record: &LogRecord) -> Result<Staged, StoreError> {
    let id = record.id;
    if view.receipt(id)?.is_some() {
        return Err(error::corrupt(format!(
            "commit id {id} stands twice in the log"
        )));
    }
    let mut staged = Staged::new();
    stage_record(&mut staged, record);
    Ok(staged)
}
