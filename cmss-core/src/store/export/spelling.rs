//! The lines of an export, as they are spelled: format 1.

use serde::{Deserialize, Serialize};

use super::Exported;
use crate::store::{DocRef, Limits, LogRecord, Seq, StoreError, Stored};

/// The format that is written here, and read.
pub(super) const FORMAT: u32 = 1;

/// One line.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Spelled {
    /// The first line.
    Export(Header),
    /// A document, whole. A later line about the same document replaces it.
    Doc(Stored),
    /// A document is not there any more.
    Gone(Gone),
    /// A log record.
    Record(LogRecord),
    /// The last line.
    End(Exported),
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    pub(super) format: u32,
    /// The commit after which the log of this file begins.
    pub(super) after: Seq,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Gone {
    pub(super) at: DocRef,
    /// The commit that removed it.
    pub(super) version: Seq,
}

/// What can be read of the first line of every format.
#[derive(Deserialize)]
pub(super) struct AnyHeader {
    pub(super) export: AnyFormat,
}

#[derive(Deserialize)]
pub(super) struct AnyFormat {
    pub(super) format: u32,
}

impl Spelled {
    /// Writes the line down, with its end.
    pub(super) fn write(&self, text: &mut String) -> Result<(), StoreError> {
        let line = serde_json::to_string(self).map_err(|source| StoreError::Corrupt {
            what: "a line of an export has no spelling".to_owned(),
            source: Some(Box::new(source)),
        })?;
        text.push_str(&line);
        text.push('\n');
        Ok(())
    }
}

/// The longest line that the content of a store with these limits can take, in bytes: in JSON a
/// byte of text is six at most, a key is two digits a byte, and names are short.
pub(super) fn longest(limits: &Limits) -> usize {
    const AROUND: usize = 1_000;
    const AROUND_ENTRY: usize = 100;
    const TOUCHED: usize = 250;
    let text = |bytes: usize| bytes.saturating_mul(6);
    let entry = limits.key.saturating_mul(2).saturating_add(AROUND_ENTRY);
    let doc = text(limits.body.saturating_add(limits.card))
        .saturating_add(limits.entries.saturating_mul(entry));
    let record = text(limits.note).saturating_add(limits.writes.saturating_mul(TOUCHED));
    doc.max(record).saturating_add(AROUND)
}
