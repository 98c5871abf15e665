//! `site`: the public site as files.

use std::path::Path;

use cmss::{Cms, SiteFolder, SiteFolderError};
use serde_json::json;

use crate::args::From;
use crate::failure::Failure;
use crate::folder::{self, UnfinishedFolder};
use crate::kind;
use crate::progress::Progress;
use crate::report::Report;
use crate::source::Source;

pub(crate) async fn run(from: &From, out: &Path, report: Report) -> Result<(), Failure> {
    // A site too: what stands there is somebody's.
    folder::check(out)?;
    kind::check_outside(out)?;
    let source = Source::open(from)?;
    let of_source = source.told(from);
    let store = source.store().await?;
    let cms = Cms::builder(store).open().await.map_err(&of_source)?;
    let folder = UnfinishedFolder::begin(out)?;
    let mut progress = Progress::of("pages written");
    let written = SiteFolder::at(folder.inside())?
        .write(&cms.site(), |pages| progress.reach(pages as u64))
        .await;
    drop(progress);
    let pages = written.map_err(|error| match error {
        SiteFolderError::Site(error) => of_source(error),
        // It names its file.
        error => error.into(),
    })?;
    cms.close().await.map_err(&of_source)?;
    folder.finish()?;
    let out = out.display().to_string();
    let text = format!("{out}: pages written: {pages}");
    report.say(&json!({ "out": out, "pages": pages }), &text)
}
