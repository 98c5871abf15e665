//! What is not of its form: unknown fields, ids of the wrong kind, slugs, languages, addresses,
//! dates, cursors, characters that hide or turn a text.

use std::collections::BTreeSet;

use cmss::values::{Fault, FaultCode};
use cmss::{
    Actor, Command, Cursor, Error, Guard, ListBy, Listing, OrganisationId, PageKind, RevisionId,
};
use pollster::block_on;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::every;
use crate::mutations::cases;
use crate::scene::{Scene, at, path};
use crate::support::{declared, text};

/// The pointers to what in a value is looked for.
fn pointers(value: &Value, wanted: fn(&Value) -> bool, at: &str, found: &mut Vec<String>) {
    if wanted(value) {
        found.push(at.to_owned());
    }
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                pointers(value, wanted, &format!("{at}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                pointers(value, wanted, &format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// The faults of a text that is no command.
fn unread(json: &Value) -> Vec<Fault> {
    match Command::from_json(json.to_string().as_bytes()) {
        Err(Error::Invalid(invalid)) => invalid.faults,
        other => panic!("{json}: {other:?}"),
    }
}

/// Whether a fault names a field, or what it stands in: the pointer begins with the command's name.
fn names(fault: &Fault, pointer: &str) -> bool {
    inside(pointer).starts_with(&fault.path)
}

/// The path of a field that a pointer from the outermost leads to.
fn inside(pointer: &str) -> String {
    let (_, inside) = pointer[1..].split_once('/').unwrap_or_default();
    path(&format!("/{inside}"))
}

#[test]
fn an_unknown_field_is_refused_wherever_it_stands() {
    let (mut refused, mut named_whole) = (0, 0);
    for command in every::plain() {
        let mut objects = Vec::new();
        pointers(&command, Value::is_object, "", &mut objects);
        for pointer in objects {
            let mut other = command.clone();
            let object = other
                .pointer_mut(&pointer)
                .unwrap()
                .as_object_mut()
                .unwrap();
            let alone = object.len() == 1;
            object.insert("kanarie".to_owned(), json!("ord"));
            let faults = unread(&other);
            let [fault] = &faults[..] else {
                panic!("{faults:?}");
            };
            if pointer.is_empty() {
                assert_eq!(
                    (fault.path.as_str(), fault.code),
                    ("", FaultCode::Malformed)
                );
                continue;
            }
            // A choice that names two is no choice.
            let code = match (alone, fault.code) {
                (true, FaultCode::Malformed) => FaultCode::Malformed,
                _ => FaultCode::UnknownField,
            };
            assert_eq!(fault.code, code, "{pointer} {fault}");
            let unknown = format!("{pointer}/kanarie");
            assert!(names(fault, &unknown), "{unknown} {fault}");
            named_whole += usize::from(fault.path == inside(&unknown));
            refused += 1;
        }
    }
    assert!(refused > 90, "{refused}");
    assert!(named_whole > refused * 2 / 3, "{named_whole} of {refused}");
}

/// What no field takes that takes a word, a number or a choice.
fn broken() -> Value {
    json!({"no such field": [{}]})
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn every_field_that_is_not_of_its_form_is_named_and_no_other_is(
        which: prop::sample::Index,
        places in prop::collection::vec(any::<prop::sample::Index>(), 1..5),
        unknown: bool,
    ) {
        let mut command = which.get(&every::plain()).clone();
        let mut leaves = Vec::new();
        let is_leaf = |value: &Value| !value.is_object() && !value.is_array();
        pointers(&command, is_leaf, "", &mut leaves);
        let pointers: BTreeSet<&String> = places.iter().map(|place| place.get(&leaves)).collect();
        for pointer in &pointers {
            *command.pointer_mut(pointer).unwrap() = broken();
        }
        let name = every::name(&command).to_owned();
        if unknown {
            command[&name]["kanarie"] = json!(1);
        }
        let faults = unread(&command);
        for pointer in &pointers {
            let named = faults.iter().any(|fault| names(fault, pointer));
            // Which fields there are depends on what kind of thing it is.
            let kind_broken = pointers.iter().any(|other| {
                let (thing, field) = other.rsplit_once('/').unwrap();
                ["kind", "grade"].contains(&field) && pointer.starts_with(thing)
            });
            prop_assert!(named || kind_broken, "{pointer} {faults:?}");
        }
        for fault in &faults {
            let own = pointers.iter().any(|pointer| names(fault, pointer));
            let other = unknown && fault.path == "kanarie" && fault.code == FaultCode::UnknownField;
            prop_assert!(own || other, "{fault} {pointers:?}");
        }
        let found = faults.iter().any(|fault| fault.path == "kanarie");
        prop_assert!(found == unknown, "{faults:?} {command}");
    }
}

#[test]
fn what_is_missing_what_is_malformed_and_what_is_too_long_are_named_at_once() {
    let mut command = every::plain()
        .into_iter()
        .find(|command| every::name(command) == "save")
        .unwrap();
    let fields = command["save"].as_object_mut().unwrap();
    fields.remove("parent");
    fields["edition"] = json!("person:0d5c1a52-7d3e-4c8b-9a0f-3b1e5d7c9f02");
    fields["text"]["language"] = json!("svenska språket");
    fields["text"]["headline"] = json!("a".repeat(201));
    fields["text"]["blurb"] = json!("");
    let faults = unread(&command);
    let mut told: Vec<_> = faults
        .iter()
        .map(|fault| (fault.path.as_str(), fault.code, fault.limit))
        .collect();
    told.sort();
    assert_eq!(
        told,
        [
            ("edition", FaultCode::Malformed, None),
            ("parent", FaultCode::Missing, None),
            ("text.blurb", FaultCode::UnknownField, None),
            ("text.headline", FaultCode::TooLong, Some(200)),
            ("text.language", FaultCode::Malformed, None),
        ]
    );
}

#[test]
fn a_large_command_with_many_faults_is_read_again_a_bounded_number_of_times() {
    let block = json!({"id": 7, "kind": 7, "spans": [{"text": "a".repeat(4_000)}]});
    let text = json!({"language": 1, "headline": 2, "body": vec![block; 200]});
    let faults = unread(&json!({"save": {"edition": 1, "parent": 2, "text": text}}));
    assert!(!faults.is_empty());
}

#[test]
fn an_id_of_the_wrong_kind_is_refused_and_named() {
    let is_id = |value: &Value| {
        let text = value.as_str().unwrap_or_default();
        text.split_once(':')
            .is_some_and(|(_, bits)| bits.len() == 36)
    };
    let mut refused = 0;
    for command in every::plain() {
        let mut ids = Vec::new();
        pointers(&command, is_id, "", &mut ids);
        for pointer in ids {
            for wrong in [
                every::id("comment"),
                every::id(if pointer.contains("person") {
                    "byline"
                } else {
                    "person"
                }),
                "0d5c1a52-7d3e-4c8b-9a0f-3b1e5d7c9f02".to_owned(),
                String::new(),
            ] {
                let mut other = command.clone();
                let id = other.pointer_mut(&pointer).unwrap();
                let kind = id.as_str().unwrap().split(':').next().unwrap();
                if wrong.starts_with(&format!("{kind}:")) {
                    continue;
                }
                *id = wrong.into();
                let faults = unread(&other);
                assert!(
                    faults.iter().all(|fault| names(fault, &pointer)),
                    "{pointer} {faults:?}"
                );
                refused += 1;
            }
        }
    }
    assert!(refused > 200, "{refused}");
}

#[test]
fn ids_that_are_nobodys_bounds_are_no_ids() {
    for bits in [
        "00000000-0000-0000-0000-000000000000",
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
        "0d5c1a52",
        "",
    ] {
        assert!(
            format!("organisation:{bits}")
                .parse::<OrganisationId>()
                .is_err(),
            "{bits}"
        );
    }
    assert!(every::id("edition").parse::<RevisionId>().is_err());
}

/// What is not of its form: the command, the field, the value, and the code.
fn malformed() -> Vec<(&'static str, &'static str, Value, FaultCode)> {
    use FaultCode::{Duplicate, Empty, ForbiddenCharacter, Inconsistent, Malformed};
    let bidi = "Sol\u{202e}nuS";
    let isolate = "Sol\u{2066}Sundin";
    vec![
        ("publish", "/slug", json!("Så här"), Malformed),
        ("publish", "/slug", json!("-a"), Malformed),
        ("publish", "/slug", json!(""), Empty),
        ("drop_redirect", "/slug", json!("a--b"), Malformed),
        ("put_project", "/content/slug", json!("Ä"), Malformed),
        ("put_event", "/content/slug", json!("a b"), Malformed),
        ("put_term", "/content/slug", json!("BOSTAD"), Malformed),
        (
            "put_project",
            "/content/language",
            json!("svenska"),
            Malformed,
        ),
        ("put_event", "/content/language", json!(""), Malformed),
        ("save", "/text/language", json!("sv_SE"), Malformed),
        ("save", "/text/body/0/spans/0/lang", json!("e"), Malformed),
        ("put_person", "/person/email", json!("kim"), Malformed),
        ("put_person", "/person/email", json!("kim@"), Malformed),
        (
            "put_person",
            "/person/email",
            json!("kim@example.org\nbcc: x"),
            ForbiddenCharacter,
        ),
        ("put_person", "/person/phone", json!("ring mig"), Malformed),
        (
            "put_project",
            "/content/contacts/0/email",
            json!("a b@example.org"),
            Malformed,
        ),
        (
            "put_project",
            "/content/source_dates/published",
            json!("2021-02-30"),
            Malformed,
        ),
        (
            "put_project",
            "/content/source_dates/published",
            json!("1899-12-31"),
            FaultCode::TooSmall,
        ),
        (
            "put_project",
            "/content/source_dates/updated",
            json!("2021-10-10"),
            Inconsistent,
        ),
        (
            "put_project",
            "/content/costs/0/date",
            json!("i fjol"),
            Malformed,
        ),
        (
            "plan_occasion",
            "/plan/when/date",
            json!("2026-13-01"),
            Malformed,
        ),
        (
            "plan_occasion",
            "/plan/when/start",
            json!("25:00"),
            Malformed,
        ),
        (
            "plan_occasion",
            "/plan/when/end",
            json!("08:00"),
            Inconsistent,
        ),
        (
            "plan_occasion",
            "/plan/segments/0/end",
            json!("08:30"),
            Inconsistent,
        ),
        ("propose", "/offer/claim_by", json!("i morgon"), Malformed),
        (
            "propose",
            "/offer/deliver_by",
            json!("2026-03-19T16:00:00Z"),
            Inconsistent,
        ),
        (
            "put_person",
            "/person/name",
            json!("Sol\u{7}Sundin"),
            ForbiddenCharacter,
        ),
        (
            "put_person",
            "/person/name",
            json!(bidi),
            ForbiddenCharacter,
        ),
        (
            "put_person",
            "/person/name",
            json!("Sol\nSundin"),
            ForbiddenCharacter,
        ),
        (
            "put_person",
            "/person/note",
            json!("ett\u{0}tecken"),
            ForbiddenCharacter,
        ),
        (
            "create_byline",
            "/name/name",
            json!(isolate),
            ForbiddenCharacter,
        ),
        ("create_byline", "/name/name", json!("\u{200b}"), Empty),
        (
            "create_byline",
            "/name/form",
            json!("unnamed"),
            Inconsistent,
        ),
        (
            "put_organisation",
            "/content/name",
            json!(bidi),
            ForbiddenCharacter,
        ),
        (
            "put_organisation",
            "/content/url",
            json!("javascript:alert(1)"),
            Malformed,
        ),
        (
            "put_organisation",
            "/content/url",
            json!("https://a@b.example.org/"),
            Malformed,
        ),
        (
            "put_term",
            "/content/label",
            json!("Bo\u{202d}stad"),
            ForbiddenCharacter,
        ),
        (
            "put_term",
            "/content/vocabulary",
            json!("topic"),
            Inconsistent,
        ),
        (
            "put_asset",
            "/content/alt/text",
            json!("IMG_0692"),
            FaultCode::FileName,
        ),
        (
            "put_asset",
            "/content/credit/name",
            json!(bidi),
            ForbiddenCharacter,
        ),
        (
            "put_project",
            "/content/title",
            json!(isolate),
            ForbiddenCharacter,
        ),
        (
            "put_project",
            "/content/goals/0/completed",
            json!(false),
            Inconsistent,
        ),
        ("put_event", "/content/groups", json!(["a", "a"]), Duplicate),
        (
            "cancel_occasion",
            "/reason",
            json!(bidi),
            ForbiddenCharacter,
        ),
        ("propose", "/offer/title", json!(bidi), ForbiddenCharacter),
        ("save", "/text/headline", json!(bidi), ForbiddenCharacter),
        ("save", "/text/headline", json!(""), Empty),
        (
            "save",
            "/text/lead",
            json!("a\u{1b}[31m"),
            ForbiddenCharacter,
        ),
        ("save", "/text/body/0/id", json!("P 1"), Malformed),
        ("save", "/text/body/1/id", json!("p1"), Duplicate),
        (
            "save",
            "/text/body/0/spans/0/marks",
            json!(["bold"]),
            Malformed,
        ),
        (
            "save",
            "/text/body/0/spans/0/link",
            json!("data:text/html,x"),
            Malformed,
        ),
        ("save", "/text/body/0/spans", json!([]), Empty),
        ("save", "/text/body/0/kind", json!("script"), Malformed),
        (
            "save",
            "/text/body/3/speaker/name",
            json!(bidi),
            ForbiddenCharacter,
        ),
        (
            "submit",
            "/declarations/ties",
            json!({"nothing": false}),
            Inconsistent,
        ),
        ("request_changes", "/comment", json!(" "), Empty),
        ("decline", "/reason", json!(""), Empty),
        ("unpublish", "/reason", json!("\u{feff}"), Empty),
        ("return_assignment", "/reason", json!("\n"), Empty),
    ]
}

#[test]
fn what_is_not_of_its_form_is_refused_and_named() {
    block_on(async {
        let scene = Scene::set().await;
        for (name, pointer, value, code) in malformed() {
            let mut command = scene.command(name);
            *at(&mut command, pointer) = value.clone();
            let faults = scene.faults(&command).await;
            let field = path(pointer);
            let mut codes = faults.iter().filter(|fault| {
                let given = fault.path.as_str();
                let inside = given.starts_with(&field) || field.starts_with(given);
                // What does not fit another field may be named at the other one.
                inside || fault.code == FaultCode::Inconsistent
            });
            let named = codes.any(|fault| fault.code == code);
            assert!(named, "{name} {pointer} {value}: {faults:?}");
            for fault in &faults {
                assert!(!fault.to_string().contains("javascript"), "{fault}");
            }
        }
    });
}

#[test]
fn what_is_no_json_or_no_command_is_refused() {
    for json in [
        "",
        "null",
        "{}",
        "[]",
        "\"pause\"",
        "{\"pause\": null}",
        "{\"pause\": {}}",
        "{\"erase\": {}}",
        "{\"pause\": {\"variant\": 7}}",
        "{\"pause\": {\"variant\": \"variant:0d5c1a52-7d3e-4c8b-9a0f-3b1e5d7c9f02\"}} {}",
        "{\"pause\": {\"variant\": \"variant:0d5c1a52-7d3e-4c8b-9a0f-3b1e5d7c9f02\"",
        "\u{feff}{}",
    ] {
        let refused = Command::from_json(json.as_bytes());
        assert!(
            matches!(refused, Err(Error::Invalid(_))),
            "{json} {refused:?}"
        );
    }
    let deep = "[".repeat(100_000);
    assert!(matches!(
        Command::from_json(deep.as_bytes()),
        Err(Error::Invalid(_))
    ));
    assert!(matches!(
        Command::from_json(b"\xff\xfe"),
        Err(Error::Invalid(_))
    ));
}

#[test]
fn a_field_that_stands_there_twice_is_refused() {
    let twice = format!(
        r#"{{"claim_assignment": {{"assignment": "{0}", "assignment": "{0}"}}}}"#,
        every::id("assignment")
    );
    let refused = Command::from_json(twice.as_bytes());
    assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
}

#[test]
fn whoever_may_not_is_refused_whatever_the_command_and_nothing_is_written() {
    block_on(async {
        let scene = Scene::set().await;
        let outside = [Actor::visitor(), Actor::clock(), Actor::new(scene.room.kim)];
        let before = scene.commits().await;
        for name in every::names() {
            let command = scene.command(&name);
            let command = Command::from_json(command.to_string().as_bytes()).unwrap();
            for actor in &outside {
                let answer = scene.room.cms.desk(actor.clone()).execute(&command).await;
                let Err(Error::Refused(refusal)) = &answer else {
                    panic!("{name} {actor:?}: {answer:?}");
                };
                let standing = |guard: &Guard| {
                    matches!(guard, Guard::NotPermitted { .. } | Guard::OtherUnit { .. })
                };
                assert!(refusal.guards.iter().any(standing), "{name} {answer:?}");
                assert_eq!(refusal.command, name);
            }
        }
        assert_eq!(scene.commits().await, before);
    });
}

#[test]
fn a_revision_that_is_not_the_head_is_a_conflict_and_the_text_is_still_there() {
    block_on(async {
        let scene = Scene::set().await;
        let sol = scene.room.reporter();
        let begun = scene.room.begun("Först").await;
        let second = text("Sedan", scene.room.sols);
        let head = sol.save(begun.edition, begun.head, &second).await.unwrap();
        let mine = text("Min", scene.room.sols);
        let sent = mine.clone();
        let before = scene.commits().await;
        let answers = [
            sol.save(begun.edition, begun.head, &mine).await.map(drop),
            sol.submit(begun.edition, begun.head, &declared()).await,
        ];
        for answer in answers {
            let Err(Error::Conflict(conflict)) = &answer else {
                panic!("{answer:?}");
            };
            assert_eq!((conflict.named, conflict.head), (begun.head, head));
            assert_eq!(*conflict.theirs, second);
        }
        assert_eq!((scene.commits().await, &mine), (before, &sent));
    });
}

#[test]
fn no_list_takes_a_cursor_that_is_not_its_own() {
    block_on(async {
        let scene = Scene::set().await;
        let site = scene.room.cms.site();
        for text in ["", "01", "somewhere", "zz", &"0".repeat(257), "01é"] {
            assert!(text.parse::<Cursor>().is_err(), "{text}");
        }
        let feed = site.changes(None, 1).await.unwrap().next;
        let listing = Listing {
            after: Some(feed.clone()),
            ..Listing::by(ListBy::Kind(PageKind::Article))
        };
        let now = crate::support::start();
        let refused = [
            site.list(&listing).await.map(drop),
            site.everything(10, Some(&feed)).await.map(drop),
            site.upcoming(now, 10, Some(&feed)).await.map(drop),
            site.undated(10, Some(&feed)).await.map(drop),
        ];
        for answer in refused {
            let Err(Error::Invalid(invalid)) = answer else {
                panic!("{answer:?}");
            };
            assert_eq!(invalid.faults[0].path, "after");
        }
    });
}

#[test]
fn what_stands_beside_a_kind_that_is_not_given_is_not_said_to_be_at_fault() {
    let mut command = every::plain()
        .into_iter()
        .find(|command| every::name(command) == "save")
        .unwrap();
    let block = &mut command["save"]["text"]["body"][0];
    let kind = block.as_object_mut().unwrap().remove("kind").unwrap();
    block["type"] = kind;
    let mut told: Vec<_> = unread(&command)
        .into_iter()
        .map(|fault| (fault.path, fault.code))
        .collect();
    told.sort();
    assert_eq!(
        told,
        [
            ("text.body[0].kind".to_owned(), FaultCode::Missing),
            ("text.body[0].type".to_owned(), FaultCode::UnknownField),
        ]
    );
}

#[test]
fn what_is_no_json_is_not_blamed_on_a_field() {
    let faults = |json: &str| match Command::from_json(json.as_bytes()) {
        Err(Error::Invalid(invalid)) => invalid,
        other => panic!("{other:?}"),
    };
    let cut = faults("{\"pause\": {\"variant\": \"x\"}");
    assert_eq!(cut.faults[0].path, "");
    assert_eq!(cut.to_string(), "invalid: the whole is malformed");
}
