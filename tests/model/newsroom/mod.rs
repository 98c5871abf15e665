//! The newsroom as plain tables: what a person with paper would keep, and no code of the library.
//!
//! Things are known by their row. Rows are only ever added.

mod ask;
mod editions;
mod occasions;
mod pages;
mod people;
mod publishing;
mod records;
mod tasks;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use crate::cast::{LIV, NAMES, NILS, PERSONS, Person, Roles, SOL, TITLES, VERA, Who};

pub(crate) use ask::{
    After, Ask, Covers, Credit, CreditedTo, NOWHERE, Name, OfEdition, OfOccasion, OfPage, OfRecord,
    OfTask, OfferText, Past, Target, Text, Writes, Written,
};
pub(crate) use occasions::{Occasion, OccasionState, Plan, PlanTime};
pub(crate) use records::{Content, OfKind, Progress, Record, Vocabulary};

/// What is said to happen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Foretold {
    /// It is done, and something was written.
    Done,
    /// It is as wanted already.
    Nothing,
    /// Fields are at fault.
    Invalid,
    /// Something named is not there.
    NotFound,
    /// The revision named is not the head.
    Conflict,
    /// Exactly these guards fail.
    Refused(BTreeSet<String>),
}

/// Why a command comes to nothing, or nothing against it.
pub(crate) type Judged<T = ()> = Result<T, Foretold>;

/// The guards that fail.
#[derive(Debug)]
pub(crate) struct Against {
    guards: BTreeSet<String>,
    concerned: bool,
}

impl Against {
    /// For somebody who has a part in it, or does not: whoever may not and has none reads no more
    /// than that.
    pub(crate) fn for_part(concerned: bool) -> Self {
        Self {
            guards: BTreeSet::new(),
            concerned,
        }
    }

    /// For somebody and a text.
    pub(crate) fn of_text(by: Roles, text: &Edition) -> Self {
        let second = text.house && (by.mentor || by.admin);
        Self::for_part(by.editor || second || by.one_of(&text.authors))
    }

    pub(crate) fn unless(&mut self, holds: bool, guard: &'static str) {
        if !holds {
            self.guards.insert(guard.to_owned());
        }
    }

    pub(crate) fn has(&self, guard: &'static str) -> bool {
        self.guards.contains(guard)
    }

    pub(crate) fn judged(self) -> Judged {
        let Self {
            mut guards,
            concerned,
        } = self;
        if guards.is_empty() {
            return Ok(());
        }
        let alone = ["not_permitted", "may_not_read"];
        if !concerned && alone.iter().any(|guard| guards.contains(*guard)) {
            guards.retain(|guard| alone.contains(&guard.as_str()));
        }
        Err(Foretold::Refused(guards))
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum TaskState {
    Proposed,
    Open,
    Closed,
    Completed,
    Cancelled,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Task {
    pub(crate) state: TaskState,
    pub(crate) offer: OfferText,
    pub(crate) proposer: Person,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ClaimState {
    Active,
    Delivered,
    Fulfilled,
    Released,
    Cancelled,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Claim {
    pub(crate) task: usize,
    pub(crate) reporter: Person,
    pub(crate) state: ClaimState,
    /// The variant that delivers on it.
    pub(crate) variant: Option<usize>,
}

impl Claim {
    pub(crate) fn holds_a_place(&self) -> bool {
        !matches!(self.state, ClaimState::Released | ClaimState::Cancelled)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum EditionState {
    Draft,
    Submitted,
    ChangesRequested,
    Approved,
    Published,
    Superseded,
    Withdrawn,
    Declined,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Revision {
    pub(crate) edition: usize,
    pub(crate) writer: Person,
    pub(crate) text: Text,
}

/// Who approved which revision.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Approval {
    pub(crate) revision: usize,
    pub(crate) by: Person,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Edition {
    pub(crate) variant: usize,
    pub(crate) state: EditionState,
    pub(crate) authors: Vec<Person>,
    pub(crate) house: bool,
    pub(crate) opened_by: Person,
    pub(crate) base: Option<usize>,
    pub(crate) head: usize,
    /// The last revision that an author wrote.
    pub(crate) own: usize,
    pub(crate) accepted: BTreeSet<Person>,
    pub(crate) declared: bool,
    pub(crate) approval: Option<Approval>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum PageState {
    Never,
    Live,
    Unpublished,
    Paused,
}

/// What was last public of a variant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Latest {
    pub(crate) edition: usize,
    pub(crate) revision: usize,
}

/// A variant; each article has one, in the same row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Variant {
    pub(crate) task: Option<usize>,
    pub(crate) english: bool,
    pub(crate) state: PageState,
    pub(crate) open: Option<usize>,
    pub(crate) latest: Option<Latest>,
    pub(crate) slug: Option<String>,
    /// Old addresses, newest first.
    pub(crate) old: Vec<String>,
    pub(crate) first: Option<DateTime<Utc>>,
    pub(crate) updated: Option<DateTime<Utc>>,
    pub(crate) after: After,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Byline {
    pub(crate) person: Person,
    pub(crate) name: Option<usize>,
    pub(crate) slug: Option<String>,
    pub(crate) retired: bool,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Consent {
    pub(crate) subject: Person,
    pub(crate) covers: Covers,
    pub(crate) withdrawn: bool,
}

impl Consent {
    pub(crate) fn holds_for(&self, covers: Covers) -> bool {
        self.covers == covers && !self.withdrawn
    }
}

/// The newsroom.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Newsroom {
    /// The later of the clock and the last change.
    pub(crate) last_change: DateTime<Utc>,
    pub(crate) clock: DateTime<Utc>,
    pub(crate) persons: Vec<Written>,
    pub(crate) tasks: Vec<Task>,
    pub(crate) claims: Vec<Claim>,
    /// Reporters, active or resting.
    pub(crate) reporters: BTreeMap<Person, bool>,
    pub(crate) variants: Vec<Variant>,
    pub(crate) editions: Vec<Edition>,
    pub(crate) revisions: Vec<Revision>,
    pub(crate) bylines: Vec<Byline>,
    /// Every address a byline has or had.
    pub(crate) byline_slugs: BTreeSet<String>,
    pub(crate) consents: Vec<Consent>,
    pub(crate) records: Vec<Record>,
    pub(crate) occasions: Vec<Occasion>,
    /// What the public feed tells: the change and the address.
    pub(crate) feed: Vec<(&'static str, String)>,
}

/// The row of the event that texts name.
pub(crate) const EVENT: usize = 2;

/// The row of a field of projects.
const FIELD: usize = 3;

/// The rows of two stages: one with a number, and one in which a project has stopped.
pub(crate) const STAGES: [usize; 2] = [4, 5];

/// The records that a newsroom of these sequences begins with: two units, the event, a field of
/// projects that is public, two of the stages that are there from the start, a project, and
/// an image.
fn first_records(at: DateTime<Utc>) -> Vec<Record> {
    let organisation = |title| Content::Organisation {
        title,
        parent: None,
    };
    let term = |vocabulary, slug, title, number, lessons| Content::Term {
        vocabulary,
        slug,
        title,
        alias: None,
        number,
        lessons,
    };
    let event = Content::Event {
        title: 0,
        slug: None,
        organiser: None,
    };
    let hidden = [organisation(3), organisation(4), event].map(Record::new);
    let public = [
        term(Vocabulary::Category, 2, 2, None, false),
        term(Vocabulary::Stage, 0, 7, Some(25), false),
        term(Vocabulary::Stage, 1, 8, None, true),
    ];
    let public = public.map(|content| Record {
        public: Some(content.clone()),
        first: Some(at),
        updated: Some(at),
        ..Record::new(content)
    });
    let project = Content::Project {
        title: 2,
        category: Some(FIELD),
        stage: Some(STAGES[0]),
        owner: Some(0),
        contact: true,
        lessons: true,
    };
    let project = Record {
        public: Some(project.clone()),
        slug: TITLES[2].1.map(str::to_owned),
        first: Some(at),
        updated: Some(at),
        progress: Some(Progress {
            reached: 25,
            stopped: false,
        }),
        ..Record::new(project)
    };
    let image = Record::new(Content::Image {
        title: 3,
        person: None,
    });
    hidden
        .into_iter()
        .chain(public)
        .chain([project, image])
        .collect()
}

/// What the feed has told of those: of each that is public and was not from the start.
fn first_news(records: &[Record]) -> Vec<(&'static str, String)> {
    let mut feed = vec![("revalidate", String::new())];
    let pages = records.iter().filter_map(|record| record.slug.clone());
    feed.extend(pages.flat_map(|slug| [("appeared", slug), ("revalidate", String::new())]));
    feed
}

impl Newsroom {
    /// As the sequences find it: three reporters with a byline each, and an editor with one.
    pub(crate) fn founded(at: DateTime<Utc>) -> Self {
        let records = first_records(at);
        let mut newsroom = Self {
            last_change: at,
            clock: at,
            persons: (0..PERSONS.len()).map(Written::named).collect(),
            tasks: Vec::new(),
            claims: Vec::new(),
            reporters: [(SOL, true), (LIV, true), (NILS, true)].into(),
            variants: Vec::new(),
            editions: Vec::new(),
            revisions: Vec::new(),
            bylines: Vec::new(),
            byline_slugs: BTreeSet::new(),
            consents: Vec::new(),
            feed: first_news(&records),
            records,
            occasions: Vec::new(),
        };
        for (person, name) in [
            (SOL, Some(0)),
            (LIV, Some(1)),
            (NILS, None),
            (VERA, Some(4)),
        ] {
            newsroom.add_byline(person, name);
        }
        newsroom
    }

    /// When the next command happens.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.max(self.last_change)
    }

    /// Carries a command out, and says how it ends.
    pub(crate) fn give(&mut self, who: Who, ask: &Ask) -> Foretold {
        self.give_as(who.roles(), ask)
    }

    /// The same for somebody in these roles.
    pub(crate) fn give_as(&mut self, by: Roles, ask: &Ask) -> Foretold {
        let end = match ask {
            Ask::Task { .. } | Ask::Propose { .. } | Ask::Claim { .. } | Ask::Release { .. } => {
                self.of_tasks(by, ask)
            }
            Ask::Admit { .. }
            | Ask::Rest { .. }
            | Ask::CreateByline { .. }
            | Ask::ChangeByline { .. }
            | Ask::GiveConsent { .. }
            | Ask::WithdrawConsent { .. }
            | Ask::PutPerson { .. }
            | Ask::LookUp { .. } => self.of_people(by, ask),
            Ask::Page { .. } | Ask::Unpublish { .. } | Ask::DropRedirect { .. } => {
                self.of_pages(by, ask)
            }
            Ask::Put { .. } | Ask::Record { .. } => self.of_records(by, ask),
            Ask::Plan { .. } | Ask::ChangePlan { .. } | Ask::Occasion { .. } => {
                self.of_occasions(by, ask)
            }
            _ => self.of_editions(by, ask),
        };
        match end {
            Ok(Writes::Something) => {
                self.last_change = self.now();
                Foretold::Done
            }
            Ok(Writes::Nothing) => Foretold::Nothing,
            Err(foretold) => foretold,
        }
    }

    /// The row, or that it is not there.
    pub(crate) fn row<T>(table: &[T], row: usize) -> Judged<&T> {
        table.get(row).ok_or(Foretold::NotFound)
    }

    /// A byline for a person, at the first address that nobody has or had.
    pub(crate) fn add_byline(&mut self, person: Person, name: Option<usize>) {
        self.bylines.push(Byline {
            person,
            name,
            // It has an address from the first page on that shows it.
            slug: None,
            retired: false,
        });
    }

    /// A live page shows this text: each name on it that has no address gets one.
    pub(crate) fn address_bylines(&mut self, text: &Text) {
        for byline in text.bylines() {
            if self.bylines[byline].slug.is_none() {
                self.bylines[byline].slug = self.byline_slug(self.bylines[byline].name);
            }
        }
    }

    pub(crate) fn byline_slug(&mut self, name: Option<usize>) -> Option<String> {
        let (_, first) = NAMES[name?];
        let numbered = (2..).map(|n| format!("{first}-{n}"));
        let slug = std::iter::once(first.to_owned())
            .chain(numbered)
            .find(|slug| !self.byline_slugs.contains(slug))?;
        self.byline_slugs.insert(slug.clone());
        Some(slug)
    }

    /// Who holds places of a task.
    pub(crate) fn held(&self, task: usize) -> impl Iterator<Item = &Claim> {
        let of = move |claim: &&Claim| claim.task == task && claim.holds_a_place();
        self.claims.iter().filter(of)
    }

    pub(crate) fn text(&self, revision: usize) -> &Text {
        &self.revisions[revision].text
    }

    /// The text that is public at a variant, while one is.
    pub(crate) fn live_text(&self, variant: usize) -> Option<&Text> {
        let variant = &self.variants[variant];
        let latest = variant
            .latest
            .as_ref()
            .filter(|_| variant.state == PageState::Live)?;
        Some(self.text(latest.revision))
    }

    /// Whether a live page shows a byline.
    pub(crate) fn shows(&self, byline: usize) -> bool {
        (0..self.variants.len())
            .filter_map(|variant| self.live_text(variant))
            .any(|text| text.bylines().any(|shown| shown == byline))
    }
}

impl Roles {
    pub(crate) fn is(self, person: Person) -> bool {
        self.person == Some(person)
    }

    pub(crate) fn one_of(self, persons: &[Person]) -> bool {
        self.person.is_some_and(|person| persons.contains(&person))
    }
}
