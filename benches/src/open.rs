//! `open` and `memory`: what an open newsroom with many articles costs.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use cmss_core::store::Store;
use cmss_redb::RedbStore;
use cmss_sled::SledStore;
use pollster::block_on;

use crate::Failure;
use crate::engines::{RawRedb, open_sled};
use crate::reads::TEXT;
#[cfg(feature = "count")]
use crate::rounds::printed;
use crate::rounds::{Contender, alternate, ratios};
use crate::stocked::Stocked;

/// `open`: a store that was closed.
pub(crate) fn open(quick: bool, keep: Option<&Path>) -> Result<(), Failure> {
    let (articles, rounds) = if quick { (1_000, 5) } else { (100_000, 15) };
    let stocked = Stocked::with(articles, TEXT, keep)?;
    let (store, raw) = (stocked.store(), stocked.raw());
    let (redb, raw_redb) = (stocked.redb(), stocked.raw_redb());
    let measured = alternate(
        rounds,
        vec![
            Contender::new("cmss-sled: open", |_| {
                let begun = Instant::now();
                let opened = SledStore::open(&store)?;
                let took = begun.elapsed();
                block_on(opened.close())?;
                Ok(took)
            }),
            Contender::new("raw sled: open", |_| {
                let begun = Instant::now();
                let opened = open_sled(&raw)?;
                let took = begun.elapsed();
                drop(opened);
                wait_until_free(&raw)?;
                Ok(took)
            }),
            Contender::new("cmss-redb: open", |_| {
                let begun = Instant::now();
                let opened = RedbStore::open(&redb)?;
                let took = begun.elapsed();
                block_on(opened.close())?;
                Ok(took)
            }),
            Contender::new("raw redb: open", |_| {
                let begun = Instant::now();
                let opened = RawRedb::open(&raw_redb)?;
                let took = begun.elapsed();
                drop(opened);
                Ok(took)
            }),
            Contender::new("SQLite: open", |_| {
                let begun = Instant::now();
                let opened = stocked.sqlite()?;
                let took = begun.elapsed();
                drop(opened);
                Ok(took)
            }),
        ],
    )?;
    measured.print(&format!(
        "A store that was closed is opened ({articles} articles)"
    ))?;
    let (ours, others) = ("cmss-sled: open", "raw sled: open");
    let more = measured.median(ours)? - measured.median(others)?;
    let (redb, raw_redb) = ("cmss-redb: open", "raw redb: open");
    let redb_more = measured.median(redb)? - measured.median(raw_redb)?;
    ratios(&[
        ("open.time.of-raw-sled", measured.time_of(ours, others)?),
        ("open.more-ms", more * 1e3),
        (
            "open.redb.time.of-raw-redb",
            measured.time_of(redb, raw_redb)?,
        ),
        ("open.redb.more-ms", redb_more * 1e3),
        ("open.redb.time.of-sled", measured.time_of(redb, ours)?),
    ])
}

/// The engine lets go of its lock a little after its last handle.
pub(crate) fn wait_until_free(path: &Path) -> Result<(), Failure> {
    let file = fs::File::open(path.join("db"))?;
    while file.try_lock().is_err() {
        std::thread::sleep(Duration::from_millis(2));
    }
    Ok(file.unlock()?)
}

/// `memory`: what the library keeps in memory beyond what the engine does.
#[cfg(feature = "count")]
pub(crate) fn memory(quick: bool, keep: Option<&Path>) -> Result<(), Failure> {
    use cmss_core::Cms;

    let articles = if quick { 1_000 } else { 100_000 };
    let stocked = Stocked::with(articles, TEXT, keep)?;
    let used = || crate::HEAP.current_usage();
    let (mut on_sled, mut on_redb) = (Vec::new(), Vec::new());
    let (mut raw_sled, mut raw_redb) = (0, 0);
    for _ in 0..3 {
        let before = used();
        let raw = open_sled(&stocked.raw())?;
        raw_sled = used().saturating_sub(before);
        drop(raw);
        wait_until_free(&stocked.raw())?;

        let before = used();
        let cms = block_on(Cms::builder(SledStore::open(stocked.store())?).open())?;
        on_sled.push(used().saturating_sub(before) as f64 - raw_sled as f64);
        block_on(cms.close())?;

        let before = used();
        let raw = RawRedb::open(&stocked.raw_redb())?;
        raw_redb = used().saturating_sub(before);
        drop(raw);

        let before = used();
        let cms = block_on(Cms::builder(RedbStore::open(stocked.redb())?).open())?;
        on_redb.push(used().saturating_sub(before) as f64 - raw_redb as f64);
        block_on(cms.close())?;
    }
    let median = crate::rounds::median;
    let (on_sled, on_redb) = (median(on_sled), median(on_redb));
    printed(&format!(
        "The heap of an open store ({articles} articles)\n\n\
         raw sled  {:>10.0} kB\n\
         cmss-sled {:>10.1} kB more\n\
         raw redb  {:>10.0} kB\n\
         cmss-redb {:>10.1} kB more",
        raw_sled as f64 / 1e3,
        on_sled / 1e3,
        raw_redb as f64 / 1e3,
        on_redb / 1e3,
    ))?;
    ratios(&[
        ("memory.bytes-per-article", on_sled / articles as f64),
        ("memory.redb.bytes-per-article", on_redb / articles as f64),
    ])
}

/// `memory`, in a build that does not count.
#[cfg(not(feature = "count"))]
pub(crate) fn memory(_: bool, _: Option<&Path>) -> Result<(), Failure> {
    Err("memory needs a build that counts: cargo run --release --features count".into())
}
