//! Who at the desk may read what, written out by hand: every read, by everybody.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests are not in test functions"
)]

mod absent;
mod drafts;
#[path = "../every/mod.rs"]
mod every;
mod hidden;
mod lists;
#[path = "../rich/mod.rs"]
mod rich;
mod table;

use pollster::block_on;

use rich::Rich;
use table::{ALL, TABLE, actor, is_refused, read};

#[test]
fn each_may_read_what_the_table_says_and_nothing_else() {
    block_on(async {
        let rich = Rich::told().await;
        let mut wrong = Vec::new();
        for (what, readers) in TABLE {
            for who in ALL {
                let desk = rich.cms.desk(actor(&rich, who));
                let may = !is_refused(&read(&desk, &rich, what).await);
                if may != readers.contains(&who) {
                    wrong.push(format!("{who:?} {what:?}: {may}"));
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    });
}
