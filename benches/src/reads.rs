//! `page`, `list` and `worklist`: what is read, beside the same keys read from the raw engine.

use std::collections::BTreeSet;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use cmss_core::{Actor, Cms, EditionState, Found, ListBy, Listing, PersonId, Site};
use cmss_keyed::KeyedStore;
use cmss_sled::SledStore;
use pollster::block_on;
use rusqlite::{Connection, OptionalExtension as _, params};
use sled::Db;

use crate::Failure;
use crate::engines::{Sqlite, open_sled};
use crate::forgetful::Forgetful;
use crate::multiplied::{editor, slug};
use crate::recorder::{Noted, Recorder};
use crate::rounds::{Contender, alternate, ratios};
use crate::stocked::Stocked;
use crate::writers::each;

/// The text of a page, in bytes.
pub(crate) const TEXT: usize = 6_000;
/// The text of an article where a million of them must fit.
pub(crate) const SHORT: usize = 400;
/// Pages that are asked for in turn.
const ASKED: u64 = 100;

/// What a call reads: the keys of the entries, and those of the documents: their heads, in which
/// short texts stand, and the bodies of long ones.
struct Read {
    entries: Vec<Vec<u8>>,
    documents: Vec<Vec<u8>>,
}

impl Read {
    fn noted(noted: &Noted) -> Self {
        let reads: BTreeSet<Vec<u8>> = noted.take().reads.into_iter().collect();
        let of = |tags: &[u8]| {
            let is_one = |key: &&Vec<u8>| key.first().is_some_and(|tag| tags.contains(tag));
            reads.iter().filter(is_one).cloned().collect()
        };
        Self {
            entries: of(b"e"),
            documents: of(b"ht"),
        }
    }

    /// The ids of a collection's documents, which are short.
    fn ids(&self, collection: &str) -> Vec<&[u8]> {
        let prefix = [b"h", collection.as_bytes(), &[0]].concat();
        let keys = self.documents.iter();
        keys.filter_map(|key| key.strip_prefix(&prefix[..]))
            .collect()
    }
}

/// A copy of a stocked store, opened as a newsroom that notes what it reads.
fn noting(stocked: &Stocked) -> Result<(Cms, Noted), Failure> {
    let (engine, noted) = Recorder::over_sled(open_sled(&stocked.raw())?);
    let store = KeyedStore::open(engine, "a recorder")?;
    let cms = block_on(Cms::builder(store).open())?;
    Ok((cms, noted))
}

/// The newsroom in a database of sled, in a store that remembers nothing.
fn forgetful(db: &Db) -> Result<Cms, Failure> {
    let store = KeyedStore::open(Forgetful(db.clone()), "a copy")?;
    Ok(block_on(Cms::builder(store).open())?)
}

/// `page`: a public page by its address, as bytes, with its parts joined.
pub(crate) fn page(quick: bool, keep: Option<&Path>) -> Result<(), Failure> {
    let (articles, rounds) = if quick { (1_000, 101) } else { (100_000, 401) };
    let stocked = Stocked::with(articles, TEXT, keep)?;
    let slugs: Vec<String> = (0..ASKED)
        .map(|place| slug(place * articles / ASKED))
        .collect();
    let (cms, noted) = noting(&stocked)?;
    let site = cms.site();
    let mut reads = Vec::new();
    for slug in &slugs {
        noted.take();
        page_of(&site, slug)?;
        reads.push(Read::noted(&noted));
    }
    drop((site, cms));

    let cms = block_on(Cms::builder(SledStore::open(stocked.store())?).open())?;
    let site = cms.site();
    let raw = open_sled(&stocked.raw())?;
    let sqlite = stocked.sqlite()?;
    let measured = alternate(
        rounds,
        vec![
            Contender::new("cmss-sled: page by slug", |_| {
                times(&slugs, |slug| page_of(&site, slug))
            }),
            Contender::new("raw sled: gets of the same keys", |_| {
                times(&reads, |read| gets(&raw, &read.entries, &read.documents))
            }),
            Contender::new("raw sled: the same, into one buffer", |_| {
                times(&reads, |read| joined_gets(&raw, read))
            }),
            Contender::new("SQLite: selects of the same", |_| {
                let asked: Vec<_> = slugs.iter().zip(&reads).collect();
                times(&asked, |(slug, read)| select_page(&sqlite, slug, read))
            }),
        ],
    )?;
    // In rounds of its own: it reads what raw sled reads, and so would bring it into the processor's
    // caches just before raw sled is measured, or the other way round.
    let forgetful = forgetful(&raw)?;
    let unremembered = forgetful.site();
    let lately = alternate(
        rounds,
        vec![
            Contender::new("cmss-sled: page, nothing remembered", |_| {
                times(&slugs, |slug| page_of(&unremembered, slug))
            }),
            Contender::new("raw sled: gets, beside it", |_| {
                times(&reads, |read| gets(&raw, &read.entries, &read.documents))
            }),
        ],
    )?;
    let measured = measured.join(lately);
    measured.print(&format!(
        "A public page by slug, with its parts, as bytes ({articles} articles)"
    ))?;
    let of = |other| measured.time_of("cmss-sled: page by slug", other);
    ratios(&[
        (
            "page.unremembered.time.of-raw-sled",
            measured.time_of(
                "cmss-sled: page, nothing remembered",
                "raw sled: gets, beside it",
            )?,
        ),
        (
            "page.time.of-raw-sled",
            of("raw sled: gets of the same keys")?,
        ),
        (
            "page.time.of-raw-sled-as-bytes",
            of("raw sled: the same, into one buffer")?,
        ),
        ("page.time.of-sqlite", of("SQLite: selects of the same")?),
    ])
}

fn page_of(site: &Site, slug: &str) -> Result<usize, Failure> {
    match block_on(site.article(slug))? {
        Found::Here(page) => Ok(black_box(page.to_json()).len()),
        _ => Err(format!("{slug} is not there").into()),
    }
}

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
        let ratio = measured.time_of(
            &format!("{UNREMEMBERED} {articles}"),
            &format!("{BESIDE} {articles}"),
        )?;
        lines.push((
            format!("list.{articles}.unremembered.time.of-raw-sled"),
            ratio,
        ));
        for (name, other) in [
            ("raw-sled", SCANNED),
            ("raw-sled-with-parts", GOT),
            ("sqlite", SELECTED),
        ] {
            let (ours, other) = (format!("{OURS} {articles}"), format!("{other} {articles}"));
            let ratio = measured.time_of(&ours, &other)?;
            lines.push((format!("list.{articles}.time.of-{name}"), ratio));
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
const SELECTED: &str = "SQLite: selects of the same,";

/// A stocked newsroom, open in every way that its list is read.
struct Shelf {
    articles: u64,
    site: Site,
    /// Of a store that remembers nothing.
    unremembered: Site,
    raw: Db,
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
        Ok(Self {
            articles,
            site: block_on(Cms::builder(SledStore::open(stocked.store())?).open())?.site(),
            unremembered: forgetful(&raw)?.site(),
            raw,
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

/// `worklist`: the texts that wait for an editor, as the editor's list of them.
pub(crate) fn worklist(quick: bool, keep: Option<&Path>) -> Result<(), Failure> {
    let (articles, rounds) = if quick { (1_000, 101) } else { (100_000, 401) };
    let stocked = Stocked::with(articles, TEXT, keep)?;
    let editor = editor()?;
    let (cms, noted) = noting(&stocked)?;
    noted.take();
    worklist_of(&cms, editor)?;
    let read = Read::noted(&noted);
    drop(cms);

    let cms = block_on(Cms::builder(SledStore::open(stocked.store())?).open())?;
    let raw = open_sled(&stocked.raw())?;
    let calls = [(); 5];
    let measured = alternate(
        rounds,
        vec![
            Contender::new("cmss-sled: worklist of twenty", |_| {
                times(&calls, |()| worklist_of(&cms, editor))
            }),
            Contender::new("raw sled: gets of the same keys", |_| {
                times(&calls, |()| gets(&raw, &read.entries, &read.documents))
            }),
        ],
    )?;
    measured.print(&format!(
        "The twenty texts that wait for an editor ({articles} articles)"
    ))?;
    ratios(&[(
        "worklist.time.of-raw-sled",
        measured.time_of(
            "cmss-sled: worklist of twenty",
            "raw sled: gets of the same keys",
        )?,
    )])
}

fn worklist_of(cms: &Cms, editor: PersonId) -> Result<usize, Failure> {
    let desk = cms.desk(Actor::new(editor).editor());
    let cards = block_on(desk.editions(EditionState::Submitted, None))?;
    if cards.len() != 20 {
        return Err(format!("a worklist of {}", cards.len()).into());
    }
    Ok(black_box(cards).len())
}

/// The time of one call, when each of these is asked for in turn.
fn times<T>(
    asked: &[T],
    mut call: impl FnMut(&T) -> Result<usize, Failure>,
) -> Result<Duration, Failure> {
    let begun = Instant::now();
    for one in asked {
        black_box(call(one)?);
    }
    Ok(each(begun, asked.len()))
}

fn gets(db: &Db, entries: &[Vec<u8>], documents: &[Vec<u8>]) -> Result<usize, Failure> {
    let mut bytes = 0;
    for key in entries.iter().chain(documents) {
        let value = db.get(key)?.ok_or("a key is not there")?;
        bytes += black_box(value).len();
    }
    Ok(bytes)
}

fn joined_gets(db: &Db, read: &Read) -> Result<usize, Failure> {
    let mut bytes = Vec::new();
    for key in read.entries.iter().chain(&read.documents) {
        let value = db.get(key)?.ok_or("a key is not there")?;
        bytes.extend_from_slice(&value);
    }
    Ok(black_box(bytes).len())
}

fn scan(db: &Db, from: &[u8], until: &[u8]) -> Result<usize, Failure> {
    let mut bytes = 0;
    for item in db.range(from..until).rev().take(20) {
        let (key, value) = black_box(item?);
        bytes += key.len() + value.len();
    }
    Ok(bytes)
}

fn select_page(Sqlite(connection): &Sqlite, slug: &str, read: &Read) -> Result<usize, Failure> {
    let key = [b"article\0", slug.as_bytes(), &[0]].concat();
    let mut bytes: Vec<u8> = Vec::new();
    connection
        .prepare_cached(
            "select doc.body from holder join doc on doc.at = holder.at
            where holder.name = 'public.address' and holder.key = ?",
        )?
        .query_row([key], |row| {
            bytes.extend_from_slice(row.get_ref(0)?.as_bytes()?);
            Ok(())
        })?;
    select_parts(connection, read, &mut bytes)?;
    Ok(black_box(bytes).len())
}

fn select_list(Sqlite(connection): &Sqlite, read: &Read) -> Result<usize, Failure> {
    let mut bytes: Vec<u8> = Vec::new();
    let mut statement = connection.prepare_cached(
        "select key, at, card from entry where name = 'public.time'
        order by key desc, at desc limit 21",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        bytes.extend_from_slice(row.get_ref(2)?.as_bytes()?);
    }
    select_parts(connection, read, &mut bytes)?;
    Ok(black_box(bytes).len())
}

fn select_parts(connection: &Connection, read: &Read, bytes: &mut Vec<u8>) -> Result<(), Failure> {
    let mut statement = connection
        .prepare_cached("select body from doc where collection = 'public.part' and id = ?")?;
    for id in read.ids("public.part") {
        statement
            .query_row(params![id], |row| {
                bytes.extend_from_slice(row.get_ref(0)?.as_bytes()?);
                Ok(())
            })
            .optional()?
            .ok_or("a part is not there")?;
    }
    Ok(())
}
