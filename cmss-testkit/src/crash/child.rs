//! The process that is killed: from within, and as its parent holds it.

use std::env;
use std::io::{self, BufRead as _, BufReader, Lines, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::Arc;
use std::thread;

use cmss_core::store::{Seq, Store};
use pollster::block_on;

use super::work::{Sent, WRITERS};
use crate::durable::directories::Open;
use crate::seed::Seed;

/// Where the store is; only the process to be killed has it.
const HOME: &str = "CMSS_CRASH_HOME";
/// Which process it is, counted from 1.
const ROUND: &str = "CMSS_CRASH_ROUND";
/// What its work follows from.
const SEED: &str = "CMSS_CRASH_SEED";

/// What it says of itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Said {
    /// The store is about to be opened.
    Opening,
    /// The store is open.
    Opened,
    /// A commit was answered.
    Acknowledged(Sent, Seq),
}

impl Said {
    fn spelled(self) -> String {
        match self {
            Self::Opening => "crash: opening\n".to_owned(),
            Self::Opened => "crash: opened\n".to_owned(),
            Self::Acknowledged(sent, seq) => {
                let Sent { writer, number, .. } = sent;
                format!("crash: ack {writer} {number} {seq}\n")
            }
        }
    }

    fn read(line: &str, round: u32) -> Option<Self> {
        let mut words = line.strip_prefix("crash: ")?.split(' ');
        match words.next()? {
            "opening" => Some(Self::Opening),
            "opened" => Some(Self::Opened),
            "ack" => {
                let writer = words.next()?.parse().ok()?;
                let number = words.next()?.parse().ok()?;
                let sent = Sent {
                    round,
                    writer,
                    number,
                };
                let seq = words.next()?.parse().ok()?;
                Some(Self::Acknowledged(sent, Seq(seq)))
            }
            _ => None,
        }
    }
}

/// What a process is told when it is the one to be killed.
pub(super) struct Told {
    home: PathBuf,
    round: u32,
    seed: Seed,
}

impl Told {
    pub(super) fn is() -> Option<Self> {
        let home = env::var_os(HOME)?.into();
        let round = env::var(ROUND).ok()?.parse().ok()?;
        let seed = Seed::read(&env::var(SEED).ok()?);
        Some(Self { home, round, seed })
    }

    /// Opens the store and commits until it is killed.
    pub(super) fn work(self, open: Open<'_>) -> ! {
        let Self { home, round, seed } = self;
        say(Said::Opening);
        let store = open(&home).expect("the store opens");
        say(Said::Opened);
        thread::scope(|scope| {
            for writer in 0..WRITERS {
                let store = &store;
                scope.spawn(move || write(store, seed, round, writer));
            }
        });
        unreachable!("writers write until they are killed")
    }
}

fn write(store: &Arc<dyn Store>, seed: Seed, round: u32, writer: u32) {
    for number in 1.. {
        let sent = Sent {
            round,
            writer,
            number,
        };
        match block_on(store.commit(sent.changeset(seed))) {
            Ok(receipt) => say(Said::Acknowledged(sent, receipt.seq)),
            Err(error) => {
                let _ = writeln!(io::stderr(), "{sent:?} was refused: {error}");
                std::process::exit(1);
            }
        }
    }
}

/// Says it in one write, which arrives whole or not at all, and past the capture of the test runner.
fn say(said: Said) {
    if io::stderr().write_all(said.spelled().as_bytes()).is_err() {
        // Nobody is there any more to be answered.
        std::process::exit(1);
    }
}

/// A process that works.
pub(super) struct Process {
    child: Child,
    lines: Lines<BufReader<ChildStderr>>,
    round: u32,
    /// What it has said that is none of its words: what it fell over, mostly.
    rest: Vec<String>,
}

impl Process {
    /// Runs this test once more, as the process to be killed.
    pub(super) fn start(test: &str, home: &Path, round: u32, seed: Seed) -> Self {
        let this = env::current_exe().expect("the test has a program");
        let mut command = Command::new(this);
        command.args([test, "--exact", "--include-ignored", "--nocapture"]);
        command.env(HOME, home).env(ROUND, round.to_string());
        command.env(SEED, seed.name());
        command.stdin(Stdio::null()).stdout(Stdio::null());
        let child = command.stderr(Stdio::piped()).spawn();
        let mut child = child.expect("the test can be run once more");
        let stderr = child.stderr.take().expect("its standard error is a pipe");
        Self {
            child,
            lines: BufReader::new(stderr).lines(),
            round,
            rest: Vec::new(),
        }
    }

    /// What it says next; `None` when it has ended.
    pub(super) fn next(&mut self) -> Option<Said> {
        loop {
            let line = self.lines.next()?.ok()?;
            match Said::read(&line, self.round) {
                Some(said) => return Some(said),
                None => self.rest.push(line),
            }
        }
    }

    /// Kills it, and answers what else it had said before it was dead.
    ///
    /// # Panics
    /// When it had ended by itself.
    pub(super) fn kill(mut self) -> Vec<Said> {
        self.child.kill().expect("it can be killed");
        let said = std::iter::from_fn(|| self.next()).collect();
        let status = self.child.wait().expect("it ends");
        // Where a kill is no signal, it has a code as well.
        if let Some(code) = status.code().filter(|_| cfg!(unix)) {
            let rest = self.rest.join("\n");
            panic!(
                "the process ended by itself, with {code}; is the test named as it is called?\n{rest}"
            );
        }
        said
    }
}
