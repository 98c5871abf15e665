//! The newest pages.

use std::hint::black_box;
use std::path::Path;

use cmss_core::{Cms, ListBy, Listing, Site};
use cmss_redb::RedbStore;
use cmss_sled::SledStore;
use pollster::block_on;
use sled::Db;

use super::by_hand::{gets, redb_gets, redb_scan, scan, select_list};
use super::{Read, SHORT, TEXT, forgetful, forgetful_redb, noting, times};
use crate::Failure;
use crate::engines::{RawRedb, Sqlite, open_sled};
use crate::rounds::{Contender, alternate, ratios};
use crate::stocked::Stocked;

/// `list`: the newest twenty pages as bytes, with the parts of their cards.
pub(crate) fn list(quick: bool, million: bool, keep: Option<&Path>) -> Result<(), Failure> {
    let (sizes, rounds) = if quick {
        (vec![(1_000, TEXT), (5_000, TEXT)], 101)
    } else {
        (vec![(1_000, TEXT), (100_000, TEXT)], 401)
    };
    let mut shelves = Vec::new();
    for (articles, bytes) in sizes {
        shelves.push(Shelf::open(articles, bytes, keep)?);
    }
    let far = million.then(|| Far::open(keep)).transpose()?;
    let contenders = shelves.iter().flat_map(Shelf::contenders);
    let contenders = contenders.chain(far.iter().map(Far::contender));
    let measured = alternate(rounds, contenders.collect())?;
    // In rounds of their own, as for a page, so that none pushes another out of the processor's cache.
    let contenders = shelves.iter().flat_map(Shelf::on_redb);
    let measured = measured.join(alternate(rounds, contenders.collect())?);
    let far = far.map(Far::forget).transpose()?;
    let contenders = shelves.iter().flat_map(Shelf::unremembered);
    let contenders = contenders.chain(far.iter().flat_map(Forgotten::contenders));
    let measured = measured.join(alternate(rounds, contenders.collect())?);
    measured.print("The newest twenty pages, with the parts of their cards, as bytes")?;
    let mut lines = Vec::new();
    for Shelf { articles, .. } in &shelves {
        for (name, one, other) in [
            ("unremembered.time.of-raw-sled", UNREMEMBERED, BESIDE),
            ("time.of-raw-sled", OURS, SCANNED),
            ("time.of-raw-sled-with-parts", OURS, GOT),
            ("time.of-sqlite", OURS, SELECTED),
            ("redb.time.of-raw-redb", REDB, REDB_SCANNED),
            ("redb.time.of-raw-redb-with-parts", REDB, REDB_GOT),
            (
                "redb.unremembered.time.of-raw-redb",
                REDB_UNREMEMBERED,
                REDB_BESIDE,
            ),
        ] {
            let (one, other) = (format!("{one} {articles}"), format!("{other} {articles}"));
            let ratio = measured.time_of(&one, &other)?;
            lines.push((format!("list.{articles}.{name}"), ratio));
        }
    }
    let sizes = shelves.iter().map(|shelf| shelf.articles);
    for articles in sizes.chain(far.iter().map(|_| MILLION)).skip(1) {
        for (name, ours) in [("", OURS), (".unremembered", UNREMEMBERED)] {
            let ratio = measured.time_of(&format!("{ours} {articles}"), &format!("{ours} 1000"))?;
            lines.push((format!("list.{articles}{name}.time.of-1000"), ratio));
        }
    }
    let lines: Vec<_> = lines
        .iter()
        .map(|(name, value)| (&**name, *value))
        .collect();
    ratios(&lines)
}

const MILLION: u64 = 1_000_000;
const OURS: &str = "cmss-sled: list of twenty,";
const BESIDE: &str = "raw sled: scan, beside it,";
/// Where the entries by time stand in the engine.
const TIMES: (&[u8], &[u8]) = (b"epublic.time\0", b"epublic.time\x01");
const UNREMEMBERED: &str = "cmss-sled: nothing remembered,";
const SCANNED: &str = "raw sled: scan of the same cards,";
const GOT: &str = "raw sled: the same, and the parts,";
const REDB: &str = "cmss-redb: list of twenty,";
const REDB_SCANNED: &str = "raw redb: scan of the same cards,";
const REDB_GOT: &str = "raw redb: the same, and the parts,";
const REDB_UNREMEMBERED: &str = "cmss-redb: nothing remembered,";
const REDB_BESIDE: &str = "raw redb: scan, beside it,";
const SELECTED: &str = "SQLite: selects of the same,";

/// A stocked newsroom, open in every way that its list is read.
struct Shelf {
    articles: u64,
    site: Site,
    /// Of a store that remembers nothing.
    unremembered: Site,
    raw: Db,
    on_redb: Site,
    /// As above.
    unremembered_redb: Site,
    raw_redb: RawRedb,
    sqlite: Sqlite,
    read: Read,
    _stocked: Stocked,
}

impl Shelf {
    fn open(articles: u64, bytes: usize, keep: Option<&Path>) -> Result<Self, Failure> {
        let stocked = Stocked::with(articles, bytes, keep)?;
        let (cms, noted) = noting(&stocked)?;
        noted.take();
        list_of(&cms.site())?;
        let read = Read::noted(&noted);
        drop(cms);
        let raw = open_sled(&stocked.raw())?;
        let raw_redb = RawRedb::open(&stocked.raw_redb())?;
        Ok(Self {
            articles,
            site: block_on(Cms::builder(SledStore::open(stocked.store())?).open())?.site(),
            unremembered: forgetful(&raw)?.site(),
            raw,
            on_redb: block_on(Cms::builder(RedbStore::open(stocked.redb())?).open())?.site(),
            unremembered_redb: forgetful_redb(&raw_redb)?.site(),
            raw_redb,
            sqlite: stocked.sqlite()?,
            read,
            _stocked: stocked,
        })
    }

    fn unremembered(&self) -> Vec<Contender<'_>> {
        let articles = self.articles;
        let (from, until) = TIMES;
        let calls = &[(); 20];
        let mut contenders = unremembered(articles, &self.unremembered, &self.raw);
        contenders.extend([
            Contender::new(format!("{REDB_UNREMEMBERED} {articles}"), |_| {
                times(calls, |()| list_of(&self.unremembered_redb))
            }),
            Contender::new(format!("{REDB_BESIDE} {articles}"), |_| {
                times(calls, |()| redb_scan(&self.raw_redb, from, until))
            }),
        ]);
        contenders
    }

    fn contenders(&self) -> Vec<Contender<'_>> {
        let articles = self.articles;
        let (from, until) = TIMES;
        let calls = &[(); 20];
        vec![
            Contender::new(format!("{OURS} {articles}"), |_| {
                times(calls, |()| list_of(&self.site))
            }),
            Contender::new(format!("{SCANNED} {articles}"), |_| {
                times(calls, |()| scan(&self.raw, from, until))
            }),
            Contender::new(format!("{GOT} {articles}"), |_| {
                times(calls, |()| {
                    let cards = scan(&self.raw, from, until)?;
                    Ok(cards + gets(&self.raw, &[], &self.read.documents)?)
                })
            }),
            Contender::new(format!("{SELECTED} {articles}"), |_| {
                times(calls, |()| select_list(&self.sqlite, &self.read))
            }),
        ]
    }

    fn on_redb(&self) -> Vec<Contender<'_>> {
        let articles = self.articles;
        let (from, until) = TIMES;
        let calls = &[(); 20];
        vec![
            Contender::new(format!("{REDB} {articles}"), |_| {
                times(calls, |()| list_of(&self.on_redb))
            }),
            Contender::new(format!("{REDB_SCANNED} {articles}"), |_| {
                times(calls, |()| redb_scan(&self.raw_redb, from, until))
            }),
            Contender::new(format!("{REDB_GOT} {articles}"), |_| {
                times(calls, |()| {
                    let cards = redb_scan(&self.raw_redb, from, until)?;
                    Ok(cards + redb_gets(&self.raw_redb, &[], &self.read.documents)?)
                })
            }),
        ]
    }
}

/// A million short articles. Filling the store takes long, and copies of it much room: so it is opened
/// in one way after the other.
struct Far {
    site: Site,
    stocked: Stocked,
}

/// The same, as a store that remembers nothing.
struct Forgotten {
    site: Site,
    raw: Db,
    _stocked: Stocked,
}

impl Far {
    fn open(keep: Option<&Path>) -> Result<Self, Failure> {
        let stocked = Stocked::alone(MILLION, SHORT, keep)?;
        let site = block_on(Cms::builder(SledStore::open(stocked.store())?).open())?.site();
        Ok(Self { site, stocked })
    }

    fn contender(&self) -> Contender<'_> {
        Contender::new(format!("{OURS} {MILLION}"), |_| {
            times(&[(); 20], |()| list_of(&self.site))
        })
    }

    fn forget(self) -> Result<Forgotten, Failure> {
        let Self { site, stocked } = self;
        // The last handle of the store: it is closed.
        drop(site);
        let raw = open_sled(&stocked.store())?;
        let site = forgetful(&raw)?.site();
        Ok(Forgotten {
            site,
            raw,
            _stocked: stocked,
        })
    }
}

impl Forgotten {
    fn contenders(&self) -> Vec<Contender<'_>> {
        unremembered(MILLION, &self.site, &self.raw)
    }
}

/// A store that remembers nothing, and raw sled beside it.
fn unremembered<'a>(articles: u64, site: &'a Site, raw: &'a Db) -> Vec<Contender<'a>> {
    let (from, until) = TIMES;
    let calls = &[(); 20];
    vec![
        Contender::new(format!("{UNREMEMBERED} {articles}"), move |_| {
            times(calls, |()| list_of(site))
        }),
        Contender::new(format!("{BESIDE} {articles}"), move |_| {
            times(calls, |()| scan(raw, from, until))
        }),
    ]
}

fn list_of(site: &Site) -> Result<usize, Failure> {
    let page = block_on(site.list(&Listing::by(ListBy::All)))?.ok_or("no list")?;
    if page.items.len() != 20 {
        return Err("a list of other than twenty".into());
    }
    Ok(black_box(page.to_json()).len())
}
