//! What waits for an editor.

use std::hint::black_box;
use std::path::Path;

use cmss_core::{Actor, Cms, EditionState, PersonId};
use cmss_redb::RedbStore;
use cmss_sled::SledStore;
use pollster::block_on;

use super::by_hand::{gets, redb_gets, select_worklist};
use super::{Read, TEXT, noting, times};
use crate::Failure;
use crate::engines::{RawRedb, open_sled};
use crate::multiplied::editor;
use crate::rounds::{Contender, alternate, ratios};
use crate::stocked::Stocked;

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
    let on_redb = block_on(Cms::builder(RedbStore::open(stocked.redb())?).open())?;
    let raw_redb = RawRedb::open(&stocked.raw_redb())?;
    let sqlite = stocked.sqlite()?;
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
            Contender::new("cmss-redb: worklist of twenty", |_| {
                times(&calls, |()| worklist_of(&on_redb, editor))
            }),
            Contender::new("raw redb: gets of the same keys", |_| {
                times(&calls, |()| {
                    redb_gets(&raw_redb, &read.entries, &read.documents)
                })
            }),
            Contender::new("SQLite: select of the cards", |_| {
                times(&calls, |()| select_worklist(&sqlite))
            }),
        ],
    )?;
    measured.print(&format!(
        "The twenty texts that wait for an editor ({articles} articles)"
    ))?;
    let of = |one, other| measured.time_of(one, other);
    let (ours, on_redb) = (
        "cmss-sled: worklist of twenty",
        "cmss-redb: worklist of twenty",
    );
    ratios(&[
        (
            "worklist.time.of-raw-sled",
            of(ours, "raw sled: gets of the same keys")?,
        ),
        (
            "worklist.time.of-sqlite",
            of(ours, "SQLite: select of the cards")?,
        ),
        (
            "worklist.redb.time.of-raw-redb",
            of(on_redb, "raw redb: gets of the same keys")?,
        ),
        ("worklist.redb.time.of-sled", of(on_redb, ours)?),
    ])
}

fn worklist_of(cms: &Cms, editor: PersonId) -> Result<usize, Failure> {
    let desk = cms.desk(Actor::new(editor).editor());
    let cards = block_on(desk.editions(EditionState::Submitted, None))?;
    if cards.len() != 20 {
        return Err(format!("a worklist of {}", cards.len()).into());
    }
    Ok(black_box(cards).len())
}
