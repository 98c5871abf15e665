//! Randomness that can be had again.

use cmss_core::store::{CommitId, Digest, StoreError};
use cmss_core::{Ids as _, RandomIds};
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

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
    let mut config = Config {
        failure_persistence: None,
        ..Config::default()
    };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = cases;
    }
    let cases = config.cases;
    let seed = Seed::given();
    let played = TestRunner::new_with_rng(config, seed.rng()).run(strategy, |case| {
        run(case).map_err(|error| TestCaseError::fail(error.to_string()))
    });
    if let Err(failure) = played {
        panic!("{failure}\nagain with {seed} PROPTEST_CASES={cases}");
    }
    seed.print(&format!("{cases} {what}"));
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
            Err(_) => Self(CommitId(RandomIds.fresh())),
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
        let Digest(bytes) = Digest::of(self.0.0.as_bytes());
        TestRng::from_seed(RngAlgorithm::ChaCha, &bytes)
    }
}

/// How it is asked for again.
impl std::fmt::Display for Seed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CMSS_SEED={}", self.0)
    }
}
