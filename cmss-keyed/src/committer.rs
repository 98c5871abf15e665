//! The one thread that writes: it takes all waiting changesets, judges them one after another,
//! writes them as one batch, and answers each when that is durable.

use std::hint::spin_loop;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::thread::{Builder, JoinHandle, panicking, yield_now};
use std::time::{Duration, Instant};

use cmss_core::store::{CommitId, Receipt, Seq, StoreError};
use futures_channel::oneshot;

use crate::engine::Engine;
use crate::error;
use crate::journal::Journal;
use crate::judge::{Verdict, judge, stage};
use crate::loading::{Content, Room};
use crate::proposal::Proposal;
use crate::reads::Tip;
use crate::shared::Shared;
use crate::staged::Staged;
use crate::view::View;
use crate::witness::Witness;

/// The most changesets of one group.
const GROUP: usize = 64;

/// A group that has this many bytes takes no more changesets.
const GROUP_BYTES: usize = 4_000_000;

/// How long the thread stays awake for the next job. Who commits one thing after another sends the
/// next within this time, and need not wake a thread for it.
const AWAKE: Duration = Duration::from_micros(60);

/// How often the thread looks for the next job before it lets others have the processor.
const LOOKS: usize = 20;

/// How much of the time that the last group took is spent on waiting for as many again, and the
/// most that ever is.
const PATIENCE: (u32, Duration) = (8, Duration::from_millis(1));

/// Bytes of a journal that the engine has not: after more, it gets them before the next commit.
pub(crate) const PENDING: usize = 16 * 1024 * 1024;

/// How long nobody commits before the engine gets what the journal has.
const IDLE: Duration = Duration::from_millis(100);

/// What the committer is asked.
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every job is a commit, and a box would be freed by another thread"
)]
pub(crate) enum Job {
    Commit(Commit),
    Load(Content, Loaded),
}

/// Told what became of a load.
pub(crate) type Loaded = Box<dyn FnOnce(Result<Seq, StoreError>) + Send>;

/// A changeset that has been checked, and who waits for its answer.
pub(crate) struct Commit {
    pub(crate) proposal: Proposal,
    pub(crate) answer: Answer,
}

type Answer = oneshot::Sender<Result<Receipt, StoreError>>;

/// Starts the thread, which leaves no more than so many bytes to the journal alone. It ends when the sender is
/// dropped and all that was sent is done.
pub(crate) fn start<E: Engine>(
    shared: Arc<Shared<E>>,
    journal: Option<Journal>,
    witness: Option<Witness>,
    room: Room,
    most: usize,
) -> io::Result<(Sender<Job>, JoinHandle<()>)> {
    let (sender, jobs) = channel();
    let thread = Builder::new()
        .name("cmss-committer".to_owned())
        .spawn(move || {
            let committer = Committer {
                shared,
                jobs,
                journal,
                witness,
                room,
                most,
                last: Last::default(),
            };
            committer.run();
        })?;
    Ok((sender, thread))
}

struct Committer<E: Engine> {
    shared: Arc<Shared<E>>,
    jobs: Receiver<Job>,
    journal: Option<Journal>,
    witness: Option<Witness>,
    room: Room,
    /// More bytes than so many are not left to the journal alone.
    most: usize,
    last: Last,
}

/// The last group: how many changesets it had, and how long it took.
#[derive(Default)]
struct Last {
    size: usize,
    took: Duration,
}

impl<E: Engine> Committer<E> {
    fn run(mut self) {
        let mut ahead = None;
        while let Some(job) = ahead.take().or_else(|| self.next()) {
            match job {
                Job::Load(content, answer) => {
                    let load = || content.fill(&self.shared, &self.room);
                    let loaded = self.shared.contained(load);
                    answer(loaded.unwrap_or(Err(StoreError::Poisoned)));
                }
                Job::Commit(first) => {
                    if let Some(group) = self.gather(first, &mut ahead) {
                        self.write(group);
                    }
                }
            }
            self.attest();
            let journal = self.journal.as_ref();
            if journal.is_some_and(|journal| journal.length() > self.most) {
                self.carry();
            }
        }
        self.carry();
        if let Some(journal) = self.journal.take() {
            journal.end();
        }
        let witness = self.witness.as_mut();
        let synced = witness.map_or(Ok(()), |witness| witness.sync(Instant::now()));
        let synced = synced.map_err(|source| error::io("while syncing the witness", source));
        self.shared.release(synced);
    }

    /// The next job. Until it comes, what the witness has seen becomes durable in its time.
    fn next(&mut self) -> Option<Job> {
        if let Some(job) = self.soon(Instant::now() + AWAKE) {
            return Some(job);
        }
        let idle_from = Instant::now();
        loop {
            let now = Instant::now();
            let syncs = self.witness.as_ref().and_then(|witness| witness.due(now));
            let idle = now.saturating_duration_since(idle_from);
            let carries = self.is_pending().then(|| IDLE.saturating_sub(idle));
            let Some(due) = syncs.into_iter().chain(carries).min() else {
                return self.jobs.recv().ok();
            };
            match self.jobs.recv_timeout(due) {
                Ok(job) => return Some(job),
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) if carries == Some(due) => self.carry(),
                Err(RecvTimeoutError::Timeout) => self.sync_witness(),
            }
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

    /// A job that is there or comes before then, without going to sleep.
    fn soon(&self, until: Instant) -> Option<Job> {
        loop {
            match self.look() {
                Ok(job) => return Some(job),
                Err(TryRecvError::Empty) if Instant::now() < until => {}
                Err(_) => return None,
            }
            // Whoever is to send the job may need this processor.
            yield_now();
        }
    }

    /// A job that is there, or comes within a microsecond or two.
    fn look(&self) -> Result<Job, TryRecvError> {
        for _ in 0..LOOKS {
            match self.jobs.try_recv() {
                Err(TryRecvError::Empty) => spin_loop(),
                found => return found,
            }
        }
        Err(TryRecvError::Empty)
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

    /// Judges this and all that waits, within bounds; a job of another kind that is met goes ahead
    /// of the others. `None` when nothing can be judged on, which all have been told.
    ///
    /// Those of the last group were all answered at once. When they go on committing, the first of
    /// them is here before the others; so as many as they were are waited for, a little.
    fn gather(&self, first: Commit, ahead: &mut Option<Job>) -> Option<Group> {
        let (share, most) = PATIENCE;
        let until = Instant::now() + (self.last.took / share).min(most);
        let mut group = Group::default();
        let proposal = group.enter(first);
        let judged = self.shared.contained(|| {
            let state = self.shared.state()?;
            let view = state.view()?;
            group.tip = state.tip;
            group.judge(view, proposal);
            while group.has_room() && ahead.is_none() {
                let next = match self.last.size {
                    // Who commits alone waits for nobody.
                    0 | 1 => self.jobs.try_recv().ok(),
                    last if group.size() < last => self.soon(until),
                    _ => self.look().ok(),
                };
                let Some(job) = next else {
                    break;
                };
                group.take(view, job, ahead);
            }
            Ok::<(), StoreError>(())
        });
        if let Some(Ok(())) = judged {
            return Some(group);
        }
        group.refuse();
        None
    }

    /// Writes what a group has staged, durably, and answers it. All that it was judged on is durable
    /// already.
    fn write(&mut self, group: Group) {
        let begun = Instant::now();
        let size = group.size();
        let Group {
            answers,
            verdicts,
            staged,
            tip,
            ..
        } = group;
        let written = self.shared.contained(|| {
            if staged.is_empty() {
                return Ok(());
            }
            let Some(journal) = &mut self.journal else {
                return self.shared.change(|state| state.write(staged, tip));
            };
            let journaled = {
                let state = self.shared.state()?;
                journal.append(state.engine()?, state.tip, tip, staged.writes())
            };
            self.shared.change(|state| {
                journaled.map_err(|source| error::io("while writing the journal", source))?;
                state.take(staged, tip);
                Ok(())
            })
        });
        match written.unwrap_or(Err(StoreError::Poisoned)) {
            Ok(()) => {
                for ((_, answer), verdict) in answers.into_iter().zip(verdicts) {
                    // Who has stopped waiting needs no answer, here and below.
                    let _ = answer.send(verdict);
                }
            }
            // Refusals and replays, too, were judged on what now may or may not be there.
            Err(error) => {
                let error = Arc::new(error);
                for (id, answer) in answers {
                    let source = Some(Box::new(error.clone()) as _);
                    let _ = answer.send(Err(StoreError::Unknown { id, source }));
                }
            }
        }
        self.last = Last {
            size,
            took: begun.elapsed(),
        };
    }
}

/// Changesets that have been judged, each on what those before it write.
#[derive(Default)]
struct Group {
    answers: Vec<(CommitId, Answer)>,
    /// One for each answer, to be given when all is written.
    verdicts: Vec<Result<Receipt, StoreError>>,
    staged: Staged,
    tip: Tip,
    bytes: usize,
}

impl Group {
    fn size(&self) -> usize {
        self.answers.len()
    }

    fn has_room(&self) -> bool {
        self.size() < GROUP && self.bytes < GROUP_BYTES
    }

    /// Keeps who waits for an answer.
    fn enter(&mut self, commit: Commit) -> Proposal {
        let Commit { proposal, answer } = commit;
        self.bytes = self.bytes.saturating_add(proposal.bytes);
        self.answers.push((proposal.changeset.id, answer));
        proposal
    }

    /// Judges the one that has entered last on the state under what the group before it writes.
    fn judge<E: Engine>(&mut self, view: View<'_, E>, proposal: Proposal) {
        let verdict = judge(&view.under(&self.staged), &proposal.changeset);
        self.verdicts.push(verdict.map(|verdict| match verdict {
            Verdict::Replay(receipt) => receipt,
            Verdict::Commit(replaced) => {
                let (tip, receipt) = stage(&mut self.staged, self.tip, proposal, replaced);
                self.tip = tip;
                receipt
            }
        }));
    }

    fn take<E: Engine>(&mut self, view: View<'_, E>, job: Job, ahead: &mut Option<Job>) {
        match job {
            Job::Commit(commit) => {
                let proposal = self.enter(commit);
                self.judge(view, proposal);
            }
            other => *ahead = Some(other),
        }
    }

    /// Nothing of it was written, and nothing will be.
    fn refuse(self) {
        for (_, answer) in self.answers {
            let _ = answer.send(Err(StoreError::Poisoned));
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
