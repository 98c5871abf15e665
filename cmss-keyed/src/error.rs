//! What engines and file systems say, in the words of the contract.

use std::fmt::Display;
use std::io::{self, ErrorKind};
use std::panic::{AssertUnwindSafe, catch_unwind};

use cmss_core::store::StoreError;

/// Stored bytes are not what was written.
pub fn corrupt(what: impl Into<String>) -> StoreError {
    StoreError::Corrupt {
        what: what.into(),
        source: None,
    }
}

/// Does what an engine may panic in, as some do on damaged files; the panic ends here.
///
/// A program that is built to abort where it panics ends all the same.
///
/// # Errors
/// [`StoreError::Corrupt`] when it panics, without what the panic said: that may be content. And
/// what `work` answers.
pub fn contained<T>(
    doing: &str,
    work: impl FnOnce() -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(panicked(doing)))
}

/// The engine panicked, which ended there.
pub(crate) fn panicked(doing: &str) -> StoreError {
    corrupt(format!(
        "the engine panicked {doing}, as it may on damaged files"
    ))
}

/// The store cannot be used now, or not by this release.
pub fn unavailable(what: impl Into<String>) -> StoreError {
    StoreError::Unavailable {
        what: what.into(),
        source: None,
    }
}

/// Somebody else's data is where a store was asked for.
pub fn foreign(place: impl Display) -> StoreError {
    unavailable(format!(
        "{place} holds something else than a store of this kind: give the directory of one, or one that is \
         new or empty"
    ))
}

/// Another process, or another handle in this one, has the store open; `lock` is the file that says
/// so.
pub fn held(lock: impl Display) -> StoreError {
    unavailable(format!(
        "the lock on {lock} is held by another handle or process: close the store there first; one \
         process at a time can have a directory open"
    ))
}

/// The store cannot be used now, says the file system.
pub fn unreachable(what: impl Into<String>, source: io::Error) -> StoreError {
    if is_full(&source) {
        return full(source);
    }
    StoreError::Unavailable {
        what: what.into(),
        source: Some(Box::new(source)),
    }
}

/// A failure of the file system while `what` was done.
pub fn io(what: impl Into<String>, source: io::Error) -> StoreError {
    if is_full(&source) {
        return full(source);
    }
    StoreError::Backend {
        what: what.into(),
        source: Some(Box::new(source)),
    }
}

fn full(source: io::Error) -> StoreError {
    StoreError::Full {
        source: Some(Box::new(source)),
    }
}

fn is_full(source: &io::Error) -> bool {
    matches!(
        source.kind(),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge
    )
}
