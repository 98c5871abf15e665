//! Why something was not done, and with which exit code the program says so.

use std::error::Error as StdError;
use std::fmt;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::process::ExitCode;

use cmss::store::StoreError;
use cmss::verify::Unverified;
use cmss::{Error, SiteFolderError};

/// A failure, told with everything that is behind it.
#[derive(Debug)]
pub(crate) struct Failure {
    sort: Sort,
    what: String,
}

/// Each sort has an exit code, and `--help` says which.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Sort {
    Faults,
    Misused,
    NotOpened,
    Refused,
    Failed,
    /// Whoever read the answer has read enough.
    ClosedPipe,
}

impl Failure {
    fn new(sort: Sort, what: impl Into<String>) -> Self {
        Self {
            sort,
            what: what.into(),
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
        Self { sort, what }
    }

    /// What was asked for would write over something.
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
        |error| Self::of(Sort::NotOpened, &error).about(path)
    }

    /// A file that is written cannot be.
    pub(crate) fn unwritable(path: &Path) -> impl Fn(io::Error) -> Self {
        |error| match error.kind() {
            ErrorKind::AlreadyExists => {
                let shown = path.display();
                Self::refused(format!("{shown} is there already: give another name"))
            }
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

    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self.sort {
            Sort::ClosedPipe => 0,
            Sort::Faults => 1,
            Sort::Misused => 2,
            Sort::NotOpened => 3,
            Sort::Refused => 4,
            Sort::Failed => 5,
        })
    }

    /// Whether there is somebody to be told.
    pub(crate) fn is_told(&self) -> bool {
        self.sort != Sort::ClosedPipe
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
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
            _ => Sort::Failed,
        };
        Self::of(sort, &error).before("the answer cannot be written")
    }
}
