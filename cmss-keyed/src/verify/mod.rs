//! Whether a store is whole: everything it holds is looked at, piece by piece, in bounded memory.
//!
//! Commits may go on meanwhile. Documents are [added up](tally), each thing in the order in which it
//! stands; where that does not come out even, by a fault or by a commit in between, each thing is
//! looked up for the other under one lock: what is seen together then is of one state, and only then
//! something is called missing, stray or another. The log alone is followed from step to step, and
//! only grows.

mod corruption;
mod documents;
mod entries;
mod log;
mod places;
mod tally;

use cmss_core::store::{Digest, DocRef, Order, Seq, StoreError};

use crate::engine::Engine;
use crate::layout::{self, Kind, Span};
use crate::reads::Tip;
use crate::records::Head;
use crate::shared::Shared;
use crate::view::View;

use documents::{Bodies, Heads};
use entries::Entries;
use tally::{Tally, Way};

pub use corruption::{Corruption, CorruptionKind, Location, Unverified};

/// A store that was found whole.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Verified {
    /// The last commit of the log, as far as it was followed.
    pub as_of: Seq,
    /// The chain after that commit: it stands for the whole log.
    pub chain: Digest,
    /// What was examined.
    pub examined: Examined,
}

/// How much was examined.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Examined {
    /// Documents.
    pub documents: u64,
    /// Index entries.
    pub entries: u64,
    /// Log records.
    pub records: u64,
    /// Values in the engine: all of these, and what else a store is made of.
    pub values: u64,
}

/// The work done under one lock, in lookups of a value or 16 kB of one.
const STEP: usize = 256;

/// What a lookup costs more when it reads so many bytes.
const fn weight(bytes: usize) -> usize {
    1 + bytes / 16_384
}

/// One state, and what is looked up in it.
struct Look<'a, E> {
    view: View<'a, E>,
    tip: Tip,
}

impl<E: Engine> Look<'_, E> {
    fn head(&self, at: &DocRef) -> Result<Option<(Seq, Head)>, Unverified> {
        let key = layout::head(at);
        let head = (self.view).value(&key, |seq, payload| Some((seq, Head::read(payload)?)));
        head.map_err(|error| at_key(&key, error))
    }
}

/// What reading the value at a key says of it.
pub(crate) fn at_key(key: &[u8], error: StoreError) -> Unverified {
    Location::of(key).read(error)
}

/// What is done with the values of one stretch of the tree.
trait Pass<E: Engine> {
    /// Looks at one value; answers what that cost.
    fn visit(
        &mut self,
        look: &Look<'_, E>,
        key: &[u8],
        value: &[u8],
        examined: &mut Examined,
    ) -> Result<usize, Unverified>;

    /// There was nothing after the last one, in the state it was seen in.
    fn end(&mut self, _: &Look<'_, E>) -> Result<(), Unverified> {
        Ok(())
    }
}

struct Verification<'a, E, P> {
    shared: &'a Shared<E>,
    examined: Examined,
    progress: P,
}

/// Looks at everything; see [`KeyedStore::verify`](crate::KeyedStore::verify).
pub(crate) fn verify<E: Engine>(
    shared: &Shared<E>,
    progress: impl FnMut(&Examined),
) -> Result<Verified, Unverified> {
    let mut verification = Verification {
        shared,
        examined: Examined::default(),
        progress,
    };
    shared.inspect()?;
    for gap in layout::gaps() {
        verification.walk(gap, &mut places::Nowhere)?;
    }
    verification.walk(Kind::Format.all(), &mut places::Format::default())?;
    verification.walk(Kind::Loading.all(), &mut places::Nowhere)?;
    verification.compare_documents()?;
    verification.walk(Kind::Piece.all(), &mut places::Pieces)?;
    let Tip { seq, chain } = verification.follow_log(log::MOST)?;
    verification.walk(Kind::Receipt.all(), &mut log::Receipts)?;
    verification.walk(Kind::Tip.all(), &mut places::Tips::default())?;
    Ok(Verified {
        as_of: seq,
        chain,
        examined: verification.examined,
    })
}

impl<E: Engine, P: FnMut(&Examined)> Verification<'_, E, P> {
    /// Holds heads, bodies and entries against each other.
    fn compare_documents(&mut self) -> Result<(), Unverified> {
        let tally = self.add_up_documents()?;
        if tally.is_even() {
            return Ok(());
        }
        let counted = self.examined;
        self.look_up_documents(&tally)?;
        self.examined = counted;
        Ok(())
    }

    /// Adds up what heads tell of, and what there is.
    fn add_up_documents(&mut self) -> Result<Tally, Unverified> {
        let mut tally = Tally::new();
        self.walk(Kind::Head.all(), &mut Heads(Way::AddUp(&mut tally)))?;
        self.walk(Kind::Body.all(), &mut Bodies(Way::AddUp(&mut tally)))?;
        self.walk(Kind::Entry.all(), &mut Entries(Way::AddUp(&mut tally)))?;
        Ok(tally)
    }

    /// Looks up what does not add up.
    fn look_up_documents(&mut self, tally: &Tally) -> Result<(), Unverified> {
        self.walk(Kind::Head.all(), &mut Heads(Way::LookUp(tally)))?;
        self.walk(Kind::Body.all(), &mut Bodies(Way::LookUp(tally)))?;
        self.walk(Kind::Entry.all(), &mut Entries(Way::LookUp(tally)))
    }

    /// Follows the log to its end, as often as it takes when so many documents that are gone are
    /// kept in mind.
    fn follow_log(&mut self, most: usize) -> Result<Tip, Unverified> {
        let mut records = log::Records::new(most);
        self.walk(Kind::Record.all(), &mut records)?;
        let (tip, gone) = records.finish();
        let counted = self.examined;
        let mut rest = gone.rest();
        while let Some(mut gone) = rest {
            self.walk(Kind::Record.all(), &mut gone)?;
            self.examined = counted;
            rest = gone.rest();
        }
        Ok(tip)
    }

    /// Goes through a stretch of the tree in steps, each of one state.
    fn walk(&mut self, mut span: Span, pass: &mut impl Pass<E>) -> Result<(), Unverified> {
        loop {
            let examined = &mut self.examined;
            let next = (self.shared)
                .settled(|view, tip| Ok(step(&Look { view, tip }, &span, pass, examined)))??;
            (self.progress)(&self.examined);
            match next {
                Some(next) => span.from = next,
                None => return Ok(()),
            }
        }
    }
}

/// Looks at values until there was enough work; answers where to go on.
fn step<E: Engine>(
    look: &Look<'_, E>,
    span: &Span,
    pass: &mut impl Pass<E>,
    examined: &mut Examined,
) -> Result<Option<Vec<u8>>, Unverified> {
    let mut work = 0_usize;
    for item in look.view.span(span, Order::Ascending) {
        let (key, value) = item?;
        if work >= STEP {
            return Ok(Some(key.as_ref().to_vec()));
        }
        let cost = pass.visit(look, key.as_ref(), value.as_ref(), examined)?;
        work = work.saturating_add(cost);
        examined.values = examined.values.saturating_add(1);
    }
    pass.end(look)?;
    Ok(None)
}

#[cfg(test)]
mod tests;
