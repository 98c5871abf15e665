//! What cmss costs beside the raw engines doing the same work.
//!
//! `README.md` beside this package says what is compared, and what was measured.

mod commit;
mod editorial;
mod engines;
mod recorder;
mod rounds;
mod writers;

use std::error::Error;
use std::io::{self, Write as _};
use std::process::ExitCode;

/// Whatever stops a benchmark.
pub(crate) type Failure = Box<dyn Error + Send + Sync>;

const USAGE: &str = "\
usage: cmss-benches COMMAND [--quick]

  commit     one durable editorial commit, by 1 and by 32 writers, and in memory

  --quick    smaller sizes and fewer rounds, for a look
";

fn main() -> ExitCode {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let before = arguments.len();
    arguments.retain(|argument| argument != "--quick");
    let quick = arguments.len() < before;
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words[..] {
        ["commit"] => commit::run(quick),
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
