//! What a person at a terminal sees while a long work goes on.

use std::ffi::OsStr;
use std::fs::File;
use std::io::Read as _;
use std::os::fd::OwnedFd;
use std::process::Child;
use std::thread;

use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use super::*;

/// A terminal: what is written at one end is read at the other.
pub(crate) struct Terminal {
    shown: File,
    end: OwnedFd,
}

impl Terminal {
    pub(crate) fn new() -> Self {
        let shown = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&shown).unwrap();
        unlockpt(&shown).unwrap();
        let name = ptsname(&shown, Vec::new()).unwrap();
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
        let end = rustix::fs::open(name, flags, Mode::empty()).unwrap();
        let shown = shown.into();
        Self { shown, end }
    }

    /// An end for a program to write to.
    pub(crate) fn end(&self) -> OwnedFd {
        self.end.try_clone().unwrap()
    }

    /// What is shown, until every program that writes there has ended.
    pub(crate) fn shown(self) -> Shown {
        Shown {
            shown: self.shown,
            seen: String::new(),
        }
    }
}

/// What is shown on a terminal, as it comes.
pub(crate) struct Shown {
    shown: File,
    seen: String,
}

impl Shown {
    /// Waits until this has been shown so many times; nothing where it never is.
    pub(crate) fn wait(&mut self, what: &str, times: usize) -> Option<()> {
        while self.seen.matches(what).count() < times {
            let mut bytes = [0; 1_000];
            // That there is nobody left to write is an error on some systems.
            let read = self.shown.read(&mut bytes).unwrap_or_default();
            if read == 0 {
                return None;
            }
            self.seen += std::str::from_utf8(&bytes[..read]).unwrap();
        }
        Some(())
    }

    /// All of it.
    fn all(mut self) -> String {
        let never = "\0";
        assert_eq!(self.wait(never, 1), None);
        self.seen
    }
}

/// Starts the tool with what it complains of, and how far it is, on a terminal.
pub(crate) fn start<S: AsRef<OsStr>>(
    home: &Home,
    args: impl IntoIterator<Item = S>,
) -> (Child, Shown) {
    let terminal = Terminal::new();
    let mut command = home.command(args);
    command.stdout(Stdio::piped()).stderr(terminal.end());
    (command.spawn().unwrap(), terminal.shown())
}

/// Empties the line that was written over.
const WIPED: &str = "\r\u{1b}[K";

#[test]
fn whoever_waits_at_a_terminal_sees_how_far_it_is_and_the_same_answer() {
    let home = Home::large();
    home.done(&["load", "backup.ndjson", "other", "--store", "redb"]);
    for (args, whats) in [
        (&["info", "data"][..], &["documents read"][..]),
        (
            &["verify", "data"],
            &["values looked at", "documents checked"],
        ),
        (
            &["upgrade", "data"],
            &["documents looked at", "documents held against the site"],
        ),
        (
            &["compact", "other"],
            &["values looked at", "values copied", "values compared"],
        ),
        (
            &["export", "data", "again"],
            &["lines written", "kB checked", "lines read"],
        ),
        (
            &["load", "backup.ndjson", "third"],
            &["kB checked", "lines read"],
        ),
        (&["changes", "data"], &["commits read"]),
        (&["changes", "backup.ndjson"], &["kB checked", "lines read"]),
        (&["site", "data", "public"], &["pages written"]),
        (
            &["site", "backup.ndjson", "public-again"],
            &["lines read", "pages written"],
        ),
    ] {
        let (child, shown) = start(&home, args);
        let answer = thread::spawn(|| child.wait_with_output().unwrap());
        let shown = shown.all();
        let answer = answer.join().unwrap();
        assert!(answer.status.success(), "{args:?} {shown}");
        assert!(
            !answer.stdout.is_empty() && !answer.stdout.contains(&b'\r'),
            "{args:?}"
        );
        for what in whats {
            // A number, and what there are so many of.
            let steps = shown
                .split(['\r', '\u{1b}'])
                .filter_map(|line| line.strip_suffix(what)?.trim_end().parse::<u64>().ok());
            let steps: Vec<_> = steps.collect();
            assert!(
                !steps.is_empty() && steps.is_sorted(),
                "{args:?} {what} {shown:?}"
            );
        }
        assert!(shown.ends_with(WIPED), "{args:?} {shown:?}");
    }
}

#[test]
fn an_answer_on_the_same_terminal_has_no_progress_in_it() {
    let home = Home::large();
    for from in ["data", "backup.ndjson"] {
        let answer = home.done(&["changes", from]);
        let terminal = Terminal::new();
        let mut command = home.command(["changes", from]);
        command.stdout(terminal.end()).stderr(terminal.end());
        let mut child = command.spawn().unwrap();
        drop(command);
        let shown = terminal.shown().all();
        assert!(child.wait().unwrap().success());
        let (_, shown) = shown.rsplit_once(WIPED).unwrap();
        assert!(shown.replace("\r\n", "\n") == answer, "{from}");
    }
}
