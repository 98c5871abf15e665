//! Every machine of the newsroom, together.

use std::collections::BTreeSet;

use crate::{assignment, claim, edition, occasion, publication};

/// Asks every machine.
macro_rules! of_all {
    ($ask:ident) => {
        [
            edition::MACHINE.$ask(),
            publication::MACHINE.$ask(),
            assignment::MACHINE.$ask(),
            claim::MACHINE.$ask(),
            occasion::MACHINE.$ask(),
        ]
    };
}

/// Every machine, as a state diagram and a table: the text of `docs/machines.md`.
#[must_use]
pub fn diagrams() -> String {
    of_all!(document).join("\n")
}

/// Every fault of every table, and every move that follows from a row that is not there.
pub(crate) fn faults() -> Vec<String> {
    let rows: BTreeSet<&str> = of_all!(rows).into_iter().flatten().collect();
    let follows: BTreeSet<&str> = of_all!(followed).into_iter().flatten().collect();
    let missing = follows
        .difference(&rows)
        .map(|row| format!("{row} is followed, and no row"));
    of_all!(faults)
        .into_iter()
        .flatten()
        .chain(missing)
        .collect()
}
