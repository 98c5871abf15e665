//! The one place that writes: sled's tree, and the sync that makes a write durable.

use std::fs::{File, TryLockError};
use std::io;
use std::thread;
use std::time::Duration;

use cmss_core::store::{Order, StoreError};
use sled::{Db, Tree};

use crate::error;
use crate::layout::Kind;
use crate::staged::Staged;
use crate::view::View;

/// Makes what was written to the data file durable. A test may put a failing one in.
pub(crate) type Barrier = Box<dyn Fn(&File) -> io::Result<()> + Send + Sync>;

/// Forces the data to the device.
pub(crate) fn barrier() -> Barrier {
    Box::new(File::sync_data)
}

/// Keys taken out at once when a store is cleared.
const SWEEP: usize = 10_000;

/// How often, and how long apart, to look whether sled's last thread has let go of the lock.
const LETTING_GO: (u32, Duration) = (400, Duration::from_millis(5));

/// An open database and our own handle of its data file.
///
/// On Linux, sled's `flush` hands the bytes to the kernel (`sync_file_range`) but does not force
/// them to the device; the barrier on our own handle does.
pub(crate) struct Engine {
    db: Db,
    data: File,
    barrier: Barrier,
}

impl Engine {
    pub(crate) const fn new(db: Db, data: File, barrier: Barrier) -> Self {
        Self { db, data, barrier }
    }

    pub(crate) fn tree(&self) -> &Tree {
        &self.db
    }

    pub(crate) fn view(&self) -> View<'_> {
        View::of(&self.db)
    }

    /// Whether nothing was ever written.
    pub(crate) fn is_untouched(&self) -> bool {
        self.db.is_empty() && self.db.tree_names().len() == 1
    }

    /// Writes as one batch, which is not durable yet.
    pub(crate) fn apply(&self, staged: Staged) -> Result<(), StoreError> {
        (self.db.apply_batch(staged.into_batch()))
            .map_err(|source| error::engine("while writing", source))
    }

    /// Makes all that was applied durable.
    pub(crate) fn settle(&self) -> Result<(), StoreError> {
        (self.db.flush()).map_err(|source| error::engine("while flushing", source))?;
        (self.barrier)(&self.data).map_err(|source| error::io("while syncing", source))
    }

    pub(crate) fn write(&self, staged: Staged) -> Result<(), StoreError> {
        self.apply(staged)?;
        self.settle()
    }

    /// Takes out, durably, all that documents, entries and commits have written.
    pub(crate) fn clear(&self) -> Result<(), StoreError> {
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
                for item in self.view().span(&kind.all(), Order::Ascending).take(SWEEP) {
                    staged.remove(item?.0.to_vec(), 0);
                }
                if staged.is_empty() {
                    break;
                }
                self.apply(staged)?;
            }
        }
        self.settle()
    }

    /// Ends sled's threads, and waits until the lock on the data file is free, so that the
    /// directory can be opened again at once.
    pub(crate) fn let_go(self) {
        let Self { db, data, .. } = self;
        drop(db);
        let (times, apart) = LETTING_GO;
        for _ in 0..times {
            match data.try_lock() {
                Err(TryLockError::WouldBlock) => thread::sleep(apart),
                Ok(()) | Err(TryLockError::Error(_)) => return,
            }
        }
    }
}
