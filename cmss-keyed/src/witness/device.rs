//! A device of tests, which fails and loses power when it is told to.

use std::io;
use std::sync::{Arc, Mutex};

use super::{Medium, SLOT, Slot};

/// What is durable, and what was written since, in order.
#[derive(Default)]
struct Kept {
    durable: [Vec<u8>; 2],
    written: Vec<(Slot, [u8; SLOT])>,
    syncs: usize,
    broken: bool,
    syncs_broken: bool,
}

#[derive(Clone, Default)]
pub(crate) struct Device(Arc<Mutex<Kept>>);

impl Device {
    pub(crate) fn syncs(&self) -> usize {
        self.0.lock().unwrap().syncs
    }

    /// Whether all that was written is durable.
    pub(crate) fn is_synced(&self) -> bool {
        self.0.lock().unwrap().written.is_empty()
    }

    /// Fails from now on.
    pub(crate) fn break_down(&self) {
        self.0.lock().unwrap().broken = true;
    }

    /// Fails from now on when it is to sync.
    pub(crate) fn break_down_at_syncs(&self) {
        self.0.lock().unwrap().syncs_broken = true;
    }

    /// What may be found when the power goes: each write since the last sync is there, is not, or
    /// is there with its beginning alone.
    pub(crate) fn cut(&self, fates: &[usize]) -> [Vec<u8>; 2] {
        let kept = self.0.lock().unwrap();
        let mut slots = kept.durable.clone();
        for ((slot, bytes), fate) in kept.written.iter().zip(fates.iter().cycle()) {
            put(&mut slots, *slot, &bytes[..(*fate).min(SLOT)]);
        }
        slots
    }
}

fn put(slots: &mut [Vec<u8>; 2], slot: Slot, bytes: &[u8]) {
    let at = usize::from(slot == Slot::Second);
    slots[at].resize(SLOT, 0);
    slots[at][..bytes.len()].copy_from_slice(bytes);
}

impl Kept {
    fn works(&self, broken: bool) -> io::Result<()> {
        match self.broken || broken {
            true => Err(io::Error::other("injected")),
            false => Ok(()),
        }
    }
}

impl Medium for Device {
    fn write(&mut self, slot: Slot, bytes: &[u8; SLOT]) -> io::Result<()> {
        let mut kept = self.0.lock().unwrap();
        kept.works(false)?;
        kept.written.push((slot, *bytes));
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        let mut kept = self.0.lock().unwrap();
        kept.works(kept.syncs_broken)?;
        for (slot, bytes) in std::mem::take(&mut kept.written) {
            put(&mut kept.durable, slot, &bytes);
        }
        kept.syncs += 1;
        Ok(())
    }
}
