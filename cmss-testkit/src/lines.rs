//! The lines of a load, taken from a store that stands still.

use cmss_core::store::{Intake, Line, Lines, Seq, Store, StoreError};

/// How much is read at a time: little enough that most sources take several pages.
const PAGE: usize = 100;

/// All of a store on which nothing is committed meanwhile, as the lines that [`Store::load`] takes,
/// the end line included.
///
/// # Errors
/// Those of the reads, and [`StoreError::Corrupt`] when what they answer does not fit together.
pub async fn lines(store: &dyn Store) -> Result<Vec<Line>, StoreError> {
    let mut lines = Vec::new();
    let mut after = None;
    loop {
        let walked = store.walk(after.as_ref(), PAGE).await?;
        let last = walked.docs.last().map(|stored| stored.at.clone());
        assert!(
            last > after || !walked.more,
            "a walk stands still at {after:?}"
        );
        lines.extend(walked.docs.into_iter().map(Line::Doc));
        after = last;
        if !walked.more {
            break;
        }
    }
    let mut seq = Seq::ZERO;
    loop {
        let changes = store.changes(seq, PAGE).await?;
        let Some(last) = changes.records.last().map(|record| record.seq) else {
            break;
        };
        assert!(last > seq, "the log stands still at {seq}");
        seq = last;
        lines.extend(changes.records.into_iter().map(Line::Record));
    }
    let mut intake = Intake::new();
    for line in &lines {
        intake.take(line)?;
    }
    lines.push(Line::End(intake.end()));
    Ok(lines)
}

/// These lines as [`Store::load`] takes them.
#[must_use]
pub fn feed(lines: Vec<Line>) -> Lines {
    Box::new(lines.into_iter().map(Ok))
}
