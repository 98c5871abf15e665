//! `page`, `list` and `worklist`: what is read, beside the same keys read from the raw engine.

mod by_hand;
mod list;
mod page;
mod worklist;

use std::collections::BTreeSet;
use std::hint::black_box;
use std::time::{Duration, Instant};

use cmss_core::Cms;
use cmss_keyed::KeyedStore;
use pollster::block_on;
use sled::Db;

use crate::Failure;
use crate::engines::{RawRedb, open_sled};
use crate::forgetful::{Forgetful, ForgetfulRedb};
use crate::recorder::{Noted, Recorder};
use crate::stocked::Stocked;
use crate::writers::each;

pub(crate) use list::list;
pub(crate) use page::page;
pub(crate) use worklist::worklist;

/// The text of a page, in bytes.
pub(crate) const TEXT: usize = 6_000;
/// The text of an article where a million of them must fit.
pub(crate) const SHORT: usize = 400;
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

/// The same in a database of redb.
fn forgetful_redb(db: &RawRedb) -> Result<Cms, Failure> {
    let store = KeyedStore::open(ForgetfulRedb(db.clone()), "a copy")?;
    Ok(block_on(Cms::builder(store).open())?)
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
