//! A public page by its address.

use std::hint::black_box;
use std::path::Path;

use cmss_core::{Cms, Found, Site};
use cmss_redb::RedbStore;
use cmss_sled::SledStore;
use pollster::block_on;

use super::by_hand::{gets, joined_gets, redb_gets, select_page};
use super::{Read, TEXT, forgetful, forgetful_redb, noting, times};
use crate::Failure;
use crate::engines::{RawRedb, open_sled};
use crate::multiplied::slug;
use crate::rounds::{Contender, alternate, ratios};
use crate::stocked::Stocked;

/// Pages that are asked for in turn.
const ASKED: u64 = 100;

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
    let on_redb = block_on(Cms::builder(RedbStore::open(stocked.redb())?).open())?;
    let on_redb = on_redb.site();
    let raw_redb = RawRedb::open(&stocked.raw_redb())?;
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
            Contender::new("cmss-redb: page by slug", |_| {
                times(&slugs, |slug| page_of(&on_redb, slug))
            }),
            Contender::new("raw redb: gets of the same keys", |_| {
                times(&reads, |read| {
                    redb_gets(&raw_redb, &read.entries, &read.documents)
                })
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
    let unremembered_redb = forgetful_redb(&raw_redb)?.site();
    let lately = alternate(
        rounds,
        vec![
            Contender::new("cmss-sled: page, nothing remembered", |_| {
                times(&slugs, |slug| page_of(&unremembered, slug))
            }),
            Contender::new("raw sled: gets, beside it", |_| {
                times(&reads, |read| gets(&raw, &read.entries, &read.documents))
            }),
            Contender::new("cmss-redb: page, nothing remembered", |_| {
                times(&slugs, |slug| page_of(&unremembered_redb, slug))
            }),
            Contender::new("raw redb: gets, beside it", |_| {
                times(&reads, |read| {
                    redb_gets(&raw_redb, &read.entries, &read.documents)
                })
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
        (
            "page.redb.time.of-raw-redb",
            measured.time_of("cmss-redb: page by slug", "raw redb: gets of the same keys")?,
        ),
        (
            "page.redb.time.of-sled",
            measured.time_of("cmss-redb: page by slug", "cmss-sled: page by slug")?,
        ),
        (
            "page.redb.unremembered.time.of-raw-redb",
            measured.time_of(
                "cmss-redb: page, nothing remembered",
                "raw redb: gets, beside it",
            )?,
        ),
        (
            "page.redb.unremembered.time.of-sled",
            measured.time_of(
                "cmss-redb: page, nothing remembered",
                "cmss-sled: page, nothing remembered",
            )?,
        ),
    ])
}

fn page_of(site: &Site, slug: &str) -> Result<usize, Failure> {
    match block_on(site.article(slug))? {
        Found::Here(page) => Ok(black_box(page.to_json()).len()),
        _ => Err(format!("{slug} is not there").into()),
    }
}
