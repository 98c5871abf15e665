//! The answer on standard output: for people, or as JSON.

use std::io::{self, Write};

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
}
