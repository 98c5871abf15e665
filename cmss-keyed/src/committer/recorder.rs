//! The thread that writes one group to the journal while the committer judges the next.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use cmss_core::store::StoreError;

use super::Job;
use crate::engine::Engine;
use crate::error;
use crate::journal::Journal;
use crate::shared::Shared;

/// What became of a group, and the journal it was written to.
pub(crate) struct Recorded {
    pub(super) journal: Journal,
    pub(super) written: Result<(), StoreError>,
    pub(super) took: Duration,
}

/// Writes to a journal what was sent, durably.
pub(super) fn record<E: Engine>(shared: &Shared<E>, mut journal: Journal) -> Recorded {
    let begun = Instant::now();
    let written = shared.contained(|| {
        let state = shared.state()?;
        let (before, after, sent) = (state.tip, state.last(), state.sent().writes());
        if sent.is_empty() {
            return Ok(());
        }
        let appended = journal.append(state.engine()?, before, after, sent);
        appended.map_err(|source| error::io("while writing the journal", source))
    });
    Recorded {
        journal,
        written: written.unwrap_or(Err(StoreError::Poisoned)),
        took: begun.elapsed(),
    }
}

/// A handle on the thread, which ends with it.
pub(super) struct Recorder {
    journals: Option<Sender<Journal>>,
    thread: Option<JoinHandle<()>>,
}

impl Recorder {
    /// Starts the thread, which tells the committer what became of each group.
    pub(super) fn start<E: Engine>(
        shared: Arc<Shared<E>>,
        committer: Sender<Job>,
    ) -> io::Result<Self> {
        let (journals, sent) = channel();
        let thread = Builder::new().name("cmss-recorder".to_owned());
        let thread = thread.spawn(move || {
            for journal in sent {
                let recorded = record(&shared, journal);
                // A committer that has died has told everybody.
                let _ = committer.send(Job::Recorded(recorded));
            }
        })?;
        Ok(Self {
            journals: Some(journals),
            thread: Some(thread),
        })
    }

    /// Lets the thread write what was sent; gives the journal back when it has died.
    pub(super) fn send(&self, journal: Journal) -> Result<(), Journal> {
        match &self.journals {
            Some(journals) => journals.send(journal).map_err(|unsent| unsent.0),
            None => Err(journal),
        }
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        drop(self.journals.take());
        if let Some(thread) = self.thread.take() {
            // It contains what panics.
            let _ = thread.join();
        }
    }
}
