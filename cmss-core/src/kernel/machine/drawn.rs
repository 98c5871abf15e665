//! A table for people, as `docs/machines.md` has it.

use std::fmt::Write as _;

use super::{Machine, To};
use crate::values::{Coded, Locale};

impl<S: Coded, E: Coded> Machine<S, E> {
    /// The table as a Mermaid state diagram and a Markdown table.
    pub(crate) fn drawn(&self) -> String {
        let mut out = format!("## {}\n\n```mermaid\nstateDiagram-v2\n", self.name);
        for row in self.moves {
            let froms: Vec<Option<S>> = match row.from {
                [] => vec![None],
                from => from.iter().copied().map(Some).collect(),
            };
            for from in froms {
                let to = self.arrive(row, from).map_or("[*]", Coded::code);
                let from = from.map_or("[*]", Coded::code);
                let _ = writeln!(out, "    {from} --> {to}: {} {}", row.row, row.event.code());
            }
        }
        for state in self.terminal {
            let _ = writeln!(out, "    {} --> [*]", state.code());
        }
        out.push_str("```\n\n| State | Svenska | English |\n|---|---|---|\n");
        for state in S::ALL {
            let (sv, en) = (state.label(Locale::Sv), state.label(Locale::En));
            let _ = writeln!(out, "| `{}` | {sv} | {en} |", state.code());
        }
        out.push_str("\n| Row | Event | From | To | Who |\n|---|---|---|---|---|\n");
        for row in self.moves {
            let from: Vec<_> = row.from.iter().map(|state| state.code()).collect();
            let from = if from.is_empty() {
                "nothing".to_owned()
            } else {
                from.join(", ")
            };
            let to = match row.to {
                To::Same => "same",
                To::State(state) => state.code(),
            };
            let who: Vec<_> = row.by.iter().map(|by| by.code().to_owned()).collect();
            let follows = row.follows.iter().map(|row| format!("follows {row}"));
            let who = who
                .into_iter()
                .chain(follows)
                .collect::<Vec<_>>()
                .join(", ");
            let _ = writeln!(
                out,
                "| {} | `{}` | {from} | {to} | {who} |",
                row.row,
                row.event.code()
            );
        }
        out
    }
}
