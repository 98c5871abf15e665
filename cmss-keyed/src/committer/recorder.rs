//! The thread that writes one group to the journal while the committer judges the next.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread::Builder;
use std::time::{Duration, Instant};

use cmss_core::store::StoreError;

use super::Job;
use crate::engine::Engine;
use crate::error;
use crate::journal::Journal;
use crate::reads::Tip;
use crate::shared::Shared;
use crate::staged::Staged;

/// What is to be written to a journal: what leads from one commit to another.
pub(super) struct Record {
    pub(super) journal: Journal,
    pub(super) before: Tip,
    pub(super) after: Tip,
    pub(super) staged: Arc<Staged>,
}

/// What became of it.
pub(crate) struct Recorded {
    pub(super) journal: Journal,
    pub(super) written: Result<(), StoreError>,
    pub(super) took: Duration,
}

impl Record {
    /// Writes it, durably, if the store is still open.
    ///
    /// Nobody is woken here, whatever happens: that is for the committer, which tells first what became
    /// of the group.
    pub(super) fn write<E: Engine>(self, shared: &Shared<E>) -> Recorded {
        let begun = Instant::now();
        let Self {
            mut journal,
            before,
            after,
            staged,
        } = self;
        let written = catch_unwind(AssertUnwindSafe(|| {
            let state = shared.state()?;
            let appended = journal.append(state.engine()?, before, after, staged.writes());
            appended.map_err(|source| error::io("while writing the journal", source))
        }));
        Recorded {
            journal,
            written: written.unwrap_or_else(|_| Err(error::panicked("while writing the journal"))),
            took: begun.elapsed(),
        }
    }
}

/// A handle on the thread, which ends after it.
pub(super) struct Recorder(Sender<Record>);

impl Recorder {
    /// Starts the thread, which tells the committer what became of each record.
    pub(super) fn start<E: Engine>(
        shared: Arc<Shared<E>>,
        committer: Sender<Job>,
    ) -> io::Result<Self> {
        let (records, sent) = channel::<Record>();
        let thread = Builder::new().name("cmss-recorder".to_owned());
        thread.spawn(move || {
            for record in sent {
                let recorded = record.write(&shared);
                // Who waits has been told when the committer has died.
                let _ = committer.send(Job::Recorded(recorded));
            }
        })?;
        Ok(Self(records))
    }

    /// Hands over a record; gives it back when the thread has died.
    pub(super) fn send(&self, record: Record) -> Option<Record> {
        self.0.send(record).err().map(|unsent| unsent.0)
    }
}
