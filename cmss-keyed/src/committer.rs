//! The one thread that commits: it judges the changesets that come, one after another, writes those
//! that waited together, and answers each when all that it was judged on is durable.

mod group;
mod jobs;
mod pace;
mod recorder;

use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{Builder, JoinHandle, panicking};
use std::time::{Duration, Instant};
use std::{io, mem};

use cmss_core::store::{Receipt, Seq, StoreError};
use futures_channel::oneshot;

use self::group::{Group, Waiting};
use self::jobs::Jobs;
use self::pace::{Pace, Past};
use self::recorder::{Record, Recorded, Recorder};
use crate::engine::Engine;
use crate::error;
use crate::journal::Journal;
use crate::loading::{Content, Room};
use crate::proposal::Proposal;
use crate::reads::Tip;
use crate::shared::{Shared, State};
use crate::staged::{NOTHING, Staged};
use crate::witness::Witness;

/// How long the thread stays awake for the next job. Who commits one thing after another sends the
/// next within this time, and need not wake a thread for it.
const AWAKE: Duration = Duration::from_micros(60);

/// Bytes of a journal that the engine has not: after more, it gets them before the next commit.
pub(crate) const PENDING: usize = 16 * 1024 * 1024;

/// How long nobody commits before the engine gets what the journal has.
const IDLE: Duration = Duration::from_millis(100);

/// What the committer is asked.
pub(crate) enum Job {
    Commit(Commit),
    Load(Content, Loaded),
    /// A group has been written to the journal, or has not.
    Recorded(Recorded),
    /// Nothing comes any more.
    End,
}

/// Told what became of a load.
pub(crate) type Loaded = Box<dyn FnOnce(Result<Seq, StoreError>) + Send>;

/// A changeset that has been checked, and who waits for its answer.
pub(crate) struct Commit {
    pub(crate) proposal: Proposal,
    pub(crate) answer: Answer,
}

type Answer = oneshot::Sender<Result<Receipt, StoreError>>;

/// Starts the thread, which leaves no more than so many bytes to the journal alone. It ends when it is
/// told so, after all that was sent before.
pub(crate) fn start<E: Engine>(
    shared: Arc<Shared<E>>,
    journal: Option<Journal>,
    witness: Option<Witness>,
    room: Room,
    most: usize,
) -> io::Result<(Sender<Job>, JoinHandle<()>)> {
    let (sender, jobs) = channel();
    let recorder = (journal.as_ref()).map(|_| Recorder::start(shared.clone(), sender.clone()));
    let recorder = recorder.transpose()?;
    let thread = Builder::new()
        .name("cmss-committer".to_owned())
        .spawn(move || {
            let committer = Committer {
                shared,
                jobs: Jobs::from(jobs),
                journal,
                recorder,
                witness,
                room,
                most,
                sent: None,
                group: Group::default(),
                pace: Pace::new(),
            };
            committer.run();
        })?;
    Ok((sender, thread))
}

struct Committer<E: Engine> {
    shared: Arc<Shared<E>>,
    jobs: Jobs,
    /// None where there is none, and while a group is written to it.
    journal: Option<Journal>,
    /// Where there is a journal.
    recorder: Option<Recorder>,
    witness: Option<Witness>,
    room: Room,
    /// More bytes than so many are not left to the journal alone.
    most: usize,
    /// The group that is being written.
    sent: Option<Sent>,
    /// The group that is judged.
    group: Group,
    pace: Pace,
}

/// A group that is being written.
struct Sent {
    staged: Arc<Staged>,
    last: Tip,
    waiting: Waiting,
}

impl<E: Engine> Committer<E> {
    fn run(mut self) {
        while let Some(job) = self.next() {
            match job {
                Job::Commit(commit) => self.judge(commit),
                Job::Recorded(recorded) => self.take(recorded),
                Job::Load(content, answer) => {
                    self.finish();
                    let load = || content.fill(&self.shared, &self.room);
                    let loaded = self.shared.contained(load);
                    answer(loaded.unwrap_or(Err(StoreError::Poisoned)));
                    self.attest();
                }
                Job::End => break,
            }
            if self.is_enough() {
                self.write();
            }
        }
        self.finish();
        self.carry();
        if let Some(journal) = self.journal.take() {
            journal.end();
        }
        let witness = self.witness.as_mut();
        let synced = witness.map_or(Ok(()), |witness| witness.sync(Instant::now()));
        let synced = synced.map_err(|source| error::io("while syncing the witness", source));
        self.shared.release(synced);
    }

    /// Whether the group is worth writing, or takes no more.
    fn is_enough(&self) -> bool {
        self.pace.is_enough(self.group.size()) || !self.group.has_room()
    }

    /// The next job; `None` when none can come any more.
    fn next(&mut self) -> Option<Job> {
        if !self.group.has_room() {
            // It has not been written, so another is.
            return self.jobs.recorded().map(Job::Recorded);
        }
        if let Some(job) = self.jobs.at_hand() {
            return Some(job);
        }
        if self.sent.is_none() && !self.group.is_empty() {
            if let Some(job) = self.jobs.before(self.pace.until()) {
                return Some(job);
            }
            self.write();
        }
        let soon = self.jobs.before(Instant::now() + AWAKE);
        soon.or_else(|| self.sometime())
    }

    /// The next job, however long it takes. Until it comes, what the witness has seen becomes durable
    /// in its time, and the engine gets what the journal has.
    fn sometime(&mut self) -> Option<Job> {
        let idle_from = Instant::now();
        loop {
            let now = Instant::now();
            let syncs = self.witness.as_ref().and_then(|witness| witness.due(now));
            let idle = now.saturating_duration_since(idle_from);
            let may_carry = self.sent.is_none() && self.is_pending();
            let carries = may_carry.then(|| IDLE.saturating_sub(idle));
            let due = syncs.into_iter().chain(carries).min();
            match self.jobs.next(due) {
                Ok(job) => return Some(job),
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) if carries == due => self.carry(),
                Err(RecvTimeoutError::Timeout) => self.sync_witness(),
            }
        }
    }

    /// Judges one more of the group, on the state and what is being written.
    fn judge(&mut self, commit: Commit) {
        let begun = Instant::now();
        if self.group.is_empty() {
            self.pace.begin(begun);
        }
        let proposal = self.group.enter(commit);
        let judged = self.shared.contained(|| {
            let state = self.shared.state()?;
            let sent = match &self.sent {
                Some(sent) => (&*sent.staged, sent.last),
                None => (&NOTHING, state.tip),
            };
            self.group.judge(state.view()?, sent, proposal);
            Ok::<(), StoreError>(())
        });
        self.group.took(begun.elapsed());
        if !matches!(judged, Some(Ok(()))) {
            mem::take(&mut self.group).refuse();
        }
    }

    /// Writes the group, unless another is being written. All that it was judged on is durable then.
    fn write(&mut self) {
        if self.sent.is_some() || self.group.is_empty() {
            return;
        }
        let group = mem::take(&mut self.group);
        let Ok(before) = self.shared.state().map(|state| state.tip) else {
            return group.refuse();
        };
        let writes_nothing = group.writes_nothing();
        let (staged, last, waiting) = group.close();
        if writes_nothing {
            return waiting.answer(Ok(()));
        }
        let Some(journal) = self.journal.take() else {
            let begun = Instant::now();
            let written = self.change(|state| state.write(staged, last));
            return self.settle(waiting, written, begun.elapsed());
        };
        let staged = Arc::new(staged);
        let record = Record {
            journal,
            before,
            after: last,
            staged: staged.clone(),
        };
        self.sent = Some(Sent {
            staged,
            last,
            waiting,
        });
        // Who commits alone would only wait for another thread.
        let here = match &self.recorder {
            Some(recorder) if !self.pace.is_alone() => recorder.send(record),
            _ => Some(record),
        };
        if let Some(record) = here {
            let recorded = record.write(&self.shared);
            self.take(recorded);
        }
    }

    /// Takes in a group that the journal has, or has not.
    fn take(&mut self, recorded: Recorded) {
        let Recorded {
            journal,
            written,
            took,
        } = recorded;
        self.journal = Some(journal);
        if let Some(sent) = self.sent.take() {
            let taken = self.change(|state| {
                written?;
                state.take(Arc::unwrap_or_clone(sent.staged), sent.last);
                Ok(())
            });
            self.settle(sent.waiting, taken, took);
        }
    }

    fn change(
        &self,
        change: impl FnOnce(&mut State<E>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let changed = self.shared.contained(|| self.shared.change(change));
        changed.unwrap_or(Err(StoreError::Poisoned))
    }

    /// Lets the next group be written, if it is to be, and answers the one that was.
    fn settle(&mut self, waiting: Waiting, written: Result<(), StoreError>, took: Duration) {
        let crowd = [waiting.size(), self.group.size(), self.jobs.count()];
        let past = Past {
            size: waiting.size(),
            judging: waiting.judging(),
            writing: took,
        };
        let overlaps = self.recorder.is_some();
        self.pace.learn(&past, crowd.into_iter().sum(), overlaps);
        if written.is_err() {
            // It was judged on what now may or may not be there.
            mem::take(&mut self.group).refuse();
        }
        let journal = self.journal.as_ref();
        let is_full = journal.is_some_and(|journal| journal.length() > self.most);
        if !is_full && self.is_enough() {
            self.write();
        }
        waiting.answer(written);
        self.attest();
        if is_full {
            self.carry();
        }
    }

    /// Sees to it that everything that was judged is answered.
    fn finish(&mut self) {
        loop {
            self.write();
            if self.sent.is_none() {
                break;
            }
            let Some(recorded) = self.jobs.recorded() else {
                break;
            };
            self.take(recorded);
        }
    }

    /// Whether the journal has what the engine does not.
    fn is_pending(&self) -> bool {
        self.shared.state().is_ok_and(|state| state.is_pending())
    }

    /// Lets the engine have what the journal has, which then begins again.
    fn carry(&mut self) {
        if !self.is_pending() {
            return;
        }
        let carried = self.shared.contained(|| self.shared.carry());
        match carried.unwrap_or_else(|| Err(error::panicked("while writing"))) {
            Ok(()) => self.journal.iter_mut().for_each(Journal::restart),
            // Nobody waits for an answer who could be told.
            Err(error) => self.shared.fail(error),
        }
    }

    fn sync_witness(&mut self) {
        if let Some(witness) = &mut self.witness {
            let synced = witness.sync(Instant::now());
            self.distrust(synced);
        }
    }

    /// Lets the witness write down what is durable by now.
    fn attest(&mut self) {
        if let Some(witness) = &mut self.witness
            && let Ok(tip) = self.shared.state().map(|state| state.tip)
        {
            let noted = witness.note(tip, Instant::now());
            self.distrust(noted);
        }
    }

    /// Where a witness cannot be written, nothing is answered that it should have seen. What has
    /// been answered is durable all the same.
    fn distrust(&mut self, witnessed: io::Result<()>) {
        if witnessed.is_err() {
            self.witness = None;
            self.shared.poison();
        }
    }
}

impl<E: Engine> Drop for Committer<E> {
    fn drop(&mut self) {
        if panicking() {
            self.shared.poison();
        }
        self.shared.end();
    }
}

#[cfg(test)]
mod tests;
