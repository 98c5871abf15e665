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

    /// How many wait.
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
        loop {
            if let Some(job) = self.at_hand() {
                return Some(job);
            }
            if Instant::now() >= then {
                return None;
            }
            // Whoever is to send the job may need this processor.
            yield_now();
        }
    }

    /// The next job, if it comes within a time that is given.
    pub(super) fn next(&mut self, within: Option<Duration>) -> Result<Job, RecvTimeoutError> {
        match (self.waiting.pop_front(), within) {
            (Some(job), _) => Ok(job),
            (None, Some(within)) => self.channel.recv_timeout(within),
            (None, None) => Ok(self.channel.recv()?),
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

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;
    use crate::loading::Content;

    #[test]
    fn what_was_counted_comes_next_and_before_what_comes_later() {
        let (sender, channel) = channel();
        let mut jobs = Jobs::from(channel);
        let content = Content::Lines(Box::new(std::iter::empty()));
        sender.send(Job::Load(content, Box::new(|_| ()))).unwrap();
        assert_eq!(jobs.count(), 1);
        sender.send(Job::End).unwrap();
        let next = |jobs: &mut Jobs| jobs.next(Some(Duration::ZERO)).ok();
        assert!(matches!(next(&mut jobs), Some(Job::Load(..))));
        assert!(matches!(next(&mut jobs), Some(Job::End)));
        assert!(next(&mut jobs).is_none());
        sender.send(Job::End).unwrap();
        assert_eq!(jobs.count(), 1);
        let past = Instant::now();
        assert!(matches!(jobs.before(past), Some(Job::End)));
    }
}
