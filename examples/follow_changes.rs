//! A reader of the public feed that goes on, after it was stopped, where it was.
//!
//! It keeps its place in a file, which it writes after it has told what it read: killed between the
//! two, it tells something twice and never leaves something out. Whoever keeps copies of pages, a
//! search index or a static site, follows a newsroom like this.
//!
//! ```text
//! cargo run --example follow_changes                        # in a temporary directory, twice
//! cargo run --example follow_changes -- newsroom-data       # goes on from there next time
//! ```
#![allow(clippy::print_stdout, reason = "it shows what it has read")]

use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cmss::store::{Seq, Store};
use cmss::values::Locale;
use cmss::{
    Actor, Cms, Cursor, Error, Event, EventKind, FeedItem, NewNewsroom, NewPerson, ProgrammeState,
    Site, SledStore,
};

type Failure = Box<dyn std::error::Error>;

/// How much of the feed is read at a time.
const PAGE: usize = 50;

fn main() -> Result<(), Failure> {
    match std::env::args_os().nth(1) {
        Some(dir) => pollster::block_on(sitting(Path::new(&dir))),
        None => {
            let home = tempfile::tempdir()?;
            pollster::block_on(sitting(home.path()))?;
            println!("-- the program ends, and is started again --");
            pollster::block_on(sitting(home.path()))
        }
    }
}

/// One run: what was missed, what happens meanwhile, and something that is left for the next.
async fn sitting(home: &Path) -> Result<(), Failure> {
    let store = Arc::new(SledStore::open(home.join("newsroom"))?);
    let cms = opened(store.clone()).await?;
    let mut follower = Follower::at(home.join("place"), &cms, store)?;
    follower.next().await?;
    hold_open_house(&cms).await?;
    // It need not ask again and again: the log wakes it.
    follower.next().await?;
    hold_open_house(&cms).await?;
    println!("(something more happened, and is not read)");
    Ok(cms.close().await?)
}

/// Reads the feed from the place that a file remembers.
struct Follower {
    file: PathBuf,
    place: Option<Cursor>,
    site: Site,
    store: Arc<dyn Store>,
    /// The last commit that it knows of.
    seen: Seq,
}

impl Follower {
    fn at(file: PathBuf, cms: &Cms, store: Arc<dyn Store>) -> Result<Self, Failure> {
        let place = match fs::read_to_string(&file) {
            Ok(text) => Some(text.parse()?),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(error.into()),
        };
        match &place {
            Some(_) => println!("goes on where it was"),
            None => println!("begins at the beginning"),
        }
        Ok(Self {
            file,
            place,
            site: cms.site(),
            store,
            seen: Seq::ZERO,
        })
    }

    /// Waits until something was committed that it has not seen, and tells what became public.
    async fn next(&mut self) -> Result<(), Failure> {
        self.seen = self.store.grown(self.seen).await?;
        loop {
            let page = self.site.changes(self.place.as_ref(), PAGE).await?;
            for item in page.items()? {
                tell(&item);
            }
            let ends = page.is_empty();
            self.remember(page.next)?;
            if ends {
                return Ok(());
            }
        }
    }

    /// Puts the place into the file, whole or not at all.
    fn remember(&mut self, place: Cursor) -> Result<(), Failure> {
        let beside = self.file.with_extension("new");
        let mut file = File::create(&beside)?;
        file.write_all(place.as_str().as_bytes())?;
        file.sync_all()?;
        fs::rename(beside, &self.file)?;
        self.place = Some(place);
        Ok(())
    }
}

fn tell(item: &FeedItem) {
    match item {
        FeedItem::Appeared { kind, slug, .. } => println!("  new: {kind:?} {slug}"),
        FeedItem::Changed { kind, slug, .. } => println!("  changed: {kind:?} {slug}"),
        FeedItem::Left { kind, slug, .. } => println!("  gone: {kind:?} {slug}"),
        FeedItem::Revalidate => println!("  parts of pages have changed: ask for all again"),
        other => println!("  {other:?}"),
    }
}

/// The newsroom in a store, founded if there is none.
async fn opened(store: Arc<SledStore>) -> Result<Cms, Failure> {
    match Cms::builder(store.clone()).open().await {
        Err(Error::NotFounded) => {}
        opened => return Ok(opened?),
    }
    let newsroom = NewNewsroom {
        name: "Öppen stad".to_owned(),
        zone: chrono_tz::Europe::Stockholm,
        language: Locale::Sv.into(),
    };
    let mut ada = NewPerson::named("Ada Almgren");
    ada.account = Some(ACCOUNT.to_owned()).into();
    let (cms, _) = Cms::builder(store).found(&newsroom, &ada).await?;
    Ok(cms)
}

/// How the host knows who is logged in.
const ACCOUNT: &str = "ada@login.example.org";

/// An editor announces one more open house.
async fn hold_open_house(cms: &Cms) -> Result<(), Failure> {
    let ada = cms
        .account(ACCOUNT)
        .await?
        .ok_or("nobody has the account")?;
    let editor = cms.desk(Actor::new(ada).editor());
    let event = Event {
        title: "Öppet hus".to_owned(),
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
