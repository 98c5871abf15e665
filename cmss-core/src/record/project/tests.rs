use std::collections::BTreeSet;

use chrono::TimeDelta;
use chrono_tz::Europe::Stockholm;
use chrono_tz::Tz;
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use super::around::Progress;
use super::page::ORGANISATIONS_LISTED;
use super::*;
use crate::address::Addresses;
use crate::ids::Id;
use crate::kernel::{KeyParts, Secret, SeededIds};
use crate::record::Vocabulary;
use crate::site::split;
use crate::store::Limits;
use crate::values::Percent;

fn organisation(number: u128) -> OrganisationId {
    OrganisationId::from_uuid(Uuid::from_u128(number))
}

fn percent(number: u8) -> Percent {
    Percent::try_from(number).unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn cost(ore: i64) -> CostLine {
    CostLine {
        amount: Money::ore(ore),
        date: None,
        note: None,
    }
}

fn contact(name: &str, public: bool) -> ContactPoint {
    ContactPoint {
        name: name.to_owned(),
        title: None,
        email: None,
        phone: None,
        public,
    }
}

fn goal(text: &str) -> EffectGoal {
    EffectGoal {
        text: text.to_owned(),
        completed: false,
        result: None,
    }
}

fn term(number: u128, vocabulary: Vocabulary, progress: Option<u8>) -> Kept<Term> {
    let term = Term {
        vocabulary,
        slug: format!("term-{number}").parse().unwrap(),
        label: format!("Term {number}"),
        aliases: Vec::new(),
        progress: progress.map(percent),
        requires_lessons: false,
    };
    let id = TermId::from_uuid(Uuid::from_u128(number));
    let mut kept = Kept::new(id, term, chrono::DateTime::UNIX_EPOCH);
    kept.public = Some(kept.working.clone());
    kept
}

fn stage(number: u128, progress: Option<u8>) -> Kept<Term> {
    term(number, Vocabulary::Stage, progress)
}

fn category() -> Kept<Term> {
    term(100, Vocabulary::Category, None)
}

/// What publishing needs, and no more.
fn sound() -> Project {
    Project {
        category: Some(category().id),
        stage: Some(stage(1, None).id),
        contacts: vec![contact("Kim Ek", true)],
        ..Project::titled("Open evenings", "sv".parse().unwrap())
    }
}

/// A project with its terms, and the newsroom around it.
struct Scene {
    kept: Kept<Project>,
    progress: Option<Progress>,
    stages: Vec<Kept<Term>>,
    secret: Secret,
    zone: Tz,
}

impl Scene {
    fn new(project: Project) -> Self {
        let id = ProjectId::from_uuid(Uuid::from_u128(7));
        Self {
            kept: Kept::new(id, project, chrono::DateTime::UNIX_EPOCH),
            progress: None,
            stages: vec![stage(1, None)],
            secret: Secret::make(&SeededIds::new("a project")),
            zone: Stockholm,
        }
    }

    fn press(&self) -> Press<'_> {
        Press {
            secret: &self.secret,
            zone: self.zone,
        }
    }

    fn around(&self) -> Around {
        let stage = |id: Option<TermId>| self.stages.iter().find(|stage| Some(stage.id) == id);
        let public = self.kept.public.as_ref().and_then(|public| public.stage);
        Around {
            category: self.kept.working.category.map(|_| category()),
            stage: stage(self.kept.working.stage).cloned(),
            public_stage: stage(public).cloned(),
            progress: self.progress,
        }
    }

    fn refused(&self) -> Vec<Guard> {
        let mut guards = Guards::new();
        Project::may_publish(&self.kept, &self.around(), &mut guards);
        guards.into_vec()
    }

    /// Publishes the working copy as the verb does; answers whether the progress was written.
    fn publish(&mut self) -> bool {
        let mut around = self.around();
        let at = self.kept.edited_at;
        self.kept.public = Some(self.kept.working.clone());
        self.kept.first_published_at.get_or_insert(at);
        let (_, wanted) = self.kept.working.page().unwrap();
        let title = self.kept.working.title();
        let slug = wanted.cloned().or_else(|| Slug::from_title(title));
        self.kept.addresses.move_to(slug.unwrap());
        let mut changes = Changes::by(None);
        Project::publish_around(&mut self.kept, &mut around, &mut changes);
        self.progress = around.progress;
        self.kept.updated_at = Some(at);
        !changes.is_empty()
    }

    /// Moves to a stage with this number, and publishes.
    fn move_to(&mut self, number: u128) -> bool {
        self.kept.working.stage = Some(stage(number, None).id);
        self.publish()
    }

    fn faces(&self) -> Vec<Face> {
        Project::faces(&self.kept, &self.around(), &self.press())
    }

    fn page(&self) -> ProjectPage {
        let faces = self.faces();
        let (_, text) = split(&faces[0].at, &faces[0].body).unwrap();
        serde_json::from_str(text).unwrap()
    }
}

fn published(project: Project) -> Scene {
    let mut scene = Scene::new(project);
    assert_eq!(scene.refused(), []);
    scene.publish();
    scene
}

fn faults(project: &Project) -> Vec<(String, FaultCode)> {
    let mut faults = Faults::new();
    let _ = project.check(&mut faults);
    let invalid = faults.finish().err();
    let found = invalid.into_iter().flat_map(|invalid| invalid.faults);
    found.map(|fault| (fault.path, fault.code)).collect()
}

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
fn costs_whose_sum_cannot_be_written_are_refused() {
    let mut project = sound();
    project.costs = vec![cost(i64::MAX), cost(1)];
    assert_eq!(
        faults(&project),
        [("costs".to_owned(), FaultCode::TooLarge)]
    );
}

#[test]
fn publishing_names_everything_that_is_needed() {
    let scene = Scene::new(Project::titled("Open evenings", "sv".parse().unwrap()));
    let needed = ["category", "stage", "contacts"].map(|field| Guard::FieldNeeded {
        field: field.into(),
    });
    assert_eq!(scene.refused(), needed);
}

#[test]
fn a_term_of_another_vocabulary_is_refused() {
    let mut scene = Scene::new(sound());
    scene.stages = vec![term(1, Vocabulary::Topic, None)];
    let wrong = Guard::WrongVocabulary {
        term: stage(1, None).id,
    };
    assert_eq!(scene.refused(), [wrong]);
}

#[test]
fn a_stage_may_ask_for_what_was_learnt() {
    let mut scene = Scene::new(sound());
    let public = scene.stages[0].public.as_mut().unwrap();
    public.requires_lessons = true;
    let needed = Guard::FieldNeeded {
        field: "lessons".into(),
    };
    assert_eq!(scene.refused(), [needed]);
    scene.kept.working.lessons = Some("Ask earlier".to_owned());
    assert_eq!(scene.refused(), []);
}

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
fn a_stage_without_a_number_leaves_the_project_where_it_was() {
    let mut scene = Scene::new(sound());
    scene.stages = vec![
        stage(1, None),
        stage(2, Some(50)),
        stage(3, Some(75)),
        stage(4, None),
    ];
    // It never had a number.
    assert!(!scene.move_to(1));
    assert_eq!(scene.page().progress, None);
    // Its stage has one.
    assert!(scene.move_to(2));
    assert_eq!(scene.page().progress, None);
    assert!(!scene.publish());
    assert!(scene.move_to(1));
    assert_eq!(scene.page().progress, Some(percent(50)));
    // Two stages without a number in a row.
    assert!(!scene.move_to(4));
    assert_eq!(scene.page().progress, Some(percent(50)));
    assert!(scene.move_to(3));
    assert_eq!(scene.page().progress, None);
    // Hidden in between.
    scene.kept.public = None;
    assert_eq!(scene.faces(), []);
    assert!(scene.move_to(4));
    assert_eq!(scene.page().progress, Some(percent(75)));
}

#[test]
fn a_project_keeps_the_number_that_its_stage_last_showed() {
    let mut scene = Scene::new(sound());
    scene.stages = vec![stage(1, None), stage(2, Some(50))];
    scene.move_to(2);
    scene.stages[1] = stage(2, Some(60));
    scene.move_to(1);
    assert_eq!(scene.page().progress, Some(percent(60)));
    // From here on no stage moves it.
    let before = scene.faces();
    scene.stages = vec![stage(1, Some(10)), stage(2, Some(20))];
    assert_eq!(scene.faces(), before);
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
        let of = |places: &[crate::site::Place]| -> Vec<_> {
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
