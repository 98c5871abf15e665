//! The states of a publication, and its moves.

use crate::kernel::{By, Machine, Move, To, coded};

coded! {
    /// What the public sees of a variant.
    pub enum PublicationState {
        /// Nothing, and it never did.
        Never = "never", "Opublicerad", "Never published";
        /// Its page.
        Live = "live", "Publicerad", "Live";
        /// What the editor chose its address to answer.
        Unpublished = "unpublished", "Avpublicerad", "Unpublished";
        /// Nothing: its author stopped it.
        Paused = "paused", "Pausad", "Paused";
    }
}

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

/// A move that somebody makes.
const fn by(
    row: &'static str,
    event: E,
    from: &'static [S],
    to: S,
    by: &'static [By],
) -> Move<S, E> {
    Move {
        row,
        event,
        from,
        to: To::State(to),
        by,
        follows: &[],
    }
}

/// A move that follows from one of an edition.
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
    name: "publication",
    terminal: &[],
    moves: &[
        follows("P0", E::Begin, &[], S::Never, &["E1"]),
        follows(
            "P1",
            E::GoLive,
            &[S::Never, S::Live, S::Unpublished],
            S::Live,
            &["E13"],
        ),
        by(
            "P3",
            E::Unpublish,
            &[S::Live],
            S::Unpublished,
            &[By::Editor],
        ),
        by(
            "P4",
            E::Republish,
            &[S::Unpublished],
            S::Live,
            &[By::Editor],
        ),
        by(
            "P8",
            E::Pause,
            &[S::Live, S::Unpublished],
            S::Paused,
            &[By::Author, By::Editor],
        ),
        by(
            "P8y",
            E::LiftPause,
            &[S::Paused],
            S::Unpublished,
            &[By::Author],
        ),
    ],
};
