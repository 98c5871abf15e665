use super::*;
use crate::address::Addresses;
use crate::record::project::page::ORGANISATIONS_LISTED;
use crate::store::Limits;

/// As long as every list may be.
fn longest() -> Project {
    Project {
        goals: vec![goal("Fewer queues"); 50],
        involvement: vec!["They lead it".to_owned(); 50],
        owner: Some(organisation(1)),
        participants: (101..=150).map(organisation).collect(),
        partners: (201..=300).map(organisation).collect(),
        costs: vec![cost(5); 1_000],
        contacts: vec![contact("Kim Ek", true); 20],
        ..sound()
    }
}

#[test]
fn every_list_ends_somewhere() {
    let mut project = longest();
    assert_eq!(faults(&project), []);
    project.goals.push(goal("More time"));
    project.involvement.push("They decide".to_owned());
    project.participants.push(organisation(151));
    project.partners.push(organisation(301));
    project.costs.push(cost(5));
    project.contacts.push(contact("Bo Ek", false));
    let lists: Vec<_> = faults(&project);
    let expected = [
        "goals",
        "involvement",
        "participants",
        "partners",
        "costs",
        "contacts",
    ];
    let expected = expected.map(|name| (name.to_owned(), FaultCode::TooMany));
    assert_eq!(lists, expected);
}

#[test]
fn a_project_that_no_store_would_take_is_at_fault_as_a_whole() {
    let mut project = longest();
    for line in &mut project.costs {
        line.note = Some("å".repeat(200));
    }
    assert_eq!(faults(&project), [(String::new(), FaultCode::TooLong)]);
}

#[test]
fn the_largest_project_is_one_that_every_store_takes() {
    let mut project = longest();
    project.title = "\"".repeat(200);
    project.slug = Some("a".repeat(80).parse().unwrap());
    project.what = Some("\"".repeat(10_000));
    project.why = Some("å".repeat(10_000));
    let mut bytes = serde_json::to_vec(&project).unwrap().len();
    let note = "å".repeat(200);
    // The note and its quotation marks take the place of `null`.
    let more = note.len() + 2 - "null".len();
    for line in &mut project.costs {
        if bytes + more <= limits::PROJECT_BYTES {
            line.note = Some(note.clone());
            bytes += more;
        }
    }
    assert!(bytes + more > limits::PROJECT_BYTES);
    assert_eq!(faults(&project), []);

    let mut scene = Scene::new(project);
    scene.publish();
    for number in 0..Addresses::MOST_OLD {
        let slug = format!("{}{number:02}", "b".repeat(78));
        scene.kept.addresses.move_to(slug.parse().unwrap());
    }
    let limits = Limits::default();
    let stored = crate::kernel::encode(&scene.kept).unwrap();
    assert!(stored.len() <= limits.body, "{}", stored.len());
    assert!(scene.kept.entries().len() <= limits.entries);
    let faces = scene.faces();
    assert!(faces[0].body.len() <= limits.body);
    assert!(faces[0].entries.len() <= limits.entries);
    let most = 4 + Addresses::MOST_OLD + 2 + ORGANISATIONS_LISTED;
    assert_eq!(faces[0].entries.len(), most);
    let card = faces[0].card.as_ref().unwrap();
    assert!(card.len() <= limits.card, "{}", card.len());
    assert!(card.contains("\"lead\""));
}
