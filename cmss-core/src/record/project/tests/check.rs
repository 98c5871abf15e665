use proptest::prelude::*;

use super::*;

#[test]
fn every_fault_is_named_at_once() {
    let project = Project {
        title: " ".to_owned(),
        what: Some("x".repeat(10_001)),
        why: Some("a\u{0}b".to_owned()),
        goals: vec![
            EffectGoal {
                result: Some("Too early".to_owned()),
                ..goal("Fewer queues")
            },
            goal(""),
        ],
        involvement: vec!["They lead it".to_owned(), String::new()],
        owner: Some(organisation(1)),
        participants: vec![organisation(2), organisation(1), organisation(2)],
        partners: vec![organisation(3), organisation(2)],
        costs: vec![
            CostLine {
                amount: Money::ore(-1),
                date: Some(day("1899-12-31")),
                note: Some("a\nb".to_owned()),
            },
            cost(5),
        ],
        contacts: vec![ContactPoint {
            title: Some("x".repeat(201)),
            email: Some("kim".to_owned()),
            phone: Some("-".to_owned()),
            ..contact("", true)
        }],
        source_dates: Some(SourceDates {
            published: day("2021-10-11"),
            updated: day("2021-10-10"),
        }),
        ..sound()
    };
    let found = faults(&project);
    let found: Vec<_> = found
        .iter()
        .map(|(path, code)| (path.as_str(), *code))
        .collect();
    assert_eq!(
        found,
        [
            ("title", FaultCode::Empty),
            ("what", FaultCode::TooLong),
            ("why", FaultCode::ForbiddenCharacter),
            ("goals[0].result", FaultCode::Inconsistent),
            ("goals[1].text", FaultCode::Empty),
            ("involvement[1]", FaultCode::Empty),
            ("participants[1]", FaultCode::Duplicate),
            ("participants[2]", FaultCode::Duplicate),
            ("partners[1]", FaultCode::Duplicate),
            ("costs[0].amount", FaultCode::TooSmall),
            ("costs[0].date", FaultCode::TooSmall),
            ("costs[0].note", FaultCode::ForbiddenCharacter),
            ("contacts[0].name", FaultCode::Empty),
            ("contacts[0].title", FaultCode::TooLong),
            ("contacts[0].email", FaultCode::Malformed),
            ("contacts[0].phone", FaultCode::Malformed),
            ("source_dates.updated", FaultCode::Inconsistent),
        ]
    );
}

#[test]
fn costs_whose_sum_cannot_be_written_are_refused() {
    let mut project = sound();
    project.costs = vec![cost(i64::MAX), cost(1)];
    assert_eq!(
        faults(&project),
        [("costs".to_owned(), FaultCode::TooLarge)]
    );
}

#[test]
fn a_project_refers_to_its_terms_and_its_organisations() {
    let project = Project {
        owner: Some(organisation(1)),
        participants: vec![organisation(2)],
        partners: vec![organisation(3)],
        ..sound()
    };
    let terms = [category().id, stage(1, None).id].map(Kept::<Term>::at);
    let organisations = (1..=3).map(|n| Kept::<Organisation>::at(organisation(n)));
    let expected: Vec<_> = terms.into_iter().chain(organisations).collect();
    assert_eq!(project.refers_to(), expected);
}

#[test]
fn debug_shows_no_contact() {
    let contact = ContactPoint {
        email: Some("kim@example.org".to_owned()),
        ..contact("Kim Ek", false)
    };
    let shown = format!("{contact:?}");
    assert!(
        !shown.contains("Ek") && !shown.contains("example"),
        "{shown}"
    );
}

proptest! {
    #[test]
    fn a_checked_project_checks_to_itself(
        title in "\\PC{0,30}",
        prose in "[\\PC\n\r\t]{0,60}",
        name in "\\PC{0,30}",
        completed: bool,
    ) {
        let project = Project {
            title,
            what: Some(prose.clone()),
            goals: vec![EffectGoal { text: prose.clone(), completed, result: Some(prose) }],
            contacts: vec![contact(&name, true)],
            ..sound()
        };
        if let Some(checked) = project.check(&mut Faults::new()) {
            let mut faults = Faults::new();
            let _ = project.check(&mut faults);
            prop_assume!(faults.finish().is_ok());
            prop_assert_eq!(checked.check(&mut Faults::new()), Some(checked.clone()));
            let stored = serde_json::to_string(&checked).unwrap();
            prop_assert_eq!(serde_json::from_str::<Project>(&stored).unwrap(), checked);
        }
    }
}
