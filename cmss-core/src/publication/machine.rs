//! The moves of a publication. Its states are those of a variant.

use crate::article::PublicationState;
use crate::kernel::{Capacity, Machine, Move, To};
use crate::values::coded;

coded! {
    /// What happens to a publication.
    pub(crate) enum PublicationEvent {
        /// The variant is begun.
        Begin = "begin", "påbörja", "begin";
        /// An edition is published.
        GoLive = "go_live", "publicera", "go live";
        /// The editor takes the page down.
        Unpublish = "unpublish", "avpublicera", "unpublish";
        /// The editor puts the same page back.
        Republish = "republish", "publicera igen", "republish";
        /// The author, or the editor, stops it at once.
        Pause = "pause", "pausa", "pause";
        /// The author lets it come back.
        LiftPause = "lift_pause", "häv paus", "lift pause";
    }
}

use PublicationEvent as E;
use PublicationState as S;

/// The table.
pub(crate) const MACHINE: Machine<S, E> = Machine {
    name: "publication",
    terminal: &[],
    through: &[],
    moves: &[
        Move::follows("P0", E::Begin, &[], To::State(S::Never), &["E1"]),
        Move::follows(
            "P1",
            E::GoLive,
            &[S::Never, S::Live, S::Unpublished],
            To::State(S::Live),
            &["E13"],
        ),
        Move::by(
            "P3",
            E::Unpublish,
            &[S::Live],
            To::State(S::Unpublished),
            &[Capacity::Editor],
        ),
        Move::by(
            "P4",
            E::Republish,
            &[S::Unpublished],
            To::State(S::Live),
            &[Capacity::Editor],
        ),
        Move::by(
            "P8",
            E::Pause,
            &[S::Live, S::Unpublished],
            To::State(S::Paused),
            &[Capacity::Author, Capacity::Editor],
        ),
        Move::by(
            "P8y",
            E::LiftPause,
            &[S::Paused],
            To::State(S::Unpublished),
            &[Capacity::Author],
        ),
    ],
};
