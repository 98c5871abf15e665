//! The answer on standard output: for people, or as JSON.

use std::io::{self, Write};
use std::process::ExitCode;

use serde_json::Value;

use crate::failure::Failure;
use crate::progress;

/// In which form it is answered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Report {
    pub(crate) json: bool,
}

impl Report {
    /// Answers with one of the two.
    pub(crate) fn say(self, json: &Value, text: &str) -> Result<(), Failure> {
        progress::make_way();
        let mut out = io::stdout().lock();
        if self.json {
            writeln!(out, "{json}")?;
        } else {
            writeln!(out, "{}", text)?;
        }
        Ok(out.flush()?)
    }

    /// Says on standard error why there is no answer; answers with the exit code.
    pub(crate) fn complain(self, failure: &Failure) -> ExitCode {
        if failure.is_told() {
            let line = match self.json {
                true => failure.json().to_string(),
                false => format!("cmss-tool: {failure}"),
            };
            // Where nobody can be told, the exit code tells.
            let _ = writeln!(io::stderr(), "{line}");
        }
        failure.exit_code()
    }
}
