//! What a child does until it is killed: writers commit, and one may export what they write.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::Arc;
use std::thread;

use cmss_core::store::{Export, Seq, Store, StoreError};
use pollster::block_on;

use super::work::{Sent, WRITERS};
use crate::children::{Outcome, say};
use crate::seed::Seed;

/// What it says of itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Said {
    /// The store is about to be opened.
    Opening,
    /// The store is open.
    Opened,
    /// A commit was answered.
    Acknowledged(Sent, Seq),
    /// The export with this number is begun.
    Exporting(u32),
    /// The export with this number is written, and holds the store as this commit left it.
    Exported(u32, Seq),
}

impl Said {
    pub(super) fn say(self) {
        say(&match self {
            Self::Opening => "opening".to_owned(),
            Self::Opened => "opened".to_owned(),
            Self::Acknowledged(sent, seq) => {
                let Sent { writer, number, .. } = sent;
                format!("ack {writer} {number} {seq}")
            }
            Self::Exporting(number) => format!("exporting {number}"),
            Self::Exported(number, seq) => format!("exported {number} {seq}"),
        });
    }

    pub(super) fn read(line: &str, round: u32) -> Option<Self> {
        let mut words = line.split(' ');
        match words.next()? {
            "opening" => Some(Self::Opening),
            "opened" => Some(Self::Opened),
            "ack" => {
                let writer = words.next()?.parse().ok()?;
                let number = words.next()?.parse().ok()?;
                let seq = words.next()?.parse().ok()?;
                let sent = Sent {
                    round,
                    writer,
                    number,
                };
                Some(Self::Acknowledged(sent, Seq(seq)))
            }
            "exporting" => Some(Self::Exporting(words.next()?.parse().ok()?)),
            "exported" => {
                let number = words.next()?.parse().ok()?;
                let seq = words.next()?.parse().ok()?;
                Some(Self::Exported(number, Seq(seq)))
            }
            _ => None,
        }
    }

    /// All that a child said.
    pub(super) fn all(outcome: &Outcome, round: u32) -> Vec<Self> {
        let said = outcome.said.iter();
        said.filter_map(|line| Self::read(line, round)).collect()
    }
}

/// How a process opens its store.
pub(super) type Open<'a> = &'a dyn Fn(&Path) -> Result<Arc<dyn Store>, StoreError>;

/// Writes the export of a store to a file; answers the commit it ends with.
pub(super) type Exports = fn(&dyn Store, &Path) -> Result<Seq, StoreError>;

/// As a host does it.
pub(super) fn export(store: &dyn Store, path: &Path) -> Result<Seq, StoreError> {
    let mut file = File::create(path).expect("there is room for an export");
    let mut export = Export::whole(store);
    while let Some(lines) = block_on(export.next())? {
        file.write_all(lines.as_bytes())
            .expect("there is room for an export");
    }
    let exported = export.exported().expect("an export that has ended");
    Ok(exported.seq)
}

/// The file of the export with this number, beside the store; the one before it is kept.
pub(super) fn export_file(home: &Path, number: u32) -> PathBuf {
    home.with_extension(format!("export-{}", number % 2))
}

/// The work of one process.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shift {
    pub(super) seed: Seed,
    pub(super) round: u32,
    /// Whether somebody exports meanwhile.
    pub(super) exports: bool,
}

impl std::fmt::Display for Shift {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (seed, round, exports) = (self.seed.name(), self.round, self.exports);
        write!(f, "{seed} {round} {exports}")
    }
}

impl Shift {
    /// What [`Display`](std::fmt::Display) spelled.
    pub(super) fn read(spelled: &str) -> Self {
        let mut words = spelled.split(' ');
        let mut word = || words.next().expect("a shift has three words");
        Self {
            seed: Seed::read(word()),
            round: word().parse().expect("a round is a number"),
            exports: word() == "true",
        }
    }

    /// Opens the store and commits until it is killed.
    pub(super) fn work(self, home: &Path, open: Open<'_>, exports: Exports) {
        Said::Opening.say();
        let store = open(home).expect("the store opens");
        Said::Opened.say();
        thread::scope(|scope| {
            if self.exports {
                scope.spawn(|| self.export(&*store, home, exports));
            }
            for writer in 0..WRITERS {
                let store = &store;
                scope.spawn(move || self.write(store, writer));
            }
        });
    }

    fn write(self, store: &Arc<dyn Store>, writer: u32) {
        for number in 1.. {
            let sent = Sent {
                round: self.round,
                writer,
                number,
            };
            match block_on(store.commit(sent.changeset(self.seed))) {
                Ok(receipt) => Said::Acknowledged(sent, receipt.seq).say(),
                Err(error) => {
                    say(&format!("{sent:?} was refused: {error}"));
                    process::exit(1);
                }
            }
        }
    }

    fn export(self, store: &dyn Store, home: &Path, exports: Exports) {
        for number in 1.. {
            Said::Exporting(number).say();
            match exports(store, &export_file(home, number)) {
                Ok(seq) => Said::Exported(number, seq).say(),
                Err(error) => {
                    say(&format!("export {number} failed: {error}"));
                    process::exit(1);
                }
            }
        }
    }
}
