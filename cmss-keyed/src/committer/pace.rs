//! How many changesets are worth waiting for, before a group is written.

use std::time::{Duration, Instant};

/// Of the time that writing the last group took, one part in so many is spent on waiting for more, and
/// the most that ever is.
const PATIENCE: (u32, Duration) = (8, Duration::from_millis(1));

/// What the last group tells of the next.
///
/// Those of a group are all answered at once, and most of them go on committing. While one group is
/// written, the next can be judged, if it consists of others. So where it is judging that takes the
/// time, a group is half of those who commit; where it is writing, it is all of them.
pub(super) struct Pace {
    /// How many committed at once.
    crowd: usize,
    /// How large the next group should be.
    size: usize,
    /// When waiting began.
    since: Instant,
    patience: Duration,
}

/// A group that was written: how many changesets it had, and what took how long.
pub(super) struct Past {
    pub(super) size: usize,
    pub(super) judging: Duration,
    pub(super) writing: Duration,
}

impl Pace {
    pub(super) fn new() -> Self {
        Self {
            crowd: 1,
            size: 1,
            since: Instant::now(),
            patience: Duration::ZERO,
        }
    }

    /// Whether only one commits.
    pub(super) const fn is_alone(&self) -> bool {
        self.crowd <= 1
    }

    /// Whether so many are worth writing.
    pub(super) const fn is_enough(&self, size: usize) -> bool {
        size >= self.size
    }

    /// Nothing was waited for until now.
    pub(super) const fn begin(&mut self, now: Instant) {
        self.since = now;
    }

    /// Until when to wait for more.
    pub(super) fn until(&self) -> Instant {
        self.since + self.patience
    }

    /// Learns from the last group, at whose end so many were committing, whether or not one can be
    /// judged while another is written.
    pub(super) fn learn(&mut self, past: &Past, crowd: usize, overlaps: bool) {
        let times = |time: Duration, count: usize| {
            time.saturating_mul(u32::try_from(count).unwrap_or(u32::MAX))
        };
        let judges_longer = times(past.judging, crowd) > times(past.writing, past.size);
        self.crowd = crowd;
        self.size = if overlaps && judges_longer {
            crowd.div_ceil(2)
        } else {
            crowd
        };
        let (share, most) = PATIENCE;
        self.patience = (past.writing / share).min(most);
        self.begin(Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace(judging: u64, writing: u64, overlaps: bool) -> Pace {
        let mut pace = Pace::new();
        let past = Past {
            size: 10,
            judging: Duration::from_micros(judging),
            writing: Duration::from_micros(writing),
        };
        pace.learn(&past, 20, overlaps);
        pace
    }

    #[test]
    fn who_commits_alone_waits_for_nobody() {
        let pace = Pace::new();
        assert!(pace.is_alone() && pace.is_enough(1));
        assert_eq!(pace.until(), pace.since);
    }

    #[test]
    fn half_of_a_crowd_is_enough_where_judging_all_takes_longer_than_writing() {
        let pace = pace(300, 500, true);
        assert!(pace.is_enough(10) && !pace.is_enough(9));
    }

    #[test]
    fn all_of_a_crowd_are_waited_for_where_writing_takes_longer_or_nothing_overlaps() {
        for pace in [pace(300, 700, true), pace(300, 500, false)] {
            assert!(pace.is_enough(20) && !pace.is_enough(19));
        }
    }

    #[test]
    fn no_wait_is_longer_than_an_eighth_of_the_last_writing_or_a_millisecond() {
        for (writing, longest) in [(800, 100), (80_000, 1_000)] {
            let pace = pace(300, writing, true);
            assert_eq!(pace.until() - pace.since, Duration::from_micros(longest));
        }
    }
}
