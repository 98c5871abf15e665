//! The states of a claim, and its moves.

use crate::kernel::{Capacity, Machine, Move, To};
use crate::values::coded;

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

/// The table.
pub(crate) const MACHINE: Machine<S, E> = Machine {
    name: "claim",
    terminal: &[S::Fulfilled, S::Released, S::Cancelled],
    through: &[],
    moves: &[
        Move::by(
            "C1",
            E::Claim,
            &[],
            To::State(S::Active),
            &[Capacity::Reporter],
        ),
        Move::by(
            "C2",
            E::Release,
            &[S::Active],
            To::State(S::Released),
            &[Capacity::Holder],
        ),
        Move::follows(
            "C3",
            E::Deliver,
            &[S::Active],
            To::State(S::Delivered),
            &["E4"],
        ),
        Move::follows(
            "C4",
            E::Return,
            &[S::Delivered],
            To::State(S::Active),
            &["E5", "E10a", "E17", "E18"],
        ),
        Move::follows(
            "C5",
            E::Fulfil,
            &[S::Delivered],
            To::State(S::Fulfilled),
            &["E13"],
        ),
        Move::follows(
            "C6",
            E::Cancel,
            &[S::Active, S::Delivered],
            To::State(S::Cancelled),
            &["A8"],
        ),
    ],
};
