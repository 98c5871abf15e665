//! State machines as data: the table that answers what is allowed, is the guard, and is what
//! `docs/machines.md` is drawn from.

use std::collections::BTreeSet;

use super::{Capacity, Guard, Guards, Standing};
use crate::values::Coded;

/// Where a move leads.
#[derive(Clone, Copy, Debug)]
pub(crate) enum To<S: 'static> {
    /// To where it began.
    Same,
    /// To this state.
    State(S),
}

/// A row of a table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Move<S: 'static, E: 'static> {
    /// The row's name in the documentation.
    pub(crate) row: &'static str,
    /// What happens.
    pub(crate) event: E,
    /// In which states; none means the thing begins with it.
    pub(crate) from: &'static [S],
    /// What the state is afterwards.
    pub(crate) to: To<S>,
    /// Who may.
    pub(crate) by: &'static [Capacity],
    /// Or the rows of other tables that it follows from.
    pub(crate) follows: &'static [&'static str],
}

impl<S, E> Move<S, E> {
    /// A move that somebody makes.
    pub(crate) const fn by(
        row: &'static str,
        event: E,
        from: &'static [S],
        to: To<S>,
        by: &'static [Capacity],
    ) -> Self {
        let follows = &[];
        Self {
            row,
            event,
            from,
            to,
            by,
            follows,
        }
    }

    /// A move that follows from moves of other tables.
    pub(crate) const fn follows(
        row: &'static str,
        event: E,
        from: &'static [S],
        to: To<S>,
        follows: &'static [&'static str],
    ) -> Self {
        let by = &[];
        Self {
            row,
            event,
            from,
            to,
            by,
            follows,
        }
    }
}

/// A table: every move there is, and the acts that move nothing.
#[derive(Debug)]
pub(crate) struct Machine<S: 'static, E: 'static> {
    /// Its name in refusals and in the documentation.
    pub(crate) name: &'static str,
    /// States that nothing leads out of.
    pub(crate) terminal: &'static [S],
    /// States that are reached through another only: the way to the first leads through the
    /// second.
    pub(crate) through: &'static [(S, S)],
    /// The moves.
    pub(crate) moves: &'static [Move<S, E>],
}

impl<S: Coded, E: Coded> Machine<S, E> {
    /// The row for an event in a state; `None` as a state is before the beginning.
    fn row(&self, from: Option<S>, event: E) -> Option<&'static Move<S, E>> {
        self.rows_for(from, event).next()
    }

    /// The rows for an event in a state: a sound table has one at most.
    fn rows_for(&self, from: Option<S>, event: E) -> impl Iterator<Item = &'static Move<S, E>> {
        self.moves.iter().filter(move |row| {
            row.event == event
                && from.map_or(row.from.is_empty(), |state| row.from.contains(&state))
        })
    }

    /// Judges a move by state and standing, and answers where it leads; what fails is added to
    /// the guards.
    pub(crate) fn judge(
        &self,
        from: Option<S>,
        event: E,
        standing: &Standing,
        guards: &mut Guards,
    ) -> Option<(S, Capacity)> {
        let row = self.row(from, event);
        if row.is_none() {
            guards.push(Guard::WrongState {
                machine: self.name.into(),
                state: from.map_or("none", Coded::code).into(),
                event: event.code().into(),
            });
        }
        let by = match row {
            None => guards.permit(standing, &self.ever_by(event)),
            Some(row) if standing.is_concerned() => guards.permit(standing, row.by),
            // Who may in this state tells of the state: this actor is told who may in any.
            Some(row) => standing.first(row.by).or_else(|| {
                guards.turn_away(standing, &self.ever_by(event));
                None
            }),
        };
        Some((self.arrive(row?, from)?, by?))
    }

    /// Who may make a move in one state or another.
    fn ever_by(&self, event: E) -> Vec<Capacity> {
        let rows = self.moves.iter().filter(|row| row.event == event);
        let by: BTreeSet<Capacity> = rows.flat_map(|row| row.by).copied().collect();
        by.into_iter().collect()
    }

    /// Where a move leads that follows from a move of another table; `None` where the state does
    /// not have it, which then stays.
    pub(crate) fn follow(&self, from: Option<S>, event: E) -> Option<S> {
        let row = self.row(from, event)?;
        (!row.follows.is_empty()).then_some(())?;
        self.arrive(row, from)
    }

    /// The state after a row.
    fn arrive(&self, row: &Move<S, E>, from: Option<S>) -> Option<S> {
        match row.to {
            To::Same => from,
            To::State(state) => Some(state),
        }
    }

    /// The states that are reached when no way leads through one of them.
    pub(crate) fn reached_without(&self, barred: Option<S>) -> Vec<S> {
        let mut reached: Vec<S> = Vec::new();
        loop {
            let before = reached.len();
            for row in self.moves {
                let starts = row.from.is_empty();
                if let To::State(state) = row.to
                    && (starts || row.from.iter().any(|from| reached.contains(from)))
                    && barred != Some(state)
                    && !reached.contains(&state)
                {
                    reached.push(state);
                }
            }
            if reached.len() == before {
                return reached;
            }
        }
    }

    /// Every fault of the table: a state nobody reaches or leaves, two rows for one event in one
    /// state, a row that nobody may make, an event without a row, a way round a state that must be
    /// passed.
    pub(crate) fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let reached = self.reached_without(None);
        for (state, through) in self.through {
            if self.reached_without(Some(*through)).contains(state) {
                let (state, through) = (state.code(), through.code());
                faults.push(format!("{}: a way to {state} avoids {through}", self.name));
            }
        }
        for state in S::ALL {
            let code = state.code();
            if !reached.contains(state) {
                faults.push(format!("{}: {code} is never reached", self.name));
            }
            let leaves = self.moves.iter().any(|row| {
                row.from.contains(state) && matches!(row.to, To::State(to) if to != *state)
            });
            if leaves == self.terminal.contains(state) {
                faults.push(format!(
                    "{}: {code} has an exit and is terminal, or neither",
                    self.name
                ));
            }
        }
        let states = S::ALL.iter().copied().map(Some);
        for (from, event) in states
            .chain([None])
            .flat_map(|from| E::ALL.iter().map(move |event| (from, *event)))
        {
            let n = self.rows_for(from, event).count();
            if n > 1 {
                let (event, from) = (event.code(), from.map_or("nothing", Coded::code));
                faults.push(format!("{}: {event} in {from} has {n} rows", self.name));
            }
        }
        for row in self.moves {
            if row.by.is_empty() == row.follows.is_empty() {
                faults.push(format!(
                    "{}: {} needs a role or a move it follows",
                    self.name, row.row
                ));
            }
            if matches!(row.to, To::Same) && row.from.is_empty() {
                faults.push(format!("{}: {} begins nowhere", self.name, row.row));
            }
        }
        for event in E::ALL {
            if !self.moves.iter().any(|row| row.event == *event) {
                faults.push(format!("{}: {} has no row", self.name, event.code()));
            }
        }
        faults
    }

    /// The names of its rows.
    pub(crate) fn rows(&self) -> Vec<&'static str> {
        self.moves.iter().map(|row| row.row).collect()
    }

    /// The rows that its moves follow from.
    pub(crate) fn followed(&self) -> Vec<&'static str> {
        self.moves
            .iter()
            .flat_map(|row| row.follows)
            .copied()
            .collect()
    }
}

#[cfg(test)]
mod drawn;
#[cfg(test)]
mod tests;
