//! The states of an assignment, and its moves.

use crate::kernel::{Capacity, Machine, Move, To};
use crate::values::coded;

coded! {
    /// The state of an assignment. That its time to claim has passed is derived, not a state.
    pub enum AssignmentState {
        /// Offered, and not seen by reporters yet.
        Proposed = "proposed", "Föreslaget", "Proposed";
        /// Reporters may claim it.
        Open = "open", "Öppet", "Open";
        /// Nobody may claim it for now.
        Closed = "closed", "Stängt", "Closed";
        /// Done.
        Completed = "completed", "Genomfört", "Completed";
        /// Called off.
        Cancelled = "cancelled", "Inställt", "Cancelled";
    }
}

coded! {
    /// What happens to an assignment.
    pub(crate) enum AssignmentEvent {
        /// A unit, a reporter or an editor offers it.
        Propose = "propose", "föreslå", "propose";
        /// The proposer changes the offer.
        Revise = "revise", "ändra", "revise";
        /// The editor asks the proposer to change it.
        Return = "return", "lämna tillbaka", "return";
        /// The editor opens it to reporters.
        Open = "open", "öppna", "open";
        /// The editor takes no more claims.
        Close = "close", "stäng", "close";
        /// The editor takes claims again.
        Reopen = "reopen", "öppna igen", "reopen";
        /// It is done.
        Complete = "complete", "avsluta", "complete";
        /// It is called off.
        Cancel = "cancel", "ställ in", "cancel";
    }
}

use AssignmentEvent as E;
use AssignmentState as S;

/// The table.
pub(crate) const MACHINE: Machine<S, E> = Machine {
    name: "assignment",
    terminal: &[S::Completed, S::Cancelled],
    through: &[],
    moves: &[
        Move::by(
            "A1",
            E::Propose,
            &[],
            To::State(S::Proposed),
            &[Capacity::OwnUnit, Capacity::Reporter, Capacity::Editor],
        ),
        Move::by(
            "A2",
            E::Revise,
            &[S::Proposed],
            To::Same,
            &[Capacity::Proposer, Capacity::OwnUnit, Capacity::Editor],
        ),
        Move::by(
            "A3",
            E::Return,
            &[S::Proposed],
            To::Same,
            &[Capacity::Editor],
        ),
        Move::by(
            "A4",
            E::Open,
            &[S::Proposed],
            To::State(S::Open),
            &[Capacity::Editor],
        ),
        Move::by(
            "A5",
            E::Close,
            &[S::Open],
            To::State(S::Closed),
            &[Capacity::Editor],
        ),
        Move::by(
            "A6",
            E::Reopen,
            &[S::Closed],
            To::State(S::Open),
            &[Capacity::Editor],
        ),
        Move::by(
            "A7",
            E::Complete,
            &[S::Closed],
            To::State(S::Completed),
            &[Capacity::Editor],
        ),
        Move::by(
            "A8",
            E::Cancel,
            &[S::Proposed, S::Open, S::Closed],
            To::State(S::Cancelled),
            &[Capacity::Editor],
        ),
    ],
};
