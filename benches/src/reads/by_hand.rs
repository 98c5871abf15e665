//! The same read from the engines without a store.

use std::hint::black_box;

use rusqlite::{Connection, OptionalExtension as _, params};
use sled::Db;

use super::Read;
use crate::Failure;
use crate::engines::{RawRedb, Sqlite};

pub(super) fn gets(db: &Db, entries: &[Vec<u8>], documents: &[Vec<u8>]) -> Result<usize, Failure> {
    let mut bytes = 0;
    for key in entries.iter().chain(documents) {
        let value = db.get(key)?.ok_or("a key is not there")?;
        bytes += black_box(value).len();
    }
    Ok(bytes)
}

pub(super) fn joined_gets(db: &Db, read: &Read) -> Result<usize, Failure> {
    let mut bytes = Vec::new();
    for key in read.entries.iter().chain(&read.documents) {
        let value = db.get(key)?.ok_or("a key is not there")?;
        bytes.extend_from_slice(&value);
    }
    Ok(black_box(bytes).len())
}

pub(super) fn scan(db: &Db, from: &[u8], until: &[u8]) -> Result<usize, Failure> {
    let mut bytes = 0;
    for item in db.range(from..until).rev().take(20) {
        let (key, value) = black_box(item?);
        bytes += key.len() + value.len();
    }
    Ok(bytes)
}

/// Of one state of the table, as is what follows.
pub(super) fn redb_gets(
    db: &RawRedb,
    entries: &[Vec<u8>],
    documents: &[Vec<u8>],
) -> Result<usize, Failure> {
    let table = db.table()?;
    let mut bytes = 0;
    for key in entries.iter().chain(documents) {
        let value = table.get(&key[..])?.ok_or("a key is not there")?;
        bytes += black_box(value.value()).len();
    }
    Ok(bytes)
}

pub(super) fn redb_scan(db: &RawRedb, from: &[u8], until: &[u8]) -> Result<usize, Failure> {
    let mut bytes = 0;
    for item in db.table()?.range(from..until)?.rev().take(20) {
        let (key, value) = item?;
        bytes += black_box(key.value()).len() + black_box(value.value()).len();
    }
    Ok(bytes)
}

pub(super) fn select_page(
    Sqlite(connection): &Sqlite,
    slug: &str,
    read: &Read,
) -> Result<usize, Failure> {
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

pub(super) fn select_list(Sqlite(connection): &Sqlite, read: &Read) -> Result<usize, Failure> {
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

/// The cards of the texts that wait, of which there are no more than are asked for.
pub(super) fn select_worklist(Sqlite(connection): &Sqlite) -> Result<usize, Failure> {
    let mut bytes: Vec<u8> = Vec::new();
    let mut statement = connection.prepare_cached(
        "select key, at, card from entry where name = 'edition.state' and key >= ? and key < ?
        order by key, at limit 101",
    )?;
    let mut rows = statement.query([&b"submitted\0"[..], &b"submitted\x01"[..]])?;
    let mut found = 0;
    while let Some(row) = rows.next()? {
        bytes.extend_from_slice(row.get_ref(2)?.as_bytes()?);
        found += 1;
    }
    if found != 20 {
        return Err(format!("{found} texts wait in SQLite").into());
    }
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
