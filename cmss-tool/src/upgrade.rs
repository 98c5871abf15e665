//! `upgrade`: what older releases have stored, as this one spells it.

use std::path::Path;

use cmss::Cms;
use serde_json::json;

use crate::failure::Failure;
use crate::kind;
use crate::progress::Progress;
use crate::report::Report;

pub(crate) async fn run(dir: &Path, report: Report) -> Result<(), Failure> {
    let (_, opened) = kind::open(dir)?;
    let cms = Cms::builder(opened.store.clone()).open().await;
    let cms = cms.map_err(Failure::of_store(dir))?;
    let mut progress = Progress::of("documents looked at");
    let upgraded = cms.upgrade(|documents| progress.reach(documents)).await;
    drop(progress);
    let upgraded = upgraded.map_err(Failure::of_store(dir))?;
    let mut progress = Progress::of("documents held against the site");
    let site = cms
        .rebuild_site(|documents| progress.reach(documents))
        .await;
    drop(progress);
    let site = site.map_err(Failure::of_store(dir))?;
    cms.close().await.map_err(Failure::of_store(dir))?;

    let text = format!(
        "{}: {upgraded} documents written anew; of the public ones {} written, {} removed",
        dir.display(),
        site.written,
        site.removed,
    );
    let json = json!({
        "upgraded": upgraded,
        "public_written": site.written,
        "public_removed": site.removed,
    });
    report.say(&json, &text)
}
