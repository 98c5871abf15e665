//! A reader of the log that goes on, after it was stopped, where it was.
//!
//! The log has every commit once, in order, under a number without gaps: the number of the last one
//! that was read is the place to go on from. This reader makes an index of the log, here how often
//! each command was carried out, and keeps the index *and its place* in one file, which is put in
//! place whole. Killed at any moment, it leaves nothing out and counts nothing twice. A search index,
//! a statistic, a queue of notices follow a newsroom like this; what stands in a database keeps its
//! place in the transaction that writes what was read.
//!
//! It reads what an editor may: ids, and no content. Whoever keeps copies of public pages follows
//! `cms.site().changes(…)` in the same way, where the place is a cursor.
//!
//! ```text
//! cargo run --example follow_changes                    # two processes, the first of which dies
//! cargo run --example follow_changes -- follower        # in `follower`; goes on from there next time
//! ```
#![allow(clippy::print_stdout, reason = "it shows what it has read")]

use std::collections::BTreeMap;
use std::env;
use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::Path;
use std::process::{self, Command};
use std::sync::Arc;

use cmss::store::{Digest, Seq, Store};
use cmss::values::Locale;
use cmss::{
    Actor, Cms, Desk, Error, Event, EventKind, NewNewsroom, NewPerson, PersonId, ProgrammeState,
    SledStore,
};
use serde::{Deserialize, Serialize};

type Failure = Box<dyn std::error::Error>;

/// How many commits are read at a time.
const PAGE: usize = 100;

/// What was made of the log, and of how much of it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
struct Kept {
    /// How often each command was carried out.
    index: BTreeMap<String, u64>,
    /// The last commit that is in the index.
    seq: Seq,
    /// The chain of the log up to there: another log has another.
    chain: Digest,
}

impl Kept {
    const NOTHING: Self = Self {
        index: BTreeMap::new(),
        seq: Seq::ZERO,
        chain: Digest::ZERO,
    };

    /// What a file remembers, which must be of this log.
    async fn read(file: &Path, store: &dyn Store) -> Result<Self, Failure> {
        let kept: Self = match fs::read_to_string(file) {
            Ok(text) => serde_json::from_str(&text).map_err(|why| unreadable(file, &why))?,
            Err(error) if error.kind() == ErrorKind::NotFound => Self::NOTHING,
            Err(error) => return Err(error.into()),
        };
        // A store that was put back from a backup may have other commits under the same numbers.
        if kept.chain != chain(store, kept.seq).await? {
            return Err("this is not the log that was read: make the index anew".into());
        }
        println!("goes on after commit {}", kept.seq);
        Ok(kept)
    }

    /// The same, with what the log tells after it.
    async fn and_since(mut self, desk: &Desk, store: &dyn Store) -> Result<Self, Failure> {
        loop {
            let page = desk.audit(self.seq, PAGE).await?;
            if page.reached == self.seq {
                return Ok(self);
            }
            for line in page.lines {
                let times = self.index.entry(line.command).or_default();
                *times = times.saturating_add(1);
            }
            self.seq = page.reached;
            self.chain = chain(store, self.seq).await?;
        }
    }

    /// Puts it into the file, whole or not at all.
    fn write(&self, file: &Path) -> Result<(), Failure> {
        let beside = file.with_extension("new");
        let mut new = File::create(&beside)?;
        new.write_all(serde_json::to_string(self)?.as_bytes())?;
        new.sync_all()?;
        fs::rename(beside, file)?;
        println!("has read to commit {}, and kept {:?}", self.seq, self.index);
        Ok(())
    }
}

/// What to do about a file that is not what was written there.
fn unreadable(file: &Path, why: &serde_json::Error) -> Failure {
    let shown = file.display();
    format!("{shown} cannot be read: {why}; remove it, and the index is made anew").into()
}

/// The chain of the log up to a commit; of one that it does not have, none.
async fn chain(store: &dyn Store, seq: Seq) -> Result<Digest, Failure> {
    let records = store.changes(seq.previous(), 1).await?.records;
    let record = records.iter().find(|record| record.seq == seq);
    Ok(record.map_or(Digest::ZERO, |record| record.chain))
}

/// One process: reads what it missed, waits for more, and reads that.
async fn sitting(home: &Path, dies: bool) -> Result<(), Failure> {
    let store = Arc::new(SledStore::open(home.join("newsroom"))?);
    let (cms, ada) = opened(store.clone()).await?;
    let desk = cms.desk(Actor::new(ada).editor());
    let file = home.join("index.json");

    let kept = Kept::read(&file, &store).await?;
    let kept = kept.and_since(&desk, &store).await?;
    kept.write(&file)?;

    hold_open_house(&desk, kept.seq).await?;
    // It need not ask again and again: the log wakes it.
    store.grown(kept.seq).await?;
    let kept = kept.and_since(&desk, &store).await?;
    if dies {
        println!(
            "has read to commit {}, and dies before it is kept",
            kept.seq
        );
        process::abort();
    }
    kept.write(&file)?;

    let anew = Kept::NOTHING.and_since(&desk, &store).await?;
    if anew != kept {
        return Err("something was left out, or counted twice".into());
    }
    println!("an index made anew is the same: nothing is left out or counted twice");
    Ok(cms.close().await?)
}

fn main() -> Result<(), Failure> {
    let args: Vec<_> = env::args_os().skip(1).collect();
    if let Some(home) = args.first() {
        if home.to_string_lossy().starts_with('-') {
            println!("usage: follow_changes [DIRECTORY]");
            return Ok(());
        }
        return pollster::block_on(sitting(Path::new(home), args.len() > 1));
    }
    let home = tempfile::tempdir()?;
    let follower = |args: &[&str]| {
        let mut this = Command::new(env::current_exe()?);
        this.arg(home.path()).args(args).status()
    };
    if follower(&["dies"])?.success() {
        return Err("it did not die".into());
    }
    println!("-- another process is started --");
    match follower(&[])?.success() {
        true => Ok(()),
        false => Err("it did not go on".into()),
    }
}

/// The newsroom in a store, founded if there is none, and somebody in it.
async fn opened(store: Arc<SledStore>) -> Result<(Cms, PersonId), Failure> {
    /// How the host knows who is logged in.
    const ACCOUNT: &str = "ada@login.example.org";
    match Cms::builder(store.clone()).open().await {
        Err(Error::NotFounded) => {}
        opened => {
            let cms = opened?;
            let ada = cms.account(ACCOUNT).await?;
            return Ok((cms, ada.ok_or("nobody has the account")?));
        }
    }
    let newsroom = NewNewsroom {
        name: "Öppen stad".to_owned(),
        zone: chrono_tz::Europe::Stockholm,
        language: Locale::Sv.into(),
    };
    let mut ada = NewPerson::named("Ada Almgren");
    ada.account = Some(ACCOUNT.to_owned()).into();
    Ok(Cms::builder(store).found(&newsroom, &ada).await?)
}

/// An editor announces one more open house, named by the commit before it: no two have one address.
async fn hold_open_house(editor: &Desk, after: Seq) -> Result<(), Failure> {
    let event = Event {
        title: format!("Öppet hus {after}"),
        slug: None,
        language: Locale::Sv.into(),
        kind: EventKind::OpenHouse,
        description: None,
        programme: ProgrammeState::ToCome,
        save_the_date: false,
        groups: vec![],
        organisers: vec![],
    };
    let event = editor.put_event(None, &event).await?;
    editor.publish_record(event).await?;
    Ok(())
}
