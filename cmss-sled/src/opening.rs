//! How a store is opened: one function, through which every opening goes.

use std::path::Path;

use cmss_core::store::{Seq, StoreError};
use sled::Config;

use crate::codec::{Reader, Writer};
use crate::engine::{Barrier, Engine};
use crate::judge::stage_tip;
use crate::layout;
use crate::reads::Tip;
use crate::staged::Staged;
use crate::view::strange;
use crate::{directory, error};

/// The format this release writes.
const FORMAT: u32 = 1;

const MAGIC: [u8; 9] = *b"cmss-sled";

/// Larger than sled's own: see [`crate::staged::PIECE`]. It cannot be changed after creation.
const SEGMENT: usize = 8 * 1024 * 1024;

/// How often sled's own thread looks for segments to free. Nothing durable relies on it, but the
/// size of the data file does: at sled's own 500 ms, large documents that are written over and over
/// are not freed as fast as they come, and the file grows with all that was ever written.
const CLEAN_EVERY_MS: u64 = 100;

/// Opens or creates the store in a directory; answers its last commit, too.
///
/// sled may panic on damaged files in here, and nowhere else in an opening.
pub(crate) fn open(
    path: &Path,
    cache_capacity: u64,
    barrier: Barrier,
) -> Result<(Engine, Tip), StoreError> {
    directory::prepare(path)?;
    directory::ready(path)?;
    let config = Config::new()
        .path(path)
        .segment_size(SEGMENT)
        .use_compression(false)
        .flush_every_ms(Some(CLEAN_EVERY_MS))
        .cache_capacity(cache_capacity);
    let db = config.open().map_err(|source| refused(path, source))?;
    let data = directory::open_data(path)
        .map_err(|source| error::unreachable("the data file cannot be opened", source))?;
    let engine = Engine::new(db, data, barrier);
    match read(path, &engine) {
        Ok(tip) => Ok((engine, tip)),
        Err(error) => {
            engine.let_go();
            Err(error)
        }
    }
}

/// Reads what kind of store this is, makes it one if it is new, and clears an unfinished load.
fn read(path: &Path, engine: &Engine) -> Result<Tip, StoreError> {
    let view = engine.view();
    match view.value(&layout::format(), |_, payload| read_format(payload))? {
        Some(FORMAT) => {}
        Some(newer) => {
            let shown = path.display();
            return Err(error::unavailable(format!(
                "{shown} is written in format {newer}, this release reads format {FORMAT}: use \
                 the release that wrote it, or a newer one"
            )));
        }
        None if engine.is_untouched() => {
            found(engine)?;
            directory::sync(path)?;
            return Ok(Tip::ZERO);
        }
        None => return Err(directory::foreign(path)),
    }
    directory::sync(path)?;
    if view.value(&layout::loading(), |_, _| Some(()))?.is_some() {
        unload(engine)?;
        return Ok(Tip::ZERO);
    }
    let tip = view.tip()?;
    let tip = tip.ok_or_else(|| strange(&layout::tip(), "is missing"))?;
    let last = view.records(tip.seq.previous(), 2, tip.seq)?;
    if last.last().map_or(Tip::ZERO, Tip::of) == tip {
        Ok(tip)
    } else {
        Err(strange(&layout::tip(), "is not the last record"))
    }
}

/// Makes an untouched database a store.
fn found(engine: &Engine) -> Result<(), StoreError> {
    let mut staged = Staged::new();
    staged.put(layout::format(), Seq::ZERO, &write_format(FORMAT));
    stage_tip(&mut staged, Tip::ZERO);
    engine.write(staged)
}

/// Undoes a load that was not sealed.
pub(crate) fn unload(engine: &Engine) -> Result<(), StoreError> {
    engine.clear()?;
    let mut staged = Staged::new();
    staged.remove(layout::loading(), 0);
    stage_tip(&mut staged, Tip::ZERO);
    engine.write(staged)
}

fn write_format(format: u32) -> Vec<u8> {
    let mut out = Writer::default();
    out.raw(&MAGIC);
    out.raw(&format.to_be_bytes());
    out.finish()
}

/// Later formats may add to this value, and keep its beginning.
fn read_format(payload: &[u8]) -> Option<u32> {
    let mut reader = Reader::new(payload);
    (reader.array()? == MAGIC).then_some(())?;
    reader.u32()
}

/// What sled says when it does not open.
fn refused(path: &Path, source: sled::Error) -> StoreError {
    let shown = path.display();
    match source {
        // What sled makes of a lock that is held; `sled` is pinned, and a test holds it to this.
        sled::Error::Io(source) if source.to_string().starts_with("could not acquire lock") => {
            directory::held(path)
        }
        sled::Error::Io(source) => error::unreachable(format!("{shown} cannot be opened"), source),
        sled::Error::Unsupported(_) => StoreError::Unavailable {
            what: format!("{shown} holds a sled database with other settings than a store's"),
            source: Some(Box::new(source)),
        },
        source => error::engine("while opening", source),
    }
}

#[cfg(test)]
mod tests;
