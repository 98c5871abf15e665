//! The moves of an occasion. Its states stand with what it is.

use crate::kernel::{Capacity, Machine, Move, To};
use crate::record::OccasionStatus;
use crate::values::coded;

coded! {
    /// What happens to an occasion.
    pub(crate) enum OccasionEvent {
        /// It is planned.
        Plan = "plan", "planera", "plan";
        /// Its plan changes.
        Change = "change", "ändra", "change";
        /// A tentative one is settled.
        Confirm = "confirm", "bekräfta", "confirm";
        /// It took place.
        Complete = "complete", "markera som genomförd", "complete";
        /// It is called off.
        Cancel = "cancel", "ställ in", "cancel";
    }
}

use OccasionEvent as E;
use OccasionStatus as S;

/// All of them are the editor's.
const EDITOR: &[Capacity] = &[Capacity::Editor];

/// The table. Beside it: O4 needs a confirmed occasion, O5 a reason.
pub(crate) const MACHINE: Machine<S, E> = Machine {
    name: "occasion",
    terminal: &[S::Cancelled, S::TookPlace],
    through: &[],
    moves: &[
        Move::by("O1", E::Plan, &[], To::State(S::Planned), EDITOR),
        Move::by("O2", E::Change, &[S::Planned], To::Same, EDITOR),
        Move::by("O3", E::Confirm, &[S::Planned], To::Same, EDITOR),
        Move::by(
            "O4",
            E::Complete,
            &[S::Planned],
            To::State(S::TookPlace),
            EDITOR,
        ),
        Move::by(
            "O5",
            E::Cancel,
            &[S::Planned],
            To::State(S::Cancelled),
            EDITOR,
        ),
    ],
};
