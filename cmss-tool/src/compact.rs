//! `compact`: a store without what was removed from it or written over.

use std::path::Path;

use cmss::verify::{Compacting, Unverified};
use serde_json::json;

use crate::failure::Failure;
use crate::kind;
use crate::progress::Progress;
use crate::report::Report;

pub(crate) fn run(dir: &Path, report: Report) -> Result<(), Failure> {
    let kind = kind::of(dir)?;
    let mut looked_at = Progress::of("values looked at");
    let mut copied = Progress::of("values copied");
    let mut compared = Progress::of("values compared");
    let compacted = kind.compact(dir, &mut |step| match step {
        Compacting::Verifying(examined) => looked_at.reach(examined.values),
        Compacting::Writing { values } => copied.reach(values),
        Compacting::Comparing { values } => compared.reach(values),
        _ => {}
    });
    drop((looked_at, copied, compared));
    let compacted = compacted.map_err(|error| match error {
        // It names what is in the way by its path.
        error @ Unverified::InTheWay { .. } => error.into(),
        error => Failure::from(error).about(dir).advised_to_export(dir),
    })?;
    let (before, after) = (compacted.before, compacted.after);
    let commit = compacted.verified.as_of;
    let text = format!(
        "{}: whole, as of commit {commit}; {before} bytes before, {after} now",
        dir.display(),
    );
    let json = json!({ "commit": commit, "bytes_before": before, "bytes": after });
    report.say(&json, &text)
}
