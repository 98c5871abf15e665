//! The one thread that writes: it takes all waiting changesets, judges them one after another,
//! writes them as one batch, and answers each when that is durable.

use std::hint::spin_loop;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::thread::{Builder, JoinHandle, panicking, yield_now};
use std::time::{Duration, Instant};

use cmss_core::store::{Lines, Receipt, Seq, StoreError};
use futures_channel::oneshot;

use crate::engine::Engine;
use crate::error;
use crate::judge::{Proposal, Verdict, judge};
use crate::loading;
use crate::reads::Tip;
use crate::shared::Shared;
use crate::staged::Staged;
use crate::tree;
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

/// What the committer is asked.
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every job is a commit, and a box would be freed by another thread"
)]
pub(crate) enum Job {
    Commit(Commit),
    Load(Lines, Loaded),
}

/// Told what became of a load.
pub(crate) type Loaded = Box<dyn FnOnce(Result<Seq, StoreError>) + Send>;

/// A changeset that has been checked, and who waits for its answer.
pub(crate) struct Commit {
    pub(crate) proposal: Proposal,
    pub(crate) answer: oneshot::Sender<Result<Receipt, StoreError>>,
}

/// Starts the thread. It ends when the sender is dropped and all that was sent is done.
pub(crate) fn start<E: Engine>(
    shared: Arc<Shared<E>>,
    witness: Option<Witness>,
) -> io::Result<(Sender<Job>, JoinHandle<()>)> {
    let (sender, jobs) = channel();
    let thread = Builder::new()
        .name("cmss-committer".to_owned())
        .spawn(move || {
            let committer = Committer {
                shared,
                jobs,
                witness,
                last: Last::default(),
            };
            committer.run();
        })?;
    Ok((sender, thread))
}

struct Committer<E: Engine> {
    shared: Arc<Shared<E>>,
    jobs: Receiver<Job>,
    witness: Option<Witness>,
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
                Job::Load(lines, answer) => {
                    let loaded = self.shared.contained(|| loading::load(&self.shared, lines));
                    answer(loaded.unwrap_or(Err(StoreError::Poisoned)));
                }
                Job::Commit(first) => {
                    let (group, next) = self.group(first);
                    ahead = next;
                    let (size, begun) = (group.len(), Instant::now());
                    self.commit(group);
                    self.last = Last {
                        size,
                        took: begun.elapsed(),
                    };
                }
            }
            self.attest();
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
        if let Some(witness) = &mut self.witness
            && let Some(due) = witness.due(Instant::now())
        {
            match self.jobs.recv_timeout(due) {
                Ok(job) => return Some(job),
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) => {
                    let synced = witness.sync(Instant::now());
                    self.distrust(synced);
                }
            }
        }
        self.jobs.recv().ok()
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

    /// All that waits, within bounds, and a job of another kind that was met.
    ///
    /// Those of the last group were all answered at once. When they go on committing, the first of
    /// them is here before the others; so as many as they were are waited for, a little.
    fn group(&self, first: Commit) -> (Vec<Commit>, Option<Job>) {
        let mut bytes = first.proposal.size();
        let mut group = vec![first];
        let (share, most) = PATIENCE;
        let until = Instant::now() + (self.last.took / share).min(most);
        while group.len() < GROUP && bytes < GROUP_BYTES {
            let next = match self.last.size {
                // Who commits alone waits for nobody.
                0 | 1 => self.jobs.try_recv().ok(),
                last if group.len() < last => self.soon(until),
                _ => self.look().ok(),
            };
            match next {
                Some(Job::Commit(commit)) => {
                    bytes = bytes.saturating_add(commit.proposal.size());
                    group.push(commit);
                }
                Some(other) => return (group, Some(other)),
                None => break,
            }
        }
        (group, None)
    }

    fn commit(&self, group: Vec<Commit>) {
        let mut answers = Vec::with_capacity(group.len());
        let proposals = group.into_iter().map(|commit| {
            let Commit { proposal, answer } = commit;
            answers.push((proposal.id(), answer));
            proposal
        });
        let proposals: Vec<Proposal> = proposals.collect();
        let Some(Ok(judged)) = self.shared.contained(|| self.judge(proposals)) else {
            for (_, answer) in answers {
                // Who has stopped waiting needs no answer, here and below.
                let _ = answer.send(Err(StoreError::Poisoned));
            }
            return;
        };
        let written = self
            .shared
            .contained(|| self.write(judged.staged, judged.tip));
        match written.unwrap_or(Err(StoreError::Poisoned)) {
            Ok(()) => {
                for ((_, answer), verdict) in answers.into_iter().zip(judged.verdicts) {
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
    }

    /// Judges each changeset on the tree under what the group before it writes; refused when the
    /// store is poisoned, and nothing can be judged on.
    fn judge(&self, proposals: Vec<Proposal>) -> Result<Judged, StoreError> {
        let state = self.shared.state()?;
        let engine = state.engine()?;
        let mut staged = Staged::new();
        let mut tip = state.tip;
        let verdicts = proposals.into_iter().map(|proposal| {
            let view = View::over(engine, &staged);
            match judge(&view, tip, proposal)? {
                Verdict::Replay(receipt) => Ok(receipt),
                Verdict::Commit(writes, next, receipt) => {
                    staged.absorb(writes);
                    tip = next;
                    Ok(receipt)
                }
            }
        });
        Ok(Judged {
            verdicts: verdicts.collect(),
            staged,
            tip,
        })
    }

    /// Writes what a group has staged, durably; all that it was judged on is durable already.
    fn write(&self, staged: Staged, tip: Tip) -> Result<(), StoreError> {
        if staged.is_empty() {
            return Ok(());
        }
        self.shared.change(|state| {
            tree::write(state.engine()?, staged)?;
            state.tip = tip;
            Ok(())
        })
    }
}

/// A group that has been judged: an answer for each changeset, once it is written.
struct Judged {
    verdicts: Vec<Result<Receipt, StoreError>>,
    staged: Staged,
    tip: Tip,
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
