//! What the program is asked to do.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Parser, Subcommand};

use crate::failure::Failure;
use crate::kind::Kind;
use crate::report::Report;

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  what was read is damaged, or contradicts itself
  2  the command line is wrong
  3  the store or the file cannot be opened: not there, no store or no newsroom, of a newer format
     or release, in use by a newsroom that is running, or this user may not
  4  refused, since something would be written over, or lost, or does not belong to the store, or has
     not happened in it
  5  it failed otherwise: no room, what cannot be written, an engine's error
  6  the answer cannot be written to standard output; whatever else was asked for is done

With --json, what went wrong is a line of JSON on standard error: `kind`, which is \"damaged\",
\"misused\", \"not_opened\", \"refused\", \"failed\" or \"unanswered\" for 1 to 6, `exit_code`, `message`,
and `advice`, or null.

Exports hold everything private, in the clear. Keep them as you would the store.";

/// Backup, moving house and a look inside, for a newsroom that is not running.
///
/// DIR is the directory of a store, FILE an export. A newsroom that runs holds a lock on its
/// directory; stop it first, or export it from within.
#[derive(Debug, Parser)]
#[command(name = "cmss-tool", version, after_help = EXIT_CODES)]
pub(crate) struct Args {
    /// Answer in JSON, for scripts.
    #[arg(long, global = true)]
    pub(crate) json: bool,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Say what a store holds: newsroom, commits, documents of each kind.
    ///
    /// A store is opened to be looked at, which writes in its directory: one on a medium that can
    /// only be read, or that this user may only read, is copied elsewhere first.
    Info {
        /// The directory of the store.
        dir: PathBuf,
    },
    /// Look at everything a store holds: that each value is what was written, that documents, index
    /// and log belong together, and that the public site is what the newsroom published.
    ///
    /// A store is opened to be looked at, which writes in its directory: one on a medium that can
    /// only be read, or that this user may only read, is copied elsewhere first.
    Verify {
        /// The directory of the store.
        dir: PathBuf,
    },
    /// Write documents of older releases again as this one spells them, and the public site.
    ///
    /// It is not needed for reading them. Interrupted, it goes on when it is run again.
    Upgrade {
        /// The directory of the store.
        dir: PathBuf,
    },
    /// Rewrite a store, so that its files hold what it holds now and nothing else.
    ///
    /// It is verified, copied beside itself value by value, compared, and put in place. Killed at any
    /// moment, the old or the new store is there, whole. It takes room for both.
    Compact {
        /// The directory of the store.
        dir: PathBuf,
    },
    /// Write everything a store holds into a new file, and read the file back.
    ///
    /// It is read as a load reads it, and refused where a load would refuse it. That takes memory: up
    /// to 128 bytes a document, and 16 for each commit and each unique key. The file holds everything
    /// private, in the clear. Interrupted, it is simply run again.
    ///
    /// An export ends at the first document that is damaged: it helps where what is damaged are
    /// indexes, which a load makes anew.
    Export {
        /// The directory of the store.
        dir: PathBuf,
        /// The file, which must not be there yet, nor be in the directory of a store. Until it is whole
        /// and read back, it is FILE.unfinished, which may be removed where this is not to be run again.
        file: PathBuf,
        /// Write only what has changed since this export of the same store. Where that one is
        /// itself of what changed since another, name all of them, the whole one first, each after
        /// a --since of its own.
        #[arg(long, value_name = "EARLIER")]
        since: Vec<PathBuf>,
    },
    /// Fill a new store from an export, whole or not at all.
    ///
    /// While it is filled, its directory takes room for twice what it comes to hold, and it takes
    /// memory: 64 MiB to sort what comes, and up to 128 bytes a document.
    Load {
        /// The export.
        file: PathBuf,
        /// The directory, which must be new, or empty, or hold a store that is.
        dir: PathBuf,
        /// The kind of store to fill; unless told, that of the empty one in the directory, or sled.
        #[arg(long, value_enum)]
        store: Option<Kind>,
        /// An export of what has changed since; several in the order in which they were made, each
        /// after a --then of its own.
        #[arg(long, value_name = "LATER")]
        then: Vec<PathBuf>,
    },
    /// List what was done, commit by commit: ids and no content.
    Changes {
        #[command(flatten)]
        from: From,
        /// Begin after this commit, which must have happened.
        #[arg(long, value_name = "N", default_value_t = 0)]
        after: u64,
    },
    /// Write the public site as files: each page, and all of them in index.json.
    ///
    /// From an export, the whole newsroom is held in memory. Interrupted, it is simply run again.
    Site {
        #[command(flatten)]
        from: From,
        /// The directory to write to, which must be new or empty, and not in that of a store. Until it
        /// is whole, it is in OUT.unfinished, which may be removed where it is not to be run again.
        out: PathBuf,
    },
}

/// Where a command reads from that takes a store and an export alike.
#[derive(Debug, clap::Args)]
pub(crate) struct From {
    /// The directory of a store, or an export.
    #[arg(value_name = "DIR|FILE")]
    pub(crate) from: PathBuf,
    /// An export of what has changed since; several in the order in which they were made, each after
    /// a --then of its own.
    #[arg(long, value_name = "LATER")]
    pub(crate) then: Vec<PathBuf>,
}

/// What the program was asked, if that makes sense.
pub(crate) fn read() -> Result<Args, Wrong> {
    Args::try_parse().map_err(Wrong)
}

/// A command line that is no work to be done: it asks for help, or is wrong.
#[derive(Debug)]
pub(crate) struct Wrong(clap::Error);

impl Wrong {
    /// Shows what it asks for, or says what is wrong with it.
    pub(crate) fn told(self) -> ExitCode {
        let Self(mut error) = self;
        if !error.use_stderr() {
            return match error.print() {
                Ok(()) => ExitCode::SUCCESS,
                Err(failed) => Report { json: false }.complain(&failed.into()),
            };
        }
        let given = std::env::args_os();
        let given: Vec<OsString> = given.take_while(|arg| arg != "--").collect();
        let is_given = |option: &&str| given.iter().any(|arg| arg == option);
        if error.kind() == ErrorKind::UnknownArgument
            && let Some(option) = ["--since", "--then"].iter().find(|option| is_given(option))
        {
            let tip = format!("each of several files has a {option} of its own");
            let tips = ContextValue::StyledStrs(vec![tip.into()]);
            error.insert(ContextKind::Suggested, tips);
        }
        if is_given(&"--json") {
            let text = error.to_string();
            let text = text.split("\n\nUsage").next().unwrap_or(&text);
            let text = text.trim().trim_start_matches("error: ");
            return Report { json: true }.complain(&Failure::misused(text));
        }
        // Where nobody can be told, the exit code tells.
        let _ = error.print();
        Failure::misused("").exit_code()
    }
}
