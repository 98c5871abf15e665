//! The states of a claim, and its moves.

use crate::kernel::{By, Machine, Move, To, coded};

coded! {
    /// The state of a claim.
    pub enum ClaimState {
        /// The reporter has taken it on.
        Active = "active", "Tackat ja", "Active";
        /// The text is handed in.
        Delivered = "delivered", "Levererat", "Delivered";
        /// The text is published.
        Fulfilled = "fulfilled", "Uppfyllt", "Fulfilled";
        /// The reporter gave it back; nobody asks why.
        Released = "released", "Avhopp", "Released";
        /// The assignment was called off.
        Cancelled = "cancelled", "Inställt", "Cancelled";
    }
}

impl ClaimState {
    /// Whether it holds a place.
    pub(crate) const fn holds_a_place(self) -> bool {
        match self {
            Self::Active | Self::Delivered | Self::Fulfilled => true,
            Self::Released | Self::Cancelled => false,
        }
    }

    /// Whether something is still to come of it.
    pub(crate) const fn is_unfinished(self) -> bool {
        match self {
            Self::Active | Self::Delivered => true,
            Self::Fulfilled | Self::Released | Self::Cancelled => false,
        }
    }
}

coded! {
    /// What happens to a claim.
    pub(crate) enum ClaimEvent {
        /// A reporter takes the assignment on.
        Claim = "claim", "tacka ja", "claim";
        /// The reporter gives it back.
        Release = "release", "hoppa av", "release";
        /// The text is handed in.
        Deliver = "deliver", "leverera", "deliver";
        /// The text comes back.
        Return = "return", "lämna tillbaka", "return";
        /// The text is published.
        Fulfil = "fulfil", "uppfyll", "fulfil";
        /// The assignment is called off.
        Cancel = "cancel", "ställ in", "cancel";
    }
}

use ClaimEvent as E;
use ClaimState as S;

/// A move that follows from moves of other tables.
const fn follows(
    row: &'static str,
    event: E,
    from: &'static [S],
    to: S,
    follows: &'static [&'static str],
) -> Move<S, E> {
    Move {
        row,
        event,
        from,
        to: To::State(to),
        by: &[],
        follows,
    }
}

/// The table.
pub(crate) const MACHINE: Machine<S, E> = Machine {
    name: "claim",
    terminal: &[S::Fulfilled, S::Released, S::Cancelled],
    moves: &[
        Move {
            row: "C1",
            event: E::Claim,
            from: &[],
            to: To::State(S::Active),
            by: &[By::Reporter],
            follows: &[],
        },
        Move {
            row: "C2",
            event: E::Release,
            from: &[S::Active],
            to: To::State(S::Released),
            by: &[By::Holder],
            follows: &[],
        },
        follows("C3", E::Deliver, &[S::Active], S::Delivered, &["E4"]),
        follows(
            "C4",
            E::Return,
            &[S::Delivered],
            S::Active,
            &["E5", "E10a", "E17", "E18"],
        ),
        follows("C5", E::Fulfil, &[S::Delivered], S::Fulfilled, &["E13"]),
        follows(
            "C6",
            E::Cancel,
            &[S::Active, S::Delivered],
            S::Cancelled,
            &["A8"],
        ),
    ],
};
