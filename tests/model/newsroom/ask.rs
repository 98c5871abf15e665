//! Commands in terms of rows.

use super::occasions::Plan;
use super::record::Content;
use crate::cast::{HEADLINES, Person};

/// A row that is in no table.
pub(crate) const NOWHERE: usize = usize::MAX;

/// What an offer says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct OfferText {
    pub(crate) unit: Option<usize>,
    pub(crate) places: u32,
    /// Minutes from the founding until claiming ends.
    pub(crate) claim_by: Option<i64>,
    pub(crate) version: u8,
}

/// Who is credited: for words or photos, a byline's row or a free name's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Credit {
    pub(crate) words: bool,
    pub(crate) by: CreditedTo,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum CreditedTo {
    Byline(usize),
    Name(usize),
}

/// A text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Text {
    pub(crate) headline: usize,
    pub(crate) lead: u8,
    pub(crate) paragraphs: u8,
    /// A quote: its speaker and the consent under it.
    pub(crate) quote: Option<(usize, usize)>,
    pub(crate) credits: Vec<Credit>,
    pub(crate) english: bool,
    pub(crate) names_event: bool,
}

impl Text {
    pub(crate) fn is_sound(&self) -> bool {
        !HEADLINES[self.headline].0.trim().is_empty()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.paragraphs == 0 && self.quote.is_none()
    }

    /// The bylines credited, for anything.
    pub(crate) fn bylines(&self) -> impl Iterator<Item = usize> {
        self.credits.iter().filter_map(|credit| match credit.by {
            CreditedTo::Byline(byline) => Some(byline),
            CreditedTo::Name(_) => None,
        })
    }

    pub(crate) fn free_names(&self) -> impl Iterator<Item = usize> {
        self.credits.iter().filter_map(|credit| match credit.by {
            CreditedTo::Name(name) => Some(name),
            CreditedTo::Byline(_) => None,
        })
    }
}

/// What an address answers afterwards.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum After {
    NotThere,
    /// With a notice; an empty one is at fault.
    Gone(&'static str),
    Elsewhere(usize),
    AtTheEvent,
}

/// What a byline shows: its form may contradict its name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Name {
    pub(crate) unnamed: bool,
    pub(crate) name: Option<usize>,
}

impl Name {
    pub(crate) fn is_sound(self) -> bool {
        self.unnamed == self.name.is_none()
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Past {
    Unnamed,
    Renamed { told: bool },
}

/// Moves of an assignment that take no offer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum OfTask {
    Return,
    Open,
    Close,
    Reopen,
    Complete,
    Cancel,
}

/// Moves of an edition that name no revision.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum OfEdition {
    SetAside,
    PullBack,
    RequestChanges,
    Dismiss,
    Decline,
    Withdraw,
    Reopen,
}

/// Moves of a publication that take no argument.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum OfPage {
    Republish,
    Pause,
    LiftPause,
}

/// What becomes of a record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum OfRecord {
    Publish,
    Hide,
    Archive,
}

/// What becomes of an occasion.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum OfOccasion {
    Confirm,
    Complete,
    Cancel,
}

/// What somebody has agreed to: their quotes in the article of a variant, or to be in an image.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Covers {
    Quotes(usize),
    Image(usize),
}

/// What is written down of a person: the legal name, an account key, and what to keep in mind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Written {
    pub(crate) name: usize,
    pub(crate) account: Option<usize>,
    pub(crate) note: Option<usize>,
}

impl Written {
    /// Somebody of whom only the name is known.
    pub(crate) fn named(name: usize) -> Self {
        let (account, note) = (None, None);
        Self {
            name,
            account,
            note,
        }
    }
}

/// A command. `blank` is a reason that says nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Ask {
    /// A new offer, or a change of one.
    Propose {
        revises: Option<usize>,
        offer: OfferText,
    },
    Task {
        task: usize,
        event: OfTask,
        blank: bool,
    },
    Claim {
        task: usize,
    },
    Release {
        claim: usize,
    },
    Admit {
        person: Person,
    },
    Rest {
        person: Person,
    },
    CreateByline {
        person: Person,
        name: Name,
    },
    ChangeByline {
        byline: usize,
        name: Name,
        past: Past,
    },
    GiveConsent {
        subject: Person,
        covers: Covers,
    },
    WithdrawConsent {
        consent: usize,
    },
    Start {
        task: Option<usize>,
        with: Vec<Person>,
        text: Text,
    },
    OpenEdition {
        variant: usize,
    },
    Save {
        edition: usize,
        parent: usize,
        text: Text,
    },
    Submit {
        edition: usize,
        head: usize,
        declared: bool,
        ties: bool,
    },
    Accept {
        edition: usize,
        head: usize,
    },
    Approve {
        edition: usize,
        head: usize,
    },
    Publish {
        edition: usize,
        head: usize,
        slug: Option<&'static str>,
    },
    Edition {
        edition: usize,
        event: OfEdition,
        blank: bool,
    },
    Unpublish {
        variant: usize,
        after: After,
        blank: bool,
    },
    Page {
        variant: usize,
        event: OfPage,
    },
    DropRedirect {
        variant: usize,
        slug: String,
    },
    PutPerson {
        changes: Option<Person>,
        written: Written,
    },
    LookUp {
        byline: usize,
    },
    /// A new record, or another working copy of one, made from a revision of it.
    Put {
        changes: Option<usize>,
        revision: Option<u32>,
        content: Content,
    },
    Record {
        record: usize,
        event: OfRecord,
    },
    Plan {
        event: usize,
        confirmed: bool,
        plan: Plan,
    },
    ChangePlan {
        occasion: usize,
        plan: Plan,
    },
    Occasion {
        occasion: usize,
        event: OfOccasion,
        blank: bool,
    },
}

/// The thing a command is given on, of those that say what is allowed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Target {
    Task(usize),
    Claim(usize),
    Edition(usize),
    Variant(usize),
    Occasion(usize),
}

/// What an accepted command comes to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Writes {
    Something,
    Nothing,
}

impl Ask {
    pub(crate) fn target(&self) -> Option<Target> {
        Some(match self {
            Self::Propose {
                revises: Some(task),
                ..
            }
            | Self::Task { task, .. }
            | Self::Claim { task } => Target::Task(*task),
            Self::Release { claim } => Target::Claim(*claim),
            Self::Save { edition, .. }
            | Self::Submit { edition, .. }
            | Self::Accept { edition, .. }
            | Self::Approve { edition, .. }
            | Self::Publish { edition, .. }
            | Self::Edition { edition, .. } => Target::Edition(*edition),
            Self::OpenEdition { variant }
            | Self::Unpublish { variant, .. }
            | Self::Page { variant, .. } => Target::Variant(*variant),
            Self::ChangePlan { occasion, .. } | Self::Occasion { occasion, .. } => {
                Target::Occasion(*occasion)
            }
            _ => return None,
        })
    }

    /// Whether it may change what the public sees: every other command leaves each byte of it.
    pub(crate) fn may_show(&self) -> bool {
        matches!(
            self,
            Self::ChangeByline { .. }
                | Self::WithdrawConsent { .. }
                | Self::Publish { .. }
                | Self::Unpublish { .. }
                | Self::Page { .. }
                | Self::DropRedirect { .. }
                | Self::Record { .. }
                | Self::Occasion { .. }
        )
    }
}
