//! The page on the state machines is what the tables say.
//!
//! `CMSS_WRITE_DOCS=1 cargo test --test machines` writes it anew.

use std::{env, fs};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/machines.md");

const HEADER: &str = "\
# State machines

The tables that say what may happen to a thing in which state, and who may do it. The same tables
judge every command, answer `Desk::allowed`, and make this page: do not edit it, but run
`CMSS_WRITE_DOCS=1 cargo test --test machines`.

A row says who makes the move, or from which other row it follows. Beside the rows, commands have
guards on what they are given: see their documentation.

";

#[test]
fn the_page_on_the_machines_is_what_the_tables_say() {
    let page = format!("{HEADER}{}", cmss::diagrams());
    if env::var_os("CMSS_WRITE_DOCS").is_some() {
        fs::write(PAGE, &page).unwrap();
    }
    let written = fs::read_to_string(PAGE).unwrap();
    assert!(
        written == page,
        "docs/machines.md is out of date: run CMSS_WRITE_DOCS=1 cargo test --test machines"
    );
}
