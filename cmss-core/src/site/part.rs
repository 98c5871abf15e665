//! Parts: what may have to change or vanish at once on many pages.
//!
//! A page keeps only a reference to a part, and whoever serves the page joins the part as it is now.

use serde::{Deserialize, Serialize};

use super::PageKind;
use crate::values::{Coded, Percent, Slug, Span, coded};

/// A part as it is served; a part that is not public is served as `null`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Part {
    /// The name under which somebody's work is published.
    Byline(BylinePart),
    /// An organisation or unit.
    Organisation(OrganisationPart),
    /// A term of a vocabulary.
    Term(TermPart),
    /// The title and address of another page.
    Page(PagePart),
    /// An image.
    Image(ImagePart),
    /// A quote of an identifiable person.
    Quote(QuotePart),
}

impl Part {
    /// What bylines are called where parts are found by what they are.
    pub(super) const BYLINE: &'static str = "byline";

    /// What it is and its address, where it has one of its own.
    pub(super) fn name(&self) -> Option<(&'static str, &Slug)> {
        match self {
            Self::Byline(byline) => byline.slug.as_ref().map(|slug| (Self::BYLINE, slug)),
            Self::Term(term) => Some((term.vocabulary.code(), &term.slug)),
            Self::Page(page) => Some((page.kind.code(), &page.slug)),
            Self::Organisation(_) | Self::Image(_) | Self::Quote(_) => None,
        }
    }
}

/// The name under which somebody's work is published.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct BylinePart {
    /// The name; absent where the work is published without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its address; absent where there is no name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slug: Option<Slug>,
}

coded! {
    /// What kind of organisation it is.
    pub enum OrganisationKind {
        /// A municipality.
        Municipality = "municipality", "Kommun/Stad", "Municipality";
        /// An administration of one.
        Administration = "administration", "Förvaltning", "Administration";
        /// A political board.
        Board = "board", "Nämnd", "Board";
        /// A unit that meets residents.
        Unit = "unit", "Verksamhet/Enhet", "Unit";
        /// A reception that residents turn to.
        Reception = "reception", "Mottagning", "Reception";
        /// A group of managers.
        Management = "management", "Ledningsgrupp", "Management group";
        /// An association.
        Association = "association", "Förening", "Association";
        /// An organisation of service users.
        UserOrganisation = "user_organisation", "Brukarorganisation", "User organisation";
        /// An organisation of volunteers.
        Voluntary = "voluntary", "Frivilligorganisation", "Voluntary organisation";
        /// A group of civil society.
        CivilSociety = "civil_society", "Civilsamhällesgrupp", "Civil society group";
        /// A network.
        Network = "network", "Nätverk", "Network";
        /// A meeting place.
        MeetingPlace = "meeting_place", "Mötesplats", "Meeting place";
    }
}

/// An organisation or unit.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OrganisationPart {
    /// Its name.
    pub name: String,
    /// What kind it is.
    pub kind: OrganisationKind,
    /// Its own site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

coded! {
    /// A vocabulary.
    pub enum Vocabulary {
        /// What texts are about.
        Topic = "topic", "Ämne", "Topic";
        /// What field a project belongs to.
        Category = "category", "Kategori", "Category";
        /// How far a project has come.
        Stage = "stage", "Status", "Stage";
    }
}

/// A term of a vocabulary.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TermPart {
    /// The vocabulary.
    pub vocabulary: Vocabulary,
    /// Its slug, which never changes.
    pub slug: Slug,
    /// What people read.
    pub label: String,
    /// How far a project in this stage has come, in whole percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<Percent>,
}

/// The title and address of another page.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PagePart {
    /// What it is about.
    pub kind: PageKind,
    /// Its address.
    pub slug: Slug,
    /// Its title.
    pub title: String,
}

/// An image.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ImagePart {
    /// Where the host serves the file: its name there.
    pub file: String,
    /// The text for those who do not see it; empty where it is decoration.
    pub alt: String,
    /// What stands under it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// Who took it.
    pub credit: ImageCredit,
}

/// Who took an image.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum ImageCredit {
    /// Somebody who is not a reporter.
    Name {
        /// Their name.
        name: String,
    },
    /// Whoever the page credits for photos.
    Page,
    /// Nobody knows.
    Unknown,
}

/// A quote of an identifiable person.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct QuotePart {
    /// What was said.
    pub spans: Vec<Span>,
    /// Who said it.
    pub speaker: String,
}

/// A page as lists show it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Card {
    /// What it is about.
    pub kind: PageKind,
    /// Its address.
    pub slug: Slug,
    /// Its title.
    pub title: String,
    /// When it was first published: RFC 3339 with the newsroom's offset, or a day.
    pub published_at: String,
    /// When a publication last changed it.
    pub updated_at: String,
    /// The beginning of its lead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<String>,
    /// Who wrote it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bylines: Vec<super::PartRef>,
    /// The stage of a project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<super::PartRef>,
}

impl Card {
    /// The most parts of a card.
    pub(crate) const PARTS: usize = 8;

    /// The beginning of a text, within so many bytes, cut between words where there are any.
    pub(crate) fn lead_within(lead: &str, bytes: usize) -> Option<String> {
        if lead.len() <= bytes {
            return (!lead.is_empty()).then(|| lead.to_owned());
        }
        let end = lead.floor_char_boundary(bytes);
        let (cut, _) = lead.split_at(end);
        let cut = cut
            .rsplit_once(char::is_whitespace)
            .map_or(cut, |(words, _)| words);
        (!cut.is_empty()).then(|| format!("{cut} …"))
    }
}
