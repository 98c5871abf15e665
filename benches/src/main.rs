//! What cmss costs beside the raw engines doing the same work.
//!
//! `README.md` beside this package says what is compared, and what was measured.

mod commit;
mod editorial;
mod engines;
mod forgetful;
mod load;
mod multiplied;
mod newsroom;
mod open;
mod publish;
mod reads;
mod recorder;
mod rounds;
mod stocked;
mod writers;

use std::error::Error;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

/// Whatever stops a benchmark.
pub(crate) type Failure = Box<dyn Error + Send + Sync>;

#[cfg(feature = "count")]
#[global_allocator]
static HEAP: peak_alloc::PeakAlloc = peak_alloc::PeakAlloc;

const USAGE: &str = "\
usage: cmss-benches COMMAND [--quick] [--million] [--keep DIR]

  commit     one durable editorial commit, by 1 and by 32 writers, and in memory
  publish    an approved text goes live
  page       a public page by its address
  list       the newest twenty pages
  worklist   the texts that wait for an editor
  open       a store that was closed is opened
  load       an empty store is filled
  memory     what the library keeps in memory; needs --features count

  --quick    smaller sizes and fewer rounds, for a look
  --million  list and load: a million short articles as well
  --keep DIR keeps the filled stores there, and takes those that are there
";

#[derive(Default)]
struct Asked {
    command: Option<String>,
    quick: bool,
    million: bool,
    keep: Option<PathBuf>,
}

impl Asked {
    /// `None` where the arguments make no sense.
    fn read(mut arguments: impl Iterator<Item = String>) -> Option<Self> {
        let mut asked = Self::default();
        while let Some(argument) = arguments.next() {
            match &*argument {
                "--quick" => asked.quick = true,
                "--million" => asked.million = true,
                "--keep" => asked.keep = Some(arguments.next()?.into()),
                _ if asked.command.is_none() => asked.command = Some(argument),
                _ => return None,
            }
        }
        Some(asked)
    }
}

fn main() -> ExitCode {
    let asked = Asked::read(std::env::args().skip(1)).unwrap_or_default();
    let Asked { quick, million, .. } = asked;
    let keep = asked.keep.as_deref();
    let done = match asked.command.as_deref() {
        Some("commit") => commit::run(quick),
        Some("publish") => publish::run(quick),
        Some("page") => reads::page(quick, keep),
        Some("list") => reads::list(quick, million, keep),
        Some("worklist") => reads::worklist(quick, keep),
        Some("open") => open::open(quick, keep),
        Some("load") => load::load(quick, million),
        Some("memory") => open::memory(quick, keep),
        _ => {
            let _ = write!(io::stderr(), "{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "cmss-benches: {error}");
            ExitCode::FAILURE
        }
    }
}
