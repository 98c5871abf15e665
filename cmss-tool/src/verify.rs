//! `verify`: whether a store is whole, and what it holds fits together.

use std::path::Path;

use cmss::{Checked, Cms, Error};
use serde_json::json;

use crate::failure::Failure;
use crate::kind;
use crate::progress::Progress;
use crate::report::Report;

pub(crate) async fn run(dir: &Path, report: Report) -> Result<(), Failure> {
    let (kind, opened) = kind::open(dir)?;
    kind::check_filled(&*opened.store, dir).await?;
    let mut progress = Progress::of("values looked at");
    let verified = opened.verify(&mut |examined| progress.reach(examined.values));
    drop(progress);
    let verified =
        verified.map_err(|fault| Failure::from(fault).about(dir).advised_to_export(dir))?;

    let mut progress = Progress::of("documents checked");
    let checked = match Cms::builder(opened.store.clone()).open().await {
        Ok(cms) => cms.check(|documents| progress.reach(documents)).await,
        // A store without a newsroom may be whole, too.
        Err(Error::NotFounded) => Ok(Checked::default()),
        Err(error) => Err(error),
    };
    drop(progress);
    let checked = checked.map_err(|error| {
        let failure = Failure::from(error).about(dir);
        failure.advised_to_upgrade(dir)
    })?;
    opened.store.close().await.map_err(Failure::of_store(dir))?;

    let (seq, chain, seen) = (verified.as_of, verified.chain, verified.examined);
    let Checked {
        private,
        public,
        feed,
    } = checked;
    let text = format!(
        "{}: whole, as of commit {seq}\n  {:>8}  documents\n  {:>8}  index entries\n  {:>8}  log \
         records\n  {private:>8}  private documents are indexed as they say\n  {public:>8}  public \
         documents are as published\n  {feed:>8}  entries of the public feed are in their places\nchain {chain}",
        dir.display(),
        seen.documents,
        seen.entries,
        seen.records,
    );
    let json = json!({
        "store": kind.to_string(),
        "commit": seq,
        "chain": chain,
        "documents": seen.documents,
        "entries": seen.entries,
        "records": seen.records,
        "private": private,
        "public": public,
        "feed": feed,
    });
    report.say(&json, &text)
}
