//! `publish`: an approved text goes live, by the newsroom's command.

use std::sync::Arc;
use std::time::Instant;

use cmss_core::store::{Intake, Line, Lines, Store};
use cmss_core::{Actor, Cms, PersonId, SeededIds, SetClock, StartedArticle};
use cmss_keyed::{Batch, KeyedStore};
use cmss_memory::MemoryStore;
use cmss_redb::RedbStore;
use cmss_sled::SledStore;
use pollster::block_on;
use tempfile::tempdir;

use crate::Failure;
use crate::engines::{RawRedb, RawSled, SqliteValues};
use crate::newsroom::{Newsroom, everything, start};
use crate::recorder::Recorder;
use crate::rounds::{Contender, alternate, ratios};
use crate::writers::each;

const TEXT: usize = 6_000;

/// Writes a batch durably.
type Apply<'a> = Box<dyn FnMut(&Batch) -> Result<(), Failure> + 'a>;

/// A newsroom with texts that may be published, as lines that fill a store.
struct Approved {
    lines: Vec<Line>,
    editor: PersonId,
    texts: Vec<StartedArticle>,
}

impl Approved {
    fn texts(count: usize) -> Result<Self, Failure> {
        block_on(async {
            let newsroom = Newsroom::found().await?;
            let mut texts = Vec::new();
            for place in 0..count {
                let headline = format!("Rapport {place}");
                texts.push(newsroom.approved(place, &headline, TEXT).await?);
            }
            let (docs, records) = everything(&newsroom.store).await?;
            let mut lines: Vec<Line> = docs.into_iter().map(Line::Doc).collect();
            lines.extend(records.into_iter().map(Line::Record));
            let mut intake = Intake::new();
            lines.iter().try_for_each(|line| intake.take(line))?;
            lines.push(Line::End(intake.end()));
            Ok(Self {
                lines,
                editor: newsroom.editor,
                texts,
            })
        })
    }

    fn lines(&self) -> Lines {
        Box::new(self.lines.clone().into_iter().map(Ok))
    }

    /// The newsroom in an empty store.
    fn within(&self, store: impl Store) -> Result<Cms, Failure> {
        block_on(store.load(self.lines()))?;
        let cms = Cms::builder(store)
            .clock(Arc::new(SetClock::at(start())))
            .ids(Arc::new(SeededIds::new("publishing")));
        Ok(block_on(cms.open())?)
    }

    fn publish(&self, cms: &Cms, text: &StartedArticle) -> Result<(), Failure> {
        let desk = cms.desk(Actor::new(self.editor).editor());
        Ok(block_on(desk.publish(text.edition, text.head, None))?)
    }
}

pub(crate) fn run(quick: bool) -> Result<(), Failure> {
    let (rounds, size) = if quick { (5, 10) } else { (31, 20) };
    let approved = Approved::texts((rounds + 1) * size)?;

    let (engine, noted) = Recorder::in_memory();
    let recording = approved.within(KeyedStore::open(engine, "a recorder")?)?;
    let filling = noted.take().batches;
    let mut batches: Vec<Batch> = Vec::new();
    for text in &approved.texts {
        approved.publish(&recording, text)?;
        batches.extend(noted.take().batches);
    }
    if batches.len() != approved.texts.len() {
        return Err("a publishing is other than one commit".into());
    }
    drop(recording);

    let homes = [(); 5].map(|()| tempdir());
    let [sled, raw_sled, redb, raw_redb, sqlite] = homes;
    let (sled, raw_sled, redb, raw_redb, sqlite) = (sled?, raw_sled?, redb?, raw_redb?, sqlite?);
    let on_sled = approved.within(SledStore::open(sled.path())?)?;
    let on_redb = approved.within(RedbStore::open(redb.path())?)?;
    let in_memory = approved.within(MemoryStore::new())?;
    let raw_on_sled = RawSled::open(raw_sled.path())?;
    let raw_on_redb = RawRedb::open(raw_redb.path())?;
    let mut on_sqlite = SqliteValues::open(sqlite.path())?;
    for batch in &filling {
        raw_on_sled.apply([batch].into_iter())?;
        raw_on_redb.apply([batch].into_iter())?;
        on_sqlite.apply(batch)?;
    }

    let through = |cms: &Cms, round: usize| {
        let texts = approved.texts.chunks(size).nth(round).unwrap_or_default();
        let begun = Instant::now();
        texts
            .iter()
            .try_for_each(|text| approved.publish(cms, text))?;
        Ok(each(begun, texts.len()))
    };
    let raw = |round: usize, mut apply: Apply<'_>| {
        let batches = batches.chunks(size).nth(round).unwrap_or_default();
        let begun = Instant::now();
        batches.iter().try_for_each(&mut apply)?;
        Ok(each(begun, batches.len()))
    };
    let measured = alternate(
        rounds,
        vec![
            Contender::new("cmss-sled: publish", |round| through(&on_sled, round)),
            Contender::new("raw sled: the same writes", |round| {
                raw(
                    round,
                    Box::new(|batch| raw_on_sled.apply([batch].into_iter())),
                )
            }),
            Contender::new("cmss-redb: publish", |round| through(&on_redb, round)),
            Contender::new("raw redb: the same writes", |round| {
                raw(
                    round,
                    Box::new(|batch| raw_on_redb.apply([batch].into_iter())),
                )
            }),
            Contender::new("SQLite FULL: the same writes", |round| {
                raw(round, Box::new(|batch| on_sqlite.apply(batch)))
            }),
            Contender::new("cmss-memory: publish", |round| through(&in_memory, round)),
        ],
    )?;
    measured
        .print("An approved text of 6 kB goes live: facts read, judged, page and parts written")?;
    ratios(&[
        (
            "publish.rate.of-raw-sled",
            measured.rate_of("cmss-sled: publish", "raw sled: the same writes")?,
        ),
        (
            "publish.redb.rate.of-raw-redb",
            measured.rate_of("cmss-redb: publish", "raw redb: the same writes")?,
        ),
        (
            "publish.rate.of-sqlite",
            measured.rate_of("cmss-sled: publish", "SQLite FULL: the same writes")?,
        ),
    ])
}
