//! Child processes: a test runs itself again in a process of its own, to be killed or to die there.

use std::env;
use std::ffi::OsStr;
use std::io::Read;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

/// What a child says stands in lines that begin so, among those of the test harness.
const SAYS: &str = "child says: ";

/// How a child ended.
#[derive(Debug)]
pub enum Ended {
    /// By itself.
    Exited(ExitStatus),
    /// It was killed when its time was over.
    Killed,
}

/// What became of a child.
#[derive(Debug)]
pub struct Outcome {
    /// What it [said](say), line by line.
    pub said: Vec<String>,
    /// How it ended.
    pub ended: Ended,
}

impl Outcome {
    /// Whether it came to the end of its test.
    #[must_use]
    pub fn is_done(&self) -> bool {
        matches!(self.ended, Ended::Exited(status) if status.success())
    }
}

/// Runs a test of this program, by its full name, in a child with this in its environment; kills it
/// when it takes longer than it may. What it panics is not shown.
///
/// # Panics
/// When no child can be started.
#[must_use]
pub fn run(test: &str, environment: &[(&str, &OsStr)], longest: Duration) -> Outcome {
    let program = env::current_exe().expect("this program has a path");
    watch(Command::new(program), test, environment, longest)
}

/// The same, in a child no file of which grows beyond so many bytes: it is told that there is no
/// room.
///
/// # Panics
/// When no child can be started.
#[cfg(unix)]
#[must_use]
pub fn run_without_room(
    test: &str,
    environment: &[(&str, &OsStr)],
    limit: u64,
    longest: Duration,
) -> Outcome {
    let program = env::current_exe().expect("this program has a path");
    let mut command = Command::new("sh");
    // In blocks of 512 bytes; without the signal, which would end it.
    let script = format!(
        "trap '' XFSZ; ulimit -f {}; exec \"$0\" \"$@\"",
        limit / 512
    );
    command.arg("-c").arg(script).arg(program);
    watch(command, test, environment, longest)
}

fn watch(
    command: Command,
    test: &str,
    environment: &[(&str, &OsStr)],
    longest: Duration,
) -> Outcome {
    let mut child = start(command, test, environment);
    let mut output = child.stdout.take().expect("the child's output");
    let (ends, ended) = channel();
    let reader = thread::spawn(move || {
        let mut text = Vec::new();
        let read = output.read_to_end(&mut text);
        // Who waits no longer has killed the child.
        let _ = ends.send(());
        read.map(|_| String::from_utf8_lossy(&text).into_owned())
    });
    let in_time = match ended.recv_timeout(longest) {
        Ok(()) | Err(RecvTimeoutError::Disconnected) => true,
        Err(RecvTimeoutError::Timeout) => {
            child.kill().expect("the child is killed");
            false
        }
    };
    let status = child.wait().expect("the child has ended");
    let text = reader.join().expect("the reader has ended");
    let text = text.expect("the child's output is read");
    let said = text.lines().filter_map(|line| line.split_once(SAYS));
    Outcome {
        said: said.map(|(_, said)| said.to_owned()).collect(),
        ended: match in_time {
            true => Ended::Exited(status),
            false => Ended::Killed,
        },
    }
}

fn start(mut command: Command, test: &str, environment: &[(&str, &OsStr)]) -> Child {
    command.args(["--exact", test, "--nocapture", "--include-ignored"]);
    command.envs(environment.iter().copied());
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let shown = env::var_os("CMSS_SHOW_CHILDREN").is_some();
    command.stderr(if shown {
        Stdio::inherit()
    } else {
        Stdio::null()
    });
    command.spawn().expect("the child is started")
}

/// Says something to the parent, at once.
///
/// # Panics
/// When nobody listens.
pub fn say(what: &str) {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    // The harness may have begun a line of its own.
    writeln!(out, "\n{SAYS}{what}").expect("the parent listens");
    out.flush().expect("the parent listens");
}
