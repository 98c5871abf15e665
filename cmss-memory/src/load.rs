//! How an empty store is filled.

use cmss_core::store::{Intake, Limits, Line, Lines, StoreError, Stored};

use crate::state::State;

impl State {
    /// The state that these lines tell of, whole, or nothing.
    pub(crate) fn from_lines(lines: Lines) -> Result<Self, StoreError> {
        let mut intake = Intake::new();
        let mut state = Self::default();
        for line in lines {
            let line = line?;
            intake.take(&line)?;
            line.check(&Limits::default())?;
            match line {
                Line::Doc(stored) => state.take_in(stored)?,
                Line::Record(record) => {
                    let id = record.id;
                    if state.receipts.contains_key(&id) {
                        return Err(corrupt(format!("commit id {id} stands twice in the log")));
                    }
                    state.append(record);
                }
                Line::End(_) => {}
            }
        }
        intake.finish()?;
        Ok(state)
    }

    fn take_in(&mut self, stored: Stored) -> Result<(), StoreError> {
        for entry in stored.entries.iter().filter(|entry| entry.is_unique()) {
            if let Some(by) = self.holder(entry.index(), entry.key()) {
                let (at, index) = (&stored.at, entry.index());
                return Err(corrupt(format!(
                    "{at} and {by} hold the same unique key of index {index}"
                )));
            }
        }
        self.put_in(stored);
        Ok(())
    }
}

/// Lines that cannot have come from a store.
fn corrupt(what: String) -> StoreError {
    StoreError::Corrupt { what, source: None }
}
