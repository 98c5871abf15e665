//! What the program is asked to do.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::kind::Kind;

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  what was read is damaged, or contradicts itself
  2  the command line is wrong
  3  the store or the file cannot be opened: not there, no store, of a newer format, or in use by
     a newsroom that is running
  4  refused, since something would be written over
  5  it failed otherwise: no room, no permission, an engine's error

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
    Info {
        /// The directory of the store.
        dir: PathBuf,
    },
    /// Look at everything a store holds: that each value is what was written, that documents, index
    /// and log belong together, and that the public site is what the newsroom published.
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
    /// The file holds everything private, in the clear. Interrupted, it is simply run again.
    Export {
        /// The directory of the store.
        dir: PathBuf,
        /// The file, which must not be there yet. Until it is whole and read back, it is
        /// FILE.unfinished, which may be removed where this is not to be run again.
        file: PathBuf,
        /// Write only what has changed since this export of the same store. Where that one is
        /// itself of what changed since another, name all of them, the whole one first.
        #[arg(long, value_name = "FILE")]
        since: Vec<PathBuf>,
    },
    /// Fill a new store from an export, whole or not at all.
    ///
    /// While it is filled, its directory takes room for twice what it comes to hold.
    Load {
        /// The export.
        file: PathBuf,
        /// The directory, which must be new, or empty, or hold a store that is.
        dir: PathBuf,
        /// The kind of store to fill.
        #[arg(long, value_enum, default_value_t = Kind::Sled)]
        store: Kind,
        /// An export of what has changed since; several in the order in which they were made.
        #[arg(long, value_name = "FILE")]
        then: Vec<PathBuf>,
    },
    /// List what was done, commit by commit: ids and no content.
    Changes {
        #[command(flatten)]
        from: From,
        /// Begin after this commit.
        #[arg(long, value_name = "N", default_value_t = 0)]
        after: u64,
    },
    /// Write the public site as files: each page, and all of them in index.json.
    ///
    /// From an export, the whole newsroom is held in memory. Interrupted, it is simply run again.
    Site {
        #[command(flatten)]
        from: From,
        /// The directory to write to, which must be new or empty. Until it is whole, it is in
        /// OUT.unfinished, which may be removed where it is not to be run again.
        out: PathBuf,
    },
}

/// Where a command reads from that takes a store and an export alike.
#[derive(Debug, clap::Args)]
pub(crate) struct From {
    /// The directory of a store, or an export.
    #[arg(value_name = "DIR|FILE")]
    pub(crate) from: PathBuf,
    /// An export of what has changed since; several in the order in which they were made.
    #[arg(long, value_name = "FILE")]
    pub(crate) then: Vec<PathBuf>,
}
