//! Changesets that are judged one after another and committed together.

use std::sync::Arc;
use std::time::Duration;

use cmss_core::store::{CommitId, Receipt, StoreError};

use super::{Answer, Commit};
use crate::engine::Engine;
use crate::judge::{Verdict, judge, stage};
use crate::proposal::Proposal;
use crate::reads::Tip;
use crate::staged::Staged;
use crate::view::View;

/// The most changesets of one group.
const GROUP: usize = 64;

/// A group that has this many bytes takes no more changesets.
const GROUP_BYTES: usize = 4_000_000;

/// Changesets that have been judged, each on what those before it write.
#[derive(Default)]
pub(super) struct Group {
    staged: Staged,
    last: Tip,
    bytes: usize,
    waiting: Waiting,
}

impl Group {
    pub(super) const fn size(&self) -> usize {
        self.waiting.size()
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.size() == 0
    }

    /// Whether nothing of it is to be written: all are refused, or were committed before.
    pub(super) fn writes_nothing(&self) -> bool {
        self.staged.is_empty()
    }

    pub(super) const fn has_room(&self) -> bool {
        self.size() < GROUP && self.bytes < GROUP_BYTES
    }

    /// Keeps who waits for an answer.
    pub(super) fn enter(&mut self, commit: Commit) -> Proposal {
        let Commit { proposal, answer } = commit;
        self.bytes = self.bytes.saturating_add(proposal.bytes);
        self.waiting.senders.push((proposal.changeset.id, answer));
        proposal
    }

    /// Judges the one that has entered last: on the state, under what is being written up to a commit,
    /// under what the group before it writes.
    pub(super) fn judge<E: Engine>(
        &mut self,
        view: View<'_, E>,
        (sent, last): (&Staged, Tip),
        proposal: Proposal,
    ) {
        if self.waiting.verdicts.is_empty() {
            self.last = last;
        }
        let view = view.under(sent, &self.staged);
        let verdict = judge(&view, &proposal.changeset).map(|verdict| match verdict {
            Verdict::Replay(receipt) => receipt,
            Verdict::Commit(replaced) => {
                let (last, receipt) = stage(&mut self.staged, self.last, proposal, replaced);
                self.last = last;
                receipt
            }
        });
        self.waiting.verdicts.push(verdict);
    }

    /// Judging took so long.
    pub(super) fn took(&mut self, time: Duration) {
        self.waiting.judging = self.waiting.judging.saturating_add(time);
    }

    /// What it writes, the last commit with it, and who waits for that.
    pub(super) fn close(self) -> (Staged, Tip, Waiting) {
        (self.staged, self.last, self.waiting)
    }

    /// Nothing of it was written, and nothing will be.
    pub(super) fn refuse(self) {
        for (_, answer) in self.waiting.senders {
            // Who has stopped waiting needs no answer, here and below.
            let _ = answer.send(Err(StoreError::Poisoned));
        }
    }
}

/// Who waits for a group to be written, and what they are told then.
#[derive(Default)]
pub(super) struct Waiting {
    senders: Vec<(CommitId, Answer)>,
    /// One for each who waits.
    verdicts: Vec<Result<Receipt, StoreError>>,
    judging: Duration,
}

impl Waiting {
    pub(super) const fn size(&self) -> usize {
        self.senders.len()
    }

    /// How long judging it took.
    pub(super) const fn judging(&self) -> Duration {
        self.judging
    }

    /// Answers everybody.
    pub(super) fn answer(self, written: Result<(), StoreError>) {
        match written {
            Ok(()) => {
                for ((_, answer), verdict) in self.senders.into_iter().zip(self.verdicts) {
                    let _ = answer.send(verdict);
                }
            }
            // Refusals and replays, too, were judged on what now may or may not be there.
            Err(error) => {
                let error = Arc::new(error);
                for (id, answer) in self.senders {
                    let source = Some(Box::new(error.clone()) as _);
                    let _ = answer.send(Err(StoreError::Unknown { id, source }));
                }
            }
        }
    }
}
