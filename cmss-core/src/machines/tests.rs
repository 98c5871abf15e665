use std::path::Path;
use std::{env, fs};

use super::*;
use crate::article::PublicationState;
use crate::assignment::AssignmentState;
use crate::claim::ClaimState;
use crate::edition::{self, EditionState};
use crate::kernel::{Capacity, To};
use crate::publication;
use crate::record::OccasionStatus;
use crate::values::{Coded, Locale};

const HEADER: &str = "\
# State machines

The tables that say what may happen to a thing in which state, and who may do it. The same tables
judge every command, answer `Desk::allowed`, and make this page: do not edit it, but run
`CMSS_WRITE_DOCS=1 cargo test -p cmss-core machines`.

A row says who makes the move, or from which other row it follows. Beside the rows, commands have
guards on what they are given: see their documentation.

";

/// Every machine, as a state diagram and a table: the text of `docs/machines.md`.
fn page() -> String {
    format!("{HEADER}{}", of_all!(drawn).join("\n"))
}

#[test]
fn the_page_on_the_machines_is_what_the_tables_say() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/machines.md");
    if env::var_os("CMSS_WRITE_DOCS").is_some() {
        fs::write(&file, page()).unwrap();
    }
    let written = fs::read_to_string(file).unwrap();
    assert!(
        written == page(),
        "docs/machines.md is out of date: run CMSS_WRITE_DOCS=1 cargo test -p cmss-core machines"
    );
}

#[test]
fn no_table_has_a_fault() {
    assert_eq!(faults(), [""; 0]);
}

#[test]
fn nothing_is_published_that_was_not_approved() {
    let reached = edition::MACHINE.reached_without(Some(EditionState::Approved));
    assert!(!reached.contains(&EditionState::Published), "{reached:?}");
    assert!(!reached.contains(&EditionState::Superseded), "{reached:?}");
    // All else is reached: the walk did not merely stop short.
    assert_eq!(reached.len(), EditionState::ALL.len() - 3, "{reached:?}");
}

#[test]
fn a_page_is_live_because_an_edition_was_published_or_was_once() {
    let live: Vec<_> = publication::MACHINE
        .moves
        .iter()
        .filter(|row| matches!(row.to, To::State(PublicationState::Live)))
        .map(|row| (row.row, row.follows))
        .collect();
    assert_eq!(live, [("P1", &["E13"][..]), ("P4", &[])]);
    let before = publication::MACHINE.reached_without(Some(PublicationState::Live));
    assert_eq!(before, [PublicationState::Never]);
}

#[test]
fn its_author_may_take_a_text_back_in_every_state_before_publication() {
    let over = [
        EditionState::Published,
        EditionState::Superseded,
        EditionState::Withdrawn,
        EditionState::Declined,
    ];
    for state in EditionState::ALL {
        let mut rows = edition::MACHINE.moves.iter();
        let row = rows.find(|row| row.event.code() == "withdraw" && row.from.contains(state));
        assert_eq!(row.is_none(), over.contains(state), "{state:?}");
        if let Some(row) = row {
            assert_eq!(row.by, [Capacity::Author], "{state:?}");
        }
    }
}

#[test]
fn the_rows_that_are_an_authors_right_are_there_and_theirs() {
    let rows = edition::MACHINE.moves.iter().map(|row| (row.row, row.by));
    let more = publication::MACHINE.moves.iter();
    let rows: Vec<_> = rows.chain(more.map(|row| (row.row, row.by))).collect();
    for right in ["E2", "E4", "E5", "E7", "E10a", "E18", "E19a", "P8", "P8y"] {
        let (_, by) = rows.iter().find(|(row, _)| *row == right).unwrap();
        assert!(by.contains(&Capacity::Author), "{right}");
    }
}

#[test]
fn a_unit_has_no_move_on_a_text_or_its_page() {
    let by = edition::MACHINE.moves.iter().flat_map(|row| row.by);
    let by = by.chain(publication::MACHINE.moves.iter().flat_map(|row| row.by));
    for by in by {
        assert!(
            !matches!(by, Capacity::OwnUnit | Capacity::Proposer),
            "{by:?}"
        );
    }
}

#[test]
fn every_state_and_every_row_stands_in_the_documentation() {
    fn codes<S: Coded>() -> Vec<String> {
        let row = |state: &S| {
            let (sv, en) = (state.label(Locale::Sv), state.label(Locale::En));
            format!("| `{}` | {sv} | {en} |", state.code())
        };
        S::ALL.iter().map(row).collect()
    }
    let page = page();
    let states = [
        codes::<EditionState>(),
        codes::<PublicationState>(),
        codes::<AssignmentState>(),
        codes::<ClaimState>(),
        codes::<OccasionStatus>(),
    ];
    for state in states.concat() {
        assert!(page.contains(&state), "{state}");
    }
    for row in of_all!(rows).concat() {
        assert!(page.contains(&format!("\n| {row} | ")), "{row}");
        assert!(page.contains(&format!(": {row} ")), "{row} has no arrow");
    }
}

#[test]
fn a_name_of_two_rows_and_a_move_that_follows_from_no_row_are_faults() {
    assert_eq!(faults_between(&["E1", "E2", "P1"], &["E1", "E1"]), [""; 0]);
    assert_eq!(
        faults_between(&["E1", "E2", "E1"], &["E2", "E9"]),
        ["E1 names two rows", "E9 is followed, and no row"]
    );
}
