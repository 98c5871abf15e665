//! One run of a newsroom, told from five pages that a city once published.
//!
//! The people are invented; the dates, the numbers and the groups are those of the pages. The
//! program brings its own clock and a key for each command, so that it may be stopped anywhere and
//! run again: what was done is answered as it was, and the rest is done then.
//!
//! ```text
//! cargo run --example newsroom -- --data newsroom-data --site public
//! ```

mod afterwards;
mod audit;
mod blocks;
mod cast;
mod development_day;
mod meetings;
mod options;
mod printed;
mod programme;
mod projects;
mod report;
mod report_body;
mod story;

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::Arc;

use cmss::store::Store;
use cmss::{MemoryStore, SiteFolder, SledStore};

use options::{Asked, Engine, Options, USAGE};
use story::{Failure, Story};

fn main() -> ExitCode {
    let options = match Asked::read(std::env::args_os().skip(1)) {
        Ok(Asked::Run(options)) => options,
        Ok(Asked::Help) => {
            let _ = write!(io::stdout(), "{USAGE}");
            return ExitCode::SUCCESS;
        }
        Err(what) => {
            let _ = write!(io::stderr(), "newsroom: {what}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match pollster::block_on(run(&options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "newsroom: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: &Options) -> Result<(), Failure> {
    let folder = options.site.as_ref().map(SiteFolder::at).transpose()?;
    // Lives as long as the store in it.
    let temporary;
    let store: Arc<dyn Store> = match (options.engine, &options.data) {
        (Engine::Memory, _) => Arc::new(MemoryStore::new()),
        (Engine::Sled, Some(data)) => Arc::new(SledStore::open(data)?),
        (Engine::Sled, None) => {
            temporary = tempfile::tempdir()?;
            Arc::new(SledStore::open(temporary.path())?)
        }
    };
    let story = Story::begin(store, options.acks).await?;
    let (cast, world) = cast::gather(&story).await?;
    programme::tell(&story, &cast, &world).await?;
    let day = development_day::tell(&story, &cast, &world).await?;
    let meetings = meetings::tell(&story, &cast, &world).await?;
    projects::tell(&story, &cast, &world).await?;
    report::tell(&story, &cast, &world, meetings).await?;
    afterwards::tell(&story, &cast, &world, day).await?;

    printed::print(&story).await?;
    audit::print(&story, &cast).await?;
    if let (Some(folder), Some(dir)) = (folder, &options.site) {
        folder.write(&story.cms.site(), |_| {}).await?;
        story.say(&format!(
            "\nThe public site is written to {}.",
            dir.display()
        ))?;
    }
    Ok(story.cms.close().await?)
}
