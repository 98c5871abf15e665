//! What sled and the file system say, in the words of the contract.

use std::io::{self, ErrorKind};

use cmss_core::store::StoreError;

/// Stored bytes are not what was written.
pub(crate) fn corrupt(what: impl Into<String>) -> StoreError {
    StoreError::Corrupt {
        what: what.into(),
        source: None,
    }
}

/// The store cannot be used now.
pub(crate) fn unavailable(what: impl Into<String>) -> StoreError {
    StoreError::Unavailable {
        what: what.into(),
        source: None,
    }
}

/// The store cannot be used now, says the file system.
pub(crate) fn unreachable(what: impl Into<String>, source: io::Error) -> StoreError {
    if is_full(&source) {
        return StoreError::Full {
            source: Some(Box::new(source)),
        };
    }
    StoreError::Unavailable {
        what: what.into(),
        source: Some(Box::new(source)),
    }
}

/// A failure of the file system while `what` was done.
pub(crate) fn io(what: &str, source: io::Error) -> StoreError {
    if is_full(&source) {
        return StoreError::Full {
            source: Some(Box::new(source)),
        };
    }
    StoreError::Backend {
        what: what.to_owned(),
        source: Some(Box::new(source)),
    }
}

/// A failure of sled while `what` was done.
pub(crate) fn engine(what: &str, source: sled::Error) -> StoreError {
    match source {
        sled::Error::Io(source) => io(what, source),
        sled::Error::Corruption { .. } => StoreError::Corrupt {
            what: format!("the data files, found {what}"),
            source: Some(Box::new(source)),
        },
        source => StoreError::Backend {
            what: what.to_owned(),
            source: Some(Box::new(source)),
        },
    }
}

fn is_full(source: &io::Error) -> bool {
    matches!(
        source.kind(),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge
    )
}
