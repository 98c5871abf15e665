//! What was answered is found again; many share a sync; large loads.
#![allow(clippy::unwrap_used, reason = "all of this file is part of tests")]

mod support;

use cmss_redb::RedbStore;
use cmss_testkit::notes::{change, commit, put};
use tempfile::tempdir;

cmss_testkit::durable_rules!(support::fixture);

/// Commits texts of so many megabytes by three hundred kilobytes, each over the ones before; answers
/// how large the file is then.
fn written_over(megabytes: u128, is_closed_each_time: bool) -> u64 {
    let home = tempdir().unwrap();
    let mut store = RedbStore::open(home.path()).unwrap();
    for round in 0..megabytes * 10 / 3 {
        let letter = char::from(b'a' + (round % 26) as u8);
        let text = letter.to_string().repeat(100_000);
        let writes = (1..=3).map(|number| put(number, &text)).collect();
        commit(&store, change(1 + round, vec![], writes)).unwrap();
        if is_closed_each_time {
            drop(store);
            store = RedbStore::open(home.path()).unwrap();
        }
    }
    drop(store);
    home.path().join("db.redb").metadata().unwrap().len()
}

#[test]
fn a_file_does_not_grow_with_all_that_was_ever_written() {
    let length = written_over(60, false);
    assert!(length < 8_000_000, "{length} bytes");
}

/// Of what is committed between, the database gets what was written last.
#[test]
fn a_file_does_not_grow_with_all_that_the_database_was_ever_given() {
    let length = written_over(30, true);
    assert!(length < 8_000_000, "{length} bytes");
}
