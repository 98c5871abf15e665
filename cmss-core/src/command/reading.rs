//! Reading a command from JSON so that every faulty field is named.
//!
//! A reader of typed fields stops at the first that is not of its form. So a value that the field
//! takes stands in for each that it does not take, and reading goes on; a command that needed one
//! is not handed out.

use serde_json::{Map, Value};
use serde_path_to_error::{Path, Segment};

use super::Command;
use crate::values::{Fault, FaultCode, Faults, Flaw, Invalid};

/// The most bytes of a command as JSON.
const JSON_BYTES: usize = 1_000_000;

/// How many bytes may be read again, all in all, to name further fields.
const WORK: usize = 16_000_000;

/// The most characters of a field's name that are repeated.
const NAME: usize = 80;

/// Something that any field takes that takes words and is no choice; ids aside.
const WORDS: [&str; 6] = ["x", "sv", "2024-01-01", "2024-01-01T12:00:00Z", "12:00", ""];

/// An id of a kind.
const BITS: &str = "00000000-0000-8000-8000-000000000001";

/// Reads a command.
pub(super) fn read(json: &[u8]) -> Result<Command, Invalid> {
    if json.len() > JSON_BYTES {
        let (limit, given) = (JSON_BYTES as u64, json.len() as u64);
        return Err(at(String::new(), Flaw::limit(FaultCode::TooLong, limit, given)).into());
    }
    let mut reader = serde_json::Deserializer::from_slice(json);
    let first = match serde_path_to_error::deserialize(&mut reader) {
        Err(error) => error.path().clone(),
        Ok(command) => match reader.end() {
            Ok(()) => return Ok(command),
            Err(_) => return Err(malformed(String::new()).into()),
        },
    };
    let mut reading = Reading {
        // What is no JSON has no fields.
        json: serde_json::from_slice(json).map_err(|_| malformed(String::new()))?,
        faults: Vec::new(),
        guessed: Vec::new(),
        tries: WORK / json.len().max(1),
    };
    reading.finish();
    // A field that stands there twice is not seen in a value.
    if reading.faults.is_empty() {
        reading.faults.push(malformed(Place::of(&first).shown()));
    }
    Err(Invalid {
        faults: reading.faults,
    })
}

fn at(path: String, flaw: Flaw) -> Fault {
    let Flaw { code, limit, given } = flaw;
    Fault {
        path,
        code,
        limit,
        given,
    }
}

fn malformed(path: String) -> Fault {
    at(path, Flaw::new(FaultCode::Malformed))
}

impl From<Fault> for Invalid {
    fn from(fault: Fault) -> Self {
        Self {
            faults: vec![fault],
        }
    }
}

/// A step to a field.
#[derive(Clone, PartialEq, Eq)]
enum Step {
    Field(String),
    Item(usize),
}

/// A field, from the outermost: the name of the command is the first step.
#[derive(Clone, PartialEq, Eq)]
struct Place(Vec<Step>);

impl Place {
    fn of(path: &Path) -> Self {
        let steps = path.iter().filter_map(|segment| match segment {
            Segment::Map { key } => Some(Step::Field(key.clone())),
            Segment::Enum { variant } => Some(Step::Field(variant.clone())),
            Segment::Seq { index } => Some(Step::Item(*index)),
            Segment::Unknown => None,
        });
        Self(steps.collect())
    }

    /// As a fault spells it: without the name of the command.
    fn shown(&self) -> String {
        let mut shown = String::new();
        for step in self.0.iter().skip(1) {
            match step {
                Step::Item(index) => shown.push_str(&format!("[{index}]")),
                Step::Field(name) => {
                    let dot = if shown.is_empty() { "" } else { "." };
                    shown.push_str(dot);
                    // The name of an unknown field is whatever was sent.
                    shown.extend(name.chars().take(NAME));
                }
            }
        }
        shown
    }

    fn find<'a>(&self, json: &'a mut Value) -> Option<&'a mut Value> {
        self.0.iter().try_fold(json, |json, step| match step {
            Step::Field(name) => json.get_mut(name),
            Step::Item(index) => json.get_mut(index),
        })
    }

    /// Puts something there, also where nothing is yet.
    fn put(&self, json: &mut Value, value: Value) -> bool {
        let place = match self.0.split_last() {
            Some((Step::Field(name), above)) => Self(above.to_vec())
                .find(json)
                .and_then(Value::as_object_mut)
                .map(|fields| fields.entry(name).or_insert(Value::Null)),
            _ => self.find(json),
        };
        place.map(|place| *place = value).is_some()
    }
}

/// What stops the reading.
struct Stop {
    place: Place,
    code: FaultCode,
    /// The names that the field would take.
    names: Vec<String>,
    /// The field of the place that it does not know.
    unknown: Option<String>,
}

impl Stop {
    fn of(error: &serde_path_to_error::Error<serde_json::Error>) -> Self {
        let place = Place::of(error.path());
        // These are the words of serde itself, whose own names stand between the marks.
        let message = error.inner().to_string();
        let names = |text: &str| -> Vec<String> {
            text.split('`')
                .skip(1)
                .step_by(2)
                .map(str::to_owned)
                .collect()
        };
        let first = names(&message).into_iter().next();
        let mut stop = Self {
            place,
            code: FaultCode::Malformed,
            names: Vec::new(),
            unknown: None,
        };
        if message.starts_with("unknown field `") {
            stop.code = FaultCode::UnknownField;
            // Whether the path leads to the field or to what it stands in depends on the form.
            if stop.place.0.last() == first.clone().map(Step::Field).as_ref() {
                stop.place.0.pop();
            }
            stop.unknown = first;
        } else if message.starts_with("missing field `") {
            stop.code = FaultCode::Missing;
            stop.place.0.extend(first.map(Step::Field));
        } else if let Some((_, expected)) = message.split_once(", expected ") {
            stop.names = names(expected);
        }
        stop
    }
}

impl Stop {
    /// Whether this is the same stop once more. Inside a thing with a tag the path of what a
    /// missing field does not take ends at the thing.
    fn is_again(&self, next: &Self) -> bool {
        let missing = self.code == FaultCode::Missing && self.place.0.starts_with(&next.place.0);
        missing || self.place == next.place
    }
}

/// Whether a path leads to a place or to something in it.
fn is_within(path: &str, place: &str) -> bool {
    path.strip_prefix(place)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

struct Reading {
    json: Value,
    faults: Vec<Fault>,
    /// Where a name stands in: which fields there are beside it, and what they take, may depend
    /// on the name.
    guessed: Vec<String>,
    tries: usize,
}

impl Reading {
    /// Reads on until nothing stops it, or nothing helps.
    fn finish(&mut self) {
        let mut read = self.once();
        while let Err(stop) = read {
            let next = match stop.unknown.clone() {
                Some(field) => self.take_out(&stop.place, field),
                None => self.stand_in(&stop),
            };
            match next {
                Some(next) => read = next,
                None => return,
            }
        }
        let mut faults = Faults::new();
        if let Ok(command) = read {
            command.check(&mut faults);
        }
        if let Err(invalid) = faults.finish() {
            // Two fields that do not fit each other are judged once both are the caller's.
            let faults = invalid.faults.into_iter();
            let faults = faults.filter(|fault| fault.code != FaultCode::Inconsistent);
            for fault in faults {
                let mut guessed = self.guessed.iter();
                if !guessed.any(|place| is_within(&fault.path, place)) {
                    self.note(fault);
                }
            }
        }
    }

    fn once(&mut self) -> Result<Command, Stop> {
        self.tries = self.tries.saturating_sub(1);
        serde_path_to_error::deserialize(&self.json).map_err(|error| Stop::of(&error))
    }

    /// Names a field, unless it is named already, as itself or as what it stands in: what stands
    /// in for it is not the caller's.
    fn note(&mut self, fault: Fault) {
        let within = |place: &str| is_within(&fault.path, place);
        let named = self.faults.iter().any(|named| within(&named.path));
        let of_choice = matches!(fault.code, FaultCode::UnknownField | FaultCode::Missing);
        let guessed = of_choice && self.guessed.iter().any(|place| within(place));
        if !named && !guessed {
            self.faults.push(fault);
        }
    }

    /// Takes out a field that is unknown where it stands. In some forms the path ends above it,
    /// and only that much is named.
    fn take_out(&mut self, above: &Place, field: String) -> Option<Result<Command, Stop>> {
        let fields = above.find(&mut self.json).and_then(Value::as_object_mut);
        let taken = fields.and_then(|fields| fields.remove(&field)).is_some();
        let mut place = above.clone();
        if taken {
            place.0.push(Step::Field(field));
        }
        self.note(at(place.shown(), Flaw::new(FaultCode::UnknownField)));
        taken.then(|| self.once())
    }

    /// Finds a stand-in for what is not of its form, with which reading comes further.
    fn stand_in(&mut self, stop: &Stop) -> Option<Result<Command, Stop>> {
        self.note(at(stop.place.shown(), Flaw::new(stop.code)));
        // Without a known command there are no fields.
        if stop.place.0.len() < 2 {
            return None;
        }
        let mut names = stop.names.clone();
        if let Some(next) = self.try_all(stop, words(), &mut names) {
            return Some(next);
        }
        // Names before numbers: a choice takes the number of a name, too.
        let named = named(&names);
        if let Some(next) = self.try_all(stop, named, &mut names) {
            if let Some((Step::Field(_), above)) = stop.place.0.split_last() {
                self.guessed.push(Place(above.to_vec()).shown());
            }
            return Some(next);
        }
        self.try_all(stop, others(), &mut names)
    }

    fn try_all(
        &mut self,
        stop: &Stop,
        stand_ins: Vec<Value>,
        names: &mut Vec<String>,
    ) -> Option<Result<Command, Stop>> {
        for stand_in in stand_ins {
            if self.tries == 0 || !stop.place.put(&mut self.json, stand_in) {
                return None;
            }
            let mut read = self.once();
            // Whether it fits is seen once nothing unknown stands before it.
            while let Err(Stop {
                place,
                unknown: Some(field),
                ..
            }) = &read
            {
                let (place, field) = (place.clone(), field.clone());
                read = self.take_out(&place, field)?;
            }
            match read {
                Err(next) if stop.is_again(&next) => {
                    names.extend(next.names);
                }
                further => return Some(further),
            }
        }
        None
    }
}

/// Stand-ins for what takes words.
fn words() -> Vec<Value> {
    let kinds = crate::ids::KINDS.iter();
    let ids = kinds.map(|kind| format!("{kind}:{BITS}"));
    let words = WORDS.iter().map(|word| (*word).to_owned());
    words.chain(ids).map(Value::String).collect()
}

/// Stand-ins for what takes none.
fn others() -> Vec<Value> {
    let (fields, items) = (Map::new(), Vec::new());
    vec![
        Value::from(1),
        Value::Object(fields),
        Value::Array(items),
        Value::Bool(true),
        Value::Null,
    ]
}

/// Stand-ins for a choice of names.
fn named(names: &[String]) -> Vec<Value> {
    let alone = names.iter().map(|name| Value::String(name.clone()));
    let with_fields = names.iter().map(|name| {
        let fields = Value::Object(Map::new());
        Value::Object(Map::from_iter([(name.clone(), fields)]))
    });
    alone.chain(with_fields).collect()
}
