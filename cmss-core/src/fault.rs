//! What is wrong with an input: every faulty field at once.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What is wrong with one value.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FaultCode {
    /// It must not be empty.
    Empty,
    /// It has more characters (or bytes, where the field says so) than the limit.
    TooLong,
    /// It has more items than the limit.
    TooMany,
    /// It has fewer items than the limit.
    TooFew,
    /// It is smaller than the limit.
    TooSmall,
    /// It is larger than the limit.
    TooLarge,
    /// It holds a control or bidirectional-override character.
    ForbiddenCharacter,
    /// It is not of the form the field asks for.
    Malformed,
    /// The command has no such field.
    UnknownField,
    /// It must be given.
    Missing,
    /// It stands there twice.
    Duplicate,
    /// It is the name of a file, where words are asked for.
    FileName,
    /// It does not fit another field of the same command.
    Inconsistent,
    /// The local time does not exist, because the clocks go forward over it.
    NoSuchTime,
}

impl FaultCode {
    /// The stable spelling.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong => "too_long",
            Self::TooMany => "too_many",
            Self::TooFew => "too_few",
            Self::TooSmall => "too_small",
            Self::TooLarge => "too_large",
            Self::ForbiddenCharacter => "forbidden_character",
            Self::Malformed => "malformed",
            Self::UnknownField => "unknown_field",
            Self::Missing => "missing",
            Self::Duplicate => "duplicate",
            Self::FileName => "file_name",
            Self::Inconsistent => "inconsistent",
            Self::NoSuchTime => "no_such_time",
        }
    }
}

/// What is wrong with one value, before it is known which field it stands in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
#[error("{}", self.describe())]
pub struct Flaw {
    /// The kind of fault.
    pub code: FaultCode,
    /// The limit it exceeds, where there is one.
    pub limit: Option<u64>,
    /// What was given, measured as the limit is. Never the value itself.
    pub given: Option<u64>,
}

impl Flaw {
    /// A fault without numbers.
    #[must_use]
    pub const fn new(code: FaultCode) -> Self {
        Self {
            code,
            limit: None,
            given: None,
        }
    }

    /// A fault against a limit.
    #[must_use]
    pub const fn limit(code: FaultCode, limit: u64, given: u64) -> Self {
        Self {
            code,
            limit: Some(limit),
            given: Some(given),
        }
    }

    /// The code and its numbers, for people.
    fn describe(&self) -> String {
        let code = self.code.code().replace('_', " ");
        match (self.limit, self.given) {
            (Some(limit), Some(given)) => format!("{code}: given {given}, limit {limit}"),
            (Some(limit), None) => format!("{code}: limit {limit}"),
            (None, _) => code,
        }
    }
}

/// One faulty field of a command.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Fault {
    /// The field, from the command's outermost: `text.body[3].spans[0].link`.
    pub path: String,
    /// The kind of fault.
    pub code: FaultCode,
    /// The limit it exceeds, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// What was given, measured as the limit is. Never the value itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given: Option<u64>,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let flaw = Flaw {
            code: self.code,
            limit: self.limit,
            given: self.given,
        };
        match self.path.as_str() {
            "" => write!(f, "the whole is {flaw}"),
            path => write!(f, "{path} is {flaw}"),
        }
    }
}

/// A command that was not looked at further, with *every* field that is at fault.
#[derive(Clone, PartialEq, Eq, Debug, Error, Serialize, Deserialize)]
#[error("invalid: {}", list(.faults))]
pub struct Invalid {
    /// The faulty fields; never empty.
    pub faults: Vec<Fault>,
}

impl Invalid {
    /// A check that gave no value and named no fault: it names the whole command.
    pub(crate) fn unexplained() -> Self {
        let code = FaultCode::Malformed;
        Self {
            faults: vec![Fault {
                path: String::new(),
                code,
                limit: None,
                given: None,
            }],
        }
    }
}

/// The faults, for people.
fn list(faults: &[Fault]) -> String {
    faults
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("; ")
}

/// Collects the faults of an input while it is checked, field by field.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    path: String,
    found: Vec<Fault>,
}

impl Faults {
    /// Nothing found yet.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// The value, or a fault at this field.
    pub(crate) fn field<T>(&mut self, name: &str, checked: Result<T, Flaw>) -> Option<T> {
        match checked {
            Ok(value) => Some(value),
            Err(flaw) => {
                self.push(name, flaw);
                None
            }
        }
    }

    /// Notes a fault at this field.
    pub(crate) fn push(&mut self, name: &str, flaw: Flaw) {
        let path = self.join(name);
        self.found.push(Fault {
            path,
            code: flaw.code,
            limit: flaw.limit,
            given: flaw.given,
        });
    }

    /// Notes a fault at this field unless the condition holds.
    pub(crate) fn ensure(&mut self, name: &str, holds: bool, code: FaultCode) {
        if !holds {
            self.push(name, Flaw::new(code));
        }
    }

    /// Notes a fault at this field when it has more items than the limit.
    pub(crate) fn at_most(&mut self, name: &str, given: usize, limit: usize) {
        if given > limit {
            self.push(
                name,
                Flaw::limit(FaultCode::TooMany, limit as u64, given as u64),
            );
        }
    }

    /// Checks what stands inside a field; faults found there carry its name before theirs.
    pub(crate) fn within<T>(&mut self, name: &str, check: impl FnOnce(&mut Self) -> T) -> T {
        let inner = self.join(name);
        let outer = std::mem::replace(&mut self.path, inner);
        let value = check(self);
        self.path = outer;
        value
    }

    /// Checks every item of a list field; faults found there carry `name[index]`.
    pub(crate) fn each<T, U>(
        &mut self,
        name: &str,
        items: impl IntoIterator<Item = T>,
        mut check: impl FnMut(&mut Self, T) -> Option<U>,
    ) -> Option<Vec<U>> {
        let mut sound = Some(Vec::new());
        for (index, item) in items.into_iter().enumerate() {
            let checked = self.within(&format!("{name}[{index}]"), |faults| check(faults, item));
            match (sound.as_mut(), checked) {
                (Some(list), Some(item)) => list.push(item),
                _ => sound = None,
            }
        }
        sound
    }

    /// Notes a fault at every item of a list field that stood there before.
    pub(crate) fn unique<T: Ord>(&mut self, name: &str, items: impl IntoIterator<Item = T>) {
        let mut seen = BTreeSet::new();
        for (index, item) in items.into_iter().enumerate() {
            let first = seen.insert(item);
            self.ensure(&format!("{name}[{index}]"), first, FaultCode::Duplicate);
        }
    }

    /// Nothing, when nothing was found.
    pub(crate) fn finish(self) -> Result<(), Invalid> {
        if self.found.is_empty() {
            Ok(())
        } else {
            Err(Invalid { faults: self.found })
        }
    }

    /// The path of a field from the outermost; an empty name is the thing itself, and an index
    /// (`[3]`) stands at its list without a dot.
    fn join(&self, name: &str) -> String {
        match (self.path.is_empty(), name.is_empty()) {
            (true, _) => name.to_owned(),
            (false, true) => self.path.clone(),
            (false, false) if name.starts_with('[') => format!("{}{name}", self.path),
            (false, false) => format!("{}.{name}", self.path),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_of_a_list_that_is_the_field_itself_has_no_dot_before_its_index() {
        let mut faults = Faults::new();
        faults.within("text", |faults| {
            faults.within("body", |faults| {
                faults.each("", [1, 2], |faults, number| {
                    faults.ensure("link", number == 1, FaultCode::Malformed);
                    Some(number)
                })
            })
        });
        let invalid = faults.finish().unwrap_err();
        assert_eq!(invalid.faults[0].path, "text.body[1].link");
    }
}
