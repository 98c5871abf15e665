//! What is served: a stored text with the parts it refers to.

use std::fmt;
use std::ops::Range;

use serde::de::DeserializeOwned;

use super::Part;
use super::text::{PartTexts, Text};
use super::validator::{Validator, bytes};
use super::window::Stored;
use crate::kernel::Error;

/// A page, a page's card, or an occasion, with the parts it refers to.
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
#[derive(Clone)]
pub struct Served {
    name: &'static str,
    text: Text,
    /// Where its parts stand among those found.
    places: Range<usize>,
    parts: PartTexts,
}

impl fmt::Debug for Served {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Served")
            .field("name", &self.name)
            .field("text", &self.text)
            .field("parts", &self.texts().collect::<Vec<_>>())
            .finish()
    }
}

impl PartialEq for Served {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.text == other.text && self.texts().eq(other.texts())
    }
}

impl Eq for Served {}

impl Served {
    /// What was stored with its parts as they were found, under the name it is served by.
    pub(super) fn join(name: &'static str, stored: Stored, parts: &PartTexts) -> Self {
        let Stored { text, places, .. } = stored;
        Self {
            name,
            text,
            places,
            parts: parts.clone(),
        }
    }

    /// The texts of its parts, in order.
    fn texts(&self) -> impl Iterator<Item = Option<&Text>> {
        self.parts.at(self.places.clone())
    }

    /// The page, card or occasion as a typed value.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when it is of another type.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Error> {
        self.text.read()
    }

    /// The parts, in order: a [`PartRef`](super::PartRef) is an index into them. `None` is a part that
    /// is not public.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when one is of a type that this version of the library does not know.
    pub fn parts(&self) -> Result<Vec<Option<Part>>, Error> {
        self.texts()
            .map(|part| part.map(Text::read).transpose())
            .collect()
    }

    /// What tells it apart from what it was before.
    #[must_use]
    pub fn validator(&self) -> Validator {
        let parts = self.texts().map(|part| part.map(|text| &text.digest));
        let made_of = std::iter::once(Some(&self.text.digest)).chain(parts);
        Validator::of(self.name, made_of.map(bytes))
    }

    /// `{"page":…,"parts":[…]}` of a page or card, `{"item":…,"parts":[…]}` of an occasion. A part
    /// that is not public is `null`.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = String::with_capacity(self.room());
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
        list(json, self.texts(), |json, part| {
            json.push_str(part.map_or("null", Text::json));
        });
        json.push('}');
    }

    /// Bytes enough for it as JSON.
    pub(super) fn room(&self) -> usize {
        let parts = self.texts();
        let parts = parts.map(|part| part.map_or(4, Text::len) + 1);
        self.name.len() + self.text.len() + parts.sum::<usize>() + 20
    }
}

/// Appends a JSON array of these.
pub(super) fn list<T>(
    json: &mut String,
    items: impl IntoIterator<Item = T>,
    write: impl Fn(&mut String, T),
) {
    json.push('[');
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            json.push(',');
        }
        write(json, item);
    }
    json.push(']');
}
