use uuid::Uuid;

use super::*;
use crate::ids::Id;
use crate::values::{Fault, FaultCode};

fn event() -> Event {
    Event::titled(
        "Öppen verkstad",
        Lang::from(Locale::Sv),
        EventKind::Workshop,
    )
}

fn check(event: &Event) -> Result<Event, Vec<(String, FaultCode)>> {
    let mut faults = Faults::new();
    let checked = event.check(&mut faults);
    let pair = |fault: Fault| (fault.path, fault.code);
    match faults.finish() {
        Ok(()) => Ok(checked.unwrap()),
        Err(invalid) => Err(invalid.faults.into_iter().map(pair).collect()),
    }
}

#[test]
fn a_title_is_enough() {
    let least = r#"{
        "title": " Öppen verkstad ", "language": "sv", "kind": "workshop", "programme": "to_come"
    }"#;
    let least: Event = serde_json::from_str(least).unwrap();
    assert_eq!(check(&least), Ok(event()));
}

#[test]
fn every_fault_of_an_event_is_named_at_once() {
    let organiser = OrganisationId::from_uuid(Uuid::from_u128(1));
    let faulty = Event {
        title: " ".to_owned(),
        description: Some("x".repeat(10_001)),
        groups: vec!["Lyktgruppen".to_owned(); 2],
        organisers: vec![organiser; 21],
        ..event()
    };
    let faults = check(&faulty).unwrap_err();
    let expected = [
        ("title", FaultCode::Empty),
        ("description", FaultCode::TooLong),
        ("groups[1]", FaultCode::Duplicate),
        ("organisers", FaultCode::TooMany),
        ("organisers[1]", FaultCode::Duplicate),
    ];
    let found = faults.iter().map(|(path, code)| (path.as_str(), *code));
    assert_eq!(found.take(5).collect::<Vec<_>>(), expected);
    // Each organiser but the first stands there again.
    assert_eq!(faults.len(), 4 + 20);
}

#[test]
fn an_event_names_its_organisers_as_what_must_be_there() {
    let organiser = OrganisationId::from_uuid(Uuid::from_u128(1));
    let event = Event {
        organisers: vec![organiser],
        ..event()
    };
    assert_eq!(event.refers_to(), [Kept::<Organisation>::at(organiser)]);
}
