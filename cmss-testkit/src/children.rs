//! Child processes: a test runs itself once more in a process of its own, to be killed or to die
//! there.
//!
//! [`Child::start`] starts the test binary again with the name of the test, and a [`Task`] in its
//! environment. There the test comes to the same [`serve`], which does what the task asks for and
//! ends the process. So nobody needs a program of their own for it.

use std::env;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{self, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

/// What a child says stands in lines that hold this, among those of the test runner.
const SAYS: &str = "child says: ";

/// What a child has to do.
const DO: &str = "CMSS_CHILD_DO";
/// The directory it has to do it in.
const HOME: &str = "CMSS_CHILD_HOME";
/// What else it has to know.
const WITH: &str = "CMSS_CHILD_WITH";

/// What a child is asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Task {
    /// What it has to do.
    pub what: String,
    /// The directory it has to do it in.
    pub home: PathBuf,
    /// What else it has to know.
    pub with: String,
}

impl Task {
    /// To do this in a directory.
    #[must_use]
    pub fn new(what: &str, home: &Path, with: impl ToString) -> Self {
        Self {
            what: what.to_owned(),
            home: home.to_owned(),
            with: with.to_string(),
        }
    }

    /// The one of this process, if it is a child.
    fn own() -> Option<Self> {
        Some(Self {
            what: env::var(DO).ok()?,
            home: env::var_os(HOME)?.into(),
            with: env::var(WITH).ok()?,
        })
    }
}

/// In a child that is asked for `what`, does the work, which is given the directory and what else
/// there is to know; then says `done`, and ends the process. Does nothing anywhere else.
pub fn serve(what: &str, work: impl FnOnce(&Path, &str)) {
    if let Some(task) = Task::own().filter(|task| task.what == what) {
        work(&task.home, &task.with);
        say("done");
        process::exit(0);
    }
}

/// Says something to the parent: in one write, which arrives whole or not at all, and past the
/// capture of the test runner. A child to which nobody listens any more ends.
pub fn say(what: &str) {
    let line = format!("{SAYS}{what}\n");
    if std::io::stderr().write_all(line.as_bytes()).is_err() {
        process::exit(1);
    }
}

/// How a child ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ended {
    /// By itself.
    Exited(ExitStatus),
    /// It was killed.
    Killed,
}

/// What became of a child.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outcome {
    /// What it [said](say), line by line.
    pub said: Vec<String>,
    /// What else it wrote to its standard error: what it fell over, mostly.
    pub rest: Vec<String>,
    /// How it ended.
    pub ended: Ended,
}

impl Outcome {
    /// Whether it did all that it was asked.
    #[must_use]
    pub fn is_done(&self) -> bool {
        let last = self.said.last().map(String::as_str);
        let exited = matches!(self.ended, Ended::Exited(status) if status.success());
        exited && last == Some("done")
    }

    /// Whether it ended itself as [`process::abort`] does, and was not killed from outside.
    #[must_use]
    pub fn is_aborted(&self) -> bool {
        // Where that is a signal, there is no code.
        matches!(self.ended, Ended::Exited(status) if !status.success()
            && (!cfg!(unix) || status.code().is_none()))
    }
}

/// A child at work. Dropping it leaves it to itself.
#[derive(Debug)]
pub struct Child {
    process: process::Child,
    lines: Receiver<String>,
    said: Vec<String>,
    rest: Vec<String>,
}

impl Child {
    /// Runs a test of this program once more, by its full name, with a task.
    ///
    /// # Panics
    /// When it cannot be started; and in a child, which has no children: nobody served its task.
    #[must_use]
    pub fn start(test: &str, task: &Task) -> Self {
        let program = env::current_exe().expect("this program has a path");
        Self::spawn(Command::new(program), test, task)
    }

    /// The same, where no file may grow beyond so many bytes: the child is told that there is no
    /// room.
    ///
    /// # Panics
    /// As [`Child::start`] does.
    #[cfg(unix)]
    #[must_use]
    pub fn start_without_room(test: &str, task: &Task, limit: u64) -> Self {
        let program = env::current_exe().expect("this program has a path");
        let mut command = Command::new("sh");
        // In blocks of 512 bytes; without the signal, which would end it.
        let script = format!(
            "trap '' XFSZ; ulimit -f {}; exec \"$0\" \"$@\"",
            limit / 512
        );
        command.arg("-c").arg(script).arg(program);
        Self::spawn(command, test, task)
    }

    fn spawn(mut command: Command, test: &str, task: &Task) -> Self {
        let own = Task::own();
        assert_eq!(own, None, "a task that nobody serves");
        command.args([test, "--exact", "--include-ignored", "--nocapture"]);
        command.env(DO, &task.what).env(HOME, &task.home);
        command.env(WITH, &task.with);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command.stderr(Stdio::piped());
        let mut process = command.spawn().expect("the test can be run once more");
        let stderr = process.stderr.take().expect("its standard error is a pipe");
        let (sender, lines) = channel();
        // It ends with the child, or when nobody listens any more.
        thread::spawn(move || {
            let lines = BufReader::new(stderr).lines().map_while(Result::ok);
            lines.map(|line| sender.send(line)).all(|sent| sent.is_ok())
        });
        Self {
            process,
            lines,
            said: Vec::new(),
            rest: Vec::new(),
        }
    }

    /// What it says next; `None` when it has ended.
    pub fn listen(&mut self) -> Option<&str> {
        loop {
            let line = self.lines.recv().ok()?;
            if self.hear(line) {
                return self.said.last().map(String::as_str);
            }
        }
    }

    /// Takes down a line of its; answers whether the child said it.
    fn hear(&mut self, line: String) -> bool {
        let said = line.split_once(SAYS).map(|(_, said)| said.to_owned());
        let is_said = said.is_some();
        match said {
            Some(said) => self.said.push(said),
            None => self.rest.push(line),
        }
        is_said
    }

    /// Kills it, and answers what it had said before it was dead.
    ///
    /// # Panics
    /// When it cannot be killed.
    #[must_use]
    pub fn kill(mut self) -> Outcome {
        self.process.kill().expect("the child is killed");
        while self.listen().is_some() {}
        let status = self.process.wait().expect("the child has ended");
        // Where a kill is no signal, it has a code as well.
        let killed = !cfg!(unix) || status.code().is_none();
        Outcome {
            said: self.said,
            rest: self.rest,
            ended: match killed {
                true => Ended::Killed,
                false => Ended::Exited(status),
            },
        }
    }

    /// Waits for its end, and kills it when it takes longer than it may.
    ///
    /// # Panics
    /// When it cannot be killed.
    #[must_use]
    pub fn wait(mut self, longest: Duration) -> Outcome {
        let until = Instant::now() + longest;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) => _ = self.hear(line),
                Err(RecvTimeoutError::Timeout) => return self.kill(),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        let status = self.process.wait().expect("the child has ended");
        Outcome {
            said: self.said,
            rest: self.rest,
            ended: Ended::Exited(status),
        }
    }
}
