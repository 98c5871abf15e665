//! What was answered is found again; many share a sync; large loads.
#![allow(clippy::unwrap_used, reason = "all of this file is part of tests")]

mod support;

use cmss_redb::RedbStore;
use cmss_testkit::notes::{change, commit, put};
use tempfile::tempdir;

cmss_testkit::durable_rules!(support::fixture);

#[test]
fn a_file_does_not_grow_with_all_that_was_ever_written() {
    let home = tempdir().unwrap();
    let store = RedbStore::open(home.path()).unwrap();
    // Sixty megabytes of texts, of which three stand at the end.
    for round in 0..200 {
        let letter = char::from(b'a' + (round % 26) as u8);
        let text = letter.to_string().repeat(100_000);
        let writes = (1..=3).map(|number| put(number, &text)).collect();
        commit(&store, change(1 + round, vec![], writes)).unwrap();
    }
    drop(store);
    let length = home.path().join("db.redb").metadata().unwrap().len();
    assert!(length < 8_000_000, "{length} bytes");
}
