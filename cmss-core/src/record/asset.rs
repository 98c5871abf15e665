//! Images with their text for those who do not see them, their caption, credit and people.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::consent::{Consent, Covers};
use super::{Kept, Kind, PutTarget, RecordList, RecordView};
use crate::desk::Desk;
use crate::ids::{AssetId, ConsentId};
use crate::kernel::{Document, Error, Guard, Guards, Reader};
use crate::site::{Face, ImageCredit, ImagePart, PageKind, Part, Press};
use crate::store::{Collection, DocRef};
use crate::values::{FaultCode, Faults, Flaw, Slug, limits, nothing_else, text};

/// An image.
///
/// The library keeps no files: the host stores and serves them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asset {
    /// The name under which the host serves the file: up to 200 characters.
    pub file: String,
    /// What it says to those who do not see it.
    pub alt: Alt,
    /// What stands under it: up to 1,000 characters.
    #[serde(default)]
    pub caption: Option<String>,
    /// Who took it.
    pub credit: PhotoCredit,
    /// The people who can be recognised in it, each with their consent: up to 50. It is shown
    /// while every one of the consents holds.
    #[serde(default)]
    pub people: Vec<Depiction>,
}

/// What an image says to those who do not see it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Alt {
    /// What it shows.
    Text {
        /// The text: up to 1,000 characters, and not a file name.
        text: String,
    },
    /// Nothing: it is decoration.
    #[serde(deserialize_with = "nothing_else")]
    Decorative,
}

/// Who took an image.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case", deny_unknown_fields)]
pub enum PhotoCredit {
    /// Somebody who is not a reporter.
    Name {
        /// Their name: up to 80 characters.
        name: String,
    },
    /// Whoever the page that shows it credits for photos.
    #[serde(deserialize_with = "nothing_else")]
    Page,
    /// Nobody knows.
    #[serde(deserialize_with = "nothing_else")]
    Unknown,
}

/// Somebody who can be recognised in an image.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Depiction {
    /// Their consent to be shown in this image.
    pub consent: ConsentId,
}

impl Asset {
    /// An image of which only the file and what it shows are known: nobody can be recognised in
    /// it, and nobody knows who took it.
    #[must_use]
    pub fn in_file(file: impl Into<String>, alt: Alt) -> Self {
        Self {
            file: file.into(),
            alt,
            caption: None,
            credit: PhotoCredit::Unknown,
            people: Vec::new(),
        }
    }
}

impl Alt {
    fn check(&self, faults: &mut Faults, file: &str) -> Option<Self> {
        let Self::Text { text } = self else {
            return Some(Self::Decorative);
        };
        let text = text::line(text, limits::ALT).and_then(|text| {
            if is_file_name(&text, file) {
                return Err(Flaw::new(FaultCode::FileName));
            }
            Ok(text)
        });
        let text = faults.field("text", text)?;
        Some(Self::Text { text })
    }
}

/// The endings of image files.
const ENDINGS: [&str; 15] = [
    "avif", "bmp", "dng", "gif", "heic", "heif", "jfif", "jpe", "jpeg", "jpg", "png", "svg", "tif",
    "tiff", "webp",
];

/// Whether a text names a file instead of saying what it shows: it is the file's own name, ends as
/// one does, or is a single word of the kind that cameras make: with a low line (`IMG_0692`), a
/// number after letters (`DSC01234`), or a number alone (`0692`); a copy's number may stand after
/// it (`IMG_0692 (1)`). Words like `1900-talet` and `112` are text.
fn is_file_name(text: &str, file: &str) -> bool {
    let last = file.rsplit(['/', '\\']).next().unwrap_or(file);
    if text.eq_ignore_ascii_case(file) || text.eq_ignore_ascii_case(last) {
        return true;
    }
    let ending = text.rsplit_once('.').map(|(_, ending)| ending);
    if ending.is_some_and(|ending| ENDINGS.iter().any(|e| ending.eq_ignore_ascii_case(e))) {
        return true;
    }
    let word = without_copy_number(text);
    if word.contains(char::is_whitespace) {
        return false;
    }
    let is_digit = |c: char| c.is_ascii_digit();
    let last_digits = word.len() - word.trim_end_matches(is_digit).len();
    let after_letters = word.starts_with(char::is_alphabetic) && last_digits >= 3;
    let alone = !word.contains(char::is_alphabetic) && word.matches(is_digit).count() >= 4;
    word.contains('_') || after_letters || alone
}

/// The text without the number that a copied file is given: ` (1)`.
fn without_copy_number(text: &str) -> &str {
    let number = text
        .strip_suffix(')')
        .and_then(|text| text.rsplit_once('('))
        .filter(|(_, number)| number.bytes().all(|b| b.is_ascii_digit()));
    number.map_or(text, |(word, _)| word.trim_end())
}

impl PhotoCredit {
    fn check(&self, faults: &mut Faults) -> Option<Self> {
        Some(match self {
            Self::Name { name } => Self::Name {
                name: faults.field("name", text::line(name, limits::DISPLAY_NAME))?,
            },
            Self::Page => Self::Page,
            Self::Unknown => Self::Unknown,
        })
    }
}

/// The consents of the people in both copies of an image.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(crate) struct Consents(BTreeMap<ConsentId, Consent>);

impl Consents {
    /// Takes a consent as it is from now on.
    pub(crate) fn replace(&mut self, consent: Consent) {
        self.0.insert(consent.id, consent);
    }

    /// Whether somebody agreed to be shown in this image, and still does.
    pub(crate) fn hold(&self, consent: ConsentId, asset: AssetId) -> bool {
        self.0
            .get(&consent)
            .is_some_and(|consent| consent.is_valid_for(Covers::Image(asset)))
    }
}

impl Kind for Asset {
    type Id = AssetId;
    type Around = Consents;

    const COLLECTION: Collection = Collection::new("asset");
    const PUT: &'static str = "put_asset";

    fn check(&self, faults: &mut Faults) -> Option<Self> {
        let file = faults.field("file", text::line(&self.file, limits::FILE));
        let alt = faults.within("alt", |faults| self.alt.check(faults, self.file.trim()));
        let caption = text::optional_prose(self.caption.as_deref(), limits::CAPTION);
        let caption = faults.field("caption", caption);
        let credit = faults.within("credit", |faults| self.credit.check(faults));
        faults.at_most("people", self.people.len(), limits::DEPICTED);
        let mut seen = BTreeSet::new();
        let people = faults.each("people", &self.people, |faults, depiction| {
            let first = seen.insert(depiction.consent);
            faults.ensure("consent", first, FaultCode::Duplicate);
            Some(*depiction)
        });
        Some(Self {
            file: file?,
            alt: alt?,
            caption: caption?,
            credit: credit?,
            people: people?,
        })
    }

    fn refers_to(&self) -> Vec<DocRef> {
        let consents = self.people.iter().map(|depiction| depiction.consent);
        consents.map(Consent::at).collect()
    }

    fn title(&self) -> &str {
        &self.file
    }

    fn list(&self) -> RecordList {
        RecordList::Assets
    }

    fn page(&self) -> Option<(PageKind, Option<&Slug>)> {
        None
    }

    async fn around(kept: &Kept<Self>, reader: &mut Reader<'_>) -> Result<Consents, Error> {
        let ids: BTreeSet<_> = std::iter::once(&kept.working)
            .chain(&kept.public)
            .flat_map(|asset| &asset.people)
            .map(|depiction| depiction.consent)
            .collect();
        let ids: Vec<_> = ids.into_iter().collect();
        let found = reader.need_all::<Consent>(&ids).await?;
        Ok(Consents(ids.into_iter().zip(found).collect()))
    }

    fn may_publish(kept: &Kept<Self>, consents: &Consents, guards: &mut Guards) {
        for Depiction { consent } in kept.working.people.iter().copied() {
            guards.ensure(
                consents.hold(consent, kept.id),
                Guard::ConsentNotValid { consent },
            );
        }
    }

    fn faces(kept: &Kept<Self>, consents: &Consents, press: &Press<'_>) -> Vec<Face> {
        let Some(Self {
            file,
            alt,
            caption,
            credit,
            people,
        }) = &kept.public
        else {
            return Vec::new();
        };
        if !people.iter().all(|of| consents.hold(of.consent, kept.id)) {
            return Vec::new();
        }
        let part = Part::Image(ImagePart {
            file: file.clone(),
            alt: match alt {
                Alt::Text { text } => text.clone(),
                Alt::Decorative => String::new(),
            },
            caption: caption.clone(),
            credit: match credit {
                PhotoCredit::Name { name } => ImageCredit::Name { name: name.clone() },
                PhotoCredit::Page => ImageCredit::Page,
                PhotoCredit::Unknown => ImageCredit::Unknown,
            },
        });
        vec![Face::part(press.part(kept.id), &part)]
    }
}

impl Desk {
    /// Creates an image, or changes its working copy.
    ///
    /// A consent names the image it is for: put the image first, and its people when they have
    /// agreed.
    ///
    /// Which one, and whether others may have changed it meanwhile: see [`PutTarget`].
    ///
    /// # Errors
    /// [`Error::Invalid`], also for a text alternative that is a file name; [`Error::NotFound`]
    /// for a consent that is not there; [`Error::Refused`] unless it is an editor's or an
    /// admin's.
    pub async fn put_asset(
        &self,
        target: impl Into<PutTarget<AssetId>>,
        asset: &Asset,
    ) -> Result<AssetId, Error> {
        self.put(target, asset).await
    }

    /// An image, for whoever has a role in the newsroom.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] for everybody else.
    pub async fn asset(&self, id: AssetId) -> Result<RecordView<Asset, AssetId>, Error> {
        self.record(id).await
    }
}

#[cfg(test)]
mod tests;
