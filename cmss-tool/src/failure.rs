//! Why something was not done, and with which exit code the program says so.

use std::error::Error as StdError;
use std::fmt;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::process::ExitCode;

use cmss::store::StoreError;
use cmss::verify::Unverified;
use cmss::{Error, SiteFolderError};
use serde_json::{Value, json};

/// A failure, told with everything that is behind it.
#[derive(Debug)]
pub(crate) struct Failure {
    sort: Sort,
    what: String,
    /// What can be done about it, where that does not follow from what it is.
    advice: Option<String>,
}

/// Each sort has an exit code, and `--help` says which.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Sort {
    Faults,
    Misused,
    NotOpened,
    Refused,
    Failed,
    /// What was to be done is done, and nobody can be told.
    Unanswered,
    /// Whoever read the answer has read enough.
    ClosedPipe,
}

impl Sort {
    /// The exit code, and how the sort is called in JSON.
    const fn code(self) -> (u8, &'static str) {
        match self {
            Self::ClosedPipe => (0, "closed_pipe"),
            Self::Faults => (1, "damaged"),
            Self::Misused => (2, "misused"),
            Self::NotOpened => (3, "not_opened"),
            Self::Refused => (4, "refused"),
            Self::Failed => (5, "failed"),
            Self::Unanswered => (6, "unanswered"),
        }
    }
}

impl Failure {
    fn new(sort: Sort, what: impl Into<String>) -> Self {
        Self {
            sort,
            what: what.into(),
            advice: None,
        }
    }

    fn of(sort: Sort, error: &dyn StdError) -> Self {
        let mut what = error.to_string();
        let mut source = error.source();
        while let Some(error) = source {
            let why = error.to_string();
            // Some say themselves what is behind them.
            if !what.ends_with(&why) {
                what += &format!(": {why}");
            }
            source = error.source();
        }
        Self::new(sort, what)
    }

    /// What was asked for would write over something, or lose it.
    pub(crate) fn refused(what: impl Into<String>) -> Self {
        Self::new(Sort::Refused, what)
    }

    /// What was asked for makes no sense.
    pub(crate) fn misused(what: impl Into<String>) -> Self {
        Self::new(Sort::Misused, what)
    }

    /// There is nothing here that can be opened.
    pub(crate) fn not_opened(what: impl Into<String>) -> Self {
        Self::new(Sort::NotOpened, what)
    }

    /// What was read contradicts itself.
    pub(crate) fn faulty(what: impl Into<String>) -> Self {
        Self::new(Sort::Faults, what)
    }

    /// It went wrong otherwise.
    pub(crate) fn failed(what: impl Into<String>) -> Self {
        Self::new(Sort::Failed, what)
    }

    /// A file that is only read cannot be.
    pub(crate) fn unreadable(path: &Path) -> impl Fn(io::Error) -> Self {
        |error| {
            let failure = Self::of(Sort::NotOpened, &error).about(path);
            match error.kind() {
                ErrorKind::NotFound | ErrorKind::NotADirectory => {
                    failure.with_advice("give a path that leads somewhere from where this runs")
                }
                ErrorKind::PermissionDenied => {
                    failure.with_advice("run this as a user who may read it")
                }
                _ => failure,
            }
        }
    }

    /// A file that is written cannot be.
    pub(crate) fn unwritable(path: &Path) -> impl Fn(io::Error) -> Self {
        |error| match error.kind() {
            ErrorKind::AlreadyExists => {
                let shown = path.display();
                Self::refused(format!("{shown} is there already: give another name"))
            }
            ErrorKind::NotFound | ErrorKind::NotADirectory => (Self::of(Sort::Failed, &error)
                .about(path))
            .with_advice("make the directory first in which it is to stand"),
            _ => Self::of(Sort::Failed, &error).about(path),
        }
    }

    /// The same failure, which a file or directory is named for.
    pub(crate) fn about(self, path: &Path) -> Self {
        self.before(&path.display().to_string())
    }

    /// The same failure, with something said before it.
    pub(crate) fn before(mut self, what: &str) -> Self {
        self.what = format!("{what}: {}", self.what);
        self
    }

    /// What a store that is worked on has answered: its directory is named, and where it is damaged,
    /// what can be done.
    pub(crate) fn of_store<E: Into<Self>>(dir: &Path) -> impl Fn(E) -> Self {
        |error| error.into().about(dir).advised(dir)
    }

    /// The same failure, with what can be done about a store that is damaged.
    pub(crate) fn advised(self, dir: &Path) -> Self {
        let shown = dir.display();
        self.where_damaged(format!(
            "`cmss-tool verify {shown}` looks at all of it, and `cmss-tool load` makes a new store of \
             a backup"
        ))
    }

    /// The same failure, with what can be done about a store that does not open.
    pub(crate) fn advised_to_load(self) -> Self {
        self.where_damaged("`cmss-tool load FILE NEW-DIR` makes a new store of a backup")
    }

    /// The same failure, with what can be done about a store that opens and was looked at whole. An
    /// export reads no index, and is held against the log.
    pub(crate) fn advised_to_export(self, dir: &Path) -> Self {
        let shown = dir.display();
        self.where_damaged(format!(
            "try `cmss-tool export {shown} FILE` first: where that succeeds, the file holds everything \
             there was, and `cmss-tool load FILE NEW-DIR` makes a new store of it; where it does not, \
             load a backup"
        ))
    }

    /// The same failure, with what can be done about documents that do not fit together.
    pub(crate) fn advised_to_upgrade(self, dir: &Path) -> Self {
        let shown = dir.display();
        self.where_damaged(format!(
            "`cmss-tool upgrade {shown}` writes anew what an older release has left, and the public \
             site; for all else, `cmss-tool load` makes a new store of a backup"
        ))
    }

    /// The same failure, with what can be done where something is damaged.
    pub(crate) fn where_damaged(self, advice: impl Into<String>) -> Self {
        match (self.sort, &self.advice) {
            (Sort::Faults, None) => self.with_advice(advice),
            _ => self,
        }
    }

    /// The same failure, with what can be done about it.
    pub(crate) fn with_advice(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(self.sort.code().0)
    }

    /// It as it is told to scripts.
    pub(crate) fn json(&self) -> Value {
        let (exit_code, kind) = self.sort.code();
        json!({
            "kind": kind,
            "exit_code": exit_code,
            "message": self.what,
            "advice": self.advice,
        })
    }

    /// Whether there is somebody to be told.
    pub(crate) fn is_told(&self) -> bool {
        self.sort != Sort::ClosedPipe
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        match &self.advice {
            Some(advice) => write!(f, "\n{advice}"),
            None => Ok(()),
        }
    }
}

const fn sort(error: &StoreError) -> Sort {
    match error {
        StoreError::Corrupt { .. } => Sort::Faults,
        StoreError::Unavailable { .. } => Sort::NotOpened,
        StoreError::NotEmpty => Sort::Refused,
        _ => Sort::Failed,
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::of(sort(&error), &error)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let sort = match &error {
            Error::Store(error) => sort(error),
            Error::Corrupt { .. } => Sort::Faults,
            Error::NotFounded | Error::Newer { .. } => Sort::NotOpened,
            _ => Sort::Failed,
        };
        Self::of(sort, &error)
    }
}

impl From<Unverified> for Failure {
    fn from(error: Unverified) -> Self {
        match error {
            Unverified::Unread(error) => error.into(),
            error @ Unverified::InTheWay { .. } => Self::of(Sort::Refused, &error),
            fault => Self::of(Sort::Faults, &fault),
        }
    }
}

impl From<SiteFolderError> for Failure {
    fn from(error: SiteFolderError) -> Self {
        match error {
            SiteFolderError::Site(error) => error.into(),
            error @ SiteFolderError::Foreign { .. } => Self::of(Sort::Refused, &error),
            error => Self::of(Sort::Failed, &error),
        }
    }
}

/// Of standard output: every other file is named.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        let sort = match error.kind() {
            ErrorKind::BrokenPipe => Sort::ClosedPipe,
            _ => Sort::Unanswered,
        };
        Self::of(sort, &error).before("the answer cannot be written")
    }
}
