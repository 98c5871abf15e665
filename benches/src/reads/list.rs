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
    let (mut sizes, rounds) = if quick {
        (vec![(1_000, TEXT), (5_000, TEXT)], 101)
    } else {
        (vec![(1_000, TEXT), (100_000, TEXT)], 401)
    };
    if million {
        sizes.push((1_000_000, SHORT));
    }
    let mut shelves = Vec::new();
    for (articles, bytes) in sizes {
        shelves.push(Shelf::open(articles, bytes, keep)?);
    }
    let contenders = shelves.iter().flat_map(Shelf::contenders);
    let measured = alternate(rounds, contenders.collect())?;
    // In rounds of their own, as for a page.
    let unremembered = shelves.iter().flat_map(Shelf::unremembered);
    let measured = measured.join(alternate(rounds, unremembered.collect())?);
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
            ("redb.time.of-sled", REDB, OURS),
            (
                "redb.unremembered.time.of-raw-redb",
                REDB_UNREMEMBERED,
                REDB_BESIDE,
            ),
            (
                "redb.unremembered.time.of-sled",
                REDB_UNREMEMBERED,
                UNREMEMBERED,
            ),
        ] {
            let (one, other) = (format!("{one} {articles}"), format!("{other} {articles}"));
            let ratio = measured.time_of(&one, &other)?;
            lines.push((format!("list.{articles}.{name}"), ratio));
        }
        if *articles > 1_000 {
            let ratio = measured.time_of(&format!("{OURS} {articles}"), &format!("{OURS} 1000"))?;
            lines.push((format!("list.{articles}.time.of-1000"), ratio));
        }
    }
    let lines: Vec<_> = lines
        .iter()
        .map(|(name, value)| (&**name, *value))
        .collect();
    ratios(&lines)
}

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
        vec![
            Contender::new(format!("{UNREMEMBERED} {articles}"), |_| {
                times(calls, |()| list_of(&self.unremembered))
            }),
            Contender::new(format!("{BESIDE} {articles}"), |_| {
                times(calls, |()| scan(&self.raw, from, until))
            }),
            Contender::new(format!("{REDB_UNREMEMBERED} {articles}"), |_| {
                times(calls, |()| list_of(&self.unremembered_redb))
            }),
            Contender::new(format!("{REDB_BESIDE} {articles}"), |_| {
                times(calls, |()| redb_scan(&self.raw_redb, from, until))
            }),
        ]
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
            Contender::new(format!("{SELECTED} {articles}"), |_| {
                times(calls, |()| select_list(&self.sqlite, &self.read))
            }),
        ]
    }
}

fn list_of(site: &Site) -> Result<usize, Failure> {
    let page = block_on(site.list(&Listing::by(ListBy::All)))?.ok_or("no list")?;
    if page.items.len() != 20 {
        return Err("a list of other than twenty".into());
    }
    Ok(black_box(page.to_json()).len())
}
