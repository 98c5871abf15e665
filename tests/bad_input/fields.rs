//! Fields that are not there, that nobody knows, that stand there twice or are not of their form.

use std::collections::BTreeSet;

use cmss::values::{Fault, FaultCode};
use cmss::{Command, Error};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::every;
use crate::mutations::cases;
use crate::scene::path;

/// The pointers to what in a value is looked for.
pub(crate) fn pointers(
    value: &Value,
    wanted: fn(&Value) -> bool,
    at: &str,
    found: &mut Vec<String>,
) {
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
pub(crate) fn unread(json: &Value) -> Vec<Fault> {
    match Command::from_json(json.to_string().as_bytes()) {
        Err(Error::Invalid(invalid)) => invalid.faults,
        other => panic!("{json}: {other:?}"),
    }
}

/// Whether a fault names a field, or what it stands in: the pointer begins with the command's name.
pub(crate) fn names(fault: &Fault, pointer: &str) -> bool {
    inside(pointer).starts_with(&fault.path)
}

/// The path of a field that a pointer from the outermost leads to.
pub(crate) fn inside(pointer: &str) -> String {
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
fn a_field_that_stands_there_twice_is_refused() {
    let twice = format!(
        r#"{{"claim_assignment": {{"assignment": "{0}", "assignment": "{0}"}}}}"#,
        every::id("assignment")
    );
    let refused = Command::from_json(twice.as_bytes());
    assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
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
