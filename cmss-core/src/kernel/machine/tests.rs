use super::*;
use crate::assignment::AssignmentState;
use crate::claim::ClaimState;
use crate::edition::{self, EditionState};
use crate::occasion::OccasionStatus;
use crate::publication::{self, PublicationState};

#[test]
fn no_table_has_a_fault() {
    assert_eq!(faults(), [""; 0]);
}

/// The states that can be reached when nothing leads through one of them.
fn reached_without<S: Coded, E: Coded>(machine: &Machine<S, E>, barred: S) -> Vec<S> {
    let mut reached: Vec<S> = Vec::new();
    loop {
        let before = reached.len();
        for row in machine.moves {
            let To::State(to) = row.to else { continue };
            let from = row.from.is_empty() || row.from.iter().any(|from| reached.contains(from));
            if from && to != barred && !reached.contains(&to) {
                reached.push(to);
            }
        }
        if reached.len() == before {
            return reached;
        }
    }
}

#[test]
fn nothing_is_published_that_was_not_approved() {
    let reached = reached_without(&edition::MACHINE, EditionState::Approved);
    assert!(!reached.contains(&EditionState::Published), "{reached:?}");
    assert!(!reached.contains(&EditionState::Superseded), "{reached:?}");
    // All else is reached: the walk did not merely stop short.
    assert_eq!(reached.len(), EditionState::ALL.len() - 3, "{reached:?}");
}

#[test]
fn a_page_is_live_because_an_edition_was_published_or_was_once() {
    let live: Vec<_> = publication::MACHINE
        .moves
        .iter()
        .filter(|row| matches!(row.to, To::State(PublicationState::Live)))
        .map(|row| (row.row, row.follows))
        .collect();
    assert_eq!(live, [("P1", &["E13"][..]), ("P4", &[])]);
    let before = reached_without(&publication::MACHINE, PublicationState::Live);
    assert_eq!(before, [PublicationState::Never]);
}

#[test]
fn its_author_may_take_a_text_back_in_every_state_before_publication() {
    let over = [
        EditionState::Published,
        EditionState::Superseded,
        EditionState::Withdrawn,
        EditionState::Declined,
    ];
    for state in EditionState::ALL {
        let mut rows = edition::MACHINE.moves.iter();
        let row = rows.find(|row| row.event.code() == "withdraw" && row.from.contains(state));
        assert_eq!(row.is_none(), over.contains(state), "{state:?}");
        if let Some(row) = row {
            assert_eq!(row.by, [By::Author], "{state:?}");
        }
    }
}

#[test]
fn the_rows_that_are_an_authors_right_are_there_and_theirs() {
    let rows = edition::MACHINE.moves.iter().map(|row| (row.row, row.by));
    let more = publication::MACHINE.moves.iter();
    let rows: Vec<_> = rows.chain(more.map(|row| (row.row, row.by))).collect();
    for right in ["E2", "E4", "E5", "E7", "E10a", "E18", "E19a", "P8", "P8y"] {
        let (_, by) = rows.iter().find(|(row, _)| *row == right).unwrap();
        assert!(by.contains(&By::Author), "{right}");
    }
}

#[test]
fn a_unit_has_no_move_on_a_text_or_its_page() {
    let by = edition::MACHINE.moves.iter().flat_map(|row| row.by);
    let by = by.chain(publication::MACHINE.moves.iter().flat_map(|row| row.by));
    for by in by {
        assert!(!matches!(by, By::OwnUnit | By::Proposer), "{by:?}");
    }
}

#[test]
fn every_state_and_every_row_stands_in_the_documentation() {
    fn codes<S: Coded>() -> Vec<String> {
        let row = |state: &S| {
            let (sv, en) = (state.label(Locale::Sv), state.label(Locale::En));
            format!("| `{}` | {sv} | {en} |", state.code())
        };
        S::ALL.iter().map(row).collect()
    }
    let document = diagrams();
    let states = [
        codes::<EditionState>(),
        codes::<PublicationState>(),
        codes::<AssignmentState>(),
        codes::<ClaimState>(),
        codes::<OccasionStatus>(),
    ];
    for state in states.concat() {
        assert!(document.contains(&state), "{state}");
    }
    for row in of_all!(rows).concat() {
        assert!(document.contains(&format!("\n| {row} | ")), "{row}");
        assert!(
            document.contains(&format!(": {row} ")),
            "{row} has no arrow"
        );
    }
}

coded! {
    /// The state of a lamp.
    enum Lamp {
        /// It is dark.
        Off = "off", "Släckt", "Off";
        /// It shines.
        On = "on", "Tänd", "On";
        /// It never will again.
        Broken = "broken", "Trasig", "Broken";
    }
}

coded! {
    /// What happens to a lamp.
    enum Event {
        /// It is hung up.
        Hang = "hang", "häng upp", "hang";
        /// It is lit.
        Light = "light", "tänd", "light";
        /// It is put out.
        Dim = "dim", "släck", "dim";
        /// It falls.
        Fall = "fall", "fall", "fall";
    }
}

const ANYBODY: &[By] = &[By::Editor];

const fn row(
    row: &'static str,
    event: Event,
    from: &'static [Lamp],
    to: To<Lamp>,
) -> Move<Lamp, Event> {
    Move {
        row,
        event,
        from,
        to,
        by: ANYBODY,
        follows: &[],
    }
}

const HANG: Move<Lamp, Event> = row("L1", Event::Hang, &[], To::State(Lamp::Off));
const LIGHT: Move<Lamp, Event> = row("L2", Event::Light, &[Lamp::Off], To::State(Lamp::On));
const DIM: Move<Lamp, Event> = row("L3", Event::Dim, &[Lamp::On], To::State(Lamp::Off));
const FALL: Move<Lamp, Event> = row(
    "L4",
    Event::Fall,
    &[Lamp::Off, Lamp::On],
    To::State(Lamp::Broken),
);

/// The faults of a table of lamps.
fn faults_of(terminal: &'static [Lamp], moves: &'static [Move<Lamp, Event>]) -> Vec<String> {
    let lamp = Machine {
        name: "lamp",
        terminal,
        moves,
    };
    lamp.faults()
}

#[test]
fn a_sound_table_has_no_faults() {
    assert_eq!(
        faults_of(&[Lamp::Broken], &[HANG, LIGHT, DIM, FALL]),
        [""; 0]
    );
}

#[test]
fn a_state_that_nothing_leads_to_is_a_fault() {
    let moves = const {
        &[
            HANG,
            row("L2", Event::Light, &[Lamp::Off], To::Same),
            DIM,
            FALL,
        ]
    };
    assert_eq!(
        faults_of(&[Lamp::Broken], moves),
        ["lamp: on is never reached"]
    );
}

#[test]
fn states_that_lead_to_each_other_and_from_no_beginning_are_not_reached() {
    // A lamp that is on is dimmed, and one that is off is lit, and no lamp was ever hung up.
    let moves = const {
        &[
            row("L1", Event::Hang, &[Lamp::Broken], To::Same),
            LIGHT,
            DIM,
            FALL,
        ]
    };
    let faults = faults_of(&[Lamp::Broken], moves);
    let expected = ["off", "on", "broken"].map(|state| format!("lamp: {state} is never reached"));
    assert_eq!(faults, expected);
}

#[test]
fn a_state_that_nothing_leads_out_of_is_a_fault_unless_it_is_meant_to_be_one() {
    let moves = const {
        &[
            HANG,
            LIGHT,
            row("L3", Event::Dim, &[Lamp::On], To::Same),
            row("L4", Event::Fall, &[Lamp::Off], To::State(Lamp::Broken)),
        ]
    };
    let stuck = "lamp: on has an exit and is terminal, or neither";
    assert_eq!(faults_of(&[Lamp::Broken], moves), [stuck]);
    assert_eq!(faults_of(&[Lamp::On, Lamp::Broken], moves), [""; 0]);
}

#[test]
fn a_state_that_is_called_an_end_and_has_an_exit_is_a_fault() {
    let faults = faults_of(&[Lamp::On, Lamp::Broken], &[HANG, LIGHT, DIM, FALL]);
    assert_eq!(faults, ["lamp: on has an exit and is terminal, or neither"]);
}

#[test]
fn two_rows_for_one_event_in_one_state_are_a_fault() {
    let moves = const {
        &[
            HANG,
            LIGHT,
            DIM,
            FALL,
            row("L5", Event::Light, &[Lamp::Off], To::State(Lamp::Broken)),
        ]
    };
    assert_eq!(
        faults_of(&[Lamp::Broken], moves),
        ["lamp: light in off has 2 rows"]
    );
}

#[test]
fn two_rows_for_one_beginning_are_a_fault() {
    let moves = const {
        &[
            HANG,
            LIGHT,
            DIM,
            FALL,
            row("L5", Event::Hang, &[], To::State(Lamp::On)),
        ]
    };
    assert_eq!(
        faults_of(&[Lamp::Broken], moves),
        ["lamp: hang in nothing has 2 rows"]
    );
}

#[test]
fn a_row_that_nobody_makes_or_that_somebody_makes_and_that_follows_is_a_fault() {
    let needs = "lamp: L2 needs a role or a move it follows";
    let nobody = const { &[HANG, Move { by: &[], ..LIGHT }, DIM, FALL] };
    assert_eq!(faults_of(&[Lamp::Broken], nobody), [needs]);
    let both = const {
        &[
            HANG,
            Move {
                follows: &["L1"],
                ..LIGHT
            },
            DIM,
            FALL,
        ]
    };
    assert_eq!(faults_of(&[Lamp::Broken], both), [needs]);
}

#[test]
fn a_row_that_begins_and_leads_nowhere_is_a_fault() {
    let moves = const { &[HANG, LIGHT, DIM, row("L4", Event::Fall, &[], To::Same)] };
    let faults = faults_of(&[], moves);
    assert!(
        faults.contains(&"lamp: L4 begins nowhere".to_owned()),
        "{faults:?}"
    );
}

#[test]
fn an_event_without_a_row_is_a_fault() {
    let moves = const {
        &[
            HANG,
            LIGHT,
            row(
                "L4",
                Event::Fall,
                &[Lamp::Off, Lamp::On],
                To::State(Lamp::Broken),
            ),
        ]
    };
    assert_eq!(faults_of(&[Lamp::Broken], moves), ["lamp: dim has no row"]);
}

#[test]
fn a_name_of_two_rows_and_a_move_that_follows_from_no_row_are_faults() {
    assert_eq!(faults_between(&["E1", "E2", "P1"], &["E1", "E1"]), [""; 0]);
    assert_eq!(
        faults_between(&["E1", "E2", "E1"], &["E2", "E9"]),
        ["E1 names two rows", "E9 is followed, and no row"]
    );
}
