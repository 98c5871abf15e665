//! The recording of what threads asked and were answered.

use std::collections::BTreeSet;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;

use cmss_core::store::{Expect, Order, Range, Scan, Seq, Store, StoreError, Want};
use pollster::block_on;

use super::plan::{self, Reading, Round, Step, THREADS};
use crate::model::{Answer, Call};
use crate::samples::{changeset, commit_id};

/// When something happened: it counts what has happened before.
pub(crate) type Tick = u64;

/// One call and its answer.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) thread: usize,
    pub(crate) begun: Tick,
    /// The last there is where it never ended.
    pub(crate) ended: Tick,
    pub(crate) call: Call,
    /// `None` where nobody knows.
    pub(crate) answer: Option<Answer>,
}

/// What has been asked and answered so far.
#[derive(Debug, Default)]
pub(crate) struct History {
    clock: Clock,
    rounds: usize,
    events: Vec<Event>,
}

/// Counts what happens. Whatever had ended when something began has the smaller number.
#[derive(Debug, Default)]
struct Clock(AtomicU64);

impl Clock {
    fn now(&self) -> Tick {
        self.0.load(Ordering::SeqCst)
    }

    fn tick(&self) -> Tick {
        self.0.fetch_add(1, Ordering::SeqCst)
    }
}

impl History {
    pub(crate) fn events(&self) -> &[Event] {
        &self.events
    }

    /// How many calls there were, and how many overlapped one of another thread.
    pub(crate) fn counts(&self) -> (usize, usize) {
        let overlapping = self.events.iter().filter(|event| {
            let mut others = self.events.iter();
            others.any(|other| {
                other.thread != event.thread
                    && other.begun < event.ended
                    && event.begun < other.ended
            })
        });
        (self.events.len(), overlapping.count())
    }

    /// How many calls there were of which nobody knows what they came to.
    pub(crate) fn unknown(&self) -> usize {
        let unknown = self.events.iter().filter(|event| event.answer.is_none());
        unknown.count()
    }

    /// Lets the threads meet, and each do its part.
    pub(crate) fn round(
        &mut self,
        store: &Arc<dyn Store>,
        round: &Round,
    ) -> Result<(), StoreError> {
        self.round_beside(store, round, |_| ()).1
    }

    /// Lets something happen to the store while the threads do their part, once so many calls have
    /// begun or ended, or none is left; of what is answered from then on nothing is known.
    pub(crate) fn round_until<T>(
        &mut self,
        store: &Arc<dyn Store>,
        round: &Round,
        calls: Tick,
        act: impl FnOnce() -> T,
    ) -> T {
        let (acted, done) = self.round_beside(store, round, |playing| {
            let from = playing.clock.now();
            while playing.clock.now() < from + calls && !playing.is_over() {
                thread::yield_now();
            }
            playing.over.store(true, Ordering::SeqCst);
            (playing.clock.tick(), act())
        });
        let (moment, acted) = acted;
        for event in self.events.iter_mut().filter(|event| event.ended > moment) {
            event.ended = Tick::MAX;
            event.answer = None;
        }
        // Who was cut off in the middle may have been told anything.
        drop(done);
        acted
    }

    fn round_beside<T>(
        &mut self,
        store: &Arc<dyn Store>,
        round: &Round,
        beside: impl FnOnce(&Playing<'_>) -> T,
    ) -> (T, Result<(), StoreError>) {
        let barrier = Barrier::new(THREADS);
        let number = self.rounds;
        let playing = Playing {
            clock: &self.clock,
            over: AtomicBool::new(false),
            left: AtomicUsize::new(THREADS),
        };
        let (beside, played) = thread::scope(|scope| {
            let mut threads = Vec::new();
            for (thread, steps) in round.iter().enumerate() {
                let (barrier, playing) = (&barrier, &playing);
                threads.push(scope.spawn(move || {
                    let _leaving = Leaving(playing);
                    let mut caller = Caller::new(playing.clock, &**store, thread);
                    barrier.wait();
                    let done = caller.play(number, steps, &playing.over);
                    (caller.events, done)
                }));
            }
            let beside = beside(&playing);
            let played = threads.into_iter().map(|thread| thread.join());
            let played = played.map(|end| end.unwrap_or_else(|fell| resume_unwind(fell)));
            (beside, played.collect::<Vec<_>>())
        });
        self.rounds += 1;
        let mut all = Ok(());
        for (events, done) in played {
            self.events.extend(events);
            all = all.and(done);
        }
        (beside, all)
    }

    /// Reads all there is.
    pub(crate) fn last_look(&mut self, store: &dyn Store) -> Result<(), StoreError> {
        let mut caller = Caller::new(&self.clock, store, THREADS);
        for call in plan::everything() {
            caller.call(call)?;
        }
        self.events.extend(caller.events);
        Ok(())
    }
}

/// A round that is being played.
struct Playing<'a> {
    clock: &'a Clock,
    /// Set when nobody is to begin anything more.
    over: AtomicBool,
    /// How many threads have not ended.
    left: AtomicUsize,
}

impl Playing<'_> {
    fn is_over(&self) -> bool {
        self.left.load(Ordering::SeqCst) == 0
    }
}

/// Tells that a thread has ended, however it does.
struct Leaving<'a>(&'a Playing<'a>);

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        self.0.left.fetch_sub(1, Ordering::SeqCst);
    }
}

/// One thread, and what it has recorded.
struct Caller<'a> {
    clock: &'a Clock,
    store: &'a dyn Store,
    thread: usize,
    events: Vec<Event>,
}

impl<'a> Caller<'a> {
    fn new(clock: &'a Clock, store: &'a dyn Store, thread: usize) -> Self {
        Self {
            clock,
            store,
            thread,
            events: Vec::new(),
        }
    }

    fn play(&mut self, round: usize, steps: &[Step], over: &AtomicBool) -> Result<(), StoreError> {
        for (place, step) in steps.iter().enumerate() {
            if over.load(Ordering::SeqCst) {
                break;
            }
            let own = plan::number(round, self.thread, place);
            let back = |back: u8| match own.checked_sub(1 + u128::from(back)) {
                None | Some(0) => own,
                Some(number) => number,
            };
            match step {
                Step::Read(call) => drop(self.call(call.clone())?),
                Step::Receipt(steps) => drop(self.call(Call::Receipt(commit_id(back(*steps))))?),
                Step::Commit {
                    again,
                    another_digest,
                    after,
                    writes,
                    grown,
                } => {
                    let number = again.map_or(own, back);
                    let mut change = changeset(number, writes.iter().cloned());
                    change.digest.0[0] ^= u8::from(*another_digest);
                    for reading in after {
                        change.expect.push(self.read(reading)?);
                    }
                    let answer = self.call(Call::Commit(change))?;
                    if let (Answer::Committed(receipt), true) = (answer, grown) {
                        self.call(Call::Grown(receipt.seq.previous()))?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Reads, and expects what was read.
    fn read(&mut self, reading: &Reading) -> Result<Expect, StoreError> {
        Ok(match reading {
            Reading::Document(at) => match self.call(Call::Get(vec![at.clone()]))? {
                Answer::Got(got) => match got.docs.first() {
                    Some(Some(doc)) => Expect::At(at.clone(), doc.version),
                    _ => Expect::Absent(at.clone()),
                },
                _ => Expect::At(at.clone(), Seq::ZERO),
            },
            Reading::Vacant(at) => Expect::Absent(at.clone()),
            Reading::Members(range) => Expect::Members {
                range: range.clone(),
                docs: self.members(range)?,
            },
        })
    }

    fn members(&mut self, range: &Range) -> Result<BTreeSet<cmss_core::store::DocRef>, StoreError> {
        let scan = Scan {
            range: range.clone(),
            order: Order::Ascending,
            limit: 100,
            want: Want::Nothing,
        };
        Ok(match self.call(Call::Scan(scan))? {
            Answer::Page(page) => page.hits.into_iter().map(|hit| hit.at).collect(),
            _ => BTreeSet::new(),
        })
    }

    /// Makes a call and records it. Of a call that came to nothing known, that is recorded.
    fn call(&mut self, call: Call) -> Result<Answer, StoreError> {
        let begun = self.clock.tick();
        let answer = block_on(call.make(self.store));
        let ended = self.clock.tick();
        let known = answer.as_ref().ok().cloned();
        self.events.push(Event {
            thread: self.thread,
            begun,
            ended: if known.is_some() { ended } else { Tick::MAX },
            call,
            answer: known,
        });
        answer
    }
}
