//! Stored forms: how a document is spelled, and how an older spelling is read.

use std::fmt::{self, Display};
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::error::Category;
use serde_json::value::RawValue;

use super::Error;
use crate::ids::Id;
use crate::store::{Collection, Doc, DocRef, Entry, Hit, Seq};

/// A private document: a model in its stored form.
///
/// Its entries and its card are functions of itself alone, so that re-indexing, import and
/// verification need no second truth.
pub(crate) trait Document: Serialize + DeserializeOwned + Send + Sync {
    /// The collection all of its kind stand in.
    const COLLECTION: Collection;

    /// The version of the stored form.
    const FORM: u32 = 1;

    /// The kind of its id.
    type Id: Id;

    /// Its id.
    fn id(&self) -> Self::Id;

    /// Where it is found.
    fn entries(&self) -> Vec<Entry>;

    /// What a list shows of it without opening it: a [`Cover`], [encoded](encode_cover).
    fn card(&self) -> Result<Option<Arc<str>>, Error> {
        Ok(None)
    }

    /// An older form, lifted by one; `None` where it never was one.
    fn upcast(_form: u32, _doc: Value) -> Option<Value> {
        None
    }

    /// Where a document of this kind stands.
    fn at(id: Self::Id) -> DocRef {
        DocRef {
            collection: Self::COLLECTION,
            id: id.uuid(),
        }
    }
}

/// What a list shows of a document without opening it, stored as its card: at most 2 kB.
pub(crate) trait Cover: Serialize + DeserializeOwned {
    /// The version of the stored form.
    const FORM: u32 = 1;

    /// An older form, lifted by one; `None` where it never was one.
    fn upcast(_form: u32, _cover: Value) -> Option<Value> {
        None
    }
}

/// What stands in a body or a card: the version of the form, and the form.
#[derive(Serialize)]
struct Spelled<'a, D> {
    form: u32,
    doc: &'a D,
}

/// The same, read with the form still closed.
#[derive(Deserialize)]
struct Read<'a> {
    form: u32,
    #[serde(borrow)]
    doc: &'a RawValue,
}

/// The body of a document.
pub(crate) fn encode<D: Document>(doc: &D) -> Result<Arc<str>, Error> {
    spell(&doc.id(), D::FORM, doc)
}

/// The card of the document with this id.
pub(crate) fn encode_cover<C: Cover>(id: &impl Display, cover: &C) -> Result<Arc<str>, Error> {
    spell(&format_args!("the card of {id}"), C::FORM, cover)
}

/// The text of a form.
fn spell(what: &impl Display, form: u32, doc: &impl Serialize) -> Result<Arc<str>, Error> {
    serde_json::to_string(&Spelled { form, doc })
        .map(Arc::from)
        .map_err(|error| Error::Corrupt {
            what: format!("{what} has no spelling: {error}"),
        })
}

/// Where a text is not of its form, without the word that stands there: it may be private.
pub(super) struct Misfit<'a>(pub(super) &'a serde_json::Error);

impl Display for Misfit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.0.classify() {
            Category::Io | Category::Syntax | Category::Eof => "it is not JSON",
            Category::Data => "it is not of the form",
        };
        write!(f, "{what}")?;
        match self.0.column() {
            0 => Ok(()),
            column => write!(f, ", at line {} column {column}", self.0.line()),
        }
    }
}

/// The document of a body. A form or a state this version does not know is an error, never a
/// guess.
pub(crate) fn decode<D: Document>(doc: &Doc) -> Result<D, Error> {
    read(&doc.at, doc.version, &doc.body, D::FORM, D::upcast)
}

/// The cover of a document that a scan for cards has found, likewise.
pub(crate) fn decode_cover<C: Cover>(hit: &Hit) -> Result<C, Error> {
    let what = format_args!("the card of {}", hit.at);
    let card = hit.card.as_deref().ok_or_else(|| Error::Corrupt {
        what: format!("{what} at {} is missing", hit.version),
    })?;
    read(&what, hit.version, card, C::FORM, C::upcast)
}

/// What is spelled by a text, lifted where its form is older.
fn read<T: DeserializeOwned>(
    what: &impl Display,
    version: Seq,
    text: &str,
    form: u32,
    upcast: impl Fn(u32, Value) -> Option<Value>,
) -> Result<T, Error> {
    let corrupt = |why: &dyn Display| Error::Corrupt {
        what: format!("{what} at {version} cannot be read: {why}"),
    };
    let misfit = |error: serde_json::Error| corrupt(&Misfit(&error));
    let read: Read<'_> = serde_json::from_str(text).map_err(misfit)?;
    if read.form == form {
        return serde_json::from_str(read.doc.get()).map_err(misfit);
    }
    if read.form > form {
        return Err(corrupt(&format!(
            "form {} is newer than this library",
            read.form
        )));
    }
    let mut value: Value = serde_json::from_str(read.doc.get()).map_err(misfit)?;
    for form in read.form..form {
        value = upcast(form, value).ok_or_else(|| corrupt(&format!("form {form} is unknown")))?;
    }
    serde_json::from_value(value).map_err(misfit)
}

#[cfg(test)]
mod tests;
