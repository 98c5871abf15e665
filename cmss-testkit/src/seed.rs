//! Randomness that can be had again.

use std::cell::Cell;
use std::panic::resume_unwind;
use std::thread;

use cmss_core::store::{CommitId, Digest, StoreError};
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use crate::looked::ran;

/// Plays random cases, so many unless `PROPTEST_CASES` asks for another number, and prints what
/// they follow from.
///
/// # Panics
/// With the case that fails, shrunk, and how it is had again.
pub(crate) fn play<S: Strategy>(
    what: &str,
    cases: u32,
    strategy: &S,
    run: impl Fn(S::Value) -> Result<(), StoreError>,
) {
    let (config, seed) = (config(cases), Seed::given());
    let cases = config.cases;
    let played = run_from(
        seed.rng(),
        config,
        strategy,
        run,
        &format!("{seed} PROPTEST_CASES={cases}"),
    );
    seed.print(&format!("{cases} asked for"));
    ran(played, what);
}

/// The same, by several players at once who share the cases: each waits for its own syncs, and those
/// of others go on meanwhile. Who plays what follows from the seed and the number of cases.
///
/// # Panics
/// As [`play`].
pub(crate) fn play_at_once<S: Strategy, P: Send + ?Sized>(
    what: &str,
    cases: u32,
    strategy: impl Fn() -> S + Sync,
    players: Vec<Box<P>>,
    run: impl Fn(&P, S::Value) -> Result<(), StoreError> + Sync,
) {
    let (config, seed) = (config(cases), Seed::given());
    let (cases, all) = (config.cases, players.len() as u32);
    let again = format!("{seed} PROPTEST_CASES={cases}");
    let mut played = 0_u64;
    thread::scope(|scope| {
        let play = |(number, player): (u32, Box<P>)| {
            let cases = (cases + all - 1 - number) / all;
            let config = Config {
                cases,
                ..config.clone()
            };
            let (strategy, run, again) = (&strategy, &run, &again);
            scope.spawn(move || {
                let rng = seed.rng_for(&format!("player {number}"));
                run_from(rng, config, &strategy(), |case| run(&player, case), again)
            })
        };
        let playing: Vec<_> = (0..).zip(players).map(play).collect();
        for player in playing {
            match player.join() {
                Ok(its) => played += its,
                Err(why) => resume_unwind(why),
            }
        }
    });
    seed.print(&format!("{cases} asked for"));
    ran(played, what);
}

/// So many cases, unless `PROPTEST_CASES` asks for another number.
fn config(cases: u32) -> Config {
    let mut config = Config {
        failure_persistence: None,
        ..Config::default()
    };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = cases;
    }
    config
}

/// Answers how many cases were played to their end.
fn run_from<S: Strategy>(
    rng: TestRng,
    config: Config,
    strategy: &S,
    run: impl Fn(S::Value) -> Result<(), StoreError>,
    again: &str,
) -> u64 {
    let count = Cell::new(0);
    let played = TestRunner::new_with_rng(config, rng).run(strategy, |case| {
        run(case).map_err(|error| TestCaseError::fail(error.to_string()))?;
        count.set(count.get() + 1);
        Ok(())
    });
    if let Err(failure) = played {
        panic!("{failure}\nagain with {again}");
    }
    count.get()
}

/// Prints what came of random choices without following from them alone.
#[allow(
    clippy::print_stdout,
    reason = "the runner shows it where it shows anything of a test"
)]
pub(crate) fn tell(what: &str) {
    println!("{what}");
}

/// What random choices follow from: `CMSS_SEED`, or a new one each time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seed(CommitId);

impl Seed {
    /// The one that is asked for, or a new one.
    ///
    /// # Panics
    /// When `CMSS_SEED` is no UUID.
    pub(crate) fn given() -> Self {
        match std::env::var("CMSS_SEED") {
            Ok(seed) => Self::read(&seed),
            Err(_) => Self(CommitId::random()),
        }
    }

    /// # Panics
    /// When this is no UUID.
    pub(crate) fn read(seed: &str) -> Self {
        let seed = seed.parse().map(CommitId);
        Self(seed.expect("CMSS_SEED is a UUID"))
    }

    /// The seed as `CMSS_SEED` takes it.
    pub(crate) fn name(self) -> String {
        self.0.to_string()
    }

    /// Prints what was drawn from it, for whoever runs the test.
    #[allow(
        clippy::print_stdout,
        reason = "the runner shows it where it shows anything of a test"
    )]
    pub(crate) fn print(self, what: &str) {
        println!("{what} from {self}");
    }

    /// A number that follows from the seed and from what it is for.
    pub(crate) fn number(self, purpose: &str) -> u64 {
        let Digest(digest) = Digest::of(format!("{} {purpose}", self.0).as_bytes());
        let first = digest.first_chunk().expect("a digest has 32 bytes");
        u64::from_be_bytes(*first)
    }

    /// Waits without sleeping: from nothing to some milliseconds, each order of magnitude as often
    /// as the next.
    pub(crate) fn spin(self, purpose: &str) {
        let magnitude = self.number(&format!("magnitude of {purpose}")) % 20;
        let turns = self.number(purpose) % (1 << magnitude);
        (0..turns).for_each(|_| std::hint::spin_loop());
    }

    /// A generator of its own.
    pub(crate) fn rng(self) -> TestRng {
        Self::rng_of(self.0.0.as_bytes())
    }

    /// A generator of its own for each purpose.
    fn rng_for(self, purpose: &str) -> TestRng {
        Self::rng_of(format!("{} {purpose}", self.0).as_bytes())
    }

    fn rng_of(bytes: &[u8]) -> TestRng {
        let Digest(bytes) = Digest::of(bytes);
        TestRng::from_seed(RngAlgorithm::ChaCha, &bytes)
    }
}

/// How it is asked for again.
impl std::fmt::Display for Seed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CMSS_SEED={}", self.0)
    }
}
