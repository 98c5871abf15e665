//! `site`: the public site as files.

use std::path::Path;

use cmss::{Cms, SiteFolder};
use serde_json::json;

use crate::args::From;
use crate::failure::Failure;
use crate::progress::Progress;
use crate::report::Report;
use crate::source::{Source, is_vacant};

pub(crate) async fn run(from: &From, out: &Path, report: Report) -> Result<(), Failure> {
    // A site too: what stands there is somebody's.
    if !is_vacant(out)? {
        let shown = out.display();
        return Err(Failure::refused(format!(
            "{shown} holds something: give a new or an empty directory"
        )));
    }
    let store = Source::open(from)?.store().await?;
    let cms = Cms::builder(store).open().await?;
    let mut progress = Progress::of("pages written");
    let written = SiteFolder::at(out)?
        .write(&cms.site(), |pages| progress.reach(pages as u64))
        .await;
    drop(progress);
    let pages = written?;
    cms.close().await?;
    let out = out.display().to_string();
    let text = format!("{out}: pages written: {pages}");
    report.say(&json!({ "out": out, "pages": pages }), &text)
}
