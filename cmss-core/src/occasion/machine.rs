//! The states of an occasion, and its moves.

use crate::kernel::{Capacity, Machine, Move, To};
use crate::values::coded;

coded! {
    /// What became of an occasion. How certain it is stands beside this: see [`Certainty`].
    pub enum OccasionStatus {
        /// It is to take place.
        Planned = "planned", "Planerad", "Planned";
        /// It was called off.
        Cancelled = "cancelled", "Inställd", "Cancelled";
        /// It is over, and it did take place.
        TookPlace = "took_place", "Har ägt rum", "Took place";
    }
}

coded! {
    /// How certain it is that an occasion takes place, or would have: it is kept apart from the
    /// status, so that a tentative occasion may be called off as it is.
    pub enum Certainty {
        /// It is settled.
        Confirmed = "confirmed", "Bekräftad", "Confirmed";
        /// It may still change.
        Tentative = "tentative", "Preliminär", "Tentative";
    }
}

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
