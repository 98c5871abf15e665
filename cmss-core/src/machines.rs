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

/// Every fault of every table, and of what the tables say of each other.
pub(crate) fn faults() -> Vec<String> {
    let rows: Vec<&str> = of_all!(rows).into_iter().flatten().collect();
    let follows: Vec<&str> = of_all!(followed).into_iter().flatten().collect();
    of_all!(faults)
        .into_iter()
        .flatten()
        .chain(faults_between(&rows, &follows))
        .collect()
}

/// Two rows of one name, and every move that follows from a row that is not there.
fn faults_between(rows: &[&str], follows: &[&str]) -> Vec<String> {
    let mut named = BTreeSet::new();
    let twice = rows.iter().filter(|row| !named.insert(**row));
    let mut faults: Vec<_> = twice.map(|row| format!("{row} names two rows")).collect();
    let follows: BTreeSet<&str> = follows.iter().copied().collect();
    let missing = follows.difference(&named);
    faults.extend(missing.map(|row| format!("{row} is followed, and no row")));
    faults
}

#[cfg(test)]
mod tests;
