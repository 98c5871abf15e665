//! Steps as plain data: what happens to what, by index, so that a shrunk sequence still makes sense.

mod chance;

use crate::cast::Who;
use crate::newsroom::{OfEdition, OfKind, OfOccasion, OfPage, OfRecord, OfTask, Plan};

pub(crate) use chance::sequences;

/// A row of a table, counted from the newest; [`Pick::GONE`] is none of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Pick(pub(crate) u8);

impl Pick {
    pub(crate) const GONE: Self = Self(u8::MAX);
}

/// Which revision a command names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Seen {
    Head,
    /// Any revision there is: stale, or another edition's.
    Any(Pick),
}

/// How a text differs from the one before.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Change {
    Nothing,
    Headline(u8),
    Lead(u8),
    Paragraphs(u8),
    Quote {
        speaker: u8,
        consent: Pick,
    },
    NoQuote,
    /// No credit at all.
    NoCredit,
    /// A byline for the words.
    Words(Pick),
    /// A byline for the photos, beside.
    Photos(Pick),
    /// A free name, beside.
    Name(u8),
    Language,
    Event,
}

/// Who gives a command.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum By {
    One(Who),
    /// Whoever may, asked from this one on; and on whatever it fits.
    Anyone(u8),
}

/// A step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Step {
    /// Time goes on, or the clock is put back.
    Clock { minutes: i16 },
    /// The store is closed and opened again, where it can be.
    Reopen,
    /// Whatever takes an edition nearer to its page, by whoever may; to another address, where
    /// it moves.
    Ahead { edition: Pick, moves: bool },
    /// One of the moves that somebody may make now and that need no text.
    Move { which: u16 },
    /// A command.
    Give { by: By, what: What, again: bool },
}

/// What is asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum What {
    Propose {
        revises: Option<Pick>,
        unit: Option<bool>,
        places: u8,
        claim_by: Option<i16>,
        version: u8,
    },
    Task {
        task: Pick,
        event: OfTask,
        blank: bool,
    },
    Claim(Pick),
    Release(Pick),
    Admit(u8),
    Rest(u8),
    CreateByline {
        person: u8,
        unnamed: bool,
        name: Option<u8>,
    },
    ChangeByline {
        byline: Pick,
        unnamed: bool,
        name: Option<u8>,
        told: Option<bool>,
    },
    GiveConsent {
        subject: u8,
        image: bool,
        /// The article or image.
        thing: Pick,
    },
    WithdrawConsent(Pick),
    Start {
        task: Option<Pick>,
        with: [Option<u8>; 2],
        headline: u8,
        english: bool,
        change: Change,
    },
    OpenEdition(Pick),
    Save {
        edition: Pick,
        parent: Seen,
        change: Change,
    },
    /// A quote with a consent; the consent first, where there is none.
    Quote {
        edition: Pick,
        speaker: u8,
    },
    Submit {
        edition: Pick,
        head: Seen,
        declared: bool,
        ties: bool,
    },
    Accept {
        edition: Pick,
        head: Seen,
    },
    Approve {
        edition: Pick,
        head: Seen,
    },
    Publish {
        edition: Pick,
        head: Seen,
        slug: Option<u8>,
    },
    Edition {
        edition: Pick,
        event: OfEdition,
        blank: bool,
    },
    Unpublish {
        variant: Pick,
        after: u8,
        elsewhere: Pick,
        blank: bool,
    },
    Page {
        variant: Pick,
        event: OfPage,
    },
    DropRedirect {
        variant: Pick,
        old: Option<u8>,
    },
    PutPerson {
        person: Option<u8>,
        name: u8,
        account: Option<u8>,
        note: Option<u8>,
    },
    LookUp(Pick),
    Put {
        /// Which of the records of the kind; a new one, where none is said.
        changes: Option<Pick>,
        /// Whether the revision that is named is the one there is.
        revision: Option<bool>,
        content: Draft,
    },
    Record {
        record: Pick,
        event: OfRecord,
    },
    Plan {
        event: Pick,
        confirmed: bool,
        plan: Plan,
    },
    ChangePlan {
        occasion: Pick,
        plan: Plan,
    },
    Occasion {
        occasion: Pick,
        event: OfOccasion,
        blank: bool,
    },
}

/// What a record shall hold: numbers and picks that mean what its kind makes of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Draft {
    pub(crate) kind: OfKind,
    pub(crate) title: u8,
    pub(crate) name: u8,
    pub(crate) other: Option<u8>,
    pub(crate) refers: [Option<Pick>; 3],
    pub(crate) vocabulary: u8,
    pub(crate) flags: [bool; 2],
}

impl What {
    /// The same of another thing: the next older ones.
    pub(crate) fn of_older(mut self, by: u8) -> Self {
        let (Self::Task { task: pick, .. }
        | Self::Propose {
            revises: Some(pick),
            ..
        }
        | Self::Claim(pick)
        | Self::Release(pick)
        | Self::ChangeByline { byline: pick, .. }
        | Self::GiveConsent { thing: pick, .. }
        | Self::WithdrawConsent(pick)
        | Self::Start {
            task: Some(pick), ..
        }
        | Self::OpenEdition(pick)
        | Self::Save { edition: pick, .. }
        | Self::Quote { edition: pick, .. }
        | Self::Submit { edition: pick, .. }
        | Self::Accept { edition: pick, .. }
        | Self::Approve { edition: pick, .. }
        | Self::Publish { edition: pick, .. }
        | Self::Edition { edition: pick, .. }
        | Self::Unpublish { variant: pick, .. }
        | Self::LookUp(pick)
        | Self::Put {
            changes: Some(pick),
            ..
        }
        | Self::Record { record: pick, .. }
        | Self::Plan { event: pick, .. }
        | Self::ChangePlan { occasion: pick, .. }
        | Self::Occasion { occasion: pick, .. }
        | Self::Page { variant: pick, .. }
        | Self::DropRedirect { variant: pick, .. }) = &mut self
        else {
            return self;
        };
        if *pick != Pick::GONE {
            *pick = Pick(pick.0.saturating_add(by).min(Pick::GONE.0 - 1));
        }
        self
    }
}
