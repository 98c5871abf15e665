//! What the store keeps its values in: sled's tree, and the sync that makes a write durable.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use cmss_core::store::StoreError;
use cmss_keyed::{Batch, Engine, Item, error};
use sled::{Db, IVec};

use crate::closing;
use crate::directory::{self, Gate};
use crate::opening::{self, Settings};

/// Makes what was written to the data file durable. A test may put a failing one in.
pub(crate) type Barrier = Box<dyn Fn(&File) -> io::Result<()> + Send + Sync>;

/// Forces the data to the device.
pub(crate) fn barrier() -> Barrier {
    Box::new(File::sync_data)
}

/// How often, and how long apart, to look whether sled's last thread has let go of the lock. On a busy
/// device it may wait for seconds there.
const LETTING_GO: (u32, Duration) = (6_000, Duration::from_millis(5));

/// Keys of a batch for each time that crossbeam-epoch is asked to free something, which is up to
/// eight bags of sixty-four.
const SWEEP: usize = 64;

/// The least keys of a batch after which it is asked: after less, the lookups that come between are
/// calls of sled enough.
const LARGE: usize = 256;

/// The least bytes of a value that [`SledEngine::fill`] writes after the keys.
const LONG: usize = 1024;

/// Bytes of a range that are read before sled is told of it more often than it notices.
const SHORT: usize = 32 * 1024;

/// Bytes of a longer one for each time that sled is told of it.
const TOLD: usize = 4 * 1024;

/// An open database and our own handle of its data file.
///
/// On Linux, sled's `flush` hands the bytes to the kernel (`sync_file_range`) but does not force
/// them to the device; the barrier on our own handle does.
pub(crate) struct SledEngine {
    db: Db,
    data: File,
    barrier: Barrier,
    settings: Settings,
    path: PathBuf,
    /// The names of sled's files are durable.
    is_named: AtomicBool,
    /// All that was applied is durable.
    is_settled: AtomicBool,
}

impl SledEngine {
    pub(crate) fn new(
        db: Db,
        data: File,
        barrier: Barrier,
        settings: Settings,
        path: &Path,
    ) -> Self {
        Self {
            db,
            data,
            barrier,
            settings,
            path: path.to_owned(),
            is_named: AtomicBool::new(false),
            is_settled: AtomicBool::new(false),
        }
    }
}

impl Engine for SledEngine {
    const MAGIC: &'static [u8] = b"cmss-sled";

    type Bytes = IVec;

    fn get(&self, key: &[u8]) -> Result<Option<IVec>, StoreError> {
        (self.db.get(key)).map_err(|source| failed("while reading", source))
    }

    fn range<'a>(
        &'a self,
        from: &[u8],
        until: &[u8],
    ) -> impl DoubleEndedIterator<Item = Result<(IVec, IVec), StoreError>> + use<'a> {
        let found = self.db.range(from..until);
        let mut untold = 0_usize;
        found.map(move |item| {
            let (key, value) = item.map_err(|source| failed("while reading", source))?;
            let read = key.len().saturating_add(value.len());
            untold = untold.saturating_add(read);
            while untold > SHORT {
                untold = untold.saturating_sub(TOLD);
                self.tell(&key)?;
            }
            Ok((key, value))
        })
    }

    fn apply(&self, batch: Batch) -> Result<(), StoreError> {
        self.is_settled.store(false, Ordering::Release);
        let keys = batch.len();
        let mut writes = sled::Batch::default();
        for (key, value) in batch {
            match value {
                Some(value) => writes.insert(key, value),
                None => writes.remove(key),
            }
        }
        let applied = self.db.apply_batch(writes);
        sweep(keys);
        applied.map_err(|source| failed("while writing", source))
    }

    /// The keys first, with the short values, and then the long ones.
    ///
    /// sled splits a leaf of seventeen keys, and writes both halves anew; so what comes in the order of
    /// the keys is written several times over, and half of the file is what it was written over. A half
    /// that was split off has eight keys, and takes as many values, each written once, before sled
    /// writes it anew.
    fn fill(&self, items: Vec<Item>) -> Result<(), StoreError> {
        self.is_settled.store(false, Ordering::Release);
        let keys = items.len();
        let is_long = |value: &[u8]| value.len() >= LONG;
        let write = |(key, value): (&[u8], &[u8])| {
            let written = self.db.insert(key, value).map(drop);
            written.map_err(|source| failed("while writing", source))
        };
        let pairs = items.iter().map(|(key, value)| (&**key, &**value));
        (pairs.clone())
            .map(|(key, value)| (key, if is_long(value) { &[] } else { value }))
            .try_for_each(write)?;
        sweep(keys);
        pairs
            .filter(|(_, value)| is_long(value))
            .try_for_each(write)?;
        sweep(keys);
        Ok(())
    }

    fn settle(&self) -> Result<(), StoreError> {
        // A sync that fails makes what was durable before uncertain, too.
        self.is_settled.store(false, Ordering::Release);
        if !self.is_named.load(Ordering::Acquire) {
            directory::sync(&self.path)?;
            self.is_named.store(true, Ordering::Release);
        }
        (self.db.flush()).map_err(|source| failed("while flushing", source))?;
        (self.barrier)(&self.data).map_err(|source| error::io("while syncing", source))?;
        self.is_settled.store(true, Ordering::Release);
        Ok(())
    }

    fn is_untouched(&self) -> Result<bool, StoreError> {
        Ok(self.db.is_empty() && self.db.tree_names().len() == 1)
    }

    /// Nothing that sled puts elsewhere is ever synced: no file in `blobs`, no other tree.
    fn inspect(&self) -> Result<(), StoreError> {
        if self.db.tree_names().len() != 1 {
            return Err(error::corrupt(
                "the database has a tree that no store makes",
            ));
        }
        directory::no_blobs(&self.path)
    }

    fn room(&self) -> usize {
        self.settings.answers
    }

    /// Ends sled's threads, and waits until the lock on the data file is free. What was settled is
    /// left so that it opens in one step, if that can be done.
    fn let_go(self) {
        // Whoever opens the directory meanwhile is refused, as if it were still open.
        let gate = Gate::enter(&self.path);
        let may_read = matches!(gate, Ok(Some(_))) && self.is_settled.into_inner();
        drop(self.db);
        wait_until_free(&self.data);
        // Ending, sled has moved values about. What it concludes from that it syncs by itself, so all
        // of that must be durable before.
        if may_read
            && (self.barrier)(&self.data).is_ok()
            && opening::read_log(self.settings, &self.path, &self.barrier).is_ok()
        {
            let _ = closing::mark(&self.path, &self.data);
        }
    }
}

impl SledEngine {
    /// Lets sled count a leaf once more that was just read.
    ///
    /// Whether something has to leave its cache, sled asks after 64 accesses in one of 256 parts of it,
    /// and a range is one access for each leaf. Large leaves that are read one after another would keep
    /// a gigabyte in memory until then.
    fn tell(&self, key: &[u8]) -> Result<(), StoreError> {
        let counted = self.db.contains_key(key).map(drop);
        counted.map_err(|source| failed("while reading", source))
    }
}

/// Frees what sled has replaced while it wrote so many keys.
///
/// sled leaves that to crossbeam-epoch, which frees a few hundred things in every hundred calls of
/// sled. A large batch is one call, and leaves several things for each of its keys: without this, one
/// after another would keep in memory all that they write over, and its place in the file as well.
fn sweep(keys: usize) {
    if keys < LARGE {
        return;
    }
    for _ in 0..keys / SWEEP {
        crossbeam_epoch::pin().flush();
    }
}

/// Waits, not for ever, until sled's last thread has let go of the lock.
pub(crate) fn wait_until_free(data: &File) {
    let (times, apart) = LETTING_GO;
    for _ in 0..times {
        match data.try_lock() {
            Err(TryLockError::WouldBlock) => thread::sleep(apart),
            Ok(()) => {
                // Another opening may follow at once, before this handle is dropped.
                let _ = data.unlock();
                return;
            }
            Err(TryLockError::Error(_)) => return,
        }
    }
}

/// A failure of sled while `what` was done.
pub(crate) fn failed(what: &str, source: sled::Error) -> StoreError {
    match source {
        sled::Error::Io(source) => error::io(what, source),
        sled::Error::Corruption { .. } => StoreError::Corrupt {
            what: format!("the data files, found {what}"),
            source: Some(Box::new(source)),
        },
        source => StoreError::Backend {
            what: what.to_owned(),
            source: Some(Box::new(source)),
        },
    }
}
