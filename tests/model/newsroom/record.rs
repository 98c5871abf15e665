//! A record: a working copy, a public one, an address.

use chrono::{DateTime, Utc};

use crate::cast::TITLES;

/// The vocabularies, in this order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Vocabulary {
    Topic,
    Category,
    Stage,
}

/// What a record holds; other records by their rows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Content {
    Organisation {
        title: usize,
        /// Of which nothing is public.
        parent: Option<usize>,
    },
    Term {
        vocabulary: Vocabulary,
        slug: usize,
        title: usize,
        /// Another name, which is not public.
        alias: Option<usize>,
        /// A stage's number.
        number: Option<u8>,
        lessons: bool,
    },
    Image {
        title: usize,
        /// The consent of whoever is in it.
        person: Option<usize>,
    },
    Project {
        title: usize,
        category: Option<usize>,
        stage: Option<usize>,
        owner: Option<usize>,
        /// Whether there is somebody to ask.
        contact: bool,
        lessons: bool,
    },
    Event {
        title: usize,
        slug: Option<usize>,
        organiser: Option<usize>,
    },
}

/// The kinds of records.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum OfKind {
    Organisation,
    Term,
    Image,
    Project,
    Event,
}

impl Content {
    pub(crate) fn kind(&self) -> OfKind {
        match self {
            Self::Organisation { .. } => OfKind::Organisation,
            Self::Term { .. } => OfKind::Term,
            Self::Image { .. } => OfKind::Image,
            Self::Project { .. } => OfKind::Project,
            Self::Event { .. } => OfKind::Event,
        }
    }

    pub(crate) fn title(&self) -> usize {
        match *self {
            Self::Organisation { title, .. }
            | Self::Term { title, .. }
            | Self::Image { title, .. }
            | Self::Project { title, .. }
            | Self::Event { title, .. } => title,
        }
    }

    pub(super) fn is_sound(&self) -> bool {
        let named = !TITLES[self.title()].0.trim().is_empty();
        let fits = match *self {
            Self::Term {
                vocabulary,
                number,
                lessons,
                ..
            } => vocabulary == Vocabulary::Stage || (number.is_none() && !lessons),
            _ => true,
        };
        named && fits
    }

    /// The records it names, and of which kind each must be.
    pub(super) fn names(&self) -> Vec<(usize, OfKind)> {
        let of = |kind| move |row: usize| (row, kind);
        let organisation = of(OfKind::Organisation);
        match *self {
            Self::Organisation { parent, .. } => parent.map(organisation).into_iter().collect(),
            Self::Event { organiser, .. } => organiser.map(organisation).into_iter().collect(),
            Self::Project {
                category,
                stage,
                owner,
                ..
            } => {
                let terms = category.into_iter().chain(stage).map(of(OfKind::Term));
                terms.chain(owner.map(organisation)).collect()
            }
            Self::Term { .. } | Self::Image { .. } => Vec::new(),
        }
    }

    /// What of it the public would see.
    pub(super) fn shown(mut self) -> Self {
        match &mut self {
            Self::Organisation { parent, .. } => *parent = None,
            Self::Term { alias, lessons, .. } => (*alias, *lessons) = (None, false),
            Self::Image { person, .. } => *person = None,
            Self::Event { slug, .. } => *slug = None,
            Self::Project { .. } => {}
        }
        self
    }
}

/// How far a project had come, and whether that is where it stopped.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Progress {
    pub(crate) reached: u8,
    pub(crate) stopped: bool,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Record {
    pub(crate) working: Content,
    pub(crate) public: Option<Content>,
    pub(crate) revision: u32,
    pub(crate) archived: bool,
    pub(crate) slug: Option<String>,
    /// Old addresses, newest first.
    pub(crate) old: Vec<String>,
    pub(crate) first: Option<DateTime<Utc>>,
    pub(crate) updated: Option<DateTime<Utc>>,
    pub(crate) progress: Option<Progress>,
}

impl Record {
    pub(crate) fn new(working: Content) -> Self {
        Self {
            working,
            public: None,
            revision: 1,
            archived: false,
            slug: None,
            old: Vec::new(),
            first: None,
            updated: None,
            progress: None,
        }
    }

    pub(crate) fn kind(&self) -> OfKind {
        self.working.kind()
    }

    pub(crate) fn has_page(&self) -> bool {
        matches!(self.kind(), OfKind::Project | OfKind::Event)
    }

    /// A record as the public sees it, or will.
    pub(super) fn seen(&self) -> &Content {
        self.public.as_ref().unwrap_or(&self.working)
    }

    /// Of a stage: its number.
    pub(super) fn number(&self) -> Option<u8> {
        match self.seen() {
            Content::Term { number, .. } => *number,
            _ => None,
        }
    }
}
