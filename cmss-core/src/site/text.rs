//! Stored texts that are served as they are.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use serde::de::DeserializeOwned;

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

    /// Its length in bytes.
    pub(super) fn len(&self) -> usize {
        self.stretch.len()
    }

    /// Its typed value. Errors do not say where it is stored: of a part that is not public
    /// knowledge.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_str(self.json()).map_err(|error| Error::Corrupt {
            what: format!("what is served is not what was asked for: {error}"),
        })
    }
}

/// The parts of all that was found together, each once. Their ids are not kept: they would join what
/// must not be joined.
#[derive(Clone)]
pub(super) struct PartTexts(Arc<Shown>);

struct Shown {
    texts: Vec<Text>,
    /// Which text stands at each place that was asked for, one after another; `None` is a part that
    /// is not public.
    places: Vec<Option<usize>>,
}

impl PartTexts {
    /// These, at the places that were asked for.
    pub(super) fn new(texts: Vec<Text>, places: Vec<Option<usize>>) -> Self {
        Self(Arc::new(Shown { texts, places }))
    }

    /// The texts at some of the places.
    pub(super) fn at(&self, places: Range<usize>) -> impl Iterator<Item = Option<&Text>> {
        let places = self.0.places.get(places).unwrap_or_default();
        places.iter().map(|text| self.0.texts.get((*text)?))
    }
}
