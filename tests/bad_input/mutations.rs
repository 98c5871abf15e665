//! Random changes of sound commands, and random bytes: each is a command or is refused, and
//! whatever is a command is answered.

use std::cell::Cell;

use cmss::{Actor, Command, Error};
use pollster::block_on;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::every;
use crate::scene::Scene;

/// How many cases there are.
pub(crate) fn cases() -> ProptestConfig {
    ProptestConfig::with_cases(cmss_testkit::asked("CMSS_CASES", 1_000))
}

thread_local! {
    /// One newsroom for all cases of a test: what one leaves is what the next finds.
    static SCENE: &'static Scene = Box::leak(Box::new(block_on(Scene::set())));
}

fn scene() -> &'static Scene {
    SCENE.with(|scene| *scene)
}

/// Any JSON, of the kinds that commands are made of more often than of others.
fn strange() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        any::<String>().prop_map(Value::from),
        "[a-z0-9:@./ -]{0,300}".prop_map(Value::from),
        Just(json!("\u{202e}")),
        Just(json!("å".repeat(20_000))),
        prop::sample::select(vec!["person", "edition", "asset", "term"])
            .prop_map(|kind| every::id(kind).into()),
    ];
    leaf.prop_recursive(3, 24, 5, |inner| {
        let field = prop_oneof![
            "[a-z_]{1,8}",
            Just("kind".to_owned()),
            Just("text".to_owned())
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(field, inner, 0..4)
                .prop_map(|fields| Value::from(fields.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// The pointers to everything in a value.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                places(value, &format!("{at}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                places(value, &format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// What is done to a command at one place.
#[derive(Clone, Debug)]
enum Change {
    Replace(Value),
    Remove,
    Insert(String, Value),
    Double,
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        4 => strange().prop_map(Change::Replace),
        2 => Just(Change::Remove),
        1 => ("[a-z_]{1,8}", strange()).prop_map(|(name, value)| Change::Insert(name, value)),
        1 => Just(Change::Double),
    ]
}

impl Change {
    fn make(&self, command: &mut Value, pointer: &str) {
        let parent = pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
        let name = pointer.rsplit('/').next().unwrap_or_default();
        match self {
            Self::Replace(value) => *command.pointer_mut(pointer).unwrap() = value.clone(),
            Self::Remove => match command.pointer_mut(parent) {
                Some(Value::Object(fields)) => drop(fields.remove(name)),
                Some(Value::Array(items)) => drop(items.pop()),
                _ => {}
            },
            Self::Insert(name, value) => match command.pointer_mut(pointer) {
                Some(Value::Object(fields)) => drop(fields.insert(name.clone(), value.clone())),
                Some(Value::Array(items)) => items.push(value.clone()),
                _ => {}
            },
            Self::Double => {
                if let Some(Value::Array(items)) = command.pointer_mut(pointer) {
                    let again = items.clone();
                    items.extend(again);
                }
            }
        }
    }
}

/// Reads a text as a command; what is one is given, and answered.
fn judge(json: &[u8], by: usize) -> Result<(), TestCaseError> {
    let command = match Command::from_json(json) {
        Ok(command) => command,
        Err(Error::Invalid(invalid)) => {
            prop_assert!(!invalid.faults.is_empty());
            return Ok(());
        }
        Err(error) => return Err(TestCaseError::fail(error.to_string())),
    };
    let scene = scene();
    let room = &scene.room;
    let actors = [
        Actor::new(room.vera).editor().admin(),
        Actor::new(room.sol).reporter(),
        Actor::visitor(),
    ];
    let before = block_on(scene.commits());
    let desk = room.cms.desk(actors[by % actors.len()].clone());
    let answer = block_on(desk.execute(&command));
    let after = block_on(scene.commits());
    match answer {
        Ok(_) => prop_assert!(after.0 - before.0 <= 1),
        Err(
            Error::Invalid(_) | Error::Refused(_) | Error::Conflict(_) | Error::NotFound { .. },
        ) => prop_assert_eq!(after, before),
        Err(error) => return Err(TestCaseError::fail(error.to_string())),
    }
    Ok(())
}

#[test]
fn a_changed_command_is_read_and_answered_or_refused() {
    let ran = Cell::new(0_u64);
    proptest!(cases(), |(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), change()), 1..4),
        by in any::<usize>(),
    )| {
        let names = every::names();
        let mut command = scene().command(which.get::<String>(&names));
        for (place, change) in changes {
            let mut all = Vec::new();
            places(&command, "", &mut all);
            change.make(&mut command, place.get::<String>(&all));
        }
        judge(command.to_string().as_bytes(), by)?;
        ran.set(ran.get() + 1);
    });
    cmss_testkit::ran(ran.get(), "inputs");
}

#[test]
fn a_command_with_other_bytes_in_it_is_read_and_answered_or_refused() {
    let ran = Cell::new(0_u64);
    proptest!(cases(), |(
        which in any::<prop::sample::Index>(),
        bytes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        by in any::<usize>(),
    )| {
        let names = every::names();
        let mut json = scene().command(which.get::<String>(&names)).to_string().into_bytes();
        for (place, byte) in bytes {
            *place.get_mut(&mut json) = byte;
        }
        judge(&json, by)?;
        ran.set(ran.get() + 1);
    });
    cmss_testkit::ran(ran.get(), "inputs");
}

#[test]
fn random_bytes_are_no_command() {
    let ran = Cell::new(0_u64);
    proptest!(cases(), |(
        bytes in any::<Vec<u8>>(),
    )| {
        judge(&bytes, 0)?;
        ran.set(ran.get() + 1);
    });
    cmss_testkit::ran(ran.get(), "inputs");
}
