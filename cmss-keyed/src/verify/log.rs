//! The log: unbroken from the first record to the tip, with a receipt each; and what it last tells
//! of each document is what there is.

use std::collections::BTreeMap;

use cmss_core::store::{Change, DocRef, LogRecord, Seq, Touched};

use crate::engine::Engine;
use crate::layout::{self, Spot};
use crate::reads::Tip;
use crate::records;

use super::{CorruptionKind, Examined, Location, Look, Pass, Unverified, at_key, weight};

/// How many documents that are gone are kept in mind at once.
pub(super) const MOST: usize = 100_000;

/// Receipts: each is that of a record.
pub(super) struct Receipts;

impl<E: Engine> Pass<E> for Receipts {
    fn visit(
        &mut self,
        look: &Look<'_, E>,
        key: &[u8],
        value: &[u8],
        _: &mut Examined,
    ) -> Result<usize, Unverified> {
        let Some(Spot::Receipt(id)) = Spot::of(key) else {
            return Err(Location::of(key).is(CorruptionKind::Stray));
        };
        let receipt = look.view.complete(key, value, |seq, payload| {
            Some((seq, records::read_digest(payload)?))
        });
        let (seq, digest) = receipt.map_err(|error| at_key(key, error))?;
        let record = layout::record(seq);
        let mut read = 0;
        let named = look.view.value(&record, |_, payload| {
            read = payload.len();
            records::read_name(payload)
        });
        match named.map_err(|error| at_key(&record, error))? {
            Some(named) if named == (id, digest) => Ok(weight(read).saturating_add(1)),
            Some(_) => Err(Location::Receipt(id).is(CorruptionKind::Differs)),
            None => Err(Location::Receipt(id).is(CorruptionKind::Stray)),
        }
    }
}

/// Records, from the first on.
pub(super) struct Records {
    tip: Tip,
    gone: Gone,
}

impl Records {
    /// So many documents that are gone are kept in mind.
    pub(super) const fn new(most: usize) -> Self {
        Self {
            tip: Tip::ZERO,
            gone: Gone::new(most),
        }
    }

    /// The last record seen, and the documents that were gone.
    pub(super) fn finish(self) -> (Tip, Gone) {
        (self.tip, self.gone)
    }
}

impl<E: Engine> Pass<E> for Records {
    fn visit(
        &mut self,
        look: &Look<'_, E>,
        key: &[u8],
        value: &[u8],
        examined: &mut Examined,
    ) -> Result<usize, Unverified> {
        let record = read(look, key, value)?;
        let seq = record.seq;
        let next = self.tip.seq.next();
        if seq < next || seq > look.tip.seq {
            return Err(Location::Record(seq).is(CorruptionKind::Stray));
        }
        if seq != next {
            return Err(Location::Record(next).is(CorruptionKind::Missing));
        }
        if !record.follows(self.tip.chain) {
            return Err(Location::Record(seq).is(CorruptionKind::BreaksChain));
        }
        let receipt = look.view.receipt(record.id);
        match receipt.map_err(|error| at_key(&layout::receipt(record.id), error))? {
            None => return Err(Location::Receipt(record.id).is(CorruptionKind::Missing)),
            Some(receipt) if (receipt.seq, receipt.digest) != (seq, record.digest) => {
                return Err(Location::Receipt(record.id).is(CorruptionKind::Differs));
            }
            Some(_) => {}
        }
        for touched in &record.touched {
            self.gone.touch(look, seq, touched)?;
        }
        self.tip = Tip::of(&record);
        examined.records = examined.records.saturating_add(1);
        Ok(weight(value.len()).saturating_add(record.touched.len()))
    }

    fn end(&mut self, look: &Look<'_, E>) -> Result<(), Unverified> {
        if self.tip.seq < look.tip.seq {
            return Err(Location::Record(self.tip.seq.next()).is(CorruptionKind::Missing));
        }
        if self.tip.chain != look.tip.chain {
            return Err(Location::Record(self.tip.seq).is(CorruptionKind::BreaksChain));
        }
        self.gone.none_is_missed()
    }
}

/// Documents that are not there although a record has put them: a later one must remove them.
///
/// When there are more of them than are kept in mind, those that sort last are left to another run
/// through the log.
pub(super) struct Gone {
    from: Option<DocRef>,
    until: Option<DocRef>,
    missed: BTreeMap<DocRef, Seq>,
    most: usize,
}

impl Gone {
    const fn new(most: usize) -> Self {
        Self {
            from: None,
            until: None,
            missed: BTreeMap::new(),
            most,
        }
    }

    /// What is left when the log has been run through; `None` when nothing is.
    pub(super) fn rest(self) -> Option<Self> {
        Some(Self {
            from: Some(self.until?),
            until: None,
            missed: BTreeMap::new(),
            most: self.most,
        })
    }

    fn touch<E: Engine>(
        &mut self,
        look: &Look<'_, E>,
        seq: Seq,
        Touched { at, change }: &Touched,
    ) -> Result<(), Unverified> {
        let is_later = self.until.as_ref().is_some_and(|until| until <= at);
        if is_later || self.from.as_ref().is_some_and(|from| at < from) {
            return Ok(());
        }
        let version = look.view.version(at);
        let version = version.map_err(|error| at_key(&layout::head(at), error))?;
        match (version, change) {
            (Some(version), Change::Put(_)) if version >= seq => {}
            (Some(version), Change::Removed) if version > seq => {}
            (Some(_), _) => {
                return Err(Location::Document(at.clone()).is(CorruptionKind::NotAsLogged(seq)));
            }
            (None, Change::Put(_)) => drop(self.missed.insert(at.clone(), seq)),
            (None, Change::Removed) => drop(self.missed.remove(at)),
        }
        if self.missed.len() > self.most {
            let middle = self.missed.keys().nth(self.most / 2).cloned();
            if let Some(middle) = middle {
                self.missed.split_off(&middle);
                self.until = Some(middle);
            }
        }
        Ok(())
    }

    fn none_is_missed(&self) -> Result<(), Unverified> {
        match self.missed.first_key_value() {
            None => Ok(()),
            Some((at, _)) => Err(Location::Document(at.clone()).is(CorruptionKind::Missing)),
        }
    }
}

impl<E: Engine> Pass<E> for Gone {
    fn visit(
        &mut self,
        look: &Look<'_, E>,
        key: &[u8],
        value: &[u8],
        _: &mut Examined,
    ) -> Result<usize, Unverified> {
        let record = read(look, key, value)?;
        for touched in &record.touched {
            self.touch(look, record.seq, touched)?;
        }
        Ok(weight(value.len()).saturating_add(record.touched.len()))
    }

    fn end(&mut self, _: &Look<'_, E>) -> Result<(), Unverified> {
        self.none_is_missed()
    }
}

fn read<E: Engine>(look: &Look<'_, E>, key: &[u8], value: &[u8]) -> Result<LogRecord, Unverified> {
    let Some(Spot::Record(place)) = Spot::of(key) else {
        return Err(Location::of(key).is(CorruptionKind::Stray));
    };
    let record = (look.view).complete(key, value, records::read_record);
    let record = record.map_err(|error| at_key(key, error))?;
    if record.seq == place {
        Ok(record)
    } else {
        Err(Location::Record(place).is(CorruptionKind::OfAnotherCommit))
    }
}
