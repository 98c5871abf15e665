//! Every fault at every call.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::future::poll_fn;
use std::io::Write as _;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use cmss_core::Error;
use cmss_core::store::{Store, StoreError};
use pollster::block_on;

use super::{Call, Dump, Fault, Faulty};

/// What a scenario has been through.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Survived {
    /// The calls it makes when nothing fails.
    pub calls: usize,
    /// The commits among them.
    pub commits: usize,
    /// How often it was run with a fault that it met.
    pub faults: usize,
    /// How often it answered that all is well although it had met one: it had tried again by
    /// itself.
    pub recovered: usize,
}

/// Runs a scenario with every fault at every call of the store, and asserts that it ends as if
/// there had been none.
///
/// `fresh` makes the store that the scenario begins with, each time one that holds the same. The
/// scenario is a program that may be started again after it has failed: it begins at its beginning,
/// and what it does has the same ids each time ([`Desk::once`](cmss_core::Desk::once)), and the same
/// clock and randomness, so that two runs without a fault leave the same bytes. `holds` looks at
/// the store when it is first met in a state, for what must hold in every one.
///
/// For each call, the first to the last, and each [`Fault`]:
///
/// - Nothing panics, and the error that comes out of the scenario is the one that the store has
///   answered; [`Error::is_retryable`] says so when it is.
/// - What the store holds then is byte for byte one of the states of the run without a fault.
/// - What it waits for a while changes nothing.
/// - After poison, trying again answers [`StoreError::Poisoned`], until the store is opened again.
/// - The scenario is run again, and the store holds what it holds after the run without a fault,
///   byte for byte: documents, cards, entries, salts, log.
///
/// # Panics
/// Where one of these fails; which call and which fault is printed.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// use cmss_core::store::Store;
/// use cmss_memory::MemoryStore;
/// use cmss_testkit::faults::under_every_fault;
/// use cmss_testkit::notes::{change, put};
///
/// let survived = under_every_fault(
///     || Arc::new(MemoryStore::new()),
///     async |store: Arc<dyn Store>| {
///         for number in 1..=3 {
///             store.commit(change(number, vec![], vec![put(number, "text")])).await?;
///         }
///         Ok(())
///     },
///     async |_| {},
/// );
/// assert_eq!((survived.calls, survived.faults), (3, 18));
/// ```
pub fn under_every_fault(
    fresh: impl Fn() -> Arc<dyn Store>,
    scenario: impl AsyncFn(Arc<dyn Store>) -> Result<(), Error>,
    holds: impl AsyncFn(Arc<dyn Store>),
) -> Survived {
    under_every_fault_to_its_end(fresh, scenario, holds, Dump::difference)
}

/// Runs a scenario as [`under_every_fault`] does, but for one that takes other steps when it is run
/// again: what it has done by then is there from the beginning, so that it comes to the same end,
/// and not in the same commits.
///
/// After it was tried again, what the store holds is compared by `difference` with what it holds
/// after the run without a fault, and what that says of the two is `None` where they are the same.
/// Everything else is asserted byte for byte.
///
/// # Panics
/// As [`under_every_fault`].
pub fn under_every_fault_to_its_end(
    fresh: impl Fn() -> Arc<dyn Store>,
    scenario: impl AsyncFn(Arc<dyn Store>) -> Result<(), Error>,
    holds: impl AsyncFn(Arc<dyn Store>),
    difference: impl Fn(&Dump, &Dump) -> Option<String>,
) -> Survived {
    let mut trial = Trial {
        fresh,
        scenario,
        holds,
        difference,
        states: Vec::new(),
        held: RefCell::default(),
    };
    block_on(trial.without_a_fault());
    let mut survived = Survived::default();
    for number in 1.. {
        let Some(met) = trial.at(number, Fault::Before) else {
            break;
        };
        survived.calls = number;
        survived.count(met);
        let commits = matches!(met.call, Call::Commit(_));
        survived.commits += usize::from(commits);
        let others = [Fault::Poisoning, Fault::Silence, Fault::Slowness].into_iter();
        // Of a call that changes nothing it cannot be told whether it was carried out.
        let after = [Fault::After, Fault::PoisoningAfter];
        for fault in others.chain(after.into_iter().filter(|_| commits)) {
            let met = trial.at(number, fault);
            survived.count(met.expect("the same calls are made again"));
        }
    }
    survived
}

impl Survived {
    fn count(&mut self, met: Met) {
        self.faults += 1;
        self.recovered += usize::from(met.recovered);
    }
}

/// A fault that was met.
#[derive(Clone, Copy)]
struct Met {
    call: Call,
    /// Whether the scenario answered that all is well.
    recovered: bool,
}

/// A scenario, and what it comes to.
struct Trial<F, S, H, D> {
    fresh: F,
    scenario: S,
    holds: H,
    /// How what is left by who tried again differs from the end without a fault.
    difference: D,
    /// What the store holds at first and after each commit of a run without a fault.
    states: Vec<Dump>,
    /// The states, by number, in which what must hold was looked for.
    held: RefCell<BTreeSet<usize>>,
}

impl<F, S, H, D> Trial<F, S, H, D>
where
    F: Fn() -> Arc<dyn Store>,
    S: AsyncFn(Arc<dyn Store>) -> Result<(), Error>,
    H: AsyncFn(Arc<dyn Store>),
    D: Fn(&Dump, &Dump) -> Option<String>,
{
    async fn without_a_fault(&mut self) {
        let store = (self.fresh)();
        self.states.push(dump(&store).await);
        let recording = Arc::new(Faulty::recording(store.clone()));
        let answer = (self.scenario)(recording.clone()).await;
        answer.expect("without a fault the scenario succeeds");
        self.states.extend(recording.states());
        self.hold(&store).await;

        let store = (self.fresh)();
        let answer = (self.scenario)(store.clone()).await;
        answer.expect("without a fault the scenario succeeds");
        self.is_at_the_end(&store, "a second run without a fault")
            .await;
    }

    /// One fault at one call; `None` when it does not come to that.
    fn at(&self, number: usize, fault: Fault) -> Option<Met> {
        let place = Place { number, fault };
        let met = block_on(self.play(number, fault));
        drop(place);
        met
    }

    async fn play(&self, number: usize, fault: Fault) -> Option<Met> {
        let store = (self.fresh)();
        let faulty = Arc::new(Faulty::new(store.clone(), fault, number));
        let answer = self.until_silence(&faulty).await;
        let Some(call) = faulty.failed() else {
            let answer = answer.expect("only a fault is silent");
            answer.expect("without a fault the scenario succeeds");
            self.is_at_the_end(&store, "the run in which no call is left to fail")
                .await;
            return None;
        };
        if fault == Fault::Slowness {
            assert!(
                matches!(answer, Some(Ok(()))),
                "made to wait, it answers {answer:?}"
            );
            self.is_at_the_end(&store, "made to wait").await;
            let recovered = false;
            return Some(Met { call, recovered });
        }
        let recovered = matches!(answer, Some(Ok(())));
        if recovered {
            self.is_at_the_end(&store, "having answered that all is well")
                .await;
        } else {
            match answer {
                Some(Err(error)) => assert_told(&error, call, fault),
                _ => assert_eq!(fault, Fault::Silence, "it waits without a reason"),
            }
            let left = self.hold(&store).await;
            if fault.poisons() {
                let again = (self.scenario)(faulty.clone()).await;
                let poisoned = matches!(again, Err(Error::Store(StoreError::Poisoned)));
                assert!(poisoned, "on a poisoned store it answers {again:?}");
                assert_eq!(dump(&store).await, left, "it changed a poisoned store");
            }
        }
        faulty.reopen();
        let again = (self.scenario)(faulty).await;
        assert!(again.is_ok(), "tried again, it answers {again:?}");
        self.is_at_an_end(&store, "tried again", &self.difference)
            .await;
        Some(Met { call, recovered })
    }

    /// What a scenario answers; `None` when it waits for a call that never answers.
    async fn until_silence(&self, faulty: &Arc<Faulty>) -> Option<Result<(), Error>> {
        let mut run = pin!((self.scenario)(faulty.clone()));
        poll_fn(|context| match run.as_mut().poll(context) {
            Poll::Ready(answer) => Poll::Ready(Some(answer)),
            Poll::Pending if faulty.is_silent() => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        })
        .await
    }

    /// Asserts that the store is in one of the states without a fault, and that what must hold
    /// then does; the same bytes need not be looked at twice.
    async fn hold(&self, store: &Arc<dyn Store>) -> Dump {
        let left = dump(store).await;
        let known = self.states.iter().position(|state| *state == left);
        let known = known.expect("a state of the run without a fault");
        let new = self.held.borrow_mut().insert(known);
        if new {
            (self.holds)(store.clone()).await;
        }
        left
    }

    /// Asserts that the store holds, byte for byte, what it holds after the run without a fault.
    async fn is_at_the_end(&self, store: &Arc<dyn Store>, when: &str) {
        self.is_at_an_end(store, when, Dump::difference).await;
    }

    async fn is_at_an_end(
        &self,
        store: &Arc<dyn Store>,
        when: &str,
        difference: impl Fn(&Dump, &Dump) -> Option<String>,
    ) {
        let end = self.states.last().expect("there is a first state");
        if let Some(difference) = difference(&dump(store).await, end) {
            panic!("{when}, it ends otherwise than without a fault: {difference}");
        }
    }
}

async fn dump(store: &Arc<dyn Store>) -> Dump {
    let dump = Dump::of(&**store).await;
    dump.expect("the store beneath is sound")
}

/// Asserts that what comes out is what the store has answered.
fn assert_told(error: &Error, call: Call, fault: Fault) {
    let told = match error {
        Error::Store(StoreError::Unknown { id, .. }) => {
            let after = matches!(fault, Fault::After | Fault::PoisoningAfter);
            after && call == Call::Commit(*id)
        }
        Error::Store(StoreError::Unavailable { .. }) => {
            let commits = matches!(call, Call::Commit(_));
            fault == Fault::Before || fault == Fault::After && !commits
        }
        Error::Store(StoreError::Backend { .. }) => fault == Fault::Poisoning,
        // It went on after it had been told.
        Error::Store(StoreError::Poisoned) => fault.poisons(),
        _ => false,
    };
    assert!(told, "{error:?} is not what the store has answered");
    let retryable = matches!(fault, Fault::Before | Fault::After)
        || matches!(error, Error::Store(StoreError::Unknown { .. }));
    assert_eq!(error.is_retryable(), retryable, "{error:?}");
}

/// Tells, when it is dropped by a panic, where that was.
struct Place {
    number: usize,
    fault: Fault,
}

impl Drop for Place {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let Self { number, fault } = self;
            // Past the capture of the test runner or not: a closed standard error changes nothing.
            let _ = writeln!(std::io::stderr(), "call {number}, {fault:?}:");
        }
    }
}
