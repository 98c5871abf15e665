//! The states of an edition, and its moves.

use crate::kernel::{Capacity, Machine, Move, To};
use crate::values::coded;

coded! {
    /// The state of an edition: of the work, not of what the public sees.
    pub enum EditionState {
        /// Being written.
        Draft = "draft", "Utkast", "Draft";
        /// Handed in.
        Submitted = "submitted", "Inskickad", "Submitted";
        /// The editor asked for changes.
        ChangesRequested = "changes_requested", "Åter för ändring", "Changes requested";
        /// The exact text is approved.
        Approved = "approved", "Godkänd", "Approved";
        /// Published, and what the public sees as long as nothing newer is.
        Published = "published", "Publicerad", "Published";
        /// A newer edition was published.
        Superseded = "superseded", "Ersatt", "Superseded";
        /// Its author took it back.
        Withdrawn = "withdrawn", "Återtagen", "Withdrawn";
        /// The editor said no.
        Declined = "declined", "Avböjd", "Declined";
    }
}

coded! {
    /// What happens to an edition.
    pub(crate) enum EditionEvent {
        /// It is begun.
        Open = "open", "påbörja", "open";
        /// Its author saves.
        Save = "save", "spara", "save";
        /// The editor changes what was handed in.
        Edit = "edit", "redigera", "edit";
        /// The editor's changes are taken back.
        SetAside = "set_aside", "ta bort redigering", "set aside";
        /// It is handed in.
        Submit = "submit", "skicka in", "submit";
        /// Its author takes it back to go on writing.
        PullBack = "pull_back", "ta tillbaka", "pull back";
        /// The editor asks for changes.
        RequestChanges = "request_changes", "be om ändring", "request changes";
        /// An author agrees to the exact text.
        AcceptEdit = "accept_edit", "godta redigering", "accept edit";
        /// The editor approves the exact text.
        Approve = "approve", "godkänn", "approve";
        /// The editor takes the approval back.
        DismissApproval = "dismiss_approval", "häv godkännande", "dismiss approval";
        /// Its author changes what was approved.
        AuthorEdit = "author_edit", "ändra godkänd", "author edit";
        /// The editor changes what was approved.
        EditorEdit = "editor_edit", "redigera godkänd", "editor edit";
        /// The editor publishes what was approved.
        Publish = "publish", "publicera", "publish";
        /// The editor says no.
        Decline = "decline", "avböj", "decline";
        /// Its author takes it back; nobody can stop that.
        Withdraw = "withdraw", "återta", "withdraw";
        /// It is taken up again.
        Reopen = "reopen", "återuppta", "reopen";
        /// A newer edition is published.
        Supersede = "supersede", "ersätt", "supersede";
    }
}

use EditionEvent as E;
use EditionState as S;

/// States in which the author writes.
const WRITING: &[S] = &[S::Draft, S::ChangesRequested];
/// States in which the editor may say no.
const OPEN: &[S] = &[S::Draft, S::Submitted, S::ChangesRequested];
/// States from which the author may take it back: all before publication.
const UNPUBLISHED: &[S] = &[S::Draft, S::Submitted, S::ChangesRequested, S::Approved];
/// Those who write it.
const WRITERS: &[Capacity] = &[Capacity::Author, Capacity::Opener];

/// The table.
pub(crate) const MACHINE: Machine<S, E> = Machine {
    name: "edition",
    terminal: &[S::Superseded],
    through: &[(S::Published, S::Approved), (S::Superseded, S::Published)],
    moves: &[
        Move::by(
            "E1",
            E::Open,
            &[],
            To::State(S::Draft),
            &[Capacity::Reporter, Capacity::Editor],
        ),
        Move::by("E2", E::Save, WRITING, To::Same, WRITERS),
        Move::by(
            "E3",
            E::Edit,
            &[S::Submitted],
            To::Same,
            &[Capacity::Editor],
        ),
        Move::by(
            "E3r",
            E::SetAside,
            &[S::Submitted],
            To::Same,
            &[Capacity::Editor],
        ),
        Move::by("E4", E::Submit, WRITING, To::State(S::Submitted), WRITERS),
        Move::by(
            "E5",
            E::PullBack,
            &[S::Submitted],
            To::State(S::Draft),
            &[Capacity::Author],
        ),
        Move::by(
            "E6",
            E::RequestChanges,
            &[S::Submitted],
            To::State(S::ChangesRequested),
            &[Capacity::Editor],
        ),
        Move::by(
            "E7",
            E::AcceptEdit,
            &[S::Submitted, S::Approved],
            To::Same,
            &[Capacity::Author, Capacity::SecondPerson],
        ),
        Move::by(
            "E8",
            E::Approve,
            &[S::Submitted],
            To::State(S::Approved),
            &[Capacity::Editor],
        ),
        Move::by(
            "E9",
            E::DismissApproval,
            &[S::Approved],
            To::State(S::Submitted),
            &[Capacity::Editor],
        ),
        Move::by(
            "E10a",
            E::AuthorEdit,
            &[S::Approved],
            To::State(S::Draft),
            &[Capacity::Author],
        ),
        Move::by(
            "E10b",
            E::EditorEdit,
            &[S::Approved],
            To::State(S::Submitted),
            &[Capacity::Editor],
        ),
        Move::by(
            "E13",
            E::Publish,
            &[S::Approved],
            To::State(S::Published),
            &[Capacity::Editor],
        ),
        Move::by(
            "E17",
            E::Decline,
            OPEN,
            To::State(S::Declined),
            &[Capacity::Editor],
        ),
        Move::by(
            "E18",
            E::Withdraw,
            UNPUBLISHED,
            To::State(S::Withdrawn),
            &[Capacity::Author],
        ),
        Move::by(
            "E19a",
            E::Reopen,
            &[S::Withdrawn],
            To::State(S::Draft),
            &[Capacity::Author],
        ),
        Move::by(
            "E19b",
            E::Reopen,
            &[S::Declined],
            To::State(S::Draft),
            &[Capacity::Editor],
        ),
        Move::follows(
            "E20",
            E::Supersede,
            &[S::Published],
            To::State(S::Superseded),
            &["E13"],
        ),
    ],
};
