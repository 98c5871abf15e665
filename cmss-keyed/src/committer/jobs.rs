//! What the committer is asked, in the order in which it is done.

use std::collections::VecDeque;
use std::hint::spin_loop;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::thread::yield_now;
use std::time::{Duration, Instant};

use super::Job;
use super::recorder::Recorded;

/// How often the thread looks for the next job before it lets others have the processor.
const LOOKS: usize = 20;

pub(super) struct Jobs {
    channel: Receiver<Job>,
    /// What has come, and goes before what is still in the channel.
    waiting: VecDeque<Job>,
}

impl Jobs {
    pub(super) const fn from(channel: Receiver<Job>) -> Self {
        Self {
            channel,
            waiting: VecDeque::new(),
        }
    }

    /// How many have come.
    pub(super) fn count(&mut self) -> usize {
        self.waiting.extend(self.channel.try_iter());
        self.waiting.len()
    }

    /// A job that is there, or comes within a microsecond or two.
    pub(super) fn at_hand(&mut self) -> Option<Job> {
        if let Some(job) = self.waiting.pop_front() {
            return Some(job);
        }
        for _ in 0..LOOKS {
            match self.channel.try_recv() {
                Err(TryRecvError::Empty) => spin_loop(),
                found => return found.ok(),
            }
        }
        None
    }

    /// A job that comes before then, without going to sleep.
    pub(super) fn before(&mut self, then: Instant) -> Option<Job> {
        while Instant::now() < then {
            // Whoever is to send the job may need this processor.
            yield_now();
            if let Some(job) = self.at_hand() {
                return Some(job);
            }
        }
        None
    }

    /// The next job, when none is at hand, if it comes within a time that is given.
    pub(super) fn next(&self, within: Option<Duration>) -> Result<Job, RecvTimeoutError> {
        match within {
            Some(within) => self.channel.recv_timeout(within),
            None => Ok(self.channel.recv()?),
        }
    }

    /// What became of the group that is being written, when it has been. What else comes waits.
    pub(super) fn recorded(&mut self) -> Option<Recorded> {
        loop {
            match self.channel.recv().ok()? {
                Job::Recorded(recorded) => return Some(recorded),
                other => self.waiting.push_back(other),
            }
        }
    }
}
