use super::*;
use crate::values::coded;

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

const ANYBODY: &[Capacity] = &[Capacity::Editor];

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
        through: &[],
        moves,
    };
    lamp.faults()
}

#[test]
fn a_way_round_a_state_that_must_be_passed_is_a_fault() {
    let broken_after = |through| Machine {
        name: "lamp",
        terminal: &[Lamp::Broken],
        through,
        moves: &[HANG, LIGHT, DIM, FALL],
    };
    assert_eq!(
        broken_after(&[(Lamp::Broken, Lamp::On)]).faults(),
        ["lamp: a way to broken avoids on"]
    );
    assert_eq!(broken_after(&[(Lamp::On, Lamp::Off)]).faults(), [""; 0]);
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
