use std::collections::BTreeSet;

use chrono::TimeDelta;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::kernel::KeyParts;

#[test]
fn an_internal_contact_is_enough_and_is_not_shown() {
    let mut project = sound();
    project.contacts = vec![contact("Kim Ek", false)];
    let scene = published(project);
    assert_eq!(scene.page().contacts, []);
}

#[test]
fn the_page_is_spelled_like_this() {
    let mut scene = published(Project {
        what: Some("Libraries stay open.".to_owned()),
        goals: vec![
            EffectGoal {
                completed: true,
                result: Some("1500 visits".to_owned()),
                ..goal("More visits")
            },
            goal("Fewer queues"),
        ],
        involvement: vec!["Residents hold the keys".to_owned()],
        owner: Some(organisation(1)),
        participants: vec![organisation(2)],
        partners: vec![organisation(3)],
        costs: vec![cost(450_000), cost(50_000)],
        contacts: vec![ContactPoint {
            title: Some("Coordinator".to_owned()),
            email: Some("kim@example.org".to_owned()),
            phone: Some("042-00 00 00".to_owned()),
            ..contact("Kim Ek", true)
        }],
        source_dates: Some(SourceDates {
            published: day("2021-10-11"),
            updated: day("2024-05-24"),
        }),
        ..sound()
    });
    scene.stages = vec![stage(1, Some(50)), stage(2, None)];
    scene.publish();
    scene.move_to(2);
    let faces = scene.faces();
    let (head, text) = split(&faces[0].at, &faces[0].body).unwrap();
    let page: Value = serde_json::from_str(text).unwrap();
    assert_eq!(
        page,
        json!({
            "id": scene.press().page(scene.kept.id),
            "kind": "project",
            "slug": "open-evenings",
            "title": "Open evenings",
            "language": "sv",
            "published_at": "2021-10-11",
            "updated_at": "2024-05-24",
            "category": {"part": 0},
            "stage": {"part": 1},
            "progress": 50,
            "what": "Libraries stay open.",
            "goals": [
                {"text": "More visits", "completed": true, "result": "1500 visits"},
                {"text": "Fewer queues", "completed": false},
            ],
            "involvement": ["Residents hold the keys"],
            "owner": {"part": 2},
            "participants": [{"part": 3}],
            "partners": [{"part": 4}],
            "cost_so_far": {"minor": 500_000, "currency": "SEK"},
            "contacts": [{
                "name": "Kim Ek",
                "title": "Coordinator",
                "email": "kim@example.org",
                "phone": "042-00 00 00",
            }],
        })
    );
    let press = scene.press();
    let organisations = (1..=3).map(|number| press.part(organisation(number)));
    let expected: Vec<_> = [press.part(category().id), press.part(stage(2, None).id)]
        .into_iter()
        .chain(organisations)
        .collect();
    assert_eq!(head.parts, expected);
    assert_eq!(serde_json::to_value(scene.page()).unwrap(), page);

    let (_, link) = split(&faces[1].at, &faces[1].body).unwrap();
    assert_eq!(faces[1].at, crate::site::part_at(press.part(scene.kept.id)));
    assert_eq!(
        serde_json::from_str::<Value>(link).unwrap(),
        json!({
            "type": "page",
            "kind": "project",
            "slug": "open-evenings",
            "title": "Open evenings",
        })
    );
}

#[test]
fn what_is_not_known_is_absent() {
    let scene = published(sound());
    let faces = scene.faces();
    let (_, text) = split(&faces[0].at, &faces[0].body).unwrap();
    let page: serde_json::Map<String, Value> = serde_json::from_str(text).unwrap();
    let fields: BTreeSet<_> = page.keys().map(String::as_str).collect();
    let known = [
        "id",
        "kind",
        "slug",
        "title",
        "language",
        "published_at",
        "updated_at",
        "category",
        "stage",
        "contacts",
    ];
    assert_eq!(fields, BTreeSet::from(known));
}

#[test]
fn no_cost_is_not_a_cost_of_nothing() {
    assert_eq!(published(sound()).page().cost_so_far, None);
    let mut project = sound();
    project.costs = vec![cost(0)];
    assert_eq!(
        published(project).page().cost_so_far,
        Some(Money::ore(0).into())
    );
}

#[test]
fn times_are_those_of_publication_unless_the_source_shows_days() {
    let mut scene = published(sound());
    let page = scene.page();
    assert_eq!(page.published_at, "1970-01-01T01:00:00+01:00");
    scene.kept.edited_at += TimeDelta::days(1);
    scene.publish();
    let page = scene.page();
    assert_eq!(page.published_at, "1970-01-01T01:00:00+01:00");
    assert_eq!(page.updated_at, "1970-01-02T01:00:00+01:00");

    scene.kept.working.source_dates = Some(SourceDates {
        published: day("2021-10-11"),
        updated: day("2021-10-11"),
    });
    scene.publish();
    let midnight = "2021-10-11T00:00:00+02:00".parse().unwrap();
    let key = KeyParts::new().time(midnight).key();
    let by_time = crate::site::listed(crate::site::BY_TIME, key);
    assert!(scene.faces()[0].entries.contains(&by_time));
}

#[test]
fn a_project_is_listed_by_its_terms_and_its_organisations() {
    let scene = published(Project {
        owner: Some(organisation(1)),
        participants: vec![organisation(2)],
        partners: vec![organisation(3)],
        ..sound()
    });
    let press = scene.press();
    let at = scene.kept.first_published_at.unwrap();
    let entries = &scene.faces()[0].entries;
    let terms = [category().id, stage(1, None).id].map(|id| press.part(id));
    let organisations = (1..=3).map(|number| press.part(organisation(number)));
    for part in terms.into_iter().chain(organisations) {
        let key = KeyParts::new().id(part).time(at).key();
        let entry = crate::site::listed(crate::site::BY_PART, key);
        assert!(entries.contains(&entry), "{part}");
    }
}

proptest! {
    #[test]
    fn what_is_internal_is_in_no_public_byte(public in proptest::collection::vec(any::<bool>(), 1..8)) {
        let mut project = sound();
        let token = |number: usize, what: &str| format!("{what}canary{number}");
        project.contacts = public
            .iter()
            .enumerate()
            .map(|(number, public)| ContactPoint {
                title: Some(token(number, "title")),
                email: Some(format!("{}@example.org", token(number, "email"))),
                phone: Some(format!("042-7777{number}")),
                ..contact(&token(number, "name"), *public)
            })
            .collect();
        project.costs = vec![CostLine {
            note: Some("notecanary".to_owned()),
            date: Some(day("2021-03-04")),
            ..cost(1)
        }];
        let scene = published(project);
        prop_assert_eq!(faults(&scene.kept.working), []);
        let bytes: String = scene
            .faces()
            .iter()
            .map(|face| format!("{} {:?}", face.body, face.card))
            .collect();
        for (number, public) in public.iter().enumerate() {
            for what in ["title", "email", "name"] {
                prop_assert_eq!(bytes.contains(&token(number, what)), *public);
            }
            prop_assert_eq!(bytes.contains(&format!("042-7777{number}")), *public);
        }
        prop_assert!(!bytes.contains("notecanary"));
        prop_assert!(!bytes.contains("2021-03-04"));
    }

    #[test]
    fn owner_participants_and_partners_stay_what_they_are(
        owner in any::<bool>(),
        participants in 0..50_usize,
        partners in 0..100_usize,
    ) {
        let all: Vec<_> = (1..=200).map(organisation).collect();
        let project = Project {
            owner: owner.then_some(all[0]),
            participants: all[1..=participants].to_vec(),
            partners: all[51..51 + partners].to_vec(),
            ..sound()
        };
        prop_assert_eq!(faults(&project), []);
        let scene = published(project.clone());
        let (page, press) = (scene.page(), scene.press());
        let faces = scene.faces();
        let (head, _) = split(&faces[0].at, &faces[0].body).unwrap();
        let of = |places: &[crate::site::PartRef]| -> Vec<_> {
            places.iter().map(|place| head.parts[place.part]).collect()
        };
        let parts = |ids: &[OrganisationId]| -> Vec<_> {
            ids.iter().map(|id| press.part(*id)).collect()
        };
        prop_assert_eq!(of(page.owner.as_slice()), parts(project.owner.as_slice()));
        prop_assert_eq!(of(&page.participants), parts(&project.participants));
        prop_assert_eq!(of(&page.partners), parts(&project.partners));
    }

    #[test]
    fn the_cost_so_far_is_the_exact_sum(ore in proptest::collection::vec(0..=i64::MAX / 64, 1..60)) {
        let mut project = sound();
        project.costs = ore.iter().map(|ore| cost(*ore)).collect();
        prop_assert_eq!(faults(&project), []);
        let shown = published(project).page().cost_so_far.unwrap();
        prop_assert_eq!(i128::from(shown.minor), ore.iter().map(|ore| i128::from(*ore)).sum());
    }
}
