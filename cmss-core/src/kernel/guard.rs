//! What may stand against a command.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Capacity;
use crate::ids::{
    AssetId, BylineId, ClaimId, ConsentId, EditionId, OrganisationId, PersonId, TermId,
};
use crate::values::{Coded, Locale};

/// A guard that does not hold.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "guard", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Guard {
    /// The actor is none of these.
    NotPermitted {
        /// Who may.
        needs: Vec<Capacity>,
    },
    /// The thing is in a state in which this does not happen.
    WrongState {
        /// The machine.
        machine: Cow<'static, str>,
        /// The state it is in.
        state: Cow<'static, str>,
        /// What was asked.
        event: Cow<'static, str>,
    },
    /// The actor does not speak for this unit.
    OtherUnit {
        /// The unit.
        unit: OrganisationId,
    },
    /// Renaming past works joins the two names in copies that others keep; the reporter must have
    /// been told.
    NotTold,
    /// The reporter is not active.
    ReporterNotActive,
    /// The assignment is not open for claims.
    AssignmentNotOpen,
    /// The time to claim has passed.
    PastClaimBy {
        /// When it passed.
        claim_by: DateTime<Utc>,
    },
    /// The event has as many occasions as it may have.
    TooManyOccasions {
        /// The limit.
        limit: u32,
    },
    /// The byline has given up as many names as it may: retire it and create another.
    TooManyOldNames {
        /// The limit.
        limit: u32,
    },
    /// Every place is taken.
    Full {
        /// How many there are.
        places: u32,
    },
    /// The reporter holds a claim on this already.
    AlreadyClaimed {
        /// The claim.
        claim: ClaimId,
    },
    /// The reporter holds no claim on the assignment that the article is for.
    NoClaim,
    /// Another text was delivered on a claim already.
    ClaimDelivered {
        /// The claim.
        claim: ClaimId,
    },
    /// A claim still waits to be fulfilled.
    ClaimsLeft {
        /// How many.
        claims: u32,
    },
    /// The variant has an open edition already.
    EditionOpen {
        /// The edition.
        edition: EditionId,
    },
    /// What is public has changed since this edition was begun.
    BaseNotLive,
    /// The text is in another language than the variant.
    OtherLanguage,
    /// The edition has as many revisions as it may have.
    TooManyRevisions {
        /// The limit.
        limit: u32,
    },
    /// The newest revision is the author's own already.
    HeadIsAuthors,
    /// These authors have neither written nor accepted the exact text.
    NotAccepted {
        /// The authors.
        by: Vec<PersonId>,
    },
    /// Somebody other than the approver must have written or accepted the text.
    SecondPersonNeeded,
    /// It was not declared that the text holds no client information.
    NotDeclared,
    /// The text credits nobody for its words.
    TextCreditMissing,
    /// A byline in a text credit is not one of the authors'.
    BylineNotAuthors {
        /// The byline.
        byline: BylineId,
    },
    /// The byline is no longer used for new work.
    BylineRetired {
        /// The byline.
        byline: BylineId,
    },
    /// A free name in a credit is a byline's name; credit the byline instead.
    CreditIsByline,
    /// An image names the page's photo credit, and there is none.
    PhotoCreditMissing {
        /// The image.
        asset: AssetId,
    },
    /// An image has not been published.
    ImageNotPublished {
        /// The image.
        asset: AssetId,
    },
    /// A consent does not cover this, or was withdrawn.
    ConsentNotValid {
        /// The consent.
        consent: ConsentId,
    },
    /// No slug can be made of the title: give one.
    SlugNeeded,
    /// The slug belongs to something else.
    SlugTaken {
        /// The slug.
        slug: String,
    },
    /// The page has as many old addresses as it may have: drop one first.
    TooManyOldAddresses {
        /// The limit.
        limit: u32,
    },
    /// The slug is not an old address of this.
    SlugNotOld {
        /// The slug.
        slug: String,
    },
    /// Somebody has changed the record since the revision that was named: read it again.
    RecordChanged {
        /// The revision it has now.
        revision: u32,
    },
    /// The record is archived.
    Archived,
    /// The record is not public.
    NotPublic,
    /// Publishing needs this field.
    FieldNeeded {
        /// The field.
        field: Cow<'static, str>,
    },
    /// The term belongs to another vocabulary than the field asks for.
    WrongVocabulary {
        /// The term.
        term: TermId,
    },
    /// The term has not been published.
    TermNotPublished {
        /// The term.
        term: TermId,
    },
    /// The slug or alias of the term belongs to another term.
    TermTaken {
        /// The slug or alias.
        name: String,
    },
    /// Slug and vocabulary of a term never change.
    SlugFixed,
    /// The account key belongs to another person.
    AccountTaken,
    /// The consent was withdrawn before.
    AlreadyWithdrawn,
    /// A tentative occasion must be confirmed first.
    Tentative,
    /// Who asks may not read this.
    MayNotRead,
}

impl Guard {
    /// The stable code: the spelling of the variant.
    #[must_use]
    pub fn code(&self) -> String {
        match serde_json::to_value(self) {
            Ok(serde_json::Value::Object(fields)) => match fields.get("guard") {
                Some(serde_json::Value::String(code)) => code.clone(),
                _ => String::new(),
            },
            _ => String::new(),
        }
    }

    /// Whether it fails for who the actor is, and tells nothing of the thing.
    pub(crate) const fn turns_away(&self) -> bool {
        matches!(self, Self::NotPermitted { .. } | Self::MayNotRead)
    }

    /// The guard, for people: what stands against it, and what would help.
    pub(super) fn describe(&self) -> String {
        match self {
            Self::NotPermitted { needs } => {
                let needs = needs.iter().map(|by| by.label(Locale::En).to_lowercase());
                let needs: Vec<_> = needs.collect();
                format!("not permitted: it takes {}", needs.join(" or "))
            }
            Self::WrongState {
                machine,
                state,
                event,
            } => {
                format!("the {machine} is {state}, in which there is no {event}")
            }
            Self::OtherUnit { unit } => format!("the actor does not speak for {unit}"),
            Self::NotTold => {
                "the reporter must have been told that kept copies join the two names".to_owned()
            }
            Self::ReporterNotActive => "a reporter is not active".to_owned(),
            Self::AssignmentNotOpen => "the assignment is not open for claims".to_owned(),
            Self::PastClaimBy { claim_by } => format!("the time to claim ended at {claim_by}"),
            Self::Full { places: 1 } => "full: the only place is taken".to_owned(),
            Self::Full { places } => format!("full: all {places} places are taken"),
            Self::AlreadyClaimed { claim } => format!("the reporter holds {claim} on it already"),
            Self::NoClaim => "the reporter holds no claim on the assignment".to_owned(),
            Self::ClaimDelivered { claim } => {
                format!("another text was delivered on {claim}")
            }
            Self::ClaimsLeft { claims } => format!("{claims} claim(s) wait to be fulfilled"),
            Self::EditionOpen { edition } => format!("{edition} is open: end it first"),
            Self::BaseNotLive => "what is public has changed since it was begun".to_owned(),
            Self::OtherLanguage => "the text is in another language than the variant".to_owned(),
            Self::TooManyRevisions { limit } => format!("it has {limit} revisions, the limit"),
            Self::HeadIsAuthors => "the newest revision is the author's own already".to_owned(),
            Self::NotAccepted { by } => {
                let by: Vec<_> = by.iter().map(ToString::to_string).collect();
                format!("the exact text is not accepted by {}", by.join(", "))
            }
            Self::SecondPersonNeeded => {
                "somebody other than the approver must have written or accepted it".to_owned()
            }
            Self::NotDeclared => {
                "it is not declared that the text holds no client information".to_owned()
            }
            Self::TextCreditMissing => "nobody is credited for the words".to_owned(),
            Self::BylineNotAuthors { byline } => format!("{byline} is not one of the authors'"),
            Self::BylineRetired { byline } => format!("{byline} serves no new works"),
            Self::CreditIsByline => "a free name is that of a byline: credit the byline".to_owned(),
            Self::PhotoCreditMissing { asset } => {
                format!("{asset} names the photo credit of the page, which has none")
            }
            Self::ImageNotPublished { asset } => format!("{asset} is not published"),
            Self::ConsentNotValid { consent } => {
                format!("{consent} does not cover this, or was taken back")
            }
            Self::SlugNeeded => "no address can be made of the title: give one".to_owned(),
            Self::SlugTaken { slug } => format!("the address {slug} is taken"),
            Self::TooManyOldAddresses { limit } => {
                format!("it has {limit} old addresses, the limit: drop one first")
            }
            Self::TooManyOccasions { limit } => format!("it has {limit} occasions, the limit"),
            Self::TooManyOldNames { limit } => {
                format!("it has given up {limit} names, the limit: create another byline")
            }
            Self::SlugNotOld { slug } => format!("{slug} is not an old address of this"),
            Self::RecordChanged { revision } => {
                format!("somebody has changed it: it has revision {revision} by now")
            }
            Self::Archived => "the record is archived: put it to keep it again".to_owned(),
            Self::NotPublic => "it is not public".to_owned(),
            Self::FieldNeeded { field } => format!("{field} is needed"),
            Self::WrongVocabulary { term } => format!("{term} is of another vocabulary"),
            Self::TermNotPublished { term } => format!("{term} is not published"),
            Self::TermTaken { name } => format!("{name} leads to another term"),
            Self::SlugFixed => "slug and vocabulary of a term never change".to_owned(),
            Self::AccountTaken => "the account key is another person's".to_owned(),
            Self::AlreadyWithdrawn => "the consent was taken back before".to_owned(),
            Self::Tentative => "the occasion is tentative: confirm it first".to_owned(),
            Self::MayNotRead => "the actor may not read this".to_owned(),
        }
    }
}
