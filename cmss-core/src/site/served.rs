//! What is served: a stored text with the parts it has places for.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::validator::{Validator, bytes};
use super::{Head, Part};
use crate::kernel::Error;
use crate::store::Digest;

/// A stored text that is served as it is: a stretch of the body or card it was read in, of which
/// the rest is neither served nor shown.
#[derive(Clone)]
pub(super) struct Text {
    pub(super) digest: Digest,
    whole: Arc<str>,
    stretch: Range<usize>,
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Text")
            .field("digest", &self.digest)
            .field("json", &self.json())
            .finish()
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.digest == other.digest && self.json() == other.json()
    }
}

impl Eq for Text {}

impl Text {
    /// The text in this stretch of a body or card.
    pub(super) const fn within(whole: Arc<str>, stretch: Range<usize>, digest: Digest) -> Self {
        Self {
            digest,
            whole,
            stretch,
        }
    }

    /// The text, as JSON.
    pub(super) fn json(&self) -> &str {
        self.whole.get(self.stretch.clone()).unwrap_or_default()
    }

    /// Its typed value. Errors do not say where it is stored: of a part that is not public
    /// knowledge.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_str(self.json()).map_err(|error| Error::Corrupt {
            what: format!("what is served is not what was asked for: {error}"),
        })
    }
}

/// The parts that were found, by their ids, which are never served: they would join what must not
/// be joined.
pub(super) type PartTexts = BTreeMap<Uuid, Text>;

/// A page, a page's card, or an occasion, with the parts it has places for.
///
/// It is kept as it is stored: [`Served::to_json`] joins texts and parses nothing.
///
/// What [`Served::read`] gives depends on what was asked for:
///
/// | asked for | a value of |
/// |---|---|
/// | an article | `ArticlePage` |
/// | a project | `ProjectPage` |
/// | an event | `EventPage` |
/// | a list of pages | [`Card`](super::Card) |
/// | occasions | `OccasionItem` |
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Served {
    name: &'static str,
    text: Text,
    parts: Vec<Option<Text>>,
}

impl Served {
    /// A text with its parts as they were found, under the name it is served by.
    pub(super) fn join(name: &'static str, head: &Head, text: Text, found: &PartTexts) -> Self {
        let parts = head.parts.iter().map(|id| found.get(id).cloned());
        Self {
            name,
            text,
            parts: parts.collect(),
        }
    }

    /// The page, card or occasion as a typed value.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when it is of another type.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Error> {
        self.text.read()
    }

    /// The parts, in order: a [`Place`](super::Place) is an index into them. `None` is a part that
    /// is not public.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when one is of a type that this version of the library does not know.
    pub fn parts(&self) -> Result<Vec<Option<Part>>, Error> {
        let parts = self.parts.iter();
        parts
            .map(|part| part.as_ref().map(Text::read).transpose())
            .collect()
    }

    /// What tells it apart from what it was before.
    #[must_use]
    pub fn validator(&self) -> Validator {
        let parts = self.parts.iter();
        let parts = parts.map(|part| part.as_ref().map(|text| &text.digest));
        let made_of = std::iter::once(Some(&self.text.digest)).chain(parts);
        Validator::of(self.name, made_of.map(bytes))
    }

    /// `{"page":…,"parts":[…]}` of a page or card, `{"item":…,"parts":[…]}` of an occasion. A part
    /// that is not public is `null`.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = String::with_capacity(self.len());
        self.write(&mut json);
        json
    }

    /// Appends it as JSON.
    pub(super) fn write(&self, json: &mut String) {
        json.push_str("{\"");
        json.push_str(self.name);
        json.push_str("\":");
        json.push_str(self.text.json());
        json.push_str(",\"parts\":");
        list(json, &self.parts, |json, part| {
            json.push_str(part.as_ref().map_or("null", Text::json));
        });
        json.push('}');
    }

    /// Bytes enough for it as JSON.
    pub(super) fn len(&self) -> usize {
        let parts = self.parts.iter();
        let parts = parts.map(|part| part.as_ref().map_or(4, |text| text.json().len()) + 1);
        self.name.len() + self.text.json().len() + parts.sum::<usize>() + 20
    }
}

/// Appends a JSON array of these.
pub(super) fn list<T>(json: &mut String, items: &[T], write: impl Fn(&mut String, &T)) {
    json.push('[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            json.push(',');
        }
        write(json, item);
    }
    json.push(']');
}
